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

"""The health check: what this process needs, and what the operator says of it.

An API that cannot reach its database or the message bus is no use to a load
balancer. When it can, oslo.middleware's health check answers, which an operator
can make fail with a file. That application answers whatever request reaches it,
so it must not stand in the way of the others.
"""

from senlin.common import health
from senlin.db import statistics

PATH = "/healthcheck"


def checks(services):
    """The health check of an API process; it rings nobody and reads no table."""

    def ask_database():
        services.read(statistics.ping)

    def ask_bus():
        # The engine's client is made with the first need, not here.
        services.engine.ping()

    return health.Health(database=health.Probe(ask_database), messaging=health.Probe(ask_bus))


class HealthRoute:
    """Chooses between the health check and the API by the path.

    :param own: a ``senlin.common.health.Health``.
    :param healthcheck: answers when ``own`` has no problems.
    """

    def __init__(self, application, own, healthcheck):
        self.application = application
        self.own = own
        self.healthcheck = healthcheck

    def __call__(self, environ, start_response):
        if environ.get("PATH_INFO") != PATH:
            return self.application(environ, start_response)
        if self.own.problems():
            return self.own(environ, start_response)
        return self.healthcheck(environ, start_response)
