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

"""What goes wrong in the sandbox, and how slowly: settings that change live.

All times are in seconds, all rates are probabilities between 0 and 1.
"""

import copy
import dataclasses
import itertools
import random
import re
import threading

KINDS = ("error", "reset", "drop_reply", "rate_limit", "delay")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class KnobError(ValueError):
    """A setting is not acceptable; the text names its path."""


@dataclasses.dataclass(slots=True)
class Rule:
    """One fault to inject into matching calls.

    ``kind``: ``error`` answers ``status`` instead of working; ``reset`` breaks
    the connection before any work; ``drop_reply`` does the work and breaks the
    connection instead of answering; ``rate_limit`` answers 429 with
    ``Retry-After: seconds``; ``delay`` waits ``seconds`` first.

    ``service`` (name), ``method`` and ``path`` (a regular expression searched
    in the whole path, e.g. ``/servers$``) limit it, None matches all; ``rate``
    is the share of matching calls hit; ``count`` is how many more calls it
    hits, None for no end.
    """

    kind: str
    status: int = 500
    service: str | None = None
    method: str | None = None
    path: str | None = None
    rate: float = 1.0
    count: int | None = None
    seconds: float = 1.0
    message: str | None = None
    pattern: re.Pattern | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def from_json(cls, value, where):
        """Make a rule from JSON.

        :raises KnobError: naming the path of the bad key.
        """
        if not isinstance(value, dict):
            raise KnobError(f"{where} must be an object.")
        names = {field.name for field in dataclasses.fields(cls)} - {"pattern"}
        for name in value:
            if name not in names:
                raise KnobError(f"{where}.{name} is not known; known are {sorted(names)}.")
        if value.get("kind") not in KINDS:
            raise KnobError(f"{where}.kind must be one of {list(KINDS)}.")
        rule = cls(**value)
        for name, low, high in (("status", 400, 599), ("rate", 0, 1), ("seconds", 0, 3600)):
            _number(getattr(rule, name), low, high, f"{where}.{name}")
        if rule.count is not None:
            _integer(rule.count, f"{where}.count")
        if rule.method is not None and rule.method not in _METHODS:
            raise KnobError(f"{where}.method must be one of {list(_METHODS)}.")
        for name in ("service", "path", "message"):
            _text_or_none(getattr(rule, name), f"{where}.{name}")
        if rule.path is not None:
            try:
                rule.pattern = re.compile(rule.path)
            except re.error as error:
                raise KnobError(f"{where}.path is not a regular expression: {error}.") from None
        return rule

    def to_json(self):
        """Give the rule as :meth:`from_json` takes it."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name != "pattern" and getattr(self, field.name) is not None
        }

    def matches(self, service, method, path):
        """True when the call is one this rule is about."""
        return (
            self.count != 0
            and (self.service is None or self.service == service)
            and (self.method is None or self.method == method)
            and (self.pattern is None or self.pattern.search(path) is not None)
        )


def _number(value, low, high, where):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise KnobError(f"{where} must be a number from {low} to {high}.")
    return value


def _integer(value, where):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise KnobError(f"{where} must be a whole number, 0 or more.")
    return value


def _text_or_none(value, where):
    if value is not None and not isinstance(value, str):
        raise KnobError(f"{where} must be a string.")


def _names(value, where):
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise KnobError(f"{where} must be a list of names.")
    return list(value)


def _seconds(value, where):
    return _number(value, 0, 3600, where)


def _share(value, where):
    return _number(value, 0, 1, where)


def _limits(value, where):
    if not isinstance(value, dict):
        raise KnobError(f"{where} must map service names to calls per second.")
    for name, rate in value.items():
        _number(rate, 0.001, 1_000_000, f"{where}.{name}")
    return dict(value)


def _rules(value, where):
    if not isinstance(value, list):
        raise KnobError(f"{where} must be a list of rules.")
    return [Rule.from_json(rule, f"{where}[{index}]") for index, rule in enumerate(value)]


# name -> (default, check). The meaning of each stands in Knobs' docstring.
_SETTINGS = {
    "active_delay": (0.05, _seconds),
    "delete_delay": (0.0, _seconds),
    "operation_delay": (0.0, _seconds),
    "build_failure_rate": (0.0, _share),
    "latency": (0.0, _seconds),
    "rate_limits": ({}, _limits),
    "rules": ([], _rules),
    "down_hosts": ([], _names),
    "down_zones": ([], _names),
    "seed": (0, _integer),
}


class Knobs:
    """The settings, each an attribute; thread-safe, changed by :meth:`update`.

    * ``active_delay``: from a server's creation to ACTIVE.
    * ``delete_delay``: from a server's deletion to gone.
    * ``operation_delay``: reboot, rebuild, resize, start, stop, ...
    * ``build_failure_rate``: share of servers that build into ERROR.
    * ``latency``: extra time of each API call.
    * ``rate_limits``: service name -> calls per second; more get 429.
    * ``rules``: list of :class:`Rule`.
    * ``down_hosts``, ``down_zones``: names of failed hosts and zones.
    * ``seed``: of all randomness; setting it starts the sequence anew.

    :raises KnobError: for a setting that is not acceptable.
    """

    def __init__(self, **settings):
        self._lock = threading.Lock()
        self._values = {}
        self._random = random.Random(0)
        self._buckets = {}
        self._listeners = []
        self.quiet = True
        self.replace(settings)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def replace(self, settings):
        """Set everything: what ``settings`` does not name takes its default."""
        defaults = {name: copy.deepcopy(default) for name, (default, _) in _SETTINGS.items()}
        self.update({**defaults, **settings})

    def update(self, settings):
        """Set what ``settings`` (JSON data) names; all of it or nothing."""
        if not isinstance(settings, dict):
            raise KnobError("The knobs must be an object.")
        checked = {}
        for name, value in settings.items():
            if name not in _SETTINGS:
                raise KnobError(f"{name} is not a knob; known are {sorted(_SETTINGS)}.")
            checked[name] = _SETTINGS[name][1](value, name)
        with self._lock:
            self._values = {**self._values, **checked}
            if "seed" in checked:
                self._random = random.Random(checked["seed"])
            self._buckets.clear()
            values = self._values
            self.quiet = not (values["latency"] or values["rate_limits"] or values["rules"])
        for listener in self._listeners:
            listener()

    def listen(self, listener):
        """Have ``listener()`` called after each change."""
        self._listeners.append(listener)

    def to_json(self):
        """Give every setting as JSON data; ``replace`` takes it back."""
        with self._lock:
            values = copy.copy(self._values)
            values["rules"] = [rule.to_json() for rule in values["rules"]]
            return values

    def roll(self, rate):
        """Throw the seeded dice: True with probability ``rate``."""
        if rate <= 0:
            return False
        with self._lock:
            return self._random.random() < rate

    def is_down(self, host, zone=None):
        """True when the host, or the zone it stands in, has failed."""
        return host in self.down_hosts or zone in self.down_zones

    def strike(self, service, method, path):
        """Give the rules that hit this call, and use up their counts."""
        hits = []
        with self._lock:
            for rule in self._values["rules"]:
                if not rule.matches(service, method, path):
                    continue
                if rule.rate < 1 and self._random.random() >= rule.rate:
                    continue
                if rule.count is not None:
                    rule.count -= 1
                hits.append(rule)
        return hits

    def wait_for_turn(self, service, now):
        """Take one call out of the service's allowance at time ``now``.

        :returns: 0 when the call may go on, else seconds until one may.
        """
        rate = self.rate_limits.get(service)
        if rate is None:
            return 0
        burst = max(1.0, rate)
        with self._lock:
            tokens, last = self._buckets.get(service, (burst, now))
            tokens = min(burst, tokens + (now - last) * rate)
            if tokens < 1:
                self._buckets[service] = (tokens, now)
                return (1 - tokens) / rate
            self._buckets[service] = (tokens - 1, now)
            return 0


class Counters:
    """How often each route of each service was called since the last reset."""

    def __init__(self):
        self._lock = threading.Lock()
        self._calls = {}
        self._statuses = {}

    def count(self, service, method, template):
        """Count one call of a route."""
        key = (service, method, template)
        with self._lock:
            self._calls[key] = self._calls.get(key, 0) + 1

    def count_failure(self, service, status):
        """Count one answer of 400 or more, or 0 for a broken connection."""
        key = (service, status)
        with self._lock:
            self._statuses[key] = self._statuses.get(key, 0) + 1

    def reset(self):
        """Start at zero."""
        with self._lock:
            self._calls.clear()
            self._statuses.clear()

    def to_json(self):
        """Give total, per service total, per route calls and failures."""
        with self._lock:
            calls = sorted(self._calls.items())
            statuses = sorted(self._statuses.items())
        services = {}
        for name, group in itertools.groupby(calls, key=lambda item: item[0][0]):
            routes = {f"{method} {template}": count for (_, method, template), count in group}
            services[name] = {"total": sum(routes.values()), "routes": routes, "failures": {}}
        for (name, status), count in statuses:
            entry = services.setdefault(name, {"total": 0, "routes": {}, "failures": {}})
            entry["failures"][str(status)] = count
        return {"total": sum(count for _, count in calls), "services": services}
