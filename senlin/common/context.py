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

"""Who asks, for which project, with which token: the request's context."""

import uuid

from oslo_context import context as oslo_context


class RequestContext(oslo_context.RequestContext):
    """oslo.context's request context; travels over RPC as a plain dictionary.

    ``is_admin`` is decided once, by the API's policy rule ``context_is_admin``.
    The token itself is carried (the engine needs it to make the user's
    trust) but is left out of logs by oslo.context.

    :ivar idempotency: id and token of the key under which a request's answer is to be
        kept, see ``senlin.db.idempotency``; None for most requests.
    :ivar if_match: the tags one of which the object has to have, see
        ``senlin.db.tags``; None for no condition.
    :ivar call_id: of the message that brought the request to this process; None where
        it did not come over the bus. What the request creates has this id, so that a
        message that comes twice cannot create twice.
    """

    call_id = None

    def __init__(self, *args, is_admin=False, idempotency=None, if_match=None, **kwargs):
        super().__init__(*args, is_admin=is_admin, **kwargs)
        self.idempotency = idempotency
        self.if_match = if_match

    def to_dict(self):
        """The context as it travels over RPC."""
        return {
            **super().to_dict(),
            "idempotency": self.idempotency,
            "if_match": self.if_match,
        }

    @property
    def owner_fields(self):
        """The columns that say who owns a new object."""
        return {
            "user": self.user_id,
            "project": self.project_id,
            "domain": self.domain_id or self.user_domain_id,
        }

    @classmethod
    def from_dict(cls, values, **kwargs):
        own = {name: values.get(name) for name in ("idempotency", "if_match")}
        return super().from_dict(values, is_admin=values.get("is_admin", False), **own, **kwargs)

    def new_id(self):
        """The id of the one thing that this request creates."""
        return self.call_id or str(uuid.uuid4())

    @property
    def project_scope(self):
        """The project whose objects may be seen; None = those of all (admin)."""
        return None if self.is_admin else self.project_id


def service_context(user, project, domain=None, request_id=None):
    """A context for background work on behalf of an object's owner."""
    return RequestContext(
        user_id=user,
        project_id=project,
        user_domain_id=domain,
        request_id=request_id,
        overwrite=False,
    )
