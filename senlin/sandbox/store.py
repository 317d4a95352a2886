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
"""The sandbox's memory: tables of plain records, with a journal on disk.

Readers take records straight out of :meth:`Store.table` and must not change
them; a writer makes a new record and hands it to :meth:`Store.put`. Each change
is one line appended to the journal by one ``write`` call, so that a process
killed at any instruction finds every acknowledged change again.
"""

import fcntl
import glob
import json
import os
import threading
import time

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# A journal smaller than this is never compacted while running.
_SMALLEST_TO_COMPACT = 8 * 1024 * 1024
_GROWTH = 10
_FILE_MODE = 0o600

_encode = json.JSONEncoder(separators=(",", ":")).encode


class StoreInUse(RuntimeError):
    """Another process has this journal open."""


class Store:
    """Tables of JSON records in memory, journalled to ``path``.

    :param path: the journal file, made when it is missing; None keeps the
        store in memory only.
    :raises StoreInUse: when another process holds the journal.
    """

    def __init__(self, path=None):
        self.lock = threading.RLock()
        self.path = path
        self._tables = {}
        self._fd = None
        self._guard = None
        self._size = 0
        self._compacted_size = 0
        # Changes made while a compaction runs; None while none does.
        self._meanwhile = None
        self._compaction = None
        if path is not None:
            self._open()

    def table(self, name):
        """Give the live table ``name``: a dict of id -> record, to read only.

        Iterating needs a snapshot (``list(table.values())``) or the lock,
        because other threads write to it.
        """
        try:
            return self._tables[name]
        except KeyError:
            with self.lock:
                return self._tables.setdefault(name, {})

    def put(self, table, key, record):
        """Insert or replace one record; it is on disk when this returns."""
        with self.lock:
            self.table(table)[key] = record
            if self._fd is not None:
                self._append(_encode((table, key, record)) + "\n")

    def delete(self, table, key):
        """Remove one record; removing one that is not there is no error."""
        with self.lock:
            if self.table(table).pop(key, None) is not None and self._fd is not None:
                self._append(_encode((table, key)) + "\n")

    def put_many(self, changes):
        """Insert or replace several records with one write.

        :param changes: iterable of (table, key, record); a record of None
            removes.
        """
        with self.lock:
            lines = []
            for table, key, record in changes:
                if record is None:
                    self.table(table).pop(key, None)
                    lines.append(_encode((table, key)))
                else:
                    self.table(table)[key] = record
                    lines.append(_encode((table, key, record)))
            if lines and self._fd is not None:
                self._append("\n".join(lines) + "\n")

    def clear(self):
        """Forget every record of every table (tables stay the same objects)."""
        with self.lock:
            for table in self._tables.values():
                table.clear()
            if self._fd is not None:
                self._meanwhile = None
                self._swap(*self._write_draft([]))

    def close(self):
        """Close the journal; the store stays readable, in memory only."""
        with self.lock:
            if self._fd is None:
                return
            os.close(self._fd)
            self._fd = self._meanwhile = None
            compaction, self._compaction = self._compaction, None
        if compaction is not None:
            compaction.join()
        os.close(self._guard)

    def _open(self):
        self._guard = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, _FILE_MODE)
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._guard)
            raise StoreInUse(f"Another process uses the journal {self.path}.") from error
        self._remove_drafts()
        self._load()
        self._swap(*self._write_draft(self._snapshot()))

    def _remove_drafts(self):
        """Remove what a killed compaction left behind."""
        for path in glob.glob(f"{glob.escape(self.path)}.[0-9]*"):
            os.unlink(path)

    def _load(self):
        try:
            journal = open(self.path, "rb")  # noqa: SIM115 - closed below
        except FileNotFoundError:
            return
        with journal:
            for number, line in enumerate(journal, 1):
                if not line.endswith(b"\n"):
                    LOG.warning("Ignored the torn last line %s of %s.", number, self.path)
                    break
                change = json.loads(line)
                table = self._tables.setdefault(change[0], {})
                if len(change) == 3:
                    table[change[1]] = change[2]
                else:
                    table.pop(change[1], None)

    def _append(self, text):
        data = text.encode()
        written = os.write(self._fd, data)
        while written < len(data):
            # Only a full disk or a signal cuts a write to a file short.
            written += os.write(self._fd, data[written:])
        self._size += len(data)
        if self._meanwhile is not None:
            self._meanwhile.append(data)
        elif self._size > max(_SMALLEST_TO_COMPACT, _GROWTH * self._compacted_size):
            self._meanwhile = []
            self._compaction = threading.Thread(
                target=self._compact,
                args=(self._snapshot(), self._meanwhile),
                name="sandbox-compaction",
                daemon=True,
            )
            self._compaction.start()

    def _snapshot(self):
        """Give what is in the tables; records never change, so this is quick."""
        return [(name, list(table.items())) for name, table in self._tables.items()]

    def _compact(self, snapshot, meanwhile):
        """Write a short journal beside the growing one, then take it instead.

        Runs in a thread of its own, so that nobody waits for a large cloud.
        """
        try:
            draft, size = self._write_draft(snapshot)
            with self.lock:
                if self._meanwhile is not meanwhile:
                    # The store was closed or cleared: its journal is another one.
                    os.unlink(draft)
                    return
                with open(draft, "ab") as journal:
                    journal.writelines(meanwhile)
                self._swap(draft, size + sum(map(len, meanwhile)))
                self._meanwhile = None
        except OSError:
            LOG.exception("The journal %s could not be compacted; it grows on.", self.path)
            with self.lock:
                if self._meanwhile is meanwhile:
                    self._meanwhile = None
                    self._compacted_size = self._size

    def _write_draft(self, snapshot):
        """Write the records of a snapshot to a new file; gives (path, size)."""
        draft = f"{self.path}.{time.monotonic_ns()}"
        size = 0
        with open(draft, "wb", opener=_private) as journal:
            for name, records in snapshot:
                for key, record in records:
                    size += journal.write((_encode((name, key, record)) + "\n").encode())
        return draft, size

    def _swap(self, draft, size):
        """Make a draft the journal; callers hold the lock."""
        os.replace(draft, self.path)
        if self._fd is not None:
            os.close(self._fd)
        self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND, _FILE_MODE)
        self._size = self._compacted_size = size


def _private(path, flags):
    return os.open(path, flags, _FILE_MODE)
