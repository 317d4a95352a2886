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

"""What is done before workers are forked, so that they share memory."""

import ctypes
import gc

_M_ARENA_MAX = -8
_ARENAS = 2


def prepare():
    """Let workers that are forked from here on share the memory of what is loaded.

    The collector of garbage would write into every object that it looks at. And the
    C library would spread what many threads allocate over several arenas for each of
    them, of which little is ever given back.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
    gc.collect()
    gc.freeze()
