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

"""Commands for profiles."""

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
    columns.Field("metadata", columns.Map),
    columns.Field("created_at"),
    columns.Field("updated_at"),
    columns.Field("domain_id"),
    columns.Field("project_id"),
    columns.Field("user_id"),
)


def _add_argument(parser, purpose):
    parser.add_argument(
        "profile", metavar="<profile>", help=f"Name or ID of the profile to {purpose}"
    )


class ListProfile(listing.ListCommand):
    """List profiles"""

    plural = "profiles"
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
        columns.Field("metadata", columns.Map),
    )

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.profiles(**query)


class ShowProfile(command.ShowOne):
    """Show the details of a profile"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_profile(options.segment(parsed_args.profile))
        return columns.show(found, FIELDS)


class CreateProfile(command.ShowOne):
    """Create a profile from a spec file"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="<profile-name>", help="Name of the profile to create")
        parser.add_argument(
            "--spec-file",
            metavar="<spec-file>",
            required=True,
            help="File with the spec, in YAML or JSON",
        )
        options.add_key_values(parser, "--metadata", "Metadata to be attached to the profile.")
        return parser

    def take_action(self, parsed_args):
        """Create it, and show it."""
        attributes = {
            "name": parsed_args.name,
            "spec": specfile.load(parsed_args.spec_file),
        }
        if parsed_args.metadata is not None:
            attributes["metadata"] = parsed_args.metadata
        return columns.show(self.client.create_profile(**attributes), FIELDS)


class UpdateProfile(command.ShowOne):
    """Change the name or metadata of a profile"""

    #: Whether given metadata is laid over that which is there.
    merge = False

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        _add_argument(parser, "change")
        parser.add_argument("--name", metavar="<name>", help="New name of the profile")
        rule = (
            "laid over the existing one."
            if self.merge
            else "in place of all that exists; '{}' clears it."
        )
        options.add_key_values(parser, "--metadata", f"Metadata, {rule}")
        return parser

    def take_action(self, parsed_args):
        """Change it, and show it."""
        identity = options.segment(parsed_args.profile)
        attributes = {}
        if parsed_args.name is not None:
            attributes["name"] = parsed_args.name
        if parsed_args.metadata is not None:
            attributes["metadata"] = parsed_args.metadata
        if not attributes:
            raise exceptions.CommandError("Give at least one property to change")
        if self.merge and "metadata" in attributes:
            current = self.client.get_profile(identity)
            attributes["metadata"] = (current.metadata or {}) | attributes["metadata"]
        changed = self.client.update_profile(identity, **attributes)
        return columns.show(changed, FIELDS)


class SetProfile(UpdateProfile):
    """Set properties of a profile; other metadata stays"""

    merge = True


class DeleteProfile(command.Delete):
    """Delete profile(s)"""

    kind = ("profile", "profiles")

    def delete(self, identity, parsed_args):
        """Send the request."""
        self.client.delete_profile(options.segment(identity), ignore_missing=False)


class ValidateProfile(command.ShowOne):
    """Let the service validate the spec of a profile, without creating one"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--spec-file",
            metavar="<spec-file>",
            required=True,
            help="File with the spec, in YAML or JSON",
        )
        return parser

    def take_action(self, parsed_args):
        """Show the profile as it would be."""
        spec = specfile.load(parsed_args.spec_file)
        return columns.show(self.client.validate_profile(spec=spec), FIELDS)
