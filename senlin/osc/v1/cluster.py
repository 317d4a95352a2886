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

"""Commands which list, show, create, change and delete clusters."""

from openstack.clustering.v1 import cluster as sdk_cluster
from osc_lib import exceptions

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import listing
from senlin.osc import options
from senlin.osc import tracked
from senlin.osc import waiting

FIELDS = (
    columns.Field("id"),
    columns.Field("name"),
    columns.Field("status"),
    columns.Field("status_reason"),
    columns.Field("profile_id"),
    columns.Field("profile_name"),
    columns.Field("min_size"),
    columns.Field("max_size"),
    columns.Field("desired_capacity"),
    columns.Field("node_ids", columns.Lines),
    columns.Field("timeout"),
    columns.Field("metadata", columns.Map),
    columns.Field("config", columns.Map),
    columns.Field("data", columns.Structure),
    columns.Field("dependents", columns.Structure),
    columns.Field("init_at"),
    columns.Field("created_at"),
    columns.Field("updated_at"),
    columns.Field("domain_id"),
    columns.Field("project_id"),
    columns.Field("user_id"),
)


def reference(identity):
    """Give an SDK object that addresses a cluster by name or id, without a request."""
    return sdk_cluster.Cluster.new(id=options.segment(identity))


def add_argument(parser, purpose="operate on"):
    """Add the positional argument for one cluster."""
    parser.add_argument(
        "cluster", metavar="<cluster>", help=f"Name or ID of the cluster to {purpose}"
    )


class ListCluster(listing.ListCommand):
    """List clusters"""

    plural = "clusters"
    filter_keys = ("name", "status")
    sort_keys = ("name", "status", "init_at", "created_at", "updated_at")
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("name"),
        columns.Field("status"),
        columns.Field("created_at"),
        columns.Field("updated_at"),
    )
    long_fields = (
        columns.Field("profile_name"),
        columns.Field("min_size"),
        columns.Field("max_size"),
        columns.Field("desired_capacity"),
        columns.Field("node_ids", columns.ShortIds),
        columns.Field("status_reason"),
    )

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.clusters(**query)


class ShowCluster(command.ShowOne):
    """Show the details of a cluster"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_argument(parser, "show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_cluster(options.segment(parsed_args.cluster))
        return columns.show(found, FIELDS)


class CreateCluster(command.ShowOne):
    """Create a cluster"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="<cluster-name>", help="Name of the cluster to create")
        parser.add_argument(
            "--profile",
            metavar="<profile>",
            required=True,
            help="Name or ID of the profile of the cluster's nodes",
        )
        parser.add_argument(
            "--min-size",
            metavar="<min-size>",
            type=options.natural,
            help="Smallest size of the cluster (default: 0)",
        )
        parser.add_argument(
            "--max-size",
            metavar="<max-size>",
            type=options.upper_bound,
            help="Largest size of the cluster; -1 means unlimited (default: -1)",
        )
        parser.add_argument(
            "--desired-capacity",
            metavar="<desired-capacity>",
            type=options.natural,
            help="Wanted size of the cluster (default: the smallest size)",
        )
        parser.add_argument(
            "--timeout",
            metavar="<timeout>",
            type=options.natural,
            help="Time in seconds after which actions on the cluster give up",
        )
        options.add_key_values(parser, "--metadata", "Metadata to be attached to the cluster.")
        options.add_key_values(parser, "--config", "Configuration of the cluster.")
        waiting.add_options(parser, "the creation of the cluster")
        return parser

    def take_action(self, parsed_args):
        """Create it, and show it as it is then."""
        attributes = {"name": parsed_args.name, "profile_id": parsed_args.profile}
        for key in (
            "min_size",
            "max_size",
            "desired_capacity",
            "timeout",
            "metadata",
            "config",
        ):
            value = getattr(parsed_args, key)
            if value is not None:
                attributes[key] = value
        created = tracked.TrackedCluster.new(**attributes).create(self.client)
        if parsed_args.wait:
            self.waiter(parsed_args).wait(tracked.action_of(created))
            created = self.client.get_cluster(created.id)
        return columns.show(created, FIELDS)


class UpdateCluster(command.ShowOne):
    """Change the properties of a cluster"""

    #: Whether given metadata and configuration are laid over those which are there.
    merge = False

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_argument(parser, "change")
        parser.add_argument("--name", metavar="<name>", help="New name of the cluster")
        parser.add_argument(
            "--profile",
            metavar="<profile>",
            help="Name or ID of the new profile; it has to be of the same type",
        )
        parser.add_argument(
            "--profile-only",
            metavar="<boolean>",
            type=options.boolean,
            help=(
                "Give the new profile to nodes created from now on only, and leave the "
                "existing nodes as they are (default: false)"
            ),
        )
        parser.add_argument(
            "--timeout",
            metavar="<timeout>",
            type=options.natural,
            help="Time in seconds after which actions on the cluster give up",
        )
        rule = (
            "laid over the existing one."
            if self.merge
            else "in place of all that exists; '{}' clears it."
        )
        options.add_key_values(parser, "--metadata", f"Metadata, {rule}")
        options.add_key_values(parser, "--config", f"Configuration, {rule}")
        waiting.add_options(parser, "the change of the cluster")
        return parser

    def take_action(self, parsed_args):
        """Change it, and show it as it is then."""
        attributes = self._attributes(parsed_args)
        if not attributes:
            raise exceptions.CommandError("Give at least one property to change")
        return _change(self, parsed_args, attributes)

    def _attributes(self, parsed_args):
        wanted = {
            "name": parsed_args.name,
            "profile_id": parsed_args.profile,
            "is_profile_only": parsed_args.profile_only,
            "timeout": parsed_args.timeout,
            "metadata": parsed_args.metadata,
            "config": parsed_args.config,
        }
        attributes = {key: value for key, value in wanted.items() if value is not None}
        if self.merge and ("metadata" in attributes or "config" in attributes):
            current = self.client.get_cluster(options.segment(parsed_args.cluster))
            for key in ("metadata", "config"):
                if key in attributes:
                    attributes[key] = (getattr(current, key) or {}) | attributes[key]
        return attributes


class SetCluster(UpdateCluster):
    """Set properties of a cluster; other metadata and configuration stays"""

    merge = True


class UnsetCluster(command.ShowOne):
    """Remove metadata or configuration of a cluster"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_argument(parser, "change")
        for key in ("metadata", "config"):
            parser.add_argument(
                f"--{key}",
                metavar="<key>",
                action="append",
                default=[],
                help=f"Key to remove from the cluster's {key} (repeat for more)",
            )
        waiting.add_options(parser, "the change of the cluster")
        return parser

    def take_action(self, parsed_args):
        """Remove the keys, and show the cluster."""
        if not parsed_args.metadata and not parsed_args.config:
            raise exceptions.CommandError("Give at least one key to remove")
        current = self.client.get_cluster(options.segment(parsed_args.cluster))
        attributes = {}
        for key in ("metadata", "config"):
            unwanted = getattr(parsed_args, key)
            if unwanted:
                attributes[key] = without(getattr(current, key), unwanted, key)
        return _change(self, parsed_args, attributes)


def without(mapping, unwanted, what):
    """Give ``mapping`` without the ``unwanted`` keys.

    :raises osc_lib.exceptions.CommandError: when one of them is not there.
    """
    missing = [key for key in unwanted if key not in (mapping or {})]
    if missing:
        raise exceptions.CommandError(f"No such key in the {what}: {', '.join(missing)}")
    return {key: value for key, value in mapping.items() if key not in unwanted}


class DeleteCluster(command.Delete):
    """Delete cluster(s) with their nodes"""

    kind = ("cluster", "clusters")
    asynchronous = True

    def delete(self, identity, parsed_args):
        """Send the request."""
        return self.client.delete_cluster(
            options.segment(identity),
            ignore_missing=False,
            force_delete=parsed_args.force_delete,
        ).id


def _change(cmd, parsed_args, attributes):
    identity = options.segment(parsed_args.cluster)
    changed = tracked.TrackedCluster.new(id=identity, **attributes)
    changed.commit(cmd.client)
    if parsed_args.wait:
        cmd.waiter(parsed_args).wait(tracked.action_of(changed))
        changed = cmd.client.get_cluster(changed.id)
    return columns.show(changed, FIELDS)
