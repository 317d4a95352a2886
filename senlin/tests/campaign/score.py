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

"""What the answers to all requests are judged by."""

import collections
import dataclasses
import heapq
import json
import threading

SLOW_SECONDS = 1.0
#: Stands for the status of an answer that did not come in time.
UNANSWERED = 599
#: What no answer may show of the program.
_TRACES = (
    b"Traceback (most recent call last)",
    b'File "/',
    b'File \\"/',
    b"sqlalchemy.",
)
_KEPT = 20
_LONGEST_MESSAGE = 10_100


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``status`` is 0 when the connection was closed without one."""

    status: int
    headers: dict
    body: bytes
    seconds: float


class Score:
    """Counts of answers, and what is wrong with them.

    :ivar statuses: status -> how many.
    :ivar slowest: (seconds, request) of the slowest requests.
    :ivar findings: texts, each a defect of the service.
    """

    def __init__(self):
        self.statuses = collections.Counter()
        self.slowest = []
        self.findings = []
        self._lock = threading.Lock()

    @property
    def requests(self):
        """How many requests were judged."""
        return sum(self.statuses.values())

    def judge(self, label, answer):
        """Take an answer into account.

        :param label: says which request it was.
        """
        with self._lock:
            self.statuses[answer.status] += 1
            heapq.heappush(self.slowest, (answer.seconds, label[:200]))
            if len(self.slowest) > _KEPT:
                heapq.heappop(self.slowest)
        for problem in self._problems(answer):
            self.find(f"{label[:600]}: {problem}")

    def find(self, text):
        """Note a defect."""
        self.findings.append(text)

    def _problems(self, answer):
        # 501 and 505 are the web server's, for methods and versions of HTTP.
        if answer.status >= 500 and answer.status not in (501, 505):
            yield f"{answer.status} {answer.body[:300]!r}"
        if any(trace in answer.body for trace in _TRACES):
            yield f"shows the program: {answer.body[:300]!r}"
        if 400 <= answer.status < 500 and "json" in answer.headers.get("content-type", ""):
            yield from _fault_problems(answer)

    def report(self):
        """Lines about all that was counted."""
        yield f"requests: {self.requests}"
        counted = sorted(self.statuses.items())
        yield "statuses: " + ", ".join(f"{status or 'closed'}: {n}" for status, n in counted)
        for seconds, label in sorted(self.slowest, reverse=True)[:5]:
            yield f"slowest: {seconds:.3f} s {label}"
        for text in self.findings[:_KEPT]:
            yield f"DEFECT {text}"
        yield f"defects: {len(self.findings)}"


def _fault_problems(answer):
    """In what an error differs from the shape that all have (API contract, 4.1)."""
    try:
        fault = json.loads(answer.body)
        message, code = fault["error"]["message"], fault["error"]["code"]
    except (ValueError, KeyError, TypeError):
        yield f"not a fault: {answer.body[:300]!r}"
        return
    if code != answer.status or not isinstance(message, str) or not message:
        yield f"an odd fault: {answer.body[:300]!r}"
    elif len(message) > _LONGEST_MESSAGE:
        yield f"a message of {len(message)} characters"
