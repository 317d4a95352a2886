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

"""The address of a webhook (API contract, 3.9.1)."""

import json
import urllib.parse

from oslo_utils import netutils

#: Newest way of passing inputs: the body as a whole.
_FORM = "2"


def base_url(settings, endpoint, host, port):
    """Where the outside reaches this service, ending in ``/v1``.

    :param settings: the options of ``[receiver]``, which win.
    :param endpoint: the service's own address in the catalog, None if unknown.
    :param host: this host, and ``port`` the API's, when nothing else is known.
    """
    if settings.host:
        return _address(settings.host, settings.port)
    if endpoint:
        endpoint = endpoint.rstrip("/")
        return endpoint if endpoint.endswith("/v1") else f"{endpoint}/v1"
    return _address(host, port)


def alarm_url(base, receiver_id, params):
    """The URL that triggers a receiver, to be posted to as it is.

    ``params`` are in it for its readers only: those that count are stored.
    """
    query = [("V", _FORM), *((name, _text(params[name])) for name in sorted(params))]
    return f"{base}/webhooks/{receiver_id}/trigger?{urllib.parse.urlencode(query)}"


def _address(host, port):
    return f"http://{netutils.escape_ipv6(host)}:{port}/v1"


def _text(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
