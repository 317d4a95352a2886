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

"""Commands for receivers."""

from osc_lib import exceptions

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import listing
from senlin.osc import options

FIELDS = (
    columns.Field("id"),
    columns.Field("name"),
    columns.Field("type"),
    columns.Field("cluster_id"),
    columns.Field("action"),
    columns.Field("params", columns.Structure),
    columns.Field("channel", columns.Structure),
    columns.Field("actor", columns.Structure),
    columns.Field("created_at"),
    columns.Field("updated_at"),
    columns.Field("domain_id"),
    columns.Field("project_id"),
    columns.Field("user_id"),
)

TYPES = ("webhook", "message")


def _add_argument(parser, purpose):
    parser.add_argument(
        "receiver", metavar="<receiver>", help=f"Name or ID of the receiver to {purpose}"
    )


class ListReceiver(listing.ListCommand):
    """List receivers"""

    plural = "receivers"
    filter_keys = ("name", "type", "cluster_id", "action", "user")
    sort_keys = ("name", "type", "action", "cluster_id", "created_at", "user")
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("name"),
        columns.Field("type"),
        columns.Field("cluster_id", columns.ShortId),
        columns.Field("action"),
        columns.Field("created_at"),
    )
    long_fields = (
        columns.Field("params", columns.Structure),
        columns.Field("channel", columns.Structure),
        columns.Field("updated_at"),
    )

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.receivers(**query)


class ShowReceiver(command.ShowOne):
    """Show the details of a receiver"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_receiver(options.segment(parsed_args.receiver))
        return columns.show(found, FIELDS)


class CreateReceiver(command.ShowOne):
    """Create a receiver"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="<name>", help="Name of the receiver to create")
        parser.add_argument(
            "--type",
            metavar="<type>",
            choices=TYPES,
            default="webhook",
            help="Type of the receiver: webhook or message (default: webhook)",
        )
        parser.add_argument(
            "--cluster",
            metavar="<cluster>",
            help="Name or ID of the cluster to act on; a webhook needs it",
        )
        parser.add_argument(
            "--action",
            metavar="<action>",
            help="Action to trigger, such as CLUSTER_SCALE_OUT; a webhook needs it",
        )
        options.add_key_values(parser, "--params", "Parameters of the triggered action.")
        return parser

    def take_action(self, parsed_args):
        """Create it, and show it."""
        if parsed_args.type == "webhook":
            for key in ("cluster", "action"):
                if not getattr(parsed_args, key):
                    raise exceptions.CommandError(f"A webhook receiver needs --{key}")
        wanted = {
            "name": parsed_args.name,
            "type": parsed_args.type,
            "cluster_id": parsed_args.cluster,
            "action": parsed_args.action,
            "params": parsed_args.params,
        }
        attributes = {key: value for key, value in wanted.items() if value is not None}
        return columns.show(self.client.create_receiver(**attributes), FIELDS)


class UpdateReceiver(command.ShowOne):
    """Change the properties of a receiver"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "change")
        parser.add_argument("--name", metavar="<name>", help="New name of the receiver")
        parser.add_argument("--action", metavar="<action>", help="New action to be triggered")
        options.add_key_values(
            parser,
            "--params",
            "Parameters of the action, in place of all that exist; '{}' clears them.",
        )
        return parser

    def take_action(self, parsed_args):
        """Change it, and show it."""
        attributes = {
            key: getattr(parsed_args, key)
            for key in ("name", "action", "params")
            if getattr(parsed_args, key) is not None
        }
        if not attributes:
            raise exceptions.CommandError("Give at least one property to change")
        changed = self.client.update_receiver(options.segment(parsed_args.receiver), **attributes)
        return columns.show(changed, FIELDS)


class DeleteReceiver(command.Delete):
    """Delete receiver(s)"""

    kind = ("receiver", "receivers")

    def delete(self, identity, parsed_args):
        """Send the request."""
        self.client.delete_receiver(options.segment(identity), ignore_missing=False)
