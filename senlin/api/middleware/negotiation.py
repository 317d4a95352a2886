# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.


"""Stage 2 of a request: which version of the API it is for.

The path's first segment names the major version, a header the microversion
(API contract, 1.4 and 1.5). The version documents are answered here, since
they need no token.
"""

import http
import json
import re

from senlin.api import faults
from senlin.api import links
from senlin.api import microversions
from senlin.api import versions
from senlin.common import exception

#: Keys of the WSGI environment: the microversion, and the path below /v1.
VERSION = "senlin.version"
PATH = "senlin.path"

_VERSION_HEADER = "HTTP_OPENSTACK_API_VERSION"
_ROOT_PATHS = ("", "/", "/versions")
_OURS = re.compile(r"/v1(?:\.0)?(/.*)?\Z", re.DOTALL)


class VersionNegotiation:
    """Serves the version documents, and passes on what is below /v1."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path in _ROOT_PATHS:
            return _answer_root(environ, start_response)
        match = _OURS.match(path)
        if match is None:
            return _answer_unknown(environ, start_response)
        return self._answer_v1(match[1] or "", environ, start_response)

    def _answer_v1(self, rest, environ, start_response):
        try:
            version = microversions.from_header(environ.get(_VERSION_HEADER, ""))
        except exception.SenlinError as error:
            return faults.Fault(error)(environ, start_response)
        environ[VERSION] = version
        start_response = _with_version(start_response, version)
        if rest in ("", "/"):
            if environ["REQUEST_METHOD"] != "GET":
                return faults.Fault(not_found())(environ, start_response)
            document = versions.v1_document(links.base_url(environ))
            return _json(http.HTTPStatus.OK, document, start_response)
        if version >= microversions.ADVANCED_LISTS:
            query = environ.get("QUERY_STRING", "")
            rest, environ["QUERY_STRING"] = links.continued(rest, query)
        environ[PATH] = rest
        return self.application(environ, start_response)


def not_found():
    """The answer for an address that leads nowhere."""
    return exception.ResourceNotFound("The resource could not be found.")


def _answer_root(environ, start_response):
    document = versions.root_document(links.base_url(environ))
    return _json(http.HTTPStatus.MULTIPLE_CHOICES, document, start_response)


def _answer_unknown(environ, start_response):
    anything_will_do = environ.get("HTTP_ACCEPT", "").strip() == "*/*"
    if anything_will_do and environ["REQUEST_METHOD"] == "GET":
        return _answer_root(environ, start_response)
    return faults.Fault(not_found())(environ, start_response)


def _with_version(start_response, version):
    """A start_response that tells the version which was used."""

    def start_response_with_version(status, headers, exc_info=None):
        headers = [
            *headers,
            (microversions.HEADER, f"{microversions.SERVICE_TYPE} {version}"),
            ("Vary", microversions.HEADER),
        ]
        if exc_info is None:
            return start_response(status, headers)
        return start_response(status, headers, exc_info)

    return start_response_with_version


def _json(status, document, start_response):
    body = json.dumps(document).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
