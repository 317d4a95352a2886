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

"""Waiting in tests for what real processes do."""

import threading
import time


def until(look, what, seconds, every=0.1):
    """The first true value of ``look()``.

    :param what: has to come true, as words for the error.
    :param every: the seconds between two looks.
    :raises AssertionError: it did not within ``seconds``.
    """
    pause = threading.Event()
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() >= end:
            raise AssertionError(f"Not within {seconds:g} seconds: {what}")
        pause.wait(every)
    return found
