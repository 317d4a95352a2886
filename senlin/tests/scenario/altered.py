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

"""A daemon of the service with something about it changed.

    python -m senlin.tests.scenario.altered ALTERATION engine|api [options of the daemon]

``deaf``
    every cast is lost, and no engine rings its own bell either: work is only found by
    looking for it.
``doubling``
    every message arrives twice.
``next``
    the daemon is of the release after this one: it says so, understands more, and has
    a column more.
"""

# ruff: noqa: E402 - the concurrency is chosen before anything is imported

from senlin.common import concurrency

concurrency.setup()

import importlib
import sys

import oslo_messaging as messaging
import sqlalchemy as sa

from senlin.db import models
from senlin.rpc import doorbell
from senlin.rpc import server
from senlin.rpc import versions
from senlin.tests import releases


def deaf():
    """Lose all casts."""
    send = messaging.Transport._send

    def lose_casts(self, *arguments, wait_for_reply=None, **options):
        if wait_for_reply:
            return send(self, *arguments, wait_for_reply=wait_for_reply, **options)
        return None

    messaging.Transport._send = lose_casts
    doorbell.Doorbell.ring = lambda self: None


def doubling():
    """Send all messages twice; the answer to the second one goes to nobody."""
    send = messaging.Transport._send

    def send_twice(self, *arguments, retry=None, **options):
        answer = send(self, *arguments, retry=retry, **options)
        send(self, *arguments, retry=retry)
        return answer

    messaging.Transport._send = send_twice


def next_release():
    """Be of the release that ``senlin.tests.releases`` tells of."""
    versions.RELEASES = {**versions.RELEASES, releases.RELEASE: releases.RPC_VERSION}
    versions.RELEASE = releases.RELEASE
    versions.CURRENT = releases.RPC_VERSION
    server.TARGET = messaging.Target(version=releases.RPC_VERSION)
    models.Node.__table__.append_column(
        sa.Column("nickname", sa.String(255), default=_name_of_the_same_row)
    )


def _name_of_the_same_row(context):
    return context.get_current_parameters()["name"]


ALTERATIONS = {"deaf": deaf, "doubling": doubling, "next": next_release}


if __name__ == "__main__":
    alteration, daemon = sys.argv[1:3]
    del sys.argv[1:3]
    ALTERATIONS[alteration]()
    sys.exit(importlib.import_module(f"senlin.cmd.{daemon}").main())
