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
"""The command behind ``tools/bench``: which measurements, how often, on what."""

import argparse
import contextlib
import json
import pathlib
import signal
import sys
import tempfile

from senlin.tests.bench import api
from senlin.tests.bench import footprint
from senlin.tests.bench import form as forms
from senlin.tests.bench import life
from senlin.tests.bench import report

PARTS = ("life", "engines", "crowd", "reads", "writes", "footprint", "idle")


class Suite:
    """Runs measurements on one database server and one broker.

    :param arguments: what :func:`parser` gives.
    """

    def __init__(self, arguments, servers):
        self._arguments = arguments
        self._servers = servers

    def life(self):
        """Clusters of all sizes, with two engine workers."""
        figures = []
        with self._form() as form:
            for nodes in self._arguments.nodes:
                figures += self._repeated(life.measure, form, nodes)
        per_node = report.Goal(1.3, "ratio")
        for phase in ("create", "delete"):
            small, large = (f"{phase} {number:,} nodes" for number in (100, 5000))
            figures += report.growth(figures, "CPU", small, large, per_node)
            figures += report.growth(figures, "time per node", small, large, per_node)
        return figures

    def engines(self):
        """A thousand nodes with one, two and four engine workers."""
        figures = []
        for number in self._arguments.engines:
            with self._form(engines=number) as form:
                for figure in self._repeated(life.measure, form, 1000):
                    figures.append(report.renamed(figure, f"{number} engines: {figure.what}"))
        return figures

    def crowd(self):
        """Fifty clusters at once."""
        with self._form() as form:
            return self._repeated(life.crowd, form)

    def reads(self):
        """The API's reads, of one process."""
        with self._form(apis=1, engines=1) as form:
            return api.reads(form, self._arguments.clients, self._arguments.seconds)

    def writes(self):
        """The API's writes, of two processes and two engine workers."""
        with self._form() as form:
            return api.writes(form, self._arguments.clients, self._arguments.seconds)

    def footprint(self):
        """Memory as started, and the time that starting takes."""
        with self._form() as form:
            figures = footprint.memory(form, "idle")
            return figures + self._repeated(footprint.starts, form)

    def idle(self):
        """What many idle nodes cost."""
        with self._form() as form:
            return footprint.idle(form, 100, 100, self._arguments.idle_seconds)

    @contextlib.contextmanager
    def _form(self, **options):
        with tempfile.TemporaryDirectory(prefix="senlin-bench-") as directory:
            options.setdefault("active_delay", self._arguments.active_delay)
            with forms.Form(directory, self._servers, **options) as form:
                yield form

    def _repeated(self, function, *arguments):
        rounds = [function(*arguments) for _ in range(self._arguments.repeat)]
        return report.merge(rounds)


def parser():
    """The words of the command line."""
    words = argparse.ArgumentParser(
        prog="tools/bench",
        description="Measure the service against bare references. "
        "Prints one table; nothing fails on a figure.",
    )
    words.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all")
    words.add_argument("--nodes", type=_numbers, default=[10, 100, 1000, 5000], help="of life")
    words.add_argument("--engines", type=_numbers, default=[1, 2, 4], help="of engines")
    words.add_argument("--clients", type=_numbers, default=[1, 8, 32], help="of reads and writes")
    words.add_argument("--seconds", type=float, default=5.0, help="of each load on the API")
    words.add_argument("--idle-seconds", type=float, default=60.0, help="of idle")
    words.add_argument("--repeat", type=int, default=3, help="rounds, of which medians are shown")
    words.add_argument("--active-delay", type=float, default=0.2, help="seconds a server builds")
    words.add_argument("--json", type=pathlib.Path, help="file that gets the figures too")
    return words


def _numbers(text):
    return [int(word) for word in text.split(",")]


def main():
    """Measure, print the table, write the file."""
    arguments = parser().parse_args()
    wrong = set(arguments.parts).difference(PARTS)
    if wrong:
        parser().error(f"There is no part {', '.join(sorted(wrong))}: {', '.join(PARTS)}.")
    # Ends with what it has started, also when it is told to.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    figures = []
    with forms.Servers() as servers:
        suite = Suite(arguments, servers)
        for part in arguments.parts or PARTS:
            report.progress(f"Measuring {part} ...")
            figures += getattr(suite, part)()
    print("\n".join(report.table(figures)))
    if arguments.json:
        text = json.dumps([figure.to_json() for figure in figures], indent=2)
        arguments.json.write_text(text + "\n")
