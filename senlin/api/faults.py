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


"""The one shape of errors (API contract, 4.1), and what makes it of exceptions."""

import http
import json
import urllib.parse

from oslo_log import log as logging

from senlin.common import exception

LOG = logging.getLogger(__name__)

_EXPLANATIONS = {
    400: "The server could not comply with the request since it is either "
    "malformed or otherwise incorrect.",
    403: "Access was denied to this resource.",
    404: "The resource could not be found.",
    406: "The requested version of the API is not available.",
    409: "There was a conflict when trying to complete your request.",
    500: "The server has either erred or is incapable of performing the requested operation.",
    503: "The server is currently unavailable. Please try again at a later time.",
}

MALFORMED = _EXPLANATIONS[400]

#: Characters of a message; what quotes more of a bad request than that is cut.
MAX_MESSAGE = 10_000


def document(code, error_type, message):
    """The body of an error as a dictionary."""
    if len(message) > MAX_MESSAGE:
        message = f"{message[:MAX_MESSAGE]} ..."
    return {
        "code": code,
        "title": http.HTTPStatus(code).phrase,
        "explanation": _EXPLANATIONS.get(code, _EXPLANATIONS[500]),
        "error": {"code": code, "message": message, "type": error_type},
    }


class Fault:
    """An error of ours as a WSGI application that answers it."""

    def __init__(self, error):
        self.error = error

    def __call__(self, environ, start_response):
        error = self.error
        body = json.dumps(document(error.http_code, error.error_type, error.message)).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
        ]
        retry_after = getattr(error, "retry_after", None)
        if retry_after is not None:
            headers.append(("Retry-After", str(retry_after)))
        status = http.HTTPStatus(error.http_code)
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]


class FaultWrapper:
    """Answers exceptions: ours as they are, others as a 500 that tells nothing."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        try:
            return self.application(environ, start_response)
        except exception.SenlinError as error:
            if error.http_code == 500:
                LOG.exception("Request %s %s failed", environ["REQUEST_METHOD"], path(environ))
            return Fault(error)(environ, start_response)
        except Exception:
            # The edge of the process: who asked gets an answer, the operator the trace.
            LOG.exception("Request %s %s failed", environ["REQUEST_METHOD"], path(environ))
            request_id = environ.get("openstack.request_id", "-")
            return Fault(exception.InternalError(request_id=request_id))(environ, start_response)


def path(environ):
    """The request's path for a log line, encoded: it may hold line breaks."""
    text = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return urllib.parse.quote(text.encode("latin-1", "replace"), safe="/:$*,;=@")
