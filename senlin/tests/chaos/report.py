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

"""What a campaign has seen, for people and for machines."""

import dataclasses
import pathlib

_MOST_LINES = 6
_WIDTH = 220


@dataclasses.dataclass
class Report:
    """The result of one campaign.

    :ivar answers: kind of request -> {status or ``lost``: number}.
    :ivar faults: kind -> number.
    :ivar actions: "name status" -> number, of requests' actions.
    :ivar nodes, servers: how many were made.
    :ivar quiet_seconds: from the last fault to rest.
    :ivar violations: list of ``books.Violation`` with their evidence:
        (violation, lines).
    :ivar problems: what went wrong with the campaign itself, and 500s.
    """

    seed: int
    seconds: float
    database: str
    answers: dict = dataclasses.field(default_factory=dict)
    faults: dict = dataclasses.field(default_factory=dict)
    actions: dict = dataclasses.field(default_factory=dict)
    nodes: int = 0
    servers: int = 0
    quiet_seconds: float = 0.0
    violations: list = dataclasses.field(default_factory=list)
    problems: list = dataclasses.field(default_factory=list)

    @property
    def is_good(self):
        return not self.violations and not self.problems

    @property
    def accepted(self):
        """How many requests were accepted."""
        return sum(row.get(202, 0) for row in self.answers.values())

    def text(self):
        """The whole as text."""
        lines = [
            f"seed {self.seed}, {self.seconds:.0f} s, {self.database}: {self.summary()}",
            *_table("requests", {k: _numbers(v) for k, v in sorted(self.answers.items())}),
            *_table("faults", dict(sorted(self.faults.items()))),
            *_table("actions", dict(sorted(self.actions.items()))),
        ]
        for violation, evidence in self.violations:
            lines += [f"VIOLATION: {violation.rule}", f"  {violation.what}"]
            lines += [f"    {line[:_WIDTH]}" for line in evidence]
        lines += [f"PROBLEM: {problem}" for problem in self.problems]
        return "\n".join(lines)

    def summary(self):
        """The figures in one line."""
        sent = sum(sum(row.values()) for row in self.answers.values())
        return (
            f"{sent} requests ({self.accepted} accepted), {sum(self.faults.values())} faults, "
            f"{self.nodes} nodes and {self.servers} servers made, at rest after "
            f"{self.quiet_seconds:.1f} s, {len(self.violations)} violations"
        )

    def to_json(self):
        """The same as JSON data."""
        data = dataclasses.asdict(self)
        data["violations"] = [
            {"rule": violation.rule, "what": violation.what, "evidence": list(evidence)}
            for violation, evidence in self.violations
        ]
        data["answers"] = {
            kind: {str(what): number for what, number in row.items()}
            for kind, row in self.answers.items()
        }
        return data


def evidence(violation, picture, directory):
    """What is known about the rows of a violation: actions, events, log lines."""
    ids = [item for item in violation.ids if item]
    lines = []
    for row in picture.rows("action"):
        if row["id"] in ids or row["target"] in ids:
            shown = ("id", "action", "status", "step", "control", "fence", "owner", "start_time",
                     "end_time", "status_reason", "inputs", "request_id")  # fmt: skip
            lines.append("action " + " ".join(f"{key}={row[key]}" for key in shown))
    for row in picture.rows("event"):
        if row["oid"] in ids or (row["meta_data"] or {}).get("action_id") in ids:
            lines.append(
                f"event {row['timestamp']} {row['action']} {row['status']} {row['oname']} "
                f"{row['status_reason']}"
            )
    return lines[: 4 * _MOST_LINES] + _log_lines(ids, directory)


def _log_lines(ids, directory):
    """Where the logs speak of these ids: file:line and the beginning of the text."""
    found = []
    for path in sorted(pathlib.Path(directory).glob("*.log")):
        with open(path, errors="replace") as log:
            hits = [
                f"{path.name}:{number}: {line.rstrip()}"
                for number, line in enumerate(log, 1)
                if any(item in line for item in ids)
            ]
        found += hits[:_MOST_LINES]
    return found


def _numbers(row):
    return ", ".join(f"{what}: {number}" for what, number in sorted(row.items(), key=str))


def _table(title, rows):
    return [f"{title}:", *(f"  {name:34}{value}" for name, value in rows.items())]
