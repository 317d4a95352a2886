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

import re
import urllib.parse

_CONTINUED = re.compile(r"(/[a-z]+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")


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
    """The value of a Link header that leads to the page after ``marker``.

    openstacksdk looks for the address in an attribute ``uri`` of the link, which the library
    that parses it for the SDK gives only if there is no ``=`` in it. So that is a second
    address of the page, with the marker in its path; the SDK repeats the rest of the query
    by itself.

    :param path: below ``/v1``; ``query``: of the page that ends in ``marker``.
    """
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name != "marker"]
    query = urllib.parse.urlencode([*kept, ("marker", marker)])
    address = f"{base}/v1{urllib.parse.quote(path)}"
    return f'<{address}?{query}>; rel="next"; uri="{address}:{marker}"'


def continued(path, query):
    """Path and query of a list whose marker may stand in its path, see ``next_page``.

    One in the query comes later, and counts: the SDK goes on with it if it has a limit.

    :param path: below ``/v1``.
    """
    match = _CONTINUED.match(path)
    if match is None:
        return path, query
    return match[1], "&".join(filter(None, (f"marker={match[2]}", query)))
