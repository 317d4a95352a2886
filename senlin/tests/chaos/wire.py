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

"""A length of wire between daemons and a server, which can be cut."""

import asyncio
import random
import threading

import fixtures

from senlin.common import ports

_CHUNK = 65536
_START_SECONDS = 10


class Wire(fixtures.Fixture):
    """Passes TCP connections on to a port of the loopback address.

    :param target: that port.
    :ivar port: where to connect to instead.
    """

    def __init__(self, target):
        super().__init__()
        self._target = target
        self._loop = None
        self._connections = set()
        self._pattern = b""
        self._rate = 0.0

    def _setUp(self):
        self.port = ports.free()
        started = threading.Event()
        thread = threading.Thread(target=self._run, args=(started,), name="wire", daemon=True)
        thread.start()
        if not started.wait(_START_SECONDS):
            raise AssertionError("The wire cannot be laid.")
        self.addCleanup(thread.join, _START_SECONDS)
        self.addCleanup(self._loop.call_soon_threadsafe, self._loop.stop)

    def cut(self):
        """Break all connections; new ones work."""
        self._loop.call_soon_threadsafe(self._break_all)

    def mute(self, pattern, rate):
        """From now on, lose replies: what was asked for is done, and nobody is told.

        A connection breaks when its reply is lost.

        :param pattern: bytes in the requests that this is about.
        :param rate: the share of those whose reply is lost; 0 = none any more.
        """
        self._pattern, self._rate = pattern, rate

    def _run(self, started):
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._accept, "127.0.0.1", self.port)
        )
        started.set()
        self._loop.run_forever()
        server.close()
        self._break_all()
        tasks = asyncio.all_tasks(self._loop)
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _break_all(self):
        for connection in list(self._connections):
            connection.close()

    async def _accept(self, reader, writer):
        try:
            there = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(writer, there[1])
        self._connections.add(connection)
        try:
            await asyncio.gather(
                connection.pass_on(reader, there[1], self._hears),
                connection.pass_on(there[0], writer, self._answers),
            )
        finally:
            self._connections.discard(connection)

    def _hears(self, connection, data):
        connection.is_doomed = self._pattern in data and random.random() < self._rate
        return True

    def _answers(self, connection, _data):
        return not connection.is_doomed


class _Connection:
    """Both ends of one connection that is passed on."""

    def __init__(self, *writers):
        self._writers = writers
        #: Whether the reply to what was asked last is to be lost.
        self.is_doomed = False

    async def pass_on(self, reader, writer, may_pass):
        """One direction, until its end or until ``may_pass(self, data)`` says no."""
        try:
            while (data := await reader.read(_CHUNK)) and may_pass(self, data):
                writer.write(data)
                await writer.drain()
        except OSError:
            # The other end has broken it, and closing is what is left to do.
            pass
        self.close()

    def close(self):
        """Break it at once, as a pulled cable does."""
        for writer in self._writers:
            writer.transport.abort()
