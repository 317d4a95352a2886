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


"""Absolute addresses, as seen by the client (API contract, 1.3 and 2.9)."""

import urllib.parse


def base_url(environ):
    """Scheme, host and mount prefix under which the service was reached.

    No slash at the end. Proxies' headers have been applied to ``environ``
    before, where the operator allows it.
    """
    host = environ.get("HTTP_HOST")
    if not host:
        host = "%s:%s" % (environ["SERVER_NAME"], environ["SERVER_PORT"])
    return "%s://%s%s" % (
        environ.get("wsgi.url_scheme", "http"),
        host,
        environ.get("SCRIPT_NAME", "").rstrip("/"),
    )


def action(base, action_id):
    """The address of an action; clients take its last segment for the id."""
    return f"{base}/v1/actions/{action_id}"


def next_page(base, path, query, marker):
    """The address of the page after ``marker`` of the same list.

    :param path: below ``/v1``; ``query``: of the page that ends in ``marker``.
    """
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name != "marker"]
    query = urllib.parse.urlencode([*kept, ("marker", marker)])
    return f"{base}/v1{urllib.parse.quote(path)}?{query}"
