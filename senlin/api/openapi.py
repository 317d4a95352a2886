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

"""The API described as OpenAPI 3.1 documents, one for each microversion.

They are made from the table of routes and from the schemas that requests and responses
are checked with, so they cannot differ from what the service does. What JSON schema
has no keyword for, and the service checks by formats of its own, is spelled out with
the keywords that there are.
"""

import http
import re

from senlin.api import microversions
from senlin.api import routes
from senlin.api import rules
from senlin.api import versions
from senlin.api.validation import plain

OPENAPI = "3.1.0"

_FAULTS = (400, 403, 404, 406, 409, 500, 503)
_TEXT = {"type": "string"}
_VERSION_PARAMETER = {"$ref": "#/components/parameters/microversion"}
_SUMMARIES = {
    rule.name: rule.description.rstrip(".")
    for rule in rules.list_rules()
    if hasattr(rule, "operations")
}
_CONTROLLER = re.compile(r"(?<!^)(?=[A-Z])")


def document(version):
    """The OpenAPI document of one microversion, as a dictionary.

    :param version: a :class:`senlin.api.microversions.Version`.
    """
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "OpenStack Clustering API",
            "version": str(version),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Where the service is mounted."}],
        "tags": [{"name": name} for name in _tags()],
        "paths": {**_discovery(), **_paths(version)},
        "components": {
            "schemas": {"Fault": _FAULT},
            "parameters": {"microversion": _microversion(version), **_PARAMETERS},
            "headers": _HEADERS,
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
            },
        },
        "security": [{"token": []}],
    }


def _paths(version):
    paths = {}
    for path, methods in routes.ROUTES.items():
        served = {
            method.lower(): _operation(method, path, call, version)
            for method, call in methods.items()
            if call.since is None or call.since <= version
        }
        if served:
            parameters = [_path_parameter(name) for name in re.findall(r"\{(\w+)\}", path)]
            paths[f"/v1{path}"] = {
                "parameters": [_VERSION_PARAMETER, *parameters],
                **served,
            }
    return paths


def _operation(method, path, call, version):
    described = {
        "operationId": _operation_id(call),
        "tags": [path.split("/")[1]],
        "summary": _SUMMARIES.get(call.rule, "Refused to everybody"),
        "description": f"Asks the policy rule ``{call.rule}``.",
        "parameters": [*_query_parameters(call, version), *_headers(method, call, version)],
        "responses": _responses(call, version),
    }
    body = getattr(call, "request_body", None)
    if body is not None:
        described["requestBody"] = {
            "required": not body.optional,
            "content": _json(plain.schema(body.document(version))),
        }
    if path.startswith("/webhooks/"):
        described["security"] = []
        described["responses"].pop("401")
    return described


def _operation_id(call):
    controller, _, name = call.__qualname__.partition(".")
    words = _CONTROLLER.sub("_", controller.removesuffix("Controller")).lower()
    return f"{words}_{name}"


def _path_parameter(name):
    return {"name": name, "in": "path", "required": True, "schema": {**_TEXT, "minLength": 1}}


def _query_parameters(call, version):
    schema = call.request_query.validator(version).schema
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            # An empty value of these counts as none.
            **({"allowEmptyValue": True} if plain.may_be_empty(part) else {}),
            "schema": plain.schema(part),
        }
        for name, part in schema["properties"].items()
    ]


def _headers(method, call, version):
    """The headers of 1.16 that a call takes."""
    if version < microversions.CONDITIONS:
        return []
    names = ["If-None-Match", "If-Match"] if call.tagged else []
    names += ["If-Match"] if call.conditional else []
    names += ["Idempotency-Key"] if method == "POST" else []
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _responses(call, version):
    fault = {"description": "", "content": _json({"$ref": "#/components/schemas/Fault"})}
    responses = {
        str(code): {**fault, "description": http.HTTPStatus(code).phrase} for code in _FAULTS
    }
    responses["401"] = {"description": "There is no valid token."}
    if version >= microversions.CONDITIONS:
        if call.conditional or call.tagged:
            responses["412"] = {**fault, "description": "The object has none of the tags."}
        if call.tagged:
            responses["304"] = {"description": "The object has one of the tags still."}
    if call.status < 400:
        responses[str(call.status)] = _success(call, version)
    return dict(sorted(responses.items()))


def _success(call, version):
    names = ["OpenStack-API-Version", "X-OpenStack-Request-ID"]
    if call.status == 202 and not call.rule.startswith("actions:"):
        names.append("Location")
    if version >= microversions.CONDITIONS and call.tagged:
        names.append("ETag")
    if version >= microversions.ADVANCED_LISTS and call.__name__ == "index":
        names.append("Link")
    described = {
        "description": http.HTTPStatus(call.status).phrase,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    schemas = getattr(call, "response_body", None)
    if schemas is not None:
        described["content"] = _json(plain.schema(schemas.validator(version).schema))
    return described


def _json(schema):
    return {"application/json": {"schema": schema}}


def _microversion(version):
    return {
        "name": microversions.HEADER,
        "in": "header",
        "required": version > microversions.MINIMUM,
        "schema": {**_TEXT, "enum": [f"{microversions.SERVICE_TYPE} {version}"]},
    }


def _tags():
    return ["discovery", *dict.fromkeys(path.split("/")[1] for path in routes.ROUTES)]


def _discovery():
    """The documents that need neither a token nor a microversion."""
    element = _like(versions.element("http://localhost"))
    return {
        "/": _version_document(
            "root_show", "Show the versions of the API", 300, "versions", _list_of(element)
        ),
        "/v1": _version_document("v1_show", "Show version 1", 200, "version", element),
    }


def _version_document(operation_id, summary, status, key, schema):
    return {
        "get": {
            "operationId": operation_id,
            "tags": ["discovery"],
            "summary": summary,
            "security": [],
            "responses": {
                str(status): {
                    "description": http.HTTPStatus(status).phrase,
                    "content": _json(_object({key: schema})),
                }
            },
        }
    }


def _like(value):
    """A schema of things that are made like an example."""
    if isinstance(value, dict):
        return _object({name: _like(part) for name, part in value.items()})
    return _list_of(_like(value[0])) if isinstance(value, list) else _TEXT


def _object(properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list_of(schema):
    return {"type": "array", "items": schema}


_FAULT = _object(
    {
        "code": {"type": "integer"},
        "title": _TEXT,
        "explanation": _TEXT,
        "error": _object({"code": {"type": "integer"}, "message": _TEXT, "type": _TEXT}),
    }
)
_PARAMETERS = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The request is done once, however often it is sent with this key.",
        "schema": {**_TEXT, "pattern": "^[\\x21-\\x7e]{1,255}$"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "Do it only if the object has one of these tags.",
        "schema": _TEXT,
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "Show the object only if it has none of these tags.",
        "schema": _TEXT,
    },
}
_HEADERS = {
    "ETag": {"description": "Changes when the object does.", "schema": _TEXT},
    "OpenStack-API-Version": {
        "description": "The microversion that was used.",
        "schema": _TEXT,
    },
    "X-OpenStack-Request-ID": {
        "description": "The request's id, as in the logs.",
        "schema": _TEXT,
    },
    "Location": {"description": "The action that does the work.", "schema": _TEXT},
    "Link": {"description": "With rel=next: where the list goes on.", "schema": _TEXT},
}
