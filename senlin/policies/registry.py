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

import stevedore

from senlin.common import exception
from senlin.policies import pipeline

NAMESPACE = "senlin.policies"


class Registry:
    """Finds policy types and makes instances of them.

    :param types: joined type -> class; None = the installed entry points.
    """

    def __init__(self, types=None):
        self._types = _discover() if types is None else dict(types)

    def types(self):
        """All types: joined type -> class."""
        return dict(self._types)

    def get(self, joined):
        """The class of a joined type.

        :raises ResourceNotFound: if it is not registered.
        """
        try:
            return self._types[joined]
        except KeyError:
            raise exception.ResourceNotFound(type="policy_type", id=joined) from None

    def bound(self, rows):
        """Instances for (binding row, policy row) pairs, see ``pipeline.Bound``."""
        return [
            pipeline.Bound(self.get(policy["type"])(policy["name"], policy["spec"]), binding)
            for binding, policy in rows
        ]


def _discover():
    manager = stevedore.ExtensionManager(NAMESPACE, invoke_on_load=False)
    return {extension.name: extension.plugin for extension in manager}
