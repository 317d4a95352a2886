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


"""Refuses what no handler should have to think about: bad bytes and huge bodies."""

import urllib.parse

from senlin.api import faults
from senlin.common import exception


class Guard:
    """Stage 1 of a request: readable address, body of a sane declared size.

    The body itself is read and parsed later, by :mod:`senlin.api.body`.
    """

    def __init__(self, application, max_body_bytes):
        self.application = application
        self.max_body_bytes = max_body_bytes

    def __call__(self, environ, start_response):
        problem = self._problem(environ)
        if problem is not None:
            return faults.Fault(problem)(environ, start_response)
        return self.application(environ, start_response)

    def _problem(self, environ):
        if not _is_text(environ.get("PATH_INFO", "").encode("latin-1", "replace")):
            return exception.RequestInvalid("The path is not valid UTF-8 text.")
        query = environ.get("QUERY_STRING", "")
        if query and not _is_text(urllib.parse.unquote_to_bytes(query)):
            return exception.RequestInvalid("The query string is not valid UTF-8 text.")
        declared = environ.get("CONTENT_LENGTH") or "0"
        if not (declared.isascii() and declared.isdigit()):
            return exception.RequestInvalid("The Content-Length header is not a number.")
        if len(declared) > 18 or int(declared) > self.max_body_bytes:
            return exception.RequestLimitExceeded(limit=self.max_body_bytes)
        return None


def _is_text(raw):
    """Whether the bytes are UTF-8 without NUL, which databases refuse to store."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in raw
