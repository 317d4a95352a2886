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

"""Commands which bind policies to clusters."""

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import errors
from senlin.osc import listing
from senlin.osc import options
from senlin.osc import waiting
from senlin.osc.v1 import cluster

FIELDS = (
    columns.Field("id"),
    columns.Field("cluster_id"),
    columns.Field("cluster_name"),
    columns.Field("policy_id"),
    columns.Field("policy_name"),
    columns.Field("policy_type"),
    columns.Field("is_enabled"),
    columns.Field("data", columns.Structure),
)


def _add_policy(parser, purpose):
    parser.add_argument(
        "--policy",
        metavar="<policy>",
        required=True,
        help=f"Name or ID of the policy to {purpose}",
    )


class _BindingRequest(command.Command):
    """Starts an action on a cluster; says which, or with ``--wait`` how it ended."""

    purpose = None

    def get_parser(self, prog_name):
        """Add the arguments that all such commands share."""
        parser = super().get_parser(prog_name)
        cluster.add_argument(parser)
        _add_policy(parser, self.purpose)
        self.add_arguments(parser)
        waiting.add_options(parser, f"the request to {self.purpose} the policy")
        return parser

    def add_arguments(self, parser):
        """Add arguments of one command only; to be overridden."""

    def request(self, target, parsed_args):
        """Send the request for the cluster ``target``; give the answer's body."""
        raise NotImplementedError

    def take_action(self, parsed_args):
        """Start the action."""
        target = cluster.reference(parsed_args.cluster)
        action_id = errors.started_action(self.request(target, parsed_args))
        if parsed_args.wait:
            self.waiter(parsed_args).wait(action_id)
        else:
            self.report(f"Request accepted by action: {action_id}")


class AttachPolicy(_BindingRequest):
    """Attach a policy to a cluster"""

    purpose = "attach"

    def add_arguments(self, parser):
        """Add whether it is to work."""
        parser.add_argument(
            "--enabled",
            metavar="<boolean>",
            type=options.boolean,
            default=True,
            help="Whether the policy is enabled once attached (default: true)",
        )

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.attach_policy_to_cluster(
            target, parsed_args.policy, enabled=parsed_args.enabled
        )


class DetachPolicy(_BindingRequest):
    """Detach a policy from a cluster"""

    purpose = "detach"

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.detach_policy_from_cluster(target, parsed_args.policy)


class UpdateBinding(_BindingRequest):
    """Enable or disable a policy on a cluster"""

    purpose = "change"

    def add_arguments(self, parser):
        """Add whether it is to work."""
        parser.add_argument(
            "--enabled",
            metavar="<boolean>",
            type=options.boolean,
            required=True,
            help="Whether the policy is enabled on the cluster",
        )

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.update_cluster_policy(
            target, parsed_args.policy, enabled=parsed_args.enabled
        )


class ListBinding(listing.ListCommand):
    """List the policies that are attached to a cluster"""

    plural = "policies"
    filter_keys = ("is_enabled", "policy_type", "policy_name")
    sort_keys = ("enabled",)
    paged = False
    global_project = False
    fields = (
        columns.Field("policy_id", columns.ShortId),
        columns.Field("policy_name"),
        columns.Field("policy_type"),
        columns.Field("is_enabled"),
    )

    def add_arguments(self, parser):
        """Add the cluster."""
        cluster.add_argument(parser, "list the policies of")

    def fetch(self, query, parsed_args):
        """Ask the service."""
        return self.client.cluster_policies(options.segment(parsed_args.cluster), **query)


class ShowBinding(command.ShowOne):
    """Show how a policy is attached to a cluster"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        cluster.add_argument(parser)
        _add_policy(parser, "show")
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        found = self.client.get_cluster_policy(
            options.segment(parsed_args.policy), options.segment(parsed_args.cluster)
        )
        return columns.show(found, FIELDS)
