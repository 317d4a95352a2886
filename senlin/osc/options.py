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

"""Types and actions of command-line arguments which many commands share."""

import argparse
import json
import re
from urllib import parse as urlparse


def boolean(text):
    """Read a boolean word; for use as an argparse type."""
    word = text.strip().lower()
    if word in ("true", "t", "yes", "y", "on", "1"):
        return True
    if word in ("false", "f", "no", "n", "off", "0"):
        return False
    raise argparse.ArgumentTypeError(f"{text!r} is not a boolean: give true or false")


def _number(text, convert, smallest, wanted):
    try:
        value = convert(text)
    except ValueError:
        value = None
    # Written so that "not a number" is refused as well.
    if value is None or not value >= smallest:
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return value


def natural(text):
    """Read an integer from 0 up."""
    return _number(text, int, 0, "an integer from 0 up")


def positive(text):
    """Read an integer from 1 up."""
    return _number(text, int, 1, "an integer from 1 up")


def upper_bound(text):
    """Read a maximal size: an integer from 0 up, or -1 for "no limit"."""
    return _number(text, int, -1, "an integer from 0 up, or -1 for no limit")


def positive_number(text):
    """Read a number above 0."""
    return _number(text, float, 1e-3, "a number above 0")


def segment(identity):
    """Give a name or id in the form in which it may stand in a URL's path."""
    return urlparse.quote(identity, safe="")


def _pairs(text):
    """Give the pairs of ``k=v;k2=v2``, or those of a JSON object."""
    stripped = text.strip()
    if stripped.startswith("{"):
        try:
            return list(json.loads(stripped).items())
        except ValueError as error:
            raise ValueError(f"{text!r} is not a JSON object: {error}") from error
    pairs = []
    for part in stripped.split(";"):
        if not part.strip():
            continue
        key, separator, value = part.partition("=")
        if not separator or not key.strip():
            raise ValueError(f"expected <key>=<value>, got {part!r}")
        pairs.append((key.strip(), value.strip()))
    if not pairs:
        raise ValueError(f"expected <key>=<value>, got {text!r}")
    return pairs


class KeyValues(argparse.Action):
    """Collects ``k=v``, ``k=v;k2=v2`` and JSON objects into one dictionary."""

    def __call__(self, parser, namespace, values, option_string=None):
        collected = dict(getattr(namespace, self.dest) or {})
        try:
            collected.update(_pairs(values))
        except ValueError as error:
            raise argparse.ArgumentError(self, str(error)) from error
        setattr(namespace, self.dest, collected)


class MultiValues(argparse.Action):
    """Like KeyValues, but a repeated key collects its values in a list."""

    def __call__(self, parser, namespace, values, option_string=None):
        collected = {
            key: list(value) for key, value in (getattr(namespace, self.dest) or {}).items()
        }
        try:
            for key, value in _pairs(values):
                collected.setdefault(key, []).append(value)
        except ValueError as error:
            raise argparse.ArgumentError(self, str(error)) from error
        setattr(namespace, self.dest, collected)


class Names(argparse.Action):
    """Collects names from ``a,b`` (or ``a;b``) and from repetitions, in order."""

    def __call__(self, parser, namespace, values, option_string=None):
        names = [name.strip() for name in re.split("[,;]", values) if name.strip()]
        if not names:
            raise argparse.ArgumentError(self, f"expected names, got {values!r}")
        collected = list(getattr(namespace, self.dest) or [])
        setattr(namespace, self.dest, collected + names)


class NamePairs(argparse.Action):
    """Collects ``old=new,old2=new2`` and repetitions into a dictionary."""

    def __call__(self, parser, namespace, values, option_string=None):
        collected = dict(getattr(namespace, self.dest) or {})
        try:
            collected.update(_pairs(values.replace(",", ";")))
        except ValueError as error:
            raise argparse.ArgumentError(self, str(error)) from error
        setattr(namespace, self.dest, collected)


def add_key_values(parser, name, purpose):
    """Add an option which takes key-value pairs."""
    parser.add_argument(
        name,
        metavar='<"key1=value1;key2=value2...">',
        action=KeyValues,
        help=(
            f"{purpose} This can be specified multiple times, or once with pairs "
            "separated by a semicolon, or as a JSON object"
        ),
    )
