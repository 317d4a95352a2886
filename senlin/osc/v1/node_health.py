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

"""Commands which check, recover and operate nodes."""

from openstack.clustering.v1 import node as sdk_node

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import errors
from senlin.osc import options
from senlin.osc import waiting
from senlin.osc.v1 import action
from senlin.osc.v1 import cluster_health
from senlin.osc.v1 import node


class _BatchRequest(command.Command):
    verb = None

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "nodes",
            metavar="<node>",
            nargs="+",
            help=f"Name or ID of node(s) to {self.verb}",
        )
        waiting.add_options(parser, f"each node's {self.verb}")
        return parser

    def request(self, target, parsed_args):
        """Send the request to one node; give the answer's body."""
        raise NotImplementedError

    def take_action(self, parsed_args):
        """Send the requests; a failure does not stop the others."""
        batch = command.Batch(self, self.verb, ("node", "nodes"))
        started = batch.send(parsed_args.nodes, lambda name: self._start(name, parsed_args))
        for name, action_id in started:
            self.report(
                f"Node {self.verb} request on node {name} is accepted by action {action_id}."
            )
        if parsed_args.wait:
            batch.wait(started, parsed_args)
        batch.finish()

    def _start(self, name, parsed_args):
        return errors.started_action(self.request(_reference(name), parsed_args))


class CheckNode(_BatchRequest):
    """Check the health of node(s)"""

    verb = "check"

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.check_node(target)


class RecoverNode(_BatchRequest):
    """Recover node(s)"""

    verb = "recover"

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        cluster_health.add_recovery_options(parser, "node")
        return parser

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.recover_node(target, **cluster_health.recovery_parameters(parsed_args))


class OperateNode(command.ShowOne):
    """Do an operation of the profile on a node; show the action"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        node.add_argument(parser)
        parser.add_argument(
            "--operation",
            metavar="<operation>",
            required=True,
            help="Name of the operation; see 'openstack cluster profile type ops'",
        )
        options.add_key_values(parser, "--params", "Parameters of the operation.")
        waiting.add_options(parser, "the operation")
        return parser

    def take_action(self, parsed_args):
        """Start the operation and show its action."""
        body = self.client.perform_operation_on_node(
            _reference(parsed_args.node),
            parsed_args.operation,
            **(parsed_args.params or {}),
        )
        action_id = errors.started_action(body)
        if parsed_args.wait:
            found = self.waiter(parsed_args).wait(action_id)
        else:
            found = self.client.get_action(action_id)
        return columns.show(found, action.FIELDS)


def _reference(identity):
    return sdk_node.Node.new(id=options.segment(identity))
