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

"""Parts of a campaign, each with its share of every kind of request."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Which requests of a kind a part of a campaign sends.

    :ivar count: how many, at most.
    :ivar seed: of the whole campaign.
    :ivar number: of this part, from 0 on.
    :ivar parts: how many there are.
    """

    count: int
    seed: int
    number: int = 0
    parts: int = 1

    @property
    def own_seed(self):
        """A seed that no other part has."""
        return self.seed * self.parts + self.number

    def of(self, known):
        """What this part sends of requests that all parts know, in the same order."""
        return known[self.number :: self.parts][: self.count]
