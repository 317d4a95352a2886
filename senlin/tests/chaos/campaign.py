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

"""One campaign: a deployment, a plan's requests and faults, rest, and the books."""

import collections
import contextlib
import json
import logging
import pathlib
import tempfile
import threading
import time

from senlin.common import consts
from senlin.tests.chaos import books
from senlin.tests.chaos import faults
from senlin.tests.chaos import plan as plans
from senlin.tests.chaos import report as reports
from senlin.tests.chaos import settling
from senlin.tests.chaos import stage as stages
from senlin.tests.chaos import workload

LOG = logging.getLogger(__name__)

REST_SECONDS = 120


def run(seed, seconds, database="mysql", directory=None):
    """Run one campaign on servers of its own; gives its ``report.Report``.

    :param directory: keeps configuration and logs; None = nothing is kept.
    """
    with contextlib.ExitStack() as stack:
        if directory is None:
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="senlin-chaos-"))
        pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
        stack.enter_context(_logged(pathlib.Path(directory) / "chaos.log"))
        stage = stack.enter_context(stages.Stage(database, directory))
        result = perform(stage, plans.draw(seed, seconds, stages.ENGINES, stages.APIS))
        path = pathlib.Path(directory) / "report.json"
        path.write_text(json.dumps(result.to_json(), indent=1, default=str))
        return result


@contextlib.contextmanager
def _logged(path):
    """Have what the campaign does written beside the logs of the daemons."""
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger(__package__)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


def perform(stage, plan):
    """Carry out a plan on a stage that is set; gives the report."""
    result = reports.Report(plan.seed, plan.seconds, type(stage.database).__name__)
    users = workload.Workload(stage.deployment, plan)
    harm = faults.Faults(stage)
    users.prepare()
    _disturb(users, harm, plan)
    harm.heal()
    LOG.info("All faults are undone")
    healed = time.monotonic()
    stage.deployment.wait_until_ready()
    _rest(stage)
    result.quiet_seconds = time.monotonic() - healed
    picture = stage.picture()
    _count(result, users, harm, picture)
    _add(result, stage, picture, books.check(picture, users.promises, harm.cloud.vanished))
    problems, picture = settling.settle(stage, users)
    result.problems += problems
    _add(result, stage, picture, settling.check(picture))
    result.problems += harm.problems + users.errors
    return result


def _disturb(users, harm, plan):
    """Requests and faults at the same time, until both are done."""
    started, stopped = time.monotonic(), threading.Event()
    thread = threading.Thread(target=harm.run, args=(plan, started, stopped), name="faults")
    thread.start()
    try:
        users.run(started, stopped)
    except BaseException:
        stopped.set()
        raise
    finally:
        thread.join()


def _rest(stage, seconds=REST_SECONDS):
    """Return when no action is left to be run, or at the end of patience."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < end:
        if not stage.unfinished():
            return
        pause.wait(0.5)


def _count(result, users, harm, picture):
    answers = collections.defaultdict(dict)
    for (kind, what), number in users.answers.items():
        answers[kind][what] = number
    result.answers = dict(answers)
    result.faults = dict(harm.done)
    actions = picture.rows("action")
    result.actions = dict(
        collections.Counter(
            f"{row['action']} {row['status']}" for row in actions if not row["parent_id"]
        )
    )
    made = [row for row in actions if row["action"] == consts.NodeAction.CREATE]
    result.nodes = len(made)
    harm.cloud.count()
    result.servers = harm.cloud.made


def _add(result, stage, picture, violations):
    for violation in violations:
        lines = reports.evidence(violation, picture, stage.directory)
        result.violations.append((violation, lines))
