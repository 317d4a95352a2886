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
"""How each service words an error: functions from a Fault to a JSON body."""

import http

# Nova's names of the one key in an error body, by status.
_NOVA_NAMES = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
    415: "badMediaType",
    429: "overLimit",
    501: "notImplemented",
    503: "serviceUnavailable",
}

_NEUTRON_TYPES = {
    400: "BadRequest",
    401: "HTTPUnauthorized",
    403: "PolicyNotAuthorized",
    404: "HTTPNotFound",
    409: "Conflict",
    429: "HTTPTooManyRequests",
    500: "HTTPInternalServerError",
    503: "HTTPServiceUnavailable",
}


def reason(status):
    """Give the standard phrase of an HTTP status."""
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def nova(fault, request_id):
    """``{"itemNotFound": {"message": ..., "code": 404}}``"""
    name = fault.title or _NOVA_NAMES.get(fault.status, "computeFault")
    body = {"code": fault.status, "message": fault.message}
    if fault.status in (413, 429) and "Retry-After" in fault.headers:
        body["retryAfter"] = fault.headers["Retry-After"]
    return {name: body}


def keystone(fault, request_id):
    """``{"error": {"code": 404, "message": ..., "title": "Not Found"}}``"""
    title = fault.title or reason(fault.status)
    return {"error": {"code": fault.status, "message": fault.message, "title": title}}


def neutron(fault, request_id):
    """``{"NeutronError": {"type": ..., "message": ..., "detail": ""}}``"""
    kind = fault.title or _NEUTRON_TYPES.get(fault.status, "NeutronException")
    return {"NeutronError": {"type": kind, "message": fault.message, "detail": ""}}


def glance(fault, request_id):
    """``{"message": ..., "code": "404 Not Found", "title": "Not Found"}``"""
    phrase = fault.title or reason(fault.status)
    return {
        "message": f"{fault.message}<br /><br />\n\n\n",
        "code": f"{fault.status} {phrase}",
        "title": phrase,
    }


def placement(fault, request_id):
    """``{"errors": [{"status": 404, "title": ..., "detail": ..., ...}]}``"""
    error = {
        "status": fault.status,
        "title": fault.title or reason(fault.status),
        "detail": fault.message,
        "request_id": request_id,
    }
    if fault.code:
        error["code"] = fault.code
    return {"errors": [error]}
