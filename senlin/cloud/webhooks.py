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

"""Telling the outside something, at a URL that a user gave."""

import json
import time
import urllib.parse

from oslo_log import log as logging
import urllib3

from senlin.cloud import calls
from senlin.common import consts
from senlin.common import url_guard
from senlin.conf import CONF

LOG = logging.getLogger(__name__)

_SERVICE = "webhook"


class NotDelivered(Exception):
    """The message did not arrive; says why."""


def post(url, document):
    """POST a JSON document; any 2xx answer is good, redirects are not followed.

    The connection goes to an address that ``url_guard`` has checked. It takes
    ``[lifecycle_hooks] timeout`` seconds at most.

    :raises NotDelivered: if it cannot be told that it arrived.
    """
    group = CONF.lifecycle_hooks
    began = time.monotonic()
    try:
        host, port, found = url_guard.addresses(url, group.allowed_networks)
        status = _send(url, host, port, found[0], document, group.timeout)
    except (url_guard.UrlRefused, urllib3.exceptions.HTTPError, OSError) as error:
        calls.record(_SERVICE, "POST", time.monotonic() - began, consts.ReasonClass.UNAVAILABLE)
        LOG.info("A lifecycle hook could not be told: %s", type(error).__name__)
        text = str(error) if isinstance(error, url_guard.UrlRefused) else type(error).__name__
        raise NotDelivered(text) from error
    refused = not 200 <= status < 300
    reason = consts.ReasonClass.INVALID if refused else None
    calls.record(_SERVICE, "POST", time.monotonic() - began, reason)
    if refused:
        raise NotDelivered(f"The answer was {status}.")


def _send(url, host, port, address, document, seconds):
    parts = urllib.parse.urlsplit(url)
    timeout = urllib3.Timeout(total=seconds)
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, server_hostname=host, assert_hostname=host
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    with pool:
        answer = pool.request(
            "POST",
            urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, "")),
            body=json.dumps(document).encode(),
            headers={
                "Host": parts.netloc.rpartition("@")[2],
                "Content-Type": "application/json",
            },
            redirect=False,
            retries=False,
            preload_content=False,
        )
        answer.release_conn()
        return answer.status
