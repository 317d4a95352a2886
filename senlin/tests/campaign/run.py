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

"""Runs a campaign: many bad requests, then a look at what they left."""

import argparse
import concurrent.futures
import dataclasses
import itertools
import json
import os
import tempfile
import time

from senlin.tests.campaign import books
from senlin.tests.campaign import parts
from senlin.tests.campaign import score
from senlin.tests.campaign import sources
from senlin.tests.campaign import target
from senlin.tests.campaign import wire
from senlin.tests.functional import programs

#: Parts of all requests. Making those of the OpenAPI document costs the most.
_SHARES = {
    sources.broken: 0.33,
    sources.arbitrary: 0.25,
    sources.addressed: 0.20,
    sources.described: 0.12,
}
_WIRE_SHARE = 0.10
#: Requests that are on their way at once.
_THREADS = 4
#: Slow requests that are looked at again.
_RETRIED = 30
#: Requests after which deleted objects are made again.
_BATCH = 500
#: Memory may grow by this part of what was in use when the first half was over. Each
#: half sends its share of every kind and is measured when nothing is left of what it
#: made, so that what is compared has met the same and holds the same. Where it grows by
#: more, the second half is sent again: caches fill once, a leak grows with each request.
_GROWTH = 0.1
_HALVES = 2
#: Have the C library give back what was freed, so that what is measured is in use. As
#: it is, it keeps up to eight heaps for each processor, with holes where large bodies
#: were: 15 MiB after 3,000 requests on two processors.
_ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
_LIMITS = "[DEFAULT]\nmax_nodes_per_cluster = 3\nmax_clusters_per_project = 30\n"


class Campaign:
    """One run against one service.

    :param service: a running :class:`senlin.tests.functional.programs.Standalone`.
    """

    def __init__(self, service):
        self.score = score.Score()
        self._target = target.Target(service)
        self._books = books.Books(service.database_url)
        self._told = set()
        self._slow = []

    def run(self, count, seed):
        """Send so many requests and judge all answers.

        Afterwards ``resident`` has the KiB in use after each half, two or three.
        """
        self.resident = []
        with concurrent.futures.ThreadPoolExecutor(_THREADS) as threads:
            for number in range(_HALVES):
                self._measure(threads, count // _HALVES, seed, number)
            if self._has_grown():
                self._measure(threads, count // _HALVES, seed, number)
        if self._has_grown():
            self.score.find("memory grew from {} to {} KiB".format(*self.resident[-2:]))

    def _measure(self, threads, count, seed, number):
        self._run_half(threads, count, seed, number)
        self._look_at_what_is_left()
        self._clear()
        self.resident.append(self._target.resident_kilobytes())
        _tell(f"memory: {self.resident[-1]} KiB")

    def _has_grown(self):
        before, after = self.resident[-2:]
        return after > before * (1 + _GROWTH)

    def _run_half(self, threads, count, seed, number):
        for source, share in _SHARES.items():
            begin = time.monotonic()
            self._refresh()
            part = parts.Part(int(count * share), seed, number, _HALVES)
            pending = iter(source(self._target, part))
            while batch := list(itertools.islice(pending, _BATCH)):
                list(threads.map(self._send, batch))
                self._refresh()
            _tell(f"{source.__name__}: {time.monotonic() - begin:.0f} seconds")
        broken = wire.broken(parts.Part(int(count * _WIRE_SHARE), seed, number, _HALVES))
        list(threads.map(self._send_bytes, broken))
        self._judge_slow_ones()

    def _send_bytes(self, raw):
        answer = wire.exchange(self._target.host, self._target.port, raw)
        self.score.judge(repr(raw[:200]), answer)

    def _send(self, request):
        answer = self._exchange(request)
        if request.method == "HEAD":
            # It has no body, whatever its headers say.
            answer = dataclasses.replace(answer, headers={})
        if answer.status != score.UNANSWERED:
            self.score.judge(request.label, answer)
        if not answer.status:
            # Which is an answer only to what is no HTTP.
            self.score.find(f"closed without an answer: {request.label[:600]}")
        if answer.seconds > score.SLOW_SECONDS:
            self._slow.append(request)

    def _exchange(self, request):
        answer = self._target.send(request.method, request.path, request.body, request.headers)
        self._note(answer)
        return answer

    def _judge_slow_ones(self):
        """Send what was slow again, alone: the machine may have been busy, or still be."""
        slow, self._slow = self._slow, []
        _tell(f"slow, and sent again: {len(slow)}")
        plain = sources.Request("GET", "/v1/build-info")
        for request in slow[:_RETRIED]:
            usual, seconds = (
                min(self._exchange(one).seconds for _ in range(3)) for one in (plain, request)
            )
            if seconds > score.SLOW_SECONDS and seconds > 10 * usual:
                self.score.find(f"{seconds:.1f} seconds: {request.label[:600]}")

    def _refresh(self):
        """Have objects to ask about; what this makes is told of here."""
        before = self._books.made()
        self._target.refresh()
        self._told |= self._books.made() - before

    def _note(self, answer):
        """Keep the ids of what an answer says was made."""
        if "/actions/" in answer.headers.get("location", ""):
            self._told.add(("action", answer.headers["location"].rpartition("/")[2]))
        if answer.status in (200, 201) and answer.body.startswith(b"{"):
            for kind, shown in json.loads(answer.body).items():
                if isinstance(shown, dict) and "id" in shown:
                    self._told.add((kind, shown["id"]))
                    # An adopted node comes with a profile of its own.
                    self._told.add(("profile", shown.get("profile_id")))

    def _look_at_what_is_left(self):
        begin = time.monotonic()
        self._books.wait_until_quiet()
        _tell(f"until all actions had ended: {time.monotonic() - begin:.0f} seconds")
        for meaning in self._books.half_made():
            self.score.find(meaning)
        for kind, identity in self._books.made() - self._told:
            self.score.find(f"a new {kind} that no answer told of: {identity}")

    def _clear(self):
        """Have nothing in the service, as when it was new."""
        self._target.clear()
        self._books.wait_until_quiet()
        self._books.forget_history()


def _tell(text):
    print(text, flush=True)


def main():
    """Run what the command line asks for; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--requests", type=int, default=50_000, help="how many to send (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="which ones (default: %(default)s)")
    options = parser.parse_args()
    begin = time.monotonic()
    os.environ.update(_ALLOCATOR)
    with tempfile.TemporaryDirectory(prefix="campaign-") as directory:
        with open(f"{directory}/local.conf", "w", encoding="utf-8") as config:
            config.write(_LIMITS)
        with programs.Standalone(directory) as service:
            campaign = Campaign(service)
            campaign.run(options.requests, options.seed)
    print(*campaign.score.report(), sep="\n")
    print("memory after each half, in KiB:", *campaign.resident)
    print(f"seconds: {time.monotonic() - begin:.0f}")
    return 1 if campaign.score.findings else 0
