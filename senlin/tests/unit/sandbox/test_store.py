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

import os

import fixtures

from senlin.sandbox import store
from senlin.tests.unit import base


class StoreTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.useFixture(fixtures.TempDir()).path, "cloud.journal")

    def open(self):
        opened = store.Store(self.path)
        self.addCleanup(opened.close)
        return opened

    def reopen(self, former):
        former.close()
        return self.open()

    def test_a_record_is_found_again_after_a_restart(self):
        first = self.open()
        first.put("servers", "a", {"name": "one"})
        self.assertEqual({"a": {"name": "one"}}, self.reopen(first).table("servers"))

    def test_a_deleted_record_stays_deleted_after_a_restart(self):
        first = self.open()
        first.put("servers", "a", {"name": "one"})
        first.delete("servers", "a")
        self.assertEqual({}, self.reopen(first).table("servers"))

    def test_the_last_of_several_changes_counts(self):
        first = self.open()
        for number in range(5):
            first.put("servers", "a", {"number": number})
        self.assertEqual({"number": 4}, self.reopen(first).table("servers")["a"])

    def test_many_changes_go_into_one_write(self):
        first = self.open()
        first.put("servers", "old", {})
        writes = []
        real = os.write
        self.useFixture(
            fixtures.MonkeyPatch("os.write", lambda fd, data: writes.append(data) or real(fd, data))
        )
        first.put_many([("servers", "a", {}), ("ports", "b", {}), ("servers", "old", None)])
        self.assertEqual(1, len(writes))
        second = self.reopen(first)
        self.assertEqual({"a": {}}, second.table("servers"))
        self.assertEqual({"b": {}}, second.table("ports"))

    def test_a_torn_last_line_is_ignored_and_later_changes_are_kept(self):
        first = self.open()
        first.put("servers", "a", {})
        first.close()
        with open(self.path, "ab") as journal:
            journal.write(b'["servers","b",{"na')
        second = self.open()
        self.assertEqual(["a"], list(second.table("servers")))
        second.put("servers", "c", {})
        self.assertEqual(["a", "c"], list(self.reopen(second).table("servers")))

    def test_a_start_leaves_only_what_is_alive_in_the_journal(self):
        first = self.open()
        for number in range(100):
            first.put("servers", "a", {"number": number})
        self.reopen(first)
        with open(self.path, "rb") as journal:
            self.assertEqual(1, len(journal.readlines()))

    def test_a_journal_that_has_grown_is_compacted_while_running(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.sandbox.store._SMALLEST_TO_COMPACT", 1000))
        opened = self.open()
        for number in range(1000):
            opened.put("servers", "a", {"number": number})
            if opened._compaction is not None:
                opened._compaction.join()
        self.assertLess(os.path.getsize(self.path), 2000)
        self.assertEqual({"number": 999}, self.reopen(opened).table("servers")["a"])

    def test_changes_made_during_a_compaction_are_kept(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.sandbox.store._SMALLEST_TO_COMPACT", 1000))
        opened = self.open()
        with opened.lock:
            # The compaction cannot end before the lock is free.
            for number in range(200):
                opened.put("servers", str(number), {"number": number})
            opened.delete("servers", "7")
            compaction = opened._compaction
        compaction.join()
        opened.put("servers", "last", {})
        found = self.reopen(opened).table("servers")
        expected = {str(number) for number in range(200)} - {"7"} | {"last"}
        self.assertEqual(expected, set(found))

    def test_a_store_cleared_during_a_compaction_stays_empty(self):
        self.useFixture(fixtures.MonkeyPatch("senlin.sandbox.store._SMALLEST_TO_COMPACT", 1000))
        opened = self.open()
        with opened.lock:
            for number in range(200):
                opened.put("servers", str(number), {"number": number})
            compaction = opened._compaction
            opened.clear()
        compaction.join()
        self.assertEqual({}, self.reopen(opened).table("servers"))

    def test_drafts_of_a_killed_compaction_are_removed(self):
        self.open().close()
        with open(f"{self.path}.123", "w"):
            self.open()
        self.assertEqual(
            {"cloud.journal", "cloud.journal.lock"}, set(os.listdir(os.path.dirname(self.path)))
        )

    def test_a_second_process_cannot_open_the_journal(self):
        self.open()
        error = self.assertRaises(store.StoreInUse, store.Store, self.path)
        self.assertIn(self.path, str(error))

    def test_a_cleared_store_is_empty_after_a_restart_too(self):
        first = self.open()
        first.put("servers", "a", {})
        first.clear()
        self.assertEqual({}, first.table("servers"))
        self.assertEqual({}, self.reopen(first).table("servers"))

    def test_others_cannot_read_the_journal(self):
        self.open()
        self.assertEqual(0o600, os.stat(self.path).st_mode & 0o777)

    def test_a_store_without_a_path_keeps_everything_in_memory(self):
        memory = store.Store()
        memory.put("servers", "a", {"name": "one"})
        memory.put_many([("servers", "b", {})])
        memory.delete("servers", "a")
        self.assertEqual({"b": {}}, memory.table("servers"))
