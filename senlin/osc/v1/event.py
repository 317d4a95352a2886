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

"""Commands which list and show events."""

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import listing
from senlin.osc import options

FIELDS = (
    columns.Field("id"),
    columns.Field("generated_at"),
    columns.Field("level"),
    columns.Field("obj_type"),
    columns.Field("obj_id"),
    columns.Field("obj_name"),
    columns.Field("cluster_id"),
    columns.Field("action"),
    columns.Field("status"),
    columns.Field("status_reason"),
    columns.Field("meta_data", columns.Structure),
    columns.Field("project_id"),
    columns.Field("user_id"),
)


class ListEvent(listing.ListCommand):
    """List events"""

    plural = "events"
    filter_keys = ("level", "otype", "oid", "cluster_id", "oname", "action")
    sort_keys = (
        "timestamp",
        "level",
        "oid",
        "otype",
        "oname",
        "action",
        "status",
        "cluster_id",
    )
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("generated_at"),
        columns.Field("obj_type"),
        columns.Field("obj_id", columns.ShortId),
        columns.Field("obj_name"),
        columns.Field("action"),
        columns.Field("status"),
        columns.Field("level"),
        columns.Field("cluster_id", columns.ShortId),
        columns.Field("meta_data", columns.Map),
    )
    long_fields = (columns.Field("status_reason"),)

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.events(**query)


class ShowEvent(command.ShowOne):
    """Show the details of an event"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("event", metavar="<event>", help="ID of the event to show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_event(options.segment(parsed_args.event))
        return columns.show(found, FIELDS)
