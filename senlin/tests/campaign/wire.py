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

"""Broken HTTP over bare connections."""

import itertools
import random
import socket
import time

from senlin.tests.campaign import score

#: Seconds after which a connection that was half closed must be answered or closed.
PATIENCE = 20
_LONGEST = 200_000
_GET = b"GET /v1/build-info HTTP/1.1\r\nHost: x\r\n"
_POST = b"POST /v1/profiles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

BROKEN = (
    b"",
    b"\r\n" * 10,
    b"\n",
    b"\x00" * 100,
    b"\xff" * 100,
    b"GET",
    b"GET /",
    b"GET /\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/x.y\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1 extra\r\nHost: x\r\n\r\n",
    b"GET  /  HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET /v1/a b HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://evil.test/v1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET evil HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET ? HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT evil.test:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"A" * 70_000,
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    _GET + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    _GET + b"X: a\r\n" * 20_000 + b"\r\n",
    _GET + b"no colon here\r\n\r\n",
    _GET + b": empty name\r\n\r\n",
    _GET + b"X\x00Y: z\r\n\r\n",
    _GET + b"X : z\r\n\r\n",
    _GET + b"X: a\r\n folded\r\n\r\n",
    _GET + b" leading: space\r\n\r\n",
    _GET + b"X: \xff\xfe\x00\r\n\r\n",
    _GET + b"Host: y\r\n\r\n",
    _GET + b"X: half",
    _GET,
    _GET + b"Connection: close, keep-alive, x\r\n\r\n",
    _GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    _GET + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    _GET + b"Expect: something\r\n\r\n",
    _GET + b"\r\n" + _GET + b"\r\n" + b"garbage",
    (_GET + b"\r\n") * 20,
    *(
        _POST + b"Content-Length: " + length + b"\r\n\r\n{}"
        for length in (
            *(b"-1", b"+2", b"0x2", b"2.0", b"1e1", b" 2 ", b"2,2", b"2, 3", b"", b"abc", b"\xb2"),
            *(b"9" * 30, b"9" * 5000, b"18446744073709551616", b"1000000", b"1", b"0", b"\x00"),
        )
    ),
    _POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    _POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    *(
        _POST + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + body
        for coding, body in itertools.product(
            (b"chunked", b"CHUNKED", b"identity", b"gzip, chunked", b"chunked, chunked", b"x"),
            (
                b"2\r\n{}\r\n0\r\n\r\n",
                b"-2\r\n{}\r\n0\r\n\r\n",
                b"zz\r\n{}\r\n0\r\n\r\n",
                b"2;ext=\x00\r\n{}\r\n0\r\n\r\n",
                b"ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                b"f" * 5000 + b"\r\n{}\r\n",
                b"5\r\n{}\r\n0\r\n\r\n",
                b"2\r\n{}0\r\n\r\n",
                b"2\r\n{}\r\n",
                b"0\r\nTrailer: x\r\n\r\n",
                b"1\r\n{\r\n" * 3000,
                b"",
            ),
        )
    ),
)


def broken(part):
    """Byte strings: all known kinds of broken requests, then random damage."""
    known = part.of(BROKEN)
    yield from known
    chooser = random.Random(part.own_seed)
    whole = (
        _GET + b"OpenStack-API-Version: clustering 1.14\r\nX-Auth-Token: x\r\n\r\n",
        _POST + b"Content-Length: 13\r\nX-Auth-Token: x\r\n\r\n" + b'{"profile":1}',
        _POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"POST /v1/webhooks/x/trigger?V=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
    )
    for _ in range(part.count - len(known)):
        yield _damaged(chooser.choice(whole), chooser)


def _damaged(raw, chooser):
    found = bytearray(raw)
    for _ in range(chooser.randint(1, 6)):
        place = chooser.randrange(len(found))
        kind = chooser.randrange(4)
        if kind == 0:
            found[place] = chooser.randrange(256)
        elif kind == 1:
            del found[place : place + chooser.randint(1, 20)]
        elif kind == 2:
            found[place:place] = bytes(chooser.choices(b"\r\n\x00: ,;%\xff0", k=3))
        else:
            found[place:place] = found[place : place + 30]
        if not found:
            break
    return bytes(found)


def exchange(host, port, raw):
    """Send bytes, close that direction, and read what comes back."""
    begin = time.monotonic()
    received = b""
    try:
        with socket.create_connection((host, port), timeout=PATIENCE) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while len(received) < _LONGEST and (part := connection.recv(65_536)):
                received += part
    except TimeoutError:
        return score.Answer(
            score.UNANSWERED, {}, b"neither answered nor closed", time.monotonic() - begin
        )
    except OSError:
        # Closed before all was sent: that is an answer too.
        pass
    seconds = time.monotonic() - begin
    head, _, body = received.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    known = received.startswith(b"HTTP/") and len(words) > 1 and words[1].isdigit()
    return score.Answer(int(words[1]) if known else 0, {}, body, seconds)
