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

"""What travels between API and engine: plain JSON, errors included.

A request is answered by an envelope, ``{"result": ...}`` or ``{"error": {"class",
"message", "fields"}}``. No exception object and no traceback crosses the bus.
"""

import datetime
import inspect

from senlin.common import exception

_ERRORS = {
    name: cls
    for name, cls in vars(exception).items()
    if inspect.isclass(cls) and issubclass(cls, exception.SenlinError)
}


def pack(value):
    """``value`` as JSON types: datetimes as ISO 8601 with microseconds and Z."""
    if isinstance(value, dict):
        return {str(key): pack(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [pack(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, str):
        # Members of StrEnum become the plain word.
        return str(value)
    return value


def pack_result(value):
    """The envelope of an answer."""
    return {"result": pack(value)}


def pack_error(error):
    """The envelope of a :class:`~senlin.common.exception.SenlinError`."""
    name = type(error).__name__
    return {
        "error": {
            "class": name if name in _ERRORS else "SenlinError",
            "message": error.message,
            "fields": pack(error.fields),
        }
    }


def unpack(envelope):
    """The result in an envelope.

    :raises SenlinError: the error that the engine raised, as its own class.
    """
    if not isinstance(envelope, dict) or not ({"result", "error"} & set(envelope)):
        raise exception.SenlinError("The engine gave an answer that is not understood.")
    if "error" not in envelope:
        return envelope["result"]
    details = envelope["error"]
    error_class = _ERRORS.get(details.get("class"), exception.SenlinError)
    raise error_class(details.get("message"), **details.get("fields", {}))
