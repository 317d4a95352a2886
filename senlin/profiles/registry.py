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

"""Which member types there are, and ready instances of their specs."""

import collections
import importlib
import json
import threading

from oslo_log import log as logging
import stevedore

from senlin.common import exception
from senlin.common import schema
from senlin.common import secrets

LOG = logging.getLogger(__name__)

NAMESPACE = "senlin.profiles"

#: The types of this tree, for when it runs without being installed and so has
#: no entry points.
_OWN_TYPES = {
    "os.nova.server-1.0": "senlin.profiles.nova.profile:ServerProfile",
    "os.nova.server-1.1": "senlin.profiles.nova.profile:ServerProfile",
    "os.nova.server-1.2": "senlin.profiles.nova.profile:ServerProfile",
}

_CACHE_SIZE = 1000
#: Characters of specs. One of many small parts takes six bytes and more for each when it
#: is loaded; a request may bring a million.
_CACHE_CHARACTERS = 8 * 2**20


def joined_type(spec):
    """``<type>-<version>`` of a spec, such as ``os.nova.server-1.0``.

    :raises InvalidSpec: if the spec names no type or no version.
    """
    type_, version = schema.type_of(spec)
    return f"{type_}-{version}"


class Registry:
    """The registered types; thread-safe.

    :param types: joined type -> class; None = those of the installed entry
        points ``senlin.profiles``.
    :param cache_size: how many instances are kept, at most.
    :param cache_characters: how long their specs are together, at most; a longer
        one is kept alone.
    """

    def __init__(self, types=None, cache_size=_CACHE_SIZE, cache_characters=_CACHE_CHARACTERS):
        self._types = dict(types) if types is not None else _discover()
        self._cache_size = cache_size
        self._cache_characters = cache_characters
        self._cache = collections.OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def types(self):
        """The registered (joined type, class) pairs, by name."""
        return sorted(self._types.items())

    def get(self, type_joined):
        """The class behind a joined type.

        :raises ResourceNotFound: of type ``profile_type`` if there is none.
        """
        try:
            return self._types[type_joined]
        except KeyError:
            raise exception.ResourceNotFound(type="profile_type", id=type_joined) from None

    def build(self, spec):
        """An instance for a spec as a user wrote it, not cached.

        :raises InvalidSpec: if it breaks the type's schema.
        :raises ResourceNotFound: if its type is not registered.
        """
        return self.get(joined_type(spec))(spec)

    def load(self, row):
        """The instance for a row of the profile table.

        Specs never change, so instances are kept, the most recently used ones.
        """
        profile = self.kept(row["id"])
        if profile is None:
            profile = self.get(row["type"])(secrets.open_spec(row["spec"]))
            self._keep(row["id"], profile, len(json.dumps(row["spec"])))
        return profile

    def kept(self, identity):
        """The instance for the profile with this id, None if it is not at hand."""
        with self._lock:
            profile, _ = self._cache.get(identity, (None, 0))
            if profile is not None:
                self._cache.move_to_end(identity)
            return profile

    def _keep(self, identity, profile, characters):
        with self._lock:
            _, before = self._cache.pop(identity, (None, 0))
            self._cache[identity] = (profile, characters)
            self._characters += characters - before
            while len(self._cache) > 1 and self._is_over_full():
                _, (_, dropped) = self._cache.popitem(last=False)
                self._characters -= dropped

    def _is_over_full(self):
        return len(self._cache) > self._cache_size or self._characters > self._cache_characters


def _discover():
    found = {
        extension.name: extension.plugin
        for extension in stevedore.ExtensionManager(
            NAMESPACE, on_load_failure_callback=_log_failure
        )
    }
    if found:
        return found
    return {name: _import(path) for name, path in _OWN_TYPES.items()}


def _log_failure(_manager, entry_point, error):
    LOG.error("The profile type %s cannot be loaded: %s", entry_point.name, error)


def _import(path):
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)
