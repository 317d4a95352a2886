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
"""Figures, and the table and the file that show them."""

import dataclasses
import statistics
import sys

_COLUMNS = ("what", "figure", "unit", "value", "bare", "ratio", "spread", "goal", "met")


@dataclasses.dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is hoped to be.

    :ivar of: ``value``, or ``ratio`` to the bare reference.
    :ivar at_least: more is better.
    """

    limit: float
    of: str = "value"
    at_least: bool = False

    def is_met(self, figure):
        """Whether a figure is on the right side; None if it has no such part."""
        seen = getattr(figure, self.of)
        if seen is None:
            return None
        return seen >= self.limit if self.at_least else seen <= self.limit

    def __str__(self):
        sign = ">=" if self.at_least else "<="
        return f"{self.of} {sign} {self.limit:g}"


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: a value for each repetition, and those of the reference."""

    what: str
    name: str
    unit: str
    values: tuple
    references: tuple = ()
    goal: Goal | None = None

    @property
    def value(self):
        """The median of the repetitions."""
        return statistics.median(self.values)

    @property
    def reference(self):
        """The median of the reference, None if there is none."""
        return statistics.median(self.references) if self.references else None

    @property
    def ratio(self):
        """How many times the reference it is, None without one."""
        return self.value / self.reference if self.reference else None

    @property
    def spread(self):
        """The distance of the extreme repetitions as a share of the median."""
        return (max(self.values) - min(self.values)) / self.value if self.value else 0.0

    def row(self):
        """The figure's row of the table, as texts."""
        met = self.goal.is_met(self) if self.goal else None
        return (
            self.what,
            self.name,
            self.unit,
            _shown(self.value),
            _shown(self.reference),
            _shown(self.ratio),
            f"{self.spread:.0%}" if len(self.values) > 1 else "",
            str(self.goal) if self.goal else "",
            {True: "yes", False: "NO", None: ""}[met],
        )

    def to_json(self):
        """Everything, for machines."""
        return {
            "what": self.what,
            "figure": self.name,
            "unit": self.unit,
            "value": self.value,
            "values": list(self.values),
            "reference": self.reference,
            "references": list(self.references),
            "ratio": self.ratio,
            "goal": str(self.goal) if self.goal else None,
            "met": self.goal.is_met(self) if self.goal else None,
        }


def merge(rounds):
    """One list of figures from the lists of several rounds, matched by their names."""
    merged = {}
    for figure in (figure for figures in rounds for figure in figures):
        merged.setdefault((figure.what, figure.name), []).append(figure)
    return [
        dataclasses.replace(
            same[0],
            values=tuple(value for one in same for value in one.values),
            references=tuple(value for one in same for value in one.references),
        )
        for same in merged.values()
    ]


def growth(figures, name, small, large, goal):
    """How a figure's cost grows with size: the larger one with the smaller as reference.

    :param small: what the smaller one is called; ``large``: the larger one.
    :returns: a list of one Figure, empty if either was not measured.
    """
    by_what = {figure.what: figure for figure in figures if figure.name == name}
    if small not in by_what or large not in by_what:
        return []
    values, references = by_what[large].values, by_what[small].values
    unit = by_what[large].unit
    return [Figure(f"{large} / {small}", name, unit, values, references, goal)]


def renamed(figure, what):
    """A figure that is said to be of something else."""
    return dataclasses.replace(figure, what=what)


def table(figures):
    """The lines of the table."""
    rows = [_COLUMNS, *(figure.row() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    return [
        "  ".join(
            text.ljust(width) if i < 3 or i > 6 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def progress(text):
    """Tell what is being done; the table alone goes to the standard output."""
    print(text, file=sys.stderr, flush=True)


def _shown(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"
