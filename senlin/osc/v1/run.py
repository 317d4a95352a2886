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

"""The command which runs a script on all nodes of a cluster, through ssh."""

import argparse
from concurrent import futures
import dataclasses
import ipaddress
import shlex
import subprocess

from osc_lib import exceptions

from senlin.osc import command
from senlin.osc import options
from senlin.osc import specfile
from senlin.osc.v1 import cluster

#: Puts standard input into a file of its own on the node and runs that, so that a
#: script's first line ("#!...") counts. The text is constant: nothing that users
#: write becomes a part of a command line of the node's shell.
REMOTE_COMMAND = (
    'f=$(mktemp) || exit 126; cat > "$f"; chmod 700 "$f"; "$f"; r=$?; rm -f "$f"; exit $r'
)
DEFAULT_PARALLEL = 8
DEFAULT_RUN_TIMEOUT = 3600


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a script did on one node.

    :param failure: why it failed, or None.
    """

    node_id: str
    address: str | None
    output: str = ""
    errors: str = ""
    failure: str | None = None


class RunCluster(command.Command):
    """Run a script on all nodes of a cluster"""

    def get_parser(self, prog_name):
        """Add arguments."""
        parser = super().get_parser(prog_name)
        cluster.add_argument(parser)
        _add_address_arguments(parser)
        _add_ssh_arguments(parser)
        return parser

    def take_action(self, parsed_args):
        """Run the script, print what it printed.

        :raises osc_lib.exceptions.CommandError: when it failed on some node.
        """
        script = specfile.read_text(parsed_args.script, "script")
        nodes = self.client.collect_cluster_attrs(options.segment(parsed_args.cluster), "details")
        targets = [(node.node_id, node.attr_value or {}) for node in nodes]
        if not targets:
            raise exceptions.CommandError(
                f"No node of cluster '{parsed_args.cluster}' has details to connect to"
            )
        with futures.ThreadPoolExecutor(parsed_args.parallel) as pool:
            outcomes = pool.map(lambda target: run_on_node(*target, script, parsed_args), targets)
            failed = sum(self._print(outcome) for outcome in outcomes)
        if failed:
            raise exceptions.CommandError(f"The script failed on {failed} of {len(targets)} nodes")

    def _print(self, outcome):
        """Print one outcome; give whether it is a failure."""
        out = self.app.stdout
        state = f"failed: {outcome.failure}" if outcome.failure else "succeeded"
        print(f"node {outcome.node_id} ({outcome.address}): {state}", file=out)
        for text in (outcome.output, outcome.errors):
            for line in text.splitlines():
                print(f"  {line}", file=out)
        return outcome.failure is not None


def run_on_node(node_id, details, script, parsed_args):
    """Run ``script`` on one node; give its Outcome."""
    try:
        address = choose_address(
            details.get("addresses"),
            parsed_args.network,
            parsed_args.address_type,
            6 if parsed_args.ipv6 else 4,
        )
    except exceptions.CommandError as error:
        return Outcome(node_id, None, failure=str(error))
    try:
        # A list of arguments, and so no shell on this side.
        done = subprocess.run(
            ssh_arguments(address, parsed_args),
            input=script,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=parsed_args.run_timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        failure = f"not finished after {parsed_args.run_timeout:g} seconds"
        return Outcome(node_id, address, failure=failure)
    except OSError as error:
        return Outcome(node_id, address, failure=f"cannot start ssh: {error}")
    failure = f"exit code {done.returncode}" if done.returncode else None
    return Outcome(node_id, address, done.stdout, done.stderr, failure)


def choose_address(addresses, network, address_type, version):
    """Give the address of a server to connect to.

    :param addresses: map from network to list of addresses, as compute shows it.
    :raises osc_lib.exceptions.CommandError: when there is not exactly one network to
        choose from, or no address of the wanted kind.
    """
    networks = addresses or {}
    if network:
        if network not in networks:
            raise exceptions.CommandError(f"the node is not on network '{network}'")
        networks = {network: networks[network]}
    if not networks:
        raise exceptions.CommandError("the node has no addresses")
    if len(networks) > 1:
        raise exceptions.CommandError(
            f"the node is on several networks ({', '.join(sorted(networks))}): "
            "choose one with --network"
        )
    for candidates in networks.values():
        for candidate in candidates:
            if candidate.get("version") != version:
                continue
            if candidate.get("OS-EXT-IPS:type", "fixed") != address_type:
                continue
            return str(ipaddress.ip_address(candidate["addr"]))
    raise exceptions.CommandError(f"the node has no {address_type} IPv{version} address there")


def ssh_arguments(address, parsed_args):
    """Give the list of arguments with which to start ssh."""
    arguments = ["ssh"]
    # ssh takes the first value it sees of each setting: the user's come first.
    arguments += parsed_args.ssh_options
    arguments += ["-o", "BatchMode=yes", "-o", "ConnectTimeout=30"]
    if parsed_args.identity_file:
        arguments += ["-i", parsed_args.identity_file]
    arguments += ["-p", str(parsed_args.port), "-l", parsed_args.user]
    return [*arguments, "--", address, REMOTE_COMMAND]


def _words(text):
    try:
        return shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error


def _add_address_arguments(parser):
    parser.add_argument(
        "--address-type",
        metavar="<address_type>",
        choices=("fixed", "floating"),
        default="floating",
        help="Kind of IP address to use: fixed or floating (default: floating)",
    )
    parser.add_argument(
        "--network",
        metavar="<network>",
        help="Network to use; needed when nodes are on several",
    )
    parser.add_argument("--ipv6", action="store_true", help="Use an IPv6 address (default: IPv4)")


def _add_ssh_arguments(parser):
    parser.add_argument(
        "--port",
        metavar="<port>",
        type=options.positive,
        default=22,
        help="TCP port to use (default: 22)",
    )
    parser.add_argument(
        "--user",
        metavar="<user>",
        default="root",
        help="Login name on the nodes (default: root)",
    )
    parser.add_argument(
        "--identity-file",
        metavar="<identity_file>",
        help="Private key file, like the '-i' option of ssh",
    )
    parser.add_argument(
        "--ssh-options",
        metavar="<ssh_options>",
        type=_words,
        default=[],
        help="Extra options for ssh, as one argument, such as '-o ProxyJump=gate'",
    )
    parser.add_argument("--script", metavar="<script>", required=True, help="Script file to run")
    parser.add_argument(
        "--parallel",
        metavar="<number>",
        type=options.positive,
        default=DEFAULT_PARALLEL,
        help=f"On how many nodes to run at a time (default: {DEFAULT_PARALLEL})",
    )
    parser.add_argument(
        "--run-timeout",
        metavar="<seconds>",
        type=options.positive_number,
        default=DEFAULT_RUN_TIMEOUT,
        help=f"Longest time for each node, in seconds (default: {DEFAULT_RUN_TIMEOUT})",
    )
