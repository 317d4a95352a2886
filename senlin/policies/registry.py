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

"""The policy types that are installed, by ``<type>-<version>``."""

import importlib

from oslo_log import log as logging
import stevedore

from senlin.common import exception
from senlin.common import schema
from senlin.policies import pipeline

LOG = logging.getLogger(__name__)

NAMESPACE = "senlin.policies"

#: The types of this tree, for when it runs without being installed and so has
#: no entry points.
_OWN_TYPES = {
    "senlin.policy.deletion-1.0": "senlin.policies.deletion:DeletionPolicy",
    "senlin.policy.deletion-1.1": "senlin.policies.deletion:DeletionPolicy",
    "senlin.policy.scaling-1.0": "senlin.policies.scaling:ScalingPolicy",
}


def joined_type(spec):
    """``<type>-<version>`` of a spec, such as ``senlin.policy.scaling-1.0``.

    :raises InvalidSpec: if the spec names no type or no version.
    """
    type_, version = schema.type_of(spec)
    return f"{type_}-{version}"


class Registry:
    """Finds policy types and makes instances of them.

    :param types: joined type -> class; None = the installed entry points.
    """

    def __init__(self, types=None):
        self._types = _discover() if types is None else dict(types)

    def types(self):
        """The registered (joined type, class) pairs, by name."""
        return sorted(self._types.items())

    def get(self, joined):
        """The class of a joined type.

        :raises ResourceNotFound: if it is not registered.
        """
        try:
            return self._types[joined]
        except KeyError:
            raise exception.ResourceNotFound(type="policy_type", id=joined) from None

    def build(self, name, spec):
        """An instance for a spec as a user wrote it.

        :raises InvalidSpec: if it breaks the type's rules.
        :raises ResourceNotFound: if its type is not registered.
        """
        return self.get(joined_type(spec))(name, spec)

    def bound(self, rows):
        """Instances for (binding row, policy row) pairs, see ``pipeline.Bound``."""
        return [
            pipeline.Bound(self.get(policy["type"])(policy["name"], policy["spec"]), binding)
            for binding, policy in rows
        ]


def _discover():
    manager = stevedore.ExtensionManager(NAMESPACE, on_load_failure_callback=_log_failure)
    found = {extension.name: extension.plugin for extension in manager}
    return found or {name: _import(path) for name, path in _OWN_TYPES.items()}


def _log_failure(_manager, entry_point, error):
    LOG.error("The policy type %s cannot be loaded: %s", entry_point.name, error)


def _import(path):
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)
