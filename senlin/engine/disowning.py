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

"""Taking back what a step has made that nobody will ever know of.

A process that was stopped for a while may have its call carried out after others
have taken over its work. They could not know, but it does: by the answer to that
call, and by the loss of its claim.
"""

import threading

from oslo_log import log as logging

from senlin.cloud import errors
from senlin.db import lookup

LOG = logging.getLogger(__name__)

_PAUSES = (0.5, 1, 2, 4, 8, 16)


def disown(made, services, stopping=None):
    """Remove an object unless it is the one that its node has.

    :param made: ``senlin.db.changes.Made``.
    :param services: see ``senlin.actions.context``.
    :param stopping: an Event that ends the tries early.
    :returns: whether it is removed.
    """
    stopping = stopping or threading.Event()
    for pause in _PAUSES:
        row = services.read(lookup.get, "node", made.node_id)
        if row is not None and row["physical_id"] == made.physical_id:
            return False
        LOG.warning(
            "Removing %s: it was made for node %s after others had taken that over",
            made.physical_id,
            made.node_id,
        )
        try:
            profile = services.profile(made.profile_id)
            cloud = services.cloud(made.user, made.project, profile.region)
            profile.discard(cloud, made.physical_id)
            return True
        except errors.CloudError as error:
            LOG.warning("%s is not removed yet: %s", made.physical_id, error.message)
            if not (error.retryable or error.outcome_unknown) or stopping.wait(pause):
                break
    LOG.error("%s is left behind in the cloud; node %s had it made", made.physical_id, made.node_id)
    return False
