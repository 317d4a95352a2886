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

"""Lists as neutron gives them: filters, sorting, pages and fields."""

import urllib.parse

from senlin.sandbox.network import errors

_NOT_FILTERS = {
    "fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir",
    "tags", "tags-any", "not-tags", "not-tags-any",
}  # fmt: skip


def shown(request, record):
    """Give the fields of a record that the caller asked for."""
    if "fields" not in request.query:
        return record
    names = request.query.getall("fields")
    return {name: record[name] for name in names if name in record}


def body(request, plural, records, present=None):
    """Give the list body of the records that the query wants.

    :param records: full records in the order of creation.
    :param present: makes of a record what the caller may see.
    :raises Fault: 400 for a filter, sort key, limit or marker that is wrong.
    """
    query = request.query
    present = present or _as_it_is
    if not len(query):
        return {plural: [present(record) for record in records]}
    found = _filtered(query, records)
    found = _sorted(query, found)
    found, links = _page(request, found)
    answer = {plural: [shown(request, present(record)) for record in found]}
    if links:
        answer[f"{plural}_links"] = links
    return answer


def _as_it_is(record):
    return record


def _filtered(query, records):
    records = _tagged(query, records)
    for name in query:
        if name in _NOT_FILTERS or not records:
            continue
        values = query.getall(name)
        key = "project_id" if name == "tenant_id" else name
        if name == "ip_address" or key == "fixed_ips":
            records = [record for record in records if _has_address(record, name, values)]
        elif key in records[0]:
            records = [record for record in records if _equals(record.get(key), values)]
        else:
            raise errors.bad_request(f"['{name}'] is invalid attribute for filtering")
    return records


def _equals(actual, values):
    if isinstance(actual, bool):
        return any((value.lower() in ("true", "1")) == actual for value in values)
    if isinstance(actual, list):
        return any(value in actual for value in values)
    if actual is None:
        return "" in values or "None" in values
    return str(actual) in values


def _has_address(record, name, values):
    """True when one of ``ip_address=A`` / ``subnet_id=S`` / ``A`` fits a fixed IP."""
    wanted = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals:
            key, text = "ip_address", value
        if key == "ip_address_substr":
            if not any(text in fixed["ip_address"] for fixed in record.get("fixed_ips", ())):
                return False
            continue
        wanted.setdefault(key, set()).add(text)
    return any(
        all(fixed.get(key) in texts for key, texts in wanted.items())
        for fixed in record.get("fixed_ips", ())
    )


def _tagged(query, records):
    """Apply the four tag filters, each a comma-separated list."""
    tests = (
        ("tags", lambda mine, wanted: wanted <= mine),
        ("tags-any", lambda mine, wanted: bool(wanted & mine)),
        ("not-tags", lambda mine, wanted: not wanted <= mine),
        ("not-tags-any", lambda mine, wanted: not wanted & mine),
    )
    for name, test in tests:
        if name in query:
            wanted = {tag for text in query.getall(name) for tag in text.split(",")}
            records = [record for record in records if test(set(record["tags"]), wanted)]
    return records


def _sorted(query, records):
    keys = query.getall("sort_key")
    directions = query.getall("sort_dir")
    if directions and len(directions) != len(keys):
        raise errors.bad_request("The number of sort_keys and sort_dirs must be same")
    directions = directions or ["asc"] * len(keys)
    for key, direction in reversed(list(zip(keys, directions))):
        if direction not in ("asc", "desc"):
            raise errors.bad_request("The sort_dir must be asc or desc")
        if records and key not in records[0]:
            raise errors.bad_request(f"['{key}'] is invalid attribute for sort_keys")
        records = sorted(
            records,
            key=lambda record: (record[key] is not None, str(record[key])),
            reverse=direction == "desc",
        )
    return records


def _page(request, records):
    """Give the page wanted and its links."""
    query = request.query
    if "limit" not in query and "marker" not in query:
        return records, []
    try:
        limit = int(query.get("limit", 0))
    except ValueError:
        limit = -1
    if limit < 0:
        text = query.get("limit")
        raise errors.bad_request(f"Limit must be an integer 0 or greater and not '{text}'")
    backwards = query.get("page_reverse", "").lower() in ("true", "1")
    if backwards:
        records = records[::-1]
    marker = query.get("marker")
    start = 0
    if marker:
        places = [index for index, record in enumerate(records) if record["id"] == marker]
        if not places:
            raise errors.bad_request(f"Marker {marker} could not be found.")
        start = places[0] + 1
    page = records[start : start + limit] if limit else records[start:]
    if backwards:
        before, after = start + len(page) < len(records), bool(marker)
        page = page[::-1]
    else:
        before, after = bool(marker), start + len(page) < len(records)
    links = []
    if limit and page and after:
        links.append({"rel": "next", "href": _link(request, page[-1]["id"], False)})
    if limit and page and before:
        links.append({"rel": "previous", "href": _link(request, page[0]["id"], True)})
    return page, links


def _link(request, marker, backwards):
    left_out = ("marker", "page_reverse")
    pairs = [pair for pair in request.query.items() if pair[0] not in left_out]
    pairs.append(("marker", marker))
    if backwards:
        pairs.append(("page_reverse", "True"))
    return f"{request.service_url}{request.path}?{urllib.parse.urlencode(pairs)}"
