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
from senlin.api.middleware import webhooks
from senlin.common import context

#: Keys of the WSGI environment.
CONTEXT = "senlin.context"
INCOMING = "senlin.incoming"


class ContextMiddleware:
    """Makes the request context, and hides query, body and conditions from pecan.

    It would look at them by its own rules, before anything was checked.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        request_context = context.RequestContext.from_environ(environ)
        request_context.is_admin = rules.is_admin(request_context)
        environ[CONTEXT] = request_context
        environ[INCOMING] = operations.Incoming(
            method=environ["REQUEST_METHOD"],
            content_type=environ.get("CONTENT_TYPE", ""),
            content_length=int(environ.get("CONTENT_LENGTH") or 0),
            chunked="chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower(),
            stream=environ["wsgi.input"],
            query_string=environ.get("QUERY_STRING", ""),
            is_webhook=webhooks.OWNER in environ,
            idempotency_key=environ.get("HTTP_IDEMPOTENCY_KEY"),
            if_match=environ.pop("HTTP_IF_MATCH", None),
            if_none_match=environ.pop("HTTP_IF_NONE_MATCH", None),
        )
        environ["QUERY_STRING"] = ""
        environ["CONTENT_TYPE"] = ""
        environ["CONTENT_LENGTH"] = "0"
        environ["HTTP_ACCEPT"] = "*/*"
        environ["wsgi.input"] = io.BytesIO()
        return self.application(environ, start_response)
