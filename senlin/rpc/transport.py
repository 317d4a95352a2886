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

"""The connection to the message bus."""

import oslo_messaging as messaging
from oslo_messaging import opts as messaging_opts
from oslo_messaging._drivers import amqpdriver

from senlin.rpc import memory

_RABBIT_GROUP = "oslo_messaging_rabbit"

#: Seconds for which a thread that receives waits for a message before it looks for
#: other work, at first; twice as long each time when none came.
_FIRST_ROUND = 0.05


def get(conf):
    """The RPC transport named by ``transport_url``, one for the whole process.

    The caller closes it with ``cleanup()``. To be made after any fork.

    :param conf: the global configuration; oslo.messaging registers some of
        its options nowhere else.
    """
    _tune(conf)
    return messaging.get_rpc_transport(conf)


def register_opts(conf):
    """Register oslo.messaging's options, which it would do when first used."""
    for group, options in messaging_opts.list_opts():
        conf.register_opts(options, group=group)


def _tune(conf):
    """Give the drivers defaults that suit this service.

    * Unlimited prefetch would let one engine drain the broker's queue into its
      memory. The limit has to be above ``rpc_queue``: what waits is not
      acknowledged yet, and an engine can only refuse what it was given.
    * Those who receive would wait for 1 ms after a message, then 2, 4, 8 and so on, to
      send what other threads have acknowledged meanwhile. Requests and answers are
      acknowledged when they come: a fifth of a request's time went to empty rounds.
      The library has no option for that. Its threads take as long to end, too.
    * The in-memory transport has no heartbeat, and must not spin.
    """
    amqpdriver.ACK_REQUEUE_EVERY_SECONDS_MIN = _FIRST_ROUND
    register_opts(conf)
    prefetch = conf.engine.rpc_queue + conf.engine.rpc_threads + 16
    conf.set_default("rabbit_qos_prefetch_count", prefetch, group=_RABBIT_GROUP)
    if messaging.TransportURL.parse(conf).transport.startswith("kombu+memory"):
        conf.set_default("heartbeat_timeout_threshold", 0, group=_RABBIT_GROUP)
        memory.install()
