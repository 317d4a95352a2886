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

"""The table of idempotency keys: what a repeated request is answered.

A row says who has a key, for which request, and since when that request is at work. The
transaction that does the request's work also stores its answer here, and only if the
claim it began with is still the present one. So of all requests with one key, one at most
takes effect, whoever dies or comes too late.
"""

import dataclasses
import uuid

from oslo_db import exception as oslo_db_exception
import sqlalchemy as sa

from senlin.common import exception
from senlin.db import facade
from senlin.db import models

_keys = models.IdempotencyKey.__table__


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the request of a key, or the answer that it had."""

    id: str
    token: str | None = None
    answer: str | None = None


def claim(id_, fingerprint, now, *, lease, lifetime):
    """Begin with the request of a key, or learn that it was done before.

    :param id_: a digest of the key and of who sent it.
    :param fingerprint: a digest of the request.
    :param now: epoch seconds; ``lease``: seconds for which the request may be at work;
        ``lifetime``: seconds after which a key can be used anew.
    :returns: a :class:`Claim`, with an answer if there was one.
    :raises IdempotencyKeyReused: the key was used for another request.
    :raises IdempotencyKeyInUse: the same request is at work.
    """
    row = {
        "id": id_,
        "fingerprint": fingerprint,
        "token": str(uuid.uuid4()),
        "created_at": now,
        "claimed_until": now + lease,
        "answer": None,
    }
    while True:
        try:
            facade.write(_insert, row)
            return Claim(id_, row["token"])
        except oslo_db_exception.DBDuplicateEntry:
            found = facade.write(_claim_again, row, now, lifetime)
            # None: it was removed in between.
            if found is not None:
                return found


def _insert(conn, row):
    conn.execute(sa.insert(_keys).values(row))


def _claim_again(conn, row, now, lifetime):
    query = sa.select(_keys).where(_keys.c.id == row["id"]).with_for_update()
    known = conn.execute(query).mappings().first()
    if known is None:
        return None
    # After a lost connection the row may be ours.
    if known["token"] != row["token"] and known["created_at"] + lifetime > now:
        if known["fingerprint"] != row["fingerprint"]:
            raise exception.IdempotencyKeyReused()
        if known["answer"] is not None:
            return Claim(known["id"], answer=known["answer"])
        if known["claimed_until"] > now:
            raise exception.IdempotencyKeyInUse()
    conn.execute(sa.update(_keys).where(_keys.c.id == row["id"]).values(row))
    return Claim(row["id"], row["token"])


def record(conn, id_, token, answer):
    """Store the answer, in the transaction that does what it tells of.

    :raises IdempotencyKeyInUse: the claim is no longer the present one; nothing must be
        done on its behalf.
    """
    if not keep(conn, id_, token, answer):
        raise exception.IdempotencyKeyInUse()


def keep(conn, id_, token, answer):
    """Store an answer unless there is one or the claim is lost; gives whether it was."""
    statement = sa.update(_keys).where(*_open(id_, token)).values(answer=answer)
    return conn.execute(statement).rowcount > 0


def release(conn, id_, token):
    """Forget a key whose request came to nothing."""
    conn.execute(sa.delete(_keys).where(*_open(id_, token)))


def _open(id_, token):
    return (_keys.c.id == id_, _keys.c.token == token, _keys.c.answer.is_(None))
