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

"""Ports that programs on one machine can count on.

A program that is started again wants the port that it had. The system must not have
given it to a client meanwhile: it chooses those from a range of its own, which is kept
clear of here, and a client's port stays taken for a minute after its end.
"""

import pathlib
import random
import socket

HOST = "127.0.0.1"
_LOWEST = 10000
_TRIES = 1000
_CLIENTS = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")
#: Where Linux begins with those of clients, unless told otherwise.
_USUAL = 32768
#: Fewer to choose from are not worth it: then any port will do.
_FEWEST = 100
_random = random.SystemRandom()


def free(*also):
    """A port of the loopback address that nobody has, and no client will be given.

    :param also: distances to further ports that have to be free too.
    :raises OSError: none was found.
    """
    distances = (0, *also)
    end = _clients_begin() - max(distances)
    if end - _LOWEST < _FEWEST:
        end = 65536 - max(distances)
    for _ in range(_TRIES):
        port = _random.randrange(_LOWEST, end)
        if all(_is_free(port + distance) for distance in distances):
            return port
    raise OSError("No free port was found.")


def _clients_begin():
    try:
        return int(_CLIENTS.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return _USUAL


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
