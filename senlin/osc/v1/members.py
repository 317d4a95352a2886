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

"""Commands for the membership of nodes in a cluster."""

from senlin.osc import columns
from senlin.osc import listing
from senlin.osc import options
from senlin.osc.v1 import cluster
from senlin.osc.v1 import cluster_request


class ListMember(listing.ListCommand):
    """List the nodes of a cluster"""

    plural = "nodes"
    filter_keys = ("name", "status")
    sort_keys = ("index", "name", "status", "init_at", "created_at", "updated_at")
    global_project = False
    fields = (
        columns.Field("id", columns.ShortId),
        columns.Field("name"),
        columns.Field("index"),
        columns.Field("status"),
        columns.Field("physical_id", columns.ShortId),
        columns.Field("created_at"),
    )
    long_fields = (
        columns.Field("role"),
        columns.Field("profile_name"),
        columns.Field("tainted"),
        columns.Field("updated_at"),
        columns.Field("status_reason"),
    )

    def add_arguments(self, parser):
        """Add the cluster."""
        cluster.add_argument(parser, "list the nodes of")

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.nodes(cluster_id=parsed_args.cluster, **query)


def _add_nodes(parser, purpose):
    parser.add_argument(
        "--nodes",
        metavar="<nodes>",
        required=True,
        action=options.Names,
        help=f"Names or IDs of nodes to {purpose}, separated by commas (repeatable)",
    )


class AddMember(cluster_request.ClusterRequest):
    """Make existing nodes members of a cluster"""

    purpose = "the nodes to be members"

    def add_arguments(self, parser):
        """Add the nodes."""
        _add_nodes(parser, "add")

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.add_nodes_to_cluster(target, parsed_args.nodes)


class DeleteMember(cluster_request.ClusterRequest):
    """Take nodes out of a cluster"""

    purpose = "the nodes to have left"

    def add_arguments(self, parser):
        """Add the nodes, and what becomes of them."""
        _add_nodes(parser, "take out")
        parser.add_argument(
            "-d",
            "--destroy-after-deletion",
            metavar="<boolean>",
            type=options.boolean,
            default=False,
            help="Destroy the nodes once they have left (default: false)",
        )

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.remove_nodes_from_cluster(
            target,
            parsed_args.nodes,
            destroy_after_deletion=parsed_args.destroy_after_deletion,
        )


class ReplaceMember(cluster_request.ClusterRequest):
    """Replace nodes of a cluster by other existing nodes"""

    purpose = "the nodes to be replaced"

    def add_arguments(self, parser):
        """Add the pairs of nodes."""
        parser.add_argument(
            "--nodes",
            metavar="<OLD_NODE1=NEW_NODE1>",
            required=True,
            action=options.NamePairs,
            help=(
                "Name or ID of a node to be replaced, and of the node in its place. "
                "This can be specified multiple times, or once with pairs separated "
                "by a comma"
            ),
        )

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.replace_nodes_in_cluster(target, parsed_args.nodes)
