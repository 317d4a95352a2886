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

"""Commands about the clustering service itself."""

from senlin.osc import columns
from senlin.osc import command


class ListService(command.Lister):
    """List the processes of the clustering service"""

    fields = (
        columns.Field("binary"),
        columns.Field("host"),
        columns.Field("status"),
        columns.Field("state"),
        columns.Field("updated_at"),
        columns.Field("disabled_reason"),
    )

    def take_action(self, parsed_args):
        """List them."""
        rows = [columns.row(item, self.fields) for item in self.client.services()]
        return columns.titles(self.fields), rows


class ShowBuildInfo(command.ShowOne):
    """Show the build information of the clustering service"""

    fields = (
        columns.Field("api", columns.Map),
        columns.Field("engine", columns.Map),
    )

    def take_action(self, parsed_args):
        """Show it."""
        return columns.show(self.client.get_build_info(), self.fields)
