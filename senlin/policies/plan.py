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

"""What is to be done to a cluster, as one typed decision.

Policies make it, one after the other; actions carry it out. ``to_data`` is the
form in which it is kept in the action's ``data`` (profiles and policies
contract, 8.4).
"""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """The merged decision of all policies; None = no policy said anything.

    * ``grow`` / ``shrink``: how many nodes are made or taken away.
    * ``placements``: one map per new node, kept in its ``data.placement``.
    * ``victims``: ids of the nodes taken away, in order.
    * ``destroy``: victims are deleted (else they become orphans).
    * ``grace_period``: seconds between deciding and taking away.
    * ``reduce_desired``: taking away lowers ``desired_capacity``.
    * ``hook``: map with ``url`` and ``timeout`` (seconds): who is told before a
      victim goes, and how long its go-ahead is waited for.
    * ``batches``: node ids of a roll-out, in order; ``pause`` seconds between.
    """

    grow: int | None = None
    placements: tuple = ()
    shrink: int | None = None
    victims: tuple | None = None
    destroy: bool = True
    grace_period: float = 0
    reduce_desired: bool = True
    hook: dict | None = None
    batches: tuple | None = None
    pause: float = 0

    def but(self, **values):
        """This plan with other values."""
        return dataclasses.replace(self, **values)

    def to_data(self):
        """The decision as the map that the action shows."""
        data = {}
        if self.grow is not None:
            data["creation"] = {"count": self.grow}
        if self.placements:
            data["placement"] = {
                "count": len(self.placements),
                "placements": list(self.placements),
            }
        if self.shrink is not None or self.victims is not None:
            data["deletion"] = {
                "count": self.shrink if self.shrink is not None else len(self.victims),
                "candidates": list(self.victims or ()),
                "destroy_after_deletion": self.destroy,
                "grace_period": self.grace_period,
                "reduce_desired_capacity": self.reduce_desired,
            }
        if self.hook is not None:
            data["hooks"] = dict(self.hook)
        if self.batches is not None:
            data["update"] = {"pause_time": self.pause, "plan": [list(b) for b in self.batches]}
        return data
