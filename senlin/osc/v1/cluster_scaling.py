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

"""Commands which change the size of a cluster."""

from osc_lib import exceptions

from senlin.osc import options
from senlin.osc.v1 import cluster_request


class _Scale(cluster_request.ClusterRequest):
    def add_arguments(self, parser):
        """Add the number of nodes."""
        parser.add_argument(
            "--count",
            metavar="<count>",
            type=options.positive,
            help=("How many nodes (default: what the scaling policy of the cluster says, or 1)"),
        )


class ExpandCluster(_Scale):
    """Add nodes to a cluster (scale out)"""

    purpose = "the growth of the cluster"

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.scale_out_cluster(target, parsed_args.count)


class ShrinkCluster(_Scale):
    """Remove nodes from a cluster (scale in)"""

    purpose = "the shrinking of the cluster"

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.scale_in_cluster(target, parsed_args.count)


class ResizeCluster(cluster_request.ClusterRequest):
    """Change the size of a cluster and its limits"""

    purpose = "the change of size"

    def add_arguments(self, parser):
        """Add what describes a size."""
        change = parser.add_mutually_exclusive_group()
        change.add_argument(
            "--capacity",
            metavar="<capacity>",
            type=options.natural,
            help="The wanted number of nodes",
        )
        change.add_argument(
            "--adjustment",
            metavar="<adjustment>",
            type=int,
            help="Number of nodes to add, or, when negative, to remove",
        )
        change.add_argument(
            "--percentage",
            metavar="<percentage>",
            type=float,
            help="Percentage by which to grow, or, when negative, to shrink",
        )
        parser.add_argument(
            "--min-step",
            metavar="<min-step>",
            type=options.natural,
            help="Least number of nodes to change by; only with --percentage",
        )
        parser.add_argument(
            "--strict",
            action="store_true",
            help=(
                "Refuse a size outside the cluster's limits (default: come as close "
                "to it as the limits allow)"
            ),
        )
        parser.add_argument(
            "--min-size",
            metavar="<min>",
            type=options.natural,
            help="New lower limit of the cluster's size",
        )
        parser.add_argument(
            "--max-size",
            metavar="<max>",
            type=options.upper_bound,
            help="New upper limit of the cluster's size; -1 means unlimited",
        )

    def request(self, target, parsed_args):
        """Send it."""
        return self.client.resize_cluster(target, **_resize_parameters(parsed_args))


def _resize_parameters(parsed_args):
    parameters = {}
    for kind, number in (
        ("EXACT_CAPACITY", parsed_args.capacity),
        ("CHANGE_IN_CAPACITY", parsed_args.adjustment),
        ("CHANGE_IN_PERCENTAGE", parsed_args.percentage),
    ):
        if number is not None:
            parameters.update(adjustment_type=kind, number=number)
    if parsed_args.min_step is not None:
        if parsed_args.percentage is None:
            raise exceptions.CommandError("--min-step needs --percentage")
        parameters["min_step"] = parsed_args.min_step
    for key in ("min_size", "max_size"):
        if getattr(parsed_args, key) is not None:
            parameters[key] = getattr(parsed_args, key)
    if not parameters:
        raise exceptions.CommandError(
            "Give a new size (--capacity, --adjustment or --percentage) or new limits "
            "(--min-size, --max-size)"
        )
    low, high = parsed_args.min_size, parsed_args.max_size
    if low is not None and high is not None and 0 <= high < low:
        raise exceptions.CommandError(f"--min-size ({low}) is greater than --max-size ({high})")
    parameters["strict"] = parsed_args.strict
    return parameters
