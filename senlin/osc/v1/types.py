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

"""Commands for the types of profiles and policies."""

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import errors
from senlin.osc import options

SHOW_FIELDS = (
    columns.Field("name"),
    columns.Field("schema", columns.Structure),
    columns.Field("support_status", columns.Structure),
)


def _add_argument(parser, metavar):
    parser.add_argument(
        "type_name",
        metavar=metavar,
        help="Name of the type with its version, such as os.nova.server-1.0",
    )


def _rows(found):
    """Give a row for each version of each type, sorted."""
    rows = []
    for item in found:
        if item.support_status:
            for version, statuses in item.support_status.items():
                words = [
                    f"{status.get('status')} since {status.get('since')}" for status in statuses
                ]
                rows.append((item.name, version, ", ".join(words)))
        else:
            # Below microversion 1.5 the name includes the version and that is all.
            name, _dash, version = item.name.rpartition("-")
            rows.append((name or item.name, version, ""))
    return ("name", "version", "support_status"), sorted(rows)


class ListProfileType(command.Lister):
    """List the types of profiles"""

    def take_action(self, parsed_args):
        """List them."""
        return _rows(self.client.profile_types())


class ShowProfileType(command.ShowOne):
    """Show the schema of a profile type"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "<name-version>")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_profile_type(options.segment(parsed_args.type_name))
        return columns.show(found, SHOW_FIELDS)


class ShowProfileTypeOps(command.ShowOne):
    """Show the operations that a profile type knows"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "<type-name>")
        return parser

    def take_action(self, parsed_args):
        """Show them."""
        body = self.client.list_profile_type_operations(options.segment(parsed_args.type_name))
        operations = errors.checked(body).get("operations", {})
        return ("operations",), (columns.Structure(operations),)


class ListPolicyType(command.Lister):
    """List the types of policies"""

    def take_action(self, parsed_args):
        """List them."""
        return _rows(self.client.policy_types())


class ShowPolicyType(command.ShowOne):
    """Show the schema of a policy type"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "<type-name>")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_policy_type(options.segment(parsed_args.type_name))
        return columns.show(found, SHOW_FIELDS)
