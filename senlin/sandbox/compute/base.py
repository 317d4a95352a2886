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

"""What the parts of the compute service share."""

from dataclasses import dataclass
from typing import Any

from senlin.sandbox import web
from senlin.sandbox.compute import states


@dataclass(slots=True)
class Context:
    """The things every part of the compute service works with.

    ``identity``, ``network`` and ``image`` are the other simulated services;
    the rest is documented at its class.
    """

    store: Any
    knobs: Any
    identity: Any
    network: Any
    image: Any
    clock: Any
    notices: Any
    fleet: Any
    hosts: Any
    scheduler: Any
    ports: Any
    migrations: Any
    lifecycle: Any
    views: Any
    listing: Any
    flavors: Any
    quotas: Any
    groups: Any
    keypairs: Any


class Part:
    """A group of routes of the compute service.

    :param cloud: the :class:`Context` all parts share.
    """

    def __init__(self, cloud):
        self.cloud = cloud

    def server(self, request, server_id):
        """Give the record of a server the caller may see.

        :raises Fault: 404 otherwise.
        """
        record = self.cloud.fleet.get(server_id)
        if record is None or not (
            request.token.is_admin or record["project_id"] == request.token.project_id
        ):
            raise web.Fault(404, f"Instance {server_id} could not be found.")
        return record

    def unlocked_server(self, request, server_id):
        """Give a server's record, refusing a locked one to non-administrators.

        :raises Fault: 404, or 409 when the server is locked.
        """
        record = self.server(request, server_id)
        if record["locked"] and not request.token.is_admin:
            raise web.Fault(409, f"Instance {server_id} is locked")
        return record


def ensure(server, action, shown=None):
    """Refuse an action the server's state forbids.

    :raises Fault: 409.
    """
    why = states.refusal(server, action, shown)
    if why:
        raise web.Fault(409, why)


def require_admin(request, rule):
    """Refuse everybody but administrators, naming the policy rule.

    :raises Fault: 403.
    """
    require_admin_token(request.token, rule)


def require_admin_token(token, rule):
    """As :func:`require_admin`, where only the token is at hand.

    :raises Fault: 403.
    """
    if not token.is_admin:
        raise web.Fault(403, f"Policy doesn't allow os_compute_api:{rule} to be performed.")


def require_writer(request, rule):
    """Refuse callers who may only read (role reader and nothing more).

    :raises Fault: 403.
    """
    roles = request.token.roles
    if not (request.token.is_admin or "member" in roles or "manager" in roles):
        raise web.Fault(403, f"Policy doesn't allow os_compute_api:{rule} to be performed.")


def caller(request):
    """The triple the list of server actions keeps."""
    return (request.request_id, request.token.user_id, request.token.project_id)


def section(body, key):
    """Give the object under ``key`` of a request body.

    :raises Fault: 400 naming the key.
    """
    value = body.get(key)
    if not isinstance(value, dict):
        if key in body:
            raise invalid(key, value, f"{value!r} is not of type 'object'")
        raise web.Fault(400, f"{key!r} is a required property")
    return value


def invalid(path, value, why):
    """Make the 400 nova gives for a value that breaks its schema.

    :param path: dotted; nova tells only its last part.
    """
    name = path.rsplit(".", 1)[-1]
    return web.Fault(400, f"Invalid input for field/attribute {name}. Value: {value}. {why}")


def check_keys(value, path, allowed):
    """Refuse unknown keys.

    :raises Fault: 400 naming the first one.
    """
    for key in value:
        if key not in allowed:
            raise invalid(
                path,
                value,
                f"Additional properties are not allowed ({key!r} was unexpected)",
            )


def text(value, path, shortest=1, longest=255):
    """Check a string's type and length.

    :raises Fault: 400 otherwise.
    """
    if not isinstance(value, str):
        raise invalid(path, value, f"{value!r} is not of type 'string'")
    if len(value.strip()) < shortest:
        raise invalid(path, value, f"{value!r} is too short")
    if len(value) > longest:
        raise invalid(path, value, f"{value!r} is too long")
    return value


def integer(value, path, low=0, high=0x7FFFFFFF):
    """Check a whole number, which may come as digits in a string.

    :raises Fault: 400 otherwise.
    """
    number = value
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int):
        raise invalid(path, value, f"{value!r} is not of type 'integer'")
    if number < low:
        raise invalid(path, value, f"{number} is less than the minimum of {low}")
    if number > high:
        raise invalid(path, value, f"{number} is greater than the maximum of {high}")
    return number


def metadata(value, path):
    """Check a map of strings to strings of at most 255 characters.

    :raises Fault: 400 otherwise.
    """
    if not isinstance(value, dict):
        raise invalid(path, value, f"{value!r} is not of type 'object'")
    for key, item in value.items():
        if not key or len(key) > 255:
            raise invalid(path, value, f"{key!r} is not a valid key")
        if not isinstance(item, str) or len(item) > 255:
            raise invalid(f"{path}.{key}", item, f"{item!r} is not of type 'string'")
    return dict(value)
