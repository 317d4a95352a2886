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

"""Commands which check, recover and operate clusters, and collect from their nodes."""

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import errors
from senlin.osc import options
from senlin.osc import waiting
from senlin.osc.v1 import cluster
from senlin.osc.v1 import cluster_request

RECOVERIES = ("REBOOT", "REBUILD", "RECREATE")


def add_recovery_options(parser, word):
    """Add the options of a recovery; ``word`` is "cluster" or "node"."""
    parser.add_argument(
        "--check",
        metavar="<boolean>",
        type=options.boolean,
        help=f"Check the {word} first, and recover only what is sick (default: false)",
    )
    parser.add_argument(
        "--operation",
        metavar="<operation>",
        type=str.upper,
        choices=RECOVERIES,
        help=f"What to do to sick nodes: {', '.join(RECOVERIES)}",
    )


def recovery_parameters(parsed_args):
    """Give the parameters of a recovery request."""
    parameters = {}
    if parsed_args.check is not None:
        parameters["check"] = parsed_args.check
    if parsed_args.operation:
        parameters["operation"] = parsed_args.operation
    return parameters


class _BatchRequest(command.BatchLister):
    verb = None

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "clusters",
            metavar="<cluster>",
            nargs="+",
            help=f"Name or ID of cluster(s) to {self.verb}",
        )
        waiting.add_options(parser, f"each cluster's {self.verb}")
        return parser

    def request(self, identity, parsed_args):
        """Send the request to one cluster; give the answer's body."""
        raise NotImplementedError

    def take_action(self, parsed_args):
        """Send the requests; give clusters and actions of those that worked."""
        self.batch = command.Batch(self, self.verb, ("cluster", "clusters"))
        started = self.batch.send(
            parsed_args.clusters,
            lambda name: errors.started_action(self.request(name, parsed_args)),
        )
        if not parsed_args.wait:
            return ("cluster", "action"), started
        done = self.batch.wait(started, parsed_args)
        rows = [(name, action.id, action.status) for name, action in done]
        return ("cluster", "action", "status"), rows


class CheckCluster(_BatchRequest):
    """Check the health of cluster(s)"""

    verb = "check"

    def request(self, identity, parsed_args):
        """Send it."""
        return self.client.check_cluster(options.segment(identity))


class RecoverCluster(_BatchRequest):
    """Recover the sick nodes of cluster(s)"""

    verb = "recover"

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        add_recovery_options(parser, "cluster")
        return parser

    def request(self, identity, parsed_args):
        """Send it."""
        return self.client.recover_cluster(
            options.segment(identity), **recovery_parameters(parsed_args)
        )


class OperateCluster(cluster_request.ClusterRequest):
    """Do an operation of the profile on the nodes of a cluster"""

    purpose = "the operation"

    def add_arguments(self, parser):
        """Add the operation."""
        parser.add_argument(
            "--operation",
            metavar="<operation>",
            required=True,
            help="Name of the operation; see 'openstack cluster profile type ops'",
        )
        options.add_key_values(parser, "--params", "Parameters of the operation.")
        options.add_key_values(
            parser,
            "--filters",
            "Only operate on nodes with these values of name, profile_id, status, role.",
        )

    def request(self, target, parsed_args):
        """Send it."""
        arguments = {}
        if parsed_args.params:
            arguments["params"] = parsed_args.params
        if parsed_args.filters:
            arguments["filters"] = parsed_args.filters
        return self.client.perform_operation_on_cluster(target, parsed_args.operation, **arguments)


class CollectCluster(command.Lister):
    """Collect one attribute from all nodes of a cluster"""

    fields = (
        columns.Field("node_id", columns.ShortId),
        columns.Field("attr_value", columns.Structure),
    )

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        cluster.add_argument(parser)
        parser.add_argument(
            "--path",
            metavar="<path>",
            required=True,
            help="JSON path of the attribute in a node, such as details.status",
        )
        parser.add_argument(
            "--full-id",
            action="store_true",
            help="Print full IDs in tables (other formats always have them)",
        )
        return parser

    def take_action(self, parsed_args):
        """Give a row for each node which has the attribute."""
        found = self.client.collect_cluster_attrs(
            options.segment(parsed_args.cluster), options.segment(parsed_args.path)
        )
        rows = [columns.row(item, self.fields, parsed_args.full_id) for item in found]
        return columns.titles(self.fields), rows
