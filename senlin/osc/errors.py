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

"""Turning the service's refusals into one readable sentence."""

import contextlib

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions


def describe(error):
    """Give the sentence to print for an HTTP error that the SDK raised."""
    sentence = error.details or error.message
    remarks = []
    if error.status_code:
        remarks.append(f"HTTP {error.status_code}")
    if error.request_id:
        remarks.append(error.request_id)
    return f"{sentence} ({', '.join(remarks)})" if remarks else str(sentence)


@contextlib.contextmanager
def readable():
    """Raise CommandError with the service's own words in place of SDK HTTP errors."""
    try:
        yield
    except sdk_exceptions.HttpException as error:
        raise exceptions.CommandError(describe(error)) from error


def checked(body):
    """Give back an answer's body, unless it is an error.

    The SDK's methods which start an action give the decoded body also when the
    service refused the request.

    :raises osc_lib.exceptions.CommandError: with the service's message.
    """
    if not isinstance(body, dict):
        raise exceptions.CommandError(f"Unexpected answer of the service: {body!r}")
    error = body.get("error")
    if isinstance(error, dict):
        code = error.get("code", body.get("code"))
        raise exceptions.CommandError(f"{error.get('message')} (HTTP {code})")
    if isinstance(body.get("code"), int) and body["code"] >= 400:
        message = body.get("message") or body.get("explanation") or body.get("title")
        raise exceptions.CommandError(f"{message} (HTTP {body['code']})")
    return body


def started_action(body):
    """Give the id of the action which a request started.

    :raises osc_lib.exceptions.CommandError: when the service refused the request.
    """
    action = checked(body).get("action")
    if not action:
        raise exceptions.CommandError("The service's answer names no action")
    return action
