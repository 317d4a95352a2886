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
"""Load on an HTTP server: raw kept connections, one process, no client library.

A program of its own that reads a specification as JSON from its standard input and
writes what it has measured to its standard output. One request costs it some tens
of microseconds, so that it does not take the processor from what it measures.
"""

import collections
import dataclasses
import json
import re
import selectors
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse

_CHUNK = 1 << 20
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SILENCE = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """``rate``: expected answers in a second, of ``answers``; times in milliseconds."""

    answers: int
    rate: float
    median: float
    p99: float
    unexpected: dict
    cpu: float


class Client:
    """One connection on which one request follows the other."""

    def __init__(self, address, request):
        self._address = address
        self._request = request
        self.socket = None
        self.connect()

    def connect(self):
        """Open the connection, again after its end."""
        if self.socket is not None:
            self.socket.close()
        self.socket = socket.create_connection(self._address, timeout=_SILENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self):
        """Ask once more."""
        self._received = bytearray()
        self._wanted = None
        self._sent_at = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self):
        """Take what came; gives (status, seconds) when the answer is complete."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionResetError
        self._received += data
        if self._wanted is None:
            head = self._received.find(b"\r\n\r\n")
            if head < 0:
                return None
            length = _LENGTH.search(self._received, 0, head + 2)
            self._wanted = head + 4 + (int(length.group(1)) if length else 0)
        if len(self._received) < self._wanted:
            return None
        return int(self._received[9:12]), time.perf_counter() - self._sent_at


def drive(clients, seconds):
    """Have clients ask for some time; gives [(status, seconds)] and the time taken."""
    answers = []
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send()
    started = time.perf_counter()
    end = started + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(timeout=0.1):
            client = key.data
            try:
                answer = client.receive()
            except ConnectionError:
                answer = (0, 0.0)
                selector.unregister(client.socket)
                client.connect()
                selector.register(client.socket, selectors.EVENT_READ, client)
            if answer is not None:
                answers.append(answer)
                client.send()
    taken = time.perf_counter() - started
    for client in clients:
        client.socket.close()
    return answers, taken


def summarize(answers, taken, expected, cpu):
    """The Result of answers; those of another status count as unexpected only."""
    times = sorted(seconds for status, seconds in answers if status == expected)
    unexpected = collections.Counter(str(s) for s, _ in answers if s != expected)
    if not times:
        raise AssertionError(f"No answer was {expected}: {dict(unexpected)}")
    return Result(
        answers=len(times),
        rate=len(times) / taken,
        median=1000 * statistics.median(times),
        p99=1000 * times[min(len(times) - 1, int(len(times) * 0.99))],
        unexpected=dict(unexpected),
        cpu=cpu / taken,
    )


def request_bytes(method, url, headers, body=None):
    """An HTTP request as it goes over the wire."""
    parts = urllib.parse.urlsplit(url)
    raw = b"" if body is None else json.dumps(body).encode()
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(raw)}"]
    return "\r\n".join([*lines, "", ""]).encode() + raw


def measure(method, url, headers, *, clients, seconds, body=None, expected=200):
    """Load from a process of its own for some seconds; gives its Result."""
    specification = {
        "method": method,
        "url": url,
        "headers": headers,
        "body": body,
        "clients": clients,
        "seconds": seconds,
        "expected": expected,
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(specification),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=seconds + 2 * _SILENCE,
    )
    return Result(**json.loads(done.stdout))


def main():
    """Do what the standard input says."""
    wanted = json.load(sys.stdin)
    parts = urllib.parse.urlsplit(wanted["url"])
    request = request_bytes(wanted["method"], wanted["url"], wanted["headers"], wanted["body"])
    clients = [Client((parts.hostname, parts.port), request) for _ in range(wanted["clients"])]
    cpu = time.process_time()
    answers, taken = drive(clients, wanted["seconds"])
    cpu = time.process_time() - cpu
    print(json.dumps(dataclasses.asdict(summarize(answers, taken, wanted["expected"], cpu))))


if __name__ == "__main__":
    main()
