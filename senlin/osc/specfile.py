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

"""Reading spec files of profiles and policies: YAML, of which JSON is a part."""

import os
import pathlib

from osc_lib import exceptions
import yaml

HEAT_STACK = "os.heat.stack"


class _PlainLoader(yaml.SafeLoader):
    """A safe loader which leaves dates as the text they are (JSON has no dates)."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path):
    """Give the spec in the file at ``path`` as a dictionary.

    A stack profile may name files for its template and its environment; their content
    takes the names' place.

    :raises osc_lib.exceptions.CommandError: when the file cannot be read, is not
        valid, or is no map.
    """
    spec = _load_map(path, "spec")
    if spec.get("type") == HEAT_STACK and isinstance(spec.get("properties"), dict):
        _inline_stack_files(spec["properties"], pathlib.Path(path).parent)
    return spec


def parse_map(text, what):
    """Give the map which ``text`` (YAML or JSON) holds; ``what`` names it in errors.

    :raises osc_lib.exceptions.CommandError: when it is not valid or no map.
    """
    try:
        # The loader is a kind of SafeLoader: it makes plain values only.
        value = yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        raise exceptions.CommandError(f"The {what} is not valid YAML or JSON: {error}") from error
    if not isinstance(value, dict):
        raise exceptions.CommandError(f"The {what} has to be a map, but is {_kind(value)}")
    return value


def read_text(path, what):
    """Give the text of a file.

    :raises osc_lib.exceptions.CommandError: when it cannot be read.
    """
    try:
        return pathlib.Path(path).read_text(encoding="utf-8")
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise exceptions.CommandError(f"Cannot read the {what} file '{path}': {reason}") from error
    except UnicodeDecodeError as error:
        raise exceptions.CommandError(
            f"The {what} file '{path}' is not UTF-8 text: {error}"
        ) from error


def _load_map(path, what):
    return parse_map(read_text(path, what), f"{what} file '{path}'")


def _kind(value):
    if value is None:
        return "empty"
    names = {list: "a list", str: "a text", bool: "a boolean"}
    return names.get(type(value), "a number")


def _inline_stack_files(properties, folder):
    for key in ("template", "environment"):
        if isinstance(properties.get(key), str):
            path = folder / properties[key]
            properties[key] = _load_map(path, f"stack {key}")
