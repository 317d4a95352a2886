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

"""senlin-sandbox: a simulated OpenStack cloud on one port."""

from senlin.common import concurrency

concurrency.setup(threading_only=True)

import argparse
import json
import sys

import oslo_messaging
import requests

from senlin.cmd import startup
from senlin.common import health
from senlin.common import metrics
from senlin.common import monitor
from senlin.conf import CONF
from senlin.conf import sandbox as options
from senlin.rpc import transport
from senlin.sandbox import knobs
from senlin.sandbox import metrics as sandbox_metrics
from senlin.sandbox import server
from senlin.sandbox import store

BINARY = "senlin-sandbox"
_EXCHANGE = "nova"
# Nova's legacy notifications and its versioned ones have each their topic.
_TOPICS = (("compute.", "notifications"), ("", "versioned_notifications"))


def parse(arguments):
    """The command line as a namespace; what it leaves out is None."""
    parser = argparse.ArgumentParser(prog=BINARY, description=__doc__.splitlines()[0])
    parser.add_argument("--config-file", action="append", default=[], help="read options from here")
    parser.add_argument("--debug", action="store_true", help="log everything")
    parser.add_argument("--knobs", metavar="JSON", help="set knobs, such as rules of faults")
    for option in options.OPTS:
        kind = {"FloatOpt": float, "IntOpt": int, "PortOpt": int}.get(type(option).__name__, str)
        flag = f"--{option.name.replace('_', '-')}"
        parser.add_argument(flag, type=kind, dest=option.name, help=option.help)
    return parser.parse_args(arguments)


def configure(arguments):
    """Read the configuration files and put the command line above them."""
    words = []
    for name in arguments.config_file:
        words += ["--config-file", name]
    if arguments.debug:
        words.append("--debug")
    startup.prepare(BINARY, words)
    for option in options.OPTS:
        value = getattr(arguments, option.name)
        if value is not None:
            CONF.set_override(option.name, value, group="sandbox")


def chosen_knobs(arguments):
    """The knobs that were set on the command line or in a configuration file.

    :returns: a dict, empty when there are none; then those of the last run hold.
    :raises ValueError: the value of ``--knobs`` is not a JSON object.
    """
    chosen = {}
    for option in options.KNOBS:
        value = CONF.sandbox[option.name]
        if value != option.default:
            chosen[option.name] = value
    if arguments.knobs:
        more = json.loads(arguments.knobs)
        if not isinstance(more, dict):
            raise ValueError("The knobs must be a JSON object.")
        chosen.update(more)
    return chosen


class Notifier:
    """Sends Nova's notifications on the message bus."""

    def __init__(self, url):
        transport.register_opts(CONF)
        CONF.set_default("control_exchange", _EXCHANGE)
        self._transport = oslo_messaging.get_notification_transport(CONF, url=url)
        self._notifiers = [
            (prefix, oslo_messaging.Notifier(
                self._transport, driver="messagingv2", topics=[topic], publisher_id="sandbox",
            ))
            for prefix, topic in _TOPICS
        ]  # fmt: skip

    def __call__(self, publisher_id, event_type, payload, priority):
        """Send one notification."""
        for prefix, notifier in self._notifiers:
            if event_type.startswith(prefix):
                prepared = notifier.prepare(publisher_id=publisher_id)
                getattr(prepared, priority)({}, event_type, payload)
                return

    def close(self):
        """Leave the bus."""
        self._transport.cleanup()


def cloud_health(cloud):
    """The health check: whether the cloud answers a call over HTTP."""

    def ask():
        with requests.Session() as session:
            # No proxy leads to a process's own address.
            session.trust_env = False
            session.get(f"{cloud.url}/sandbox", timeout=2).close()

    return health.Health(api=health.Probe(ask))


def main(arguments=None):
    """Run senlin-sandbox until SIGTERM or SIGINT; gives the exit status."""
    arguments = parse(arguments)
    signals = startup.Signals()
    try:
        configure(arguments)
        chosen = chosen_knobs(arguments)
        settings = knobs.Knobs(**chosen) if chosen else None
    except ValueError as error:
        print(f"{BINARY}: {error}", file=sys.stderr)
        return 1
    wanted = CONF.sandbox
    notifier = Notifier(wanted.notification_url) if wanted.notification_url else None
    cloud = server.SandboxServer(
        wanted.host,
        wanted.port,
        wanted.state_dir,
        clustering_url=wanted.clustering_url,
        notifier=notifier,
        knobs=settings,
        token_lifetime=wanted.token_lifetime,
    )
    try:
        cloud.start()
    except (OSError, store.StoreInUse) as error:
        print(f"{BINARY}: {error}", file=sys.stderr)
        return 1
    watch = monitor.Monitor(wanted.metrics_host, wanted.metrics_port, cloud_health(cloud))
    metrics.REGISTRY.register(sandbox_metrics.Collector(cloud.counters.to_json))
    watch.start()
    print(f"Sandbox cloud: {cloud.auth_url}", flush=True)
    signals.wait_for_end()
    watch.stop()
    cloud.stop()
    if notifier is not None:
        notifier.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
