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


"""Order and continuation of lists, the same on every database."""

import dataclasses
import datetime
import itertools
import random
import uuid

import sqlalchemy as sa

from senlin.db import facade
from senlin.db import listing
from senlin.db import models
from senlin.tests.unit import base

_TABLE = models.Node.__table__
_MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


@dataclasses.dataclass
class Page:
    limit: int | None = None
    marker: str | None = None
    sort: tuple = ()
    probes: bool = False


class ListingTest(base.DatabaseTestCase):
    def setUp(self):
        super().setUp()
        moments = [None, _MOMENT, _MOMENT + datetime.timedelta(microseconds=1)]
        self.rows = [
            {
                "id": str(uuid.uuid4()),
                "name": name,
                "profile_id": "p",
                "user": "u",
                "project": "mine",
                "status": "ACTIVE",
                "index": index,
                "init_at": _MOMENT,
                "created_at": created,
                "updated_at": updated,
            }
            for created, updated in itertools.product(moments, moments)
            for index, name in ((1, "a"), (2, "b"))
        ]
        random.Random(1).shuffle(self.rows)
        facade.write(lambda conn: conn.execute(sa.insert(_TABLE), self.rows))

    def ids(self, **options):
        options.setdefault("project", "mine")
        page = Page(
            limit=options.pop("limit", None),
            marker=options.pop("marker", None),
            sort=options.pop("sort", ()),
        )
        rows = facade.read(
            listing.rows, _TABLE, page=page, default_sort=(("init_at", False),), **options
        )
        return [row["id"] for row in rows]

    def expected(self, sort):
        """The order that the contract asks for, computed in Python."""
        descending = sort[-1][1]
        rows = sorted(self.rows, key=lambda row: row["id"], reverse=descending)
        for key, reverse in reversed(sort):
            rows.sort(
                key=lambda row, key=key: (
                    (row[key] is not None, row[key] or 0)
                    if row[key] is None or not isinstance(row[key], str)
                    else (True, row[key])
                ),
                reverse=reverse,
            )
        return [row["id"] for row in rows]

    def test_every_combination_of_keys_and_directions(self):
        keys = ("created_at", "updated_at", "name", "index")
        for first, second in itertools.permutations(keys, 2):
            for directions in itertools.product((False, True), repeat=2):
                sort = tuple(zip((first, second), directions, strict=True))
                self.assertEqual(self.expected(sort), self.ids(sort=sort), sort)

    def test_pages_are_slices_of_the_whole(self):
        for directions in itertools.product((False, True), repeat=2):
            sort = tuple(zip(("created_at", "updated_at"), directions, strict=True))
            whole = self.expected(sort)
            for position, marker in enumerate(whole):
                page = self.ids(sort=sort, marker=marker, limit=4)
                self.assertEqual(whole[position + 1 : position + 5], page, (sort, position))

    def test_a_marker_of_another_project_is_unknown(self):
        self.assertEqual([], self.ids(project="other", marker=self.rows[0]["id"]))
        marker = self.rows[-1]["id"]
        facade.write(
            lambda conn: conn.execute(
                sa.update(_TABLE).where(_TABLE.c.id == marker).values(project="other")
            )
        )
        self.assertEqual(len(self.rows) - 1, len(self.ids(marker=marker)))

    def test_filters_are_equality_or_membership(self):
        self.assertEqual(9, len(self.ids(filters={"name": ["a"]})))
        self.assertEqual(18, len(self.ids(filters={"name": ["a", "b", "c"]})))
        self.assertEqual(0, len(self.ids(filters={"name": ["A"]})))

    def test_a_limit_of_zero_asks_nothing(self):
        page = Page(limit=0)
        self.assertEqual([], listing.rows(None, _TABLE, page=page, default_sort=()))
