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

"""Neutron's error answers, by the names and in the words it uses."""

from senlin.sandbox import web

_NOT_FOUND = {
    "network": ("NetworkNotFound", "Network {} could not be found."),
    "subnet": ("SubnetNotFound", "Subnet {} could not be found."),
    "port": ("PortNotFound", "Port {} could not be found."),
    "floatingip": ("FloatingIPNotFound", "Floating IP {} could not be found"),
    "router": ("RouterNotFound", "Router {} could not be found"),
    "security_group": ("SecurityGroupNotFound", "Security group {} does not exist"),
    "security_group_rule": ("SecurityGroupRuleNotFound", "Security group rule {} does not exist"),
}


def not_found(kind, key):
    """Give the 404 of a resource that is not there, or not the caller's."""
    title, text = _NOT_FOUND[kind]
    return web.Fault(404, text.format(key), title=title)


def bad_request(message, title="HTTPBadRequest"):
    """Give a 400."""
    return web.Fault(400, message, title=title)


def invalid_input(message):
    """Give the 400 of a value that does not fit."""
    return bad_request(f"Invalid input for operation: {message}.", "InvalidInput")


def conflict(title, message):
    """Give a 409."""
    return web.Fault(409, message, title=title)


def not_allowed(rule):
    """Give the 403 of the policy."""
    text = f"rule:{rule} is disallowed by policy"
    return web.Fault(403, text, title="PolicyNotAuthorized")


def over_quota(kind):
    """Give the 409 of a full quota."""
    return conflict("OverQuota", f"Quota exceeded for resources: ['{kind}'].")
