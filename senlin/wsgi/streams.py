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

"""The two directions of a connection, as cheroot reads and writes them.

cheroot's own are written in Python down to the single line, ask the kernel before
each use of a socket whether it is ready, and send the head of an answer by itself.
These try first. Who does have to wait for a client passes its turn on.
"""

import io
import ssl

from senlin.common import turns

_NOT_READY = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


def both(sock):
    """The reader and the writer of a connection.

    :param sock: the socket, with the seconds that its client has for each use of it.
    """
    raw = _Socket(sock)
    return Reader(raw), Writer(raw)


class _Socket(io.RawIOBase):
    """A socket whose user waits only for what is not there.

    Both directions raise TimeoutError when the client lets its time go by, and OSError
    when the connection is broken.
    """

    def __init__(self, sock):
        self._socket = sock
        self._seconds = sock.gettimeout()
        sock.setblocking(False)
        #: Whether a reader waits, or gets None.
        self.waits = True

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            return self._socket.recv_into(buffer)
        except _NOT_READY:
            return self._patiently(self._socket.recv_into, buffer) if self.waits else None

    def send(self, data):
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            try:
                sent = self._socket.send(rest)
            except _NOT_READY:
                sent = self._patiently(self._socket.send, rest)
            rest = rest[sent:]

    def _patiently(self, use, data):
        turns.pass_on()
        self._socket.settimeout(self._seconds)
        try:
            return use(data)
        finally:
            self._socket.setblocking(False)


class Reader(io.BufferedReader):
    """What a client sends."""

    def has_data(self):
        """Whether the next request, or some of it, is here already.

        Also when the connection is broken: who reads will find out.
        """
        self.raw.waits = False
        try:
            return bool(self.peek(1))
        except OSError:
            return True
        finally:
            self.raw.waits = True


class Writer:
    """What a client is sent: at once, or all of an answer together."""

    def __init__(self, raw):
        self._raw = raw
        self._kept = None

    def write(self, data):
        """Send it, or keep it.

        :param data: bytes.
        """
        if self._kept is None:
            self._raw.send(data)
        else:
            self._kept.append(data)

    def keep(self):
        """Keep what is written from now on."""
        self._kept = []

    def flush(self):
        """Send what was kept, and keep no more."""
        kept, self._kept = self._kept, None
        if kept:
            self._raw.send(b"".join(kept))
