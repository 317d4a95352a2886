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

"""One service of one owner: the SDK's proxy as an adapter, plain JSON in and out.

The proxies bring the catalog, tokens, microversions and request ids of the
SDK; its Resource objects cost two milliseconds for each server and stay out of
the hot paths.
"""

import time
import urllib.parse

from keystoneauth1 import exceptions as ksa
from oslo_log import log as logging
import requests

from senlin.cloud import calls
from senlin.cloud import errors
from senlin.cloud import fencing

LOG = logging.getLogger(__name__)

_CHANGING = ("POST", "PUT", "PATCH", "DELETE")
_READ_RETRIES = 2


class Service:
    """Calls to one service on behalf of one owner.

    :param link: how the calls get there, see ``sessions.Link``.
    """

    TYPE = ""

    def __init__(self, link):
        self._link = link

    def get(self, path, params=None, microversion=None):
        """The JSON of a GET."""
        return self._call("GET", path, params=params, microversion=microversion)

    def post(self, path, body, microversion=None):
        """The JSON that answers a POST, None if there is none."""
        return self._call("POST", path, json=body, microversion=microversion)

    def put(self, path, body, microversion=None):
        """The JSON that answers a PUT, None if there is none."""
        return self._call("PUT", path, json=body, microversion=microversion)

    def delete(self, path, microversion=None):
        """Send a DELETE.

        :returns: False when the object did not exist any more.
        """
        try:
            self._call("DELETE", path, microversion=microversion)
        except errors.CloudError as error:
            if error.is_not_found:
                return False
            raise
        return True

    def first(self, path, key, params=None, microversion=None):
        """The object under ``key``, None when the service answers 404."""
        try:
            return self.get(path, params, microversion)[key]
        except errors.CloudError as error:
            if error.is_not_found:
                return None
            raise

    def _call(self, method, path, json=None, params=None, microversion=None):
        if params:
            path = f"{path}?{urllib.parse.urlencode(params, doseq=True)}"
        for _attempt in range(0 if method in _CHANGING else _READ_RETRIES):
            try:
                return self._once(method, path, json, microversion)
            except errors.CloudError as error:
                if not error.no_answer:
                    raise
                LOG.debug("Reading %s again: %s", path, error.message)
        return self._once(method, path, json, microversion)

    def _once(self, method, path, json, microversion):
        changing = method in _CHANGING
        if changing:
            fencing.check(self.TYPE)
        breaker = self._link.breaker(self.TYPE)
        breaker.before()
        started = time.monotonic()
        error = None
        response = None
        try:
            response = self._link.send(self.TYPE, method, path, json, microversion)
            if response.status_code >= 400:
                error = errors.from_response(response, self.TYPE, changing)
        except (
            errors.CloudError,
            ksa.ClientException,
            requests.exceptions.RequestException,
        ) as caught:
            error = errors.translate(caught, self.TYPE, changing)
        took = time.monotonic() - started
        calls.record(self.TYPE, method, took, None if error is None else error.reason)
        LOG.debug(
            "%s %s %s: %s in %.3f s",
            self.TYPE,
            method,
            path,
            response.status_code if response is not None else error.message,
            took,
        )
        if error is None:
            breaker.success()
            return response.json() if response.content else None
        if error.retryable and error.status != 429:
            breaker.failure()
        else:
            breaker.success()
        if error.status == 401 or (
            error.status is None and error.reason == errors.ReasonClass.AUTH
        ):
            error = self._link.refused(error)
        raise error


def quote(name):
    """A name as a part of a path.

    :raises CloudError: status 404 if it would lead to the part above instead: HTTP
        clients take such parts out, quoted or not.
    """
    if name in ("", ".", ".."):
        raise errors.CloudError(
            f"Nothing can be called '{name}'.", status=404, reason=errors.ReasonClass.NOT_FOUND
        )
    return urllib.parse.quote(str(name), safe="")
