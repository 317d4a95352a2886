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
"""What processes cost, read from the kernel: processor time and memory."""

import dataclasses
import os
import pathlib
import re

_TICKS = os.sysconf("SC_CLK_TCK")
_MIB = 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """``cpu``: seconds of processor time so far; ``pss``: MiB of memory.

    Pages that several processes share are counted in parts, so that sums of
    ``pss`` are what the machine really has in use.
    """

    cpu: float
    pss: float


def cost(session):
    """The cost of all living processes that a program has started.

    :param session: the id of its first process, started in a session of its own.
    """
    cpu = pss = 0.0
    for pid in members(session):
        try:
            cpu += _cpu(pid)
            pss += _pss(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return Cost(cpu, pss)


def members(session):
    """The ids of a session's processes, and of its first process's children."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(int(path.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(path.name) == session or session in (int(fields[1]), int(fields[3])):
            found.append(int(path.name))
    return sorted(found)


def _stat(pid):
    """Fields of /proc/PID/stat from the third one (the state) on."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _cpu(pid):
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _pss(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found.group(1)) / _MIB if found else 0.0
