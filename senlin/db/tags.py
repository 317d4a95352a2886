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

"""Tags of objects: the same as long as an object is shown the same way.

A tag is a digest of what the API shows of a row and of what belongs to it. Whoever has
seen an object can ask that it be changed only if it still has that tag. Columns that move
without being seen, such as a cluster's next index, do not count.
"""

import hashlib
import json

from senlin.common import exception
from senlin.db import reads

_HIDDEN = {
    "cluster": {"next_index"},
    "receiver": {"actor"},
    "action": {
        "domain",
        "request_id",
        "control",
        "parent_id",
        "pending",
        "step",
        "state",
        "run_at",
        "observing",
        "locked",
        "fence",
        "step_fence",
        "blocked_on",
        "deadline",
    },
}


def of(kind, row):
    """The tag of an object, as a text of hexadecimal digits.

    :param kind: cluster, node, profile, policy, receiver, action, event or binding.
    :param row: as ``senlin.db.reads`` gives it for being shown.
    """
    hidden = _HIDDEN.get(kind, ())
    shown = {name: value for name, value in row.items() if name not in hidden}
    text = json.dumps([kind, shown], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def require(conn, context, kind, row, identity=None):
    """Refuse a change of an object that is not as the caller saw it.

    Call it in the transaction of the change, with the row held.

    :param context: whose ``if_match`` holds the tags that the caller takes; None = any.
    :param identity: what the caller calls the object; its id by default.
    :raises PreconditionFailed: the object has none of them.
    """
    if context.if_match is None:
        return
    if of(kind, reads.with_relations(conn, kind, row)) not in context.if_match:
        raise exception.PreconditionFailed(type=kind, id=identity or row["id"])
