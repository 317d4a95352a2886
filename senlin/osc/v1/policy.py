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

"""Commands for policies."""

from osc_lib import exceptions

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import listing
from senlin.osc import options
from senlin.osc import specfile

FIELDS = (
    columns.Field("id"),
    columns.Field("name"),
    columns.Field("type"),
    columns.Field("spec", columns.Structure),
    columns.Field("data", columns.Structure),
    columns.Field("created_at"),
    columns.Field("updated_at"),
    columns.Field("domain_id"),
    columns.Field("project_id"),
    columns.Field("user_id"),
)


def _add_argument(parser, purpose):
    parser.add_argument("policy", metavar="<policy>", help=f"Name or ID of the policy to {purpose}")


def _add_spec_file(parser):
    parser.add_argument(
        "--spec-file",
        metavar="<spec-file>",
        required=True,
        help="File with the spec, in YAML or JSON",
    )


class ListPolicy(listing.ListCommand):
    """List policies"""

    plural = "policies"
    filter_keys = ("name", "type")
    sort_keys = ("type", "name", "created_at", "updated_at")
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("name"),
        columns.Field("type"),
        columns.Field("created_at"),
    )
    long_fields = (
        columns.Field("updated_at"),
        columns.Field("spec", columns.Structure),
    )

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.policies(**query)


class ShowPolicy(command.ShowOne):
    """Show the details of a policy"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_policy(options.segment(parsed_args.policy))
        return columns.show(found, FIELDS)


class CreatePolicy(command.ShowOne):
    """Create a policy from a spec file"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="<name>", help="Name of the policy to create")
        _add_spec_file(parser)
        return parser

    def take_action(self, parsed_args):
        """Create it, and show it."""
        spec = specfile.load(parsed_args.spec_file)
        created = self.client.create_policy(name=parsed_args.name, spec=spec)
        return columns.show(created, FIELDS)


class UpdatePolicy(command.ShowOne):
    """Change the name of a policy"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "change")
        parser.add_argument("--name", metavar="<name>", help="New name of the policy")
        return parser

    def take_action(self, parsed_args):
        """Change it, and show it."""
        if parsed_args.name is None:
            raise exceptions.CommandError("Give the new name with --name")
        changed = self.client.update_policy(
            options.segment(parsed_args.policy), name=parsed_args.name
        )
        return columns.show(changed, FIELDS)


class DeletePolicy(command.Delete):
    """Delete policy(ies)"""

    kind = ("policy", "policies")

    def delete(self, identity, parsed_args):
        """Send the request."""
        self.client.delete_policy(options.segment(identity), ignore_missing=False)


class ValidatePolicy(command.ShowOne):
    """Let the service validate the spec of a policy, without creating one"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_spec_file(parser)
        return parser

    def take_action(self, parsed_args):
        """Show the policy as it would be."""
        spec = specfile.load(parsed_args.spec_file)
        return columns.show(self.client.validate_policy(spec=spec), FIELDS)
