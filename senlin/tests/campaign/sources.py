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

"""Where the requests of a campaign come from."""

import copy
import dataclasses
import itertools
import json
import random
import urllib.parse

import hypothesis
from hypothesis import strategies
import schemathesis
from schemathesis import GenerationMode

from senlin.api import microversions
from senlin.api import openapi
from senlin.api import routes
from senlin.tests.campaign import hostile
from senlin.tests.campaign import target

CALLS = [(method, path) for path, methods in routes.ROUTES.items() for method in methods]
VERSIONS = ("1.0", "1.14", str(microversions.MAXIMUM))
_MARK = "@@here@@"


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What :meth:`senlin.tests.campaign.target.Target.send` is given."""

    method: str
    path: str
    body: bytes | None = None
    headers: tuple = ()

    @property
    def label(self):
        """Enough of it to send it again."""
        return f"{self.method} {self.path} {list(self.headers)} {self.body!r}"


def _version(version):
    return (("OpenStack-API-Version", f"clustering {version}"),)


def _drawn(strategy, count, seed):
    """So many examples of a strategy, always the same for a seed."""
    found = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found


# ---- from the OpenAPI documents ----------------------------------------------


def described(aim, part):
    """Requests by the OpenAPI document: fitting ones, and ones that just do not.

    Making one costs more than answering it, so each is sent with all versions.
    """
    document = openapi.document(microversions.MAXIMUM)
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    each = max(1, part.count // (len(VERSIONS) * len(operations) * len(modes)))
    for operation, mode in itertools.product(operations, modes):
        if operation.path.startswith("/v1/"):
            strategy = operation.as_strategy(generation_mode=mode)
            cases = enumerate(_drawn(strategy, each, part.own_seed))
            for (number, case), version in itertools.product(cases, VERSIONS):
                yield _of_case(aim, case, version, known=number % 2)


def _of_case(aim, case, version, known):
    """A case as a request; every other one is about objects that exist."""
    given = case.as_transport_kwargs(base_url="http://unused")
    parts = urllib.parse.urlsplit(given["url"])
    path = target.fill(case.operation.path[3:], aim.objects) if known else parts.path
    query = urllib.parse.urlencode(given.get("params") or {}, doseq=True, errors="replace")
    body = given.get("data")
    if "json" in given:
        body = target.encode(given["json"])
    if isinstance(body, str):
        body = body.encode("utf-8", "replace")
    return Request(
        given["method"],
        f"{path}?{query}" if query else path,
        body if isinstance(body, bytes) else None,
        _version(version),
    )


# ---- good bodies with bad parts ---------------------------------------------


def broken(aim, part):
    """Good bodies in which one part is replaced by each hostile value."""
    found = [
        (method, path, template, value)
        for method, path, body in _good_bodies(aim)
        for template in _templates(body)
        for value in range(len(hostile.VALUES))
    ]
    chooser = random.Random(part.seed)
    chooser.shuffle(found)
    for method, path, template, value in part.of(found):
        raw = template.replace(f'"{_MARK}"', hostile.VALUES[value]).encode("utf-8")
        version = chooser.choice(VERSIONS)
        yield Request(method, _sent_path(aim, method, path), raw, _version(version))


def _good_bodies(aim):
    for method, path in CALLS:
        body = aim.body(method, path)
        if body is not None:
            yield method, path, body
    for body in aim.verbs():
        yield "POST", "/clusters/{id}/actions", body


def _templates(body):
    """Texts of the body with a mark in place of each part, and as a key."""
    yield f'"{_MARK}"'
    for keys in _places(body):
        changed = copy.deepcopy(body)
        inner = changed
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = _MARK
        yield json.dumps(changed)
    changed = copy.deepcopy(body)
    (changed[next(iter(changed))] if _is_map_of_maps(changed) else changed)["unknown"] = _MARK
    yield json.dumps(changed)


def _is_map_of_maps(document):
    return bool(document) and isinstance(next(iter(document.values())), dict)


def _places(document, above=()):
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from _places(value, (*above, key))


def _sent_path(aim, method, path):
    filled = target.fill(path, aim.objects)
    return f"{filled}?V=2" if "webhooks" in path else filled


# ---- arbitrary bodies --------------------------------------------------------

_scalars = strategies.one_of(
    strategies.none(),
    strategies.booleans(),
    strategies.integers(),
    strategies.floats(),
    strategies.text(max_size=30),
    strategies.text("\x00\ud800\u202e\U0001f4a5%/.;'\"\\", max_size=8),
    strategies.sampled_from(["EXACT_CAPACITY", "webhook", "CANCELLED", "1", "-1", "true"]),
)
_values = strategies.recursive(
    _scalars,
    lambda inner: (
        strategies.lists(inner, max_size=4)
        | strategies.dictionaries(strategies.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def arbitrary(aim, part):
    """Bodies whose keys are known and whose values may be anything."""
    good = list(_good_bodies(aim))
    strategy = strategies.tuples(
        strategies.sampled_from(range(len(good))),
        strategies.lists(strategies.tuples(strategies.integers(0, 30), _values), max_size=4),
        strategies.sampled_from(VERSIONS),
    )
    for number, changes, version in _drawn(strategy, part.count, part.own_seed):
        method, path, body = good[number]
        raw = target.encode(_changed(body, changes))
        yield Request(method, _sent_path(aim, method, path), raw, _version(version))


def _changed(body, changes):
    """The body with other values in some places, which may be gone by then."""
    changed = copy.deepcopy(body)
    for place, value in changes:
        places = list(_places(changed))
        if not places:
            return value
        keys = places[place % len(places)]
        inner = changed
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value
    return changed


# ---- paths, queries and headers -------------------------------------------------


def addressed(aim, part):
    """Tricks in paths, queries, methods and headers, on every call."""
    found = [*_by_path(aim), *_by_query(aim), *_by_headers(aim), *_by_method(aim)]
    random.Random(part.seed).shuffle(found)
    return part.of(found)


def _by_path(aim):
    for path in hostile.PATHS:
        for method in ("GET", "POST", "DELETE"):
            yield Request(method, path)
    for (method, path), segment in itertools.product(CALLS, hostile.SEGMENTS):
        if "{" in path:
            body = aim.body(method, path)
            for name in ("id", "type", "path", "policy"):
                if f"{{{name}}}" in path:
                    sent = target.fill(path, aim.objects, **{name: segment})
                    raw = None if body is None else target.encode(body)
                    yield Request(method, sent, raw, _version("1.14"))


def _by_query(aim):
    for (method, path), query in itertools.product(CALLS, hostile.QUERIES):
        body = aim.body(method, path)
        raw = None if body is None else target.encode(body)
        sent = f"{target.fill(path, aim.objects)}?{query}"
        yield Request(method, sent, raw, _version(VERSIONS[len(query) % len(VERSIONS)]))


def _by_headers(aim):
    for (method, path), headers in itertools.product(CALLS, hostile.HEADERS):
        body = aim.body(method, path)
        raw = None if body is None else target.encode(body)
        yield Request(method, target.fill(path, aim.objects), raw, tuple(headers))


def _by_method(aim):
    for path, method in itertools.product(routes.ROUTES, hostile.METHODS):
        yield Request(method, target.fill(path, aim.objects))
