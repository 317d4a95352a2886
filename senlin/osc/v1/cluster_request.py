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

"""The base of commands which start an action on one cluster."""

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import errors
from senlin.osc import options
from senlin.osc import waiting
from senlin.osc.v1 import cluster


class ClusterRequest(command.ShowOne):
    """Starts an action; shows its id, or with ``--wait`` the cluster when it is over."""

    #: Words for the help of ``--wait``.
    purpose = "the action"

    def get_parser(self, prog_name):
        """Add the arguments that all such commands share."""
        parser = super().get_parser(prog_name)
        cluster.add_argument(parser)
        self.add_arguments(parser)
        waiting.add_options(parser, self.purpose)
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
        if not parsed_args.wait:
            return ("action",), (action_id,)
        self.waiter(parsed_args).wait(action_id)
        found = self.client.get_cluster(options.segment(parsed_args.cluster))
        return columns.show(found, cluster.FIELDS)
