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

"""Commands which list, show, create, adopt, change and delete nodes."""

from osc_lib import exceptions

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import errors
from senlin.osc import listing
from senlin.osc import options
from senlin.osc import specfile
from senlin.osc import tracked
from senlin.osc import waiting
from senlin.osc.v1 import cluster

FIELDS = (
    columns.Field("id"),
    columns.Field("name"),
    columns.Field("status"),
    columns.Field("status_reason"),
    columns.Field("cluster_id"),
    columns.Field("index"),
    columns.Field("role"),
    columns.Field("physical_id"),
    columns.Field("profile_id"),
    columns.Field("profile_name"),
    columns.Field("tainted"),
    columns.Field("metadata", columns.Map),
    columns.Field("data", columns.Structure),
    columns.Field("dependents", columns.Structure),
    columns.Field("init_at"),
    columns.Field("created_at"),
    columns.Field("updated_at"),
    columns.Field("domain_id"),
    columns.Field("project_id"),
    columns.Field("user_id"),
)
DETAILS = columns.Field("details", columns.Structure)


def add_argument(parser, purpose="operate on"):
    """Add the positional argument for one node."""
    parser.add_argument("node", metavar="<node>", help=f"Name or ID of the node to {purpose}")


class ListNode(listing.ListCommand):
    """List nodes"""

    plural = "nodes"
    filter_keys = ("name", "status")
    sort_keys = ("index", "name", "status", "init_at", "created_at", "updated_at")
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("name"),
        columns.Field("index"),
        columns.Field("status"),
        columns.Field("cluster_id", columns.ShortId),
        columns.Field("physical_id", columns.ShortId),
        columns.Field("profile_name"),
        columns.Field("created_at"),
        columns.Field("updated_at"),
        columns.Field("tainted"),
    )
    long_fields = (columns.Field("role"), columns.Field("status_reason"))

    def add_arguments(self, parser):
        """Add the cluster to look in."""
        parser.add_argument(
            "--cluster",
            metavar="<cluster>",
            help="Name or ID of the cluster whose nodes are to be listed",
        )

    def fetch(self, query, parsed_args):
        """Ask the service."""
        if parsed_args.cluster:
            query["cluster_id"] = parsed_args.cluster
        return self.client.nodes(**query)


class ShowNode(command.ShowOne):
    """Show the details of a node"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_argument(parser, "show")
        parser.add_argument(
            "--details",
            action="store_true",
            help="Show also the physical object behind the node",
        )
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_node(options.segment(parsed_args.node), details=parsed_args.details)
        fields = FIELDS + (DETAILS,) if parsed_args.details else FIELDS
        return columns.show(found, fields)


class CreateNode(command.ShowOne):
    """Create a node"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="<node-name>", help="Name of the node to create")
        parser.add_argument(
            "--profile",
            metavar="<profile>",
            required=True,
            help="Name or ID of the node's profile",
        )
        parser.add_argument(
            "--cluster",
            metavar="<cluster>",
            help="Name or ID of the cluster to create the node in (default: none)",
        )
        parser.add_argument("--role", metavar="<role>", help="Role of the node in the cluster")
        options.add_key_values(parser, "--metadata", "Metadata to be attached to the node.")
        waiting.add_options(parser, "the creation of the node")
        return parser

    def take_action(self, parsed_args):
        """Create it, and show it as it is then."""
        wanted = {
            "name": parsed_args.name,
            "profile_id": parsed_args.profile,
            "cluster_id": parsed_args.cluster,
            "role": parsed_args.role,
            "metadata": parsed_args.metadata,
        }
        attributes = {key: value for key, value in wanted.items() if value is not None}
        created = tracked.TrackedNode.new(**attributes).create(self.client)
        if parsed_args.wait:
            self.waiter(parsed_args).wait(tracked.action_of(created))
            created = self.client.get_node(created.id)
        return columns.show(created, FIELDS)


class UpdateNode(command.ShowOne):
    """Change the properties of a node"""

    #: Whether given metadata is laid over that which is there.
    merge = False

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_argument(parser, "change")
        parser.add_argument("--name", metavar="<name>", help="New name of the node")
        parser.add_argument(
            "--profile",
            metavar="<profile>",
            help="Name or ID of the new profile; it has to be of the same type",
        )
        parser.add_argument("--role", metavar="<role>", help="New role of the node in the cluster")
        rule = (
            "laid over the existing one."
            if self.merge
            else "in place of all that exists; '{}' clears it."
        )
        options.add_key_values(parser, "--metadata", f"Metadata, {rule}")
        parser.add_argument(
            "--tainted",
            metavar="<boolean>",
            type=options.boolean,
            help="Whether the node should be chosen first when the cluster shrinks",
        )
        waiting.add_options(parser, "the change of the node")
        return parser

    def take_action(self, parsed_args):
        """Change it, and show it as it is then."""
        wanted = {
            "name": parsed_args.name,
            "profile_id": parsed_args.profile,
            "role": parsed_args.role,
            "metadata": parsed_args.metadata,
            "tainted": parsed_args.tainted,
        }
        attributes = {key: value for key, value in wanted.items() if value is not None}
        if not attributes:
            raise exceptions.CommandError("Give at least one property to change")
        if self.merge and "metadata" in attributes:
            current = self.client.get_node(options.segment(parsed_args.node))
            attributes["metadata"] = (current.metadata or {}) | attributes["metadata"]
        return _change(self, parsed_args, attributes)


class SetNode(UpdateNode):
    """Set properties of a node; other metadata stays"""

    merge = True


class UnsetNode(command.ShowOne):
    """Remove metadata of a node"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_argument(parser, "change")
        parser.add_argument(
            "--metadata",
            metavar="<key>",
            action="append",
            required=True,
            help="Key to remove from the node's metadata (repeat for more)",
        )
        waiting.add_options(parser, "the change of the node")
        return parser

    def take_action(self, parsed_args):
        """Remove the keys, and show the node."""
        current = self.client.get_node(options.segment(parsed_args.node))
        left = cluster.without(current.metadata, parsed_args.metadata, "metadata")
        return _change(self, parsed_args, {"metadata": left})


class DeleteNode(command.Delete):
    """Delete node(s)"""

    kind = ("node", "nodes")
    asynchronous = True

    def delete(self, identity, parsed_args):
        """Send the request."""
        return self.client.delete_node(
            options.segment(identity),
            ignore_missing=False,
            force_delete=parsed_args.force_delete,
        ).id


class AdoptNode(command.ShowOne):
    """Make an existing object of the cloud a node"""

    preview_fields = (
        columns.Field("type"),
        columns.Field("version"),
        columns.Field("properties", columns.Structure),
    )

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--identity",
            metavar="<identity>",
            required=True,
            help="Name or ID of the object to adopt",
        )
        parser.add_argument(
            "--type",
            metavar="<type>",
            required=True,
            help="Profile type with version, such as os.nova.server-1.0",
        )
        parser.add_argument("--name", metavar="<node-name>", help="Name of the node")
        parser.add_argument("--role", metavar="<role>", help="Role of the node")
        options.add_key_values(parser, "--metadata", "Metadata to be attached to the node.")
        parser.add_argument(
            "--overrides",
            metavar="<json>",
            help="Profile properties in place of the discovered ones, as a JSON object",
        )
        parser.add_argument(
            "--preview",
            action="store_true",
            help="Show the profile that would be made, and adopt nothing",
        )
        parser.add_argument(
            "--snapshot",
            action="store_true",
            help="Take a snapshot of the object before adopting it",
        )
        return parser

    def take_action(self, parsed_args):
        """Adopt it or show the profile it would get."""
        wanted = {"identity": parsed_args.identity, "type": parsed_args.type}
        if parsed_args.overrides:
            wanted["overrides"] = specfile.parse_map(parsed_args.overrides, "value of --overrides")
        if parsed_args.snapshot:
            wanted["snapshot"] = True
        if parsed_args.preview:
            return self._preview(wanted)
        for key in ("name", "role", "metadata"):
            if getattr(parsed_args, key) is not None:
                wanted[key] = getattr(parsed_args, key)
        return columns.show(self.client.adopt_node(**wanted), FIELDS)

    def _preview(self, wanted):
        body = errors.checked(self.client.adopt_node(preview=True, **wanted))
        profile = body.get("node_profile", body).get("node_preview", {})
        values = [profile.get(field.name) for field in self.preview_fields]
        values[-1] = columns.Structure(values[-1])
        return columns.titles(self.preview_fields), values


def _change(cmd, parsed_args, attributes):
    changed = tracked.TrackedNode.new(id=options.segment(parsed_args.node), **attributes)
    changed.commit(cmd.client)
    if parsed_args.wait:
        cmd.waiter(parsed_args).wait(tracked.action_of(changed))
        changed = cmd.client.get_node(changed.id)
    return columns.show(changed, FIELDS)
