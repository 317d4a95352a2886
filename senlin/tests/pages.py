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

"""Tables of the documentation that tests keep true.

A table is a CSV file. With ``SENLIN_WRITE_PAGES=1`` a test writes it anew from
what it found, instead of comparing.
"""

import csv
import io
import os
import pathlib

import senlin

DOCUMENTATION = pathlib.Path(senlin.__file__).parent.parent / "doc" / "source"
ENVIRONMENT = "SENLIN_WRITE_PAGES"


def read(name):
    """The rows of a table below ``doc/source``, each a dictionary."""
    with (DOCUMENTATION / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def difference(name, rows):
    """How a table differs from the rows it should have; writes it if so wished.

    :returns: the lines that are only in one of them, empty when it is true.
    """
    path = DOCUMENTATION / name
    wanted = _as_text(rows)
    if os.environ.get(ENVIRONMENT):
        path.write_text(wanted, encoding="utf-8")
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    return sorted(set(wanted.splitlines()) ^ set(there.splitlines()))


def _as_text(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
