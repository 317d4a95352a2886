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


"""Turns what the token said, and the request's raw parts, into objects."""

import io

from senlin.api import operations
from senlin.api import rules
from senlin.common import context

#: Keys of the WSGI environment.
CONTEXT = "senlin.context"
INCOMING = "senlin.incoming"


class ContextMiddleware:
    """Makes the request context, and hides query and body from pecan.

    Pecan would parse both by its own rules, before anything was checked.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        request_context = context.RequestContext.from_environ(environ)
        request_context.is_admin = rules.is_admin(request_context)
        environ[CONTEXT] = request_context
        environ[INCOMING] = operations.Incoming(
            content_type=environ.get("CONTENT_TYPE", ""),
            content_length=int(environ.get("CONTENT_LENGTH") or 0),
            chunked="chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower(),
            stream=environ["wsgi.input"],
            query_string=environ.get("QUERY_STRING", ""),
        )
        environ["QUERY_STRING"] = ""
        environ["CONTENT_TYPE"] = ""
        environ["CONTENT_LENGTH"] = "0"
        environ["HTTP_ACCEPT"] = "*/*"
        environ["wsgi.input"] = io.BytesIO()
        return self.application(environ, start_response)
