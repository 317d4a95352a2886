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

"""Commands which list, show and cancel actions."""

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import listing
from senlin.osc import options

FIELDS = (
    columns.Field("id"),
    columns.Field("name"),
    columns.Field("action"),
    columns.Field("status"),
    columns.Field("status_reason"),
    columns.Field("target_id"),
    columns.Field("cluster_id"),
    columns.Field("cause"),
    columns.Field("depends_on", columns.Lines),
    columns.Field("depended_by", columns.Lines),
    columns.Field("inputs", columns.Structure),
    columns.Field("outputs", columns.Structure),
    columns.Field("interval"),
    columns.Field("timeout"),
    columns.Field("start_at", columns.EpochTime),
    columns.Field("end_at", columns.EpochTime),
    columns.Field("created_at"),
    columns.Field("updated_at"),
    columns.Field("owner_id"),
    columns.Field("domain_id"),
    columns.Field("project_id"),
    columns.Field("user_id"),
)


class ListAction(listing.ListCommand):
    """List actions"""

    plural = "actions"
    filter_keys = ("name", "target", "action", "status", "cluster_id")
    sort_keys = ("name", "target", "action", "created_at", "status")
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("name"),
        columns.Field("action"),
        columns.Field("status"),
        columns.Field("target_id", columns.ShortId),
        columns.Field("depends_on", columns.ShortIds),
        columns.Field("depended_by", columns.ShortIds),
        columns.Field("created_at"),
        columns.Field("cluster_id", columns.ShortId),
    )
    long_fields = (
        columns.Field("cause"),
        columns.Field("start_at", columns.EpochTime),
        columns.Field("end_at", columns.EpochTime),
        columns.Field("status_reason"),
    )

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.actions(**query)


class ShowAction(command.ShowOne):
    """Show the details of an action"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_action(options.segment(parsed_args.action))
        return columns.show(found, FIELDS)


class UpdateAction(command.ShowOne):
    """Change the status of an action, that is: cancel it"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "change")
        parser.add_argument(
            "--status",
            metavar="<status>",
            type=str.upper,
            help="New status; the service knows only CANCELLED",
        )
        _add_force(parser)
        return parser

    def take_action(self, parsed_args):
        """Change it, and show it as it is then."""
        if not parsed_args.status:
            raise exceptions.CommandError("Give the new status with --status")
        action_id = _set_status(
            self.client, parsed_args.action, parsed_args.status, parsed_args.force
        )
        return columns.show(self.client.get_action(action_id), FIELDS)


class CancelAction(command.Command):
    """Cancel action(s)"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "actions",
            metavar="<action>",
            nargs="+",
            help="Name or ID of action(s) to cancel",
        )
        _add_force(parser)
        return parser

    def take_action(self, parsed_args):
        """Cancel all that were named; a failure does not stop the others."""
        batch = command.Batch(self, "cancel", ("action", "actions"))
        batch.send(
            parsed_args.actions,
            lambda name: _set_status(self.client, name, "CANCELLED", parsed_args.force),
        )
        batch.finish()


def _add_argument(parser, purpose):
    parser.add_argument("action", metavar="<action>", help=f"Name or ID of the action to {purpose}")


def _add_force(parser):
    parser.add_argument(
        "--force",
        action="store_true",
        help="Cancel at once, without waiting for the engine to agree",
    )


def _set_status(client, identity, status, force):
    # The service takes only a whole id here; and the SDK cannot send "force".
    action_id = client.get_action(options.segment(identity)).id
    response = client.patch(
        f"/actions/{action_id}",
        json={"action": {"status": status}},
        params={"force": "true"} if force else {},
    )
    sdk_exceptions.raise_from_response(response)
    return action_id
