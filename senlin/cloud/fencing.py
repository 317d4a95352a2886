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

"""No call that changes something leaves a process that may have lost its work.

A process can be stopped for a while at any instruction, by its machine or by its
own load. When it goes on, others may have taken over what it was at, and a call
that it is about to send would be made twice.
"""

import contextlib
import threading

from senlin.cloud import errors

_local = threading.local()


@contextlib.contextmanager
def guarded(permitted):
    """Let this thread change something in the cloud only while ``permitted()``."""
    _local.permitted = permitted
    try:
        yield
    finally:
        _local.permitted = None


def check(service):
    """To be called just before a call that changes something is sent.

    :raises CloudError: if it must not be sent; it has had no effect.
    """
    permitted = getattr(_local, "permitted", None)
    if permitted is not None and not permitted():
        raise errors.CloudError(
            "Nothing is asked of it while this engine cannot tell the others that it lives.",
            service=service,
            reason=errors.ReasonClass.UNAVAILABLE,
            retryable=True,
        )
