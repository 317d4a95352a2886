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

"""Requests on policies and on what they are attached to (API contract, 3.5, 3.6.7)."""

from senlin.common import consts
from senlin.common import exception
from senlin.db import bindings
from senlin.db import facade
from senlin.db import holding
from senlin.db import lookup
from senlin.db import policies
from senlin.engine.requests import base
from senlin.policies import registry as policy_registry
from senlin.rpc import server as rpc_server


class PolicyRequests(base.Endpoint):
    """Create, validate, rename and delete policies. Nothing here needs an action."""

    @rpc_server.request
    def policy_create(self, context, name, spec):
        """Check a spec and keep it.

        :raises ResourceNotFound: if the type is not registered.
        :raises InvalidSpec: if the spec is not good.
        """
        self._tools.policies.build(name, spec)
        return self._write(context, self._create, context, name, spec)

    @rpc_server.request
    def policy_validate(self, context, spec):
        """Check a spec as for a creation, and keep nothing."""
        self._tools.policies.build("validated_policy", spec)
        return {"type": policy_registry.joined_type(spec), "spec": spec}

    @rpc_server.request
    def policy_update(self, context, identity, name):
        """Change the name; a spec never changes."""
        found = facade.read(base.find, context, "policy", identity)
        return facade.write(self._update, context, found["id"], identity, name)

    @rpc_server.request
    def policy_delete(self, context, identity):
        """Remove a policy that is attached to no cluster."""
        found = facade.read(base.find, context, "policy", identity)
        facade.write(_delete, context, found["id"], identity)

    def _create(self, conn, context, name, spec):
        self._require_unique_name(conn, "policy", name, context.project_id)
        row = {
            "id": context.new_id(),
            "name": name,
            "type": policy_registry.joined_type(spec),
            "spec": spec,
            "data": {},
            "created_at": self._now()[1],
            "updated_at": None,
            **context.owner_fields,
        }
        policies.insert(conn, row)
        return lookup.get(conn, "policy", row["id"])

    def _update(self, conn, context, policy_id, identity, name):
        row = base.hold(conn, context, "policy", policy_id, identity)
        if name == row["name"]:
            raise exception.BadRequest("No property needs an update.")
        changes = {"name": name, "updated_at": self._now()[1]}
        holding.change(conn, "policy", row["id"], changes)
        return {**row, **changes}


def _delete(conn, context, policy_id, identity):
    base.hold(conn, context, "policy", policy_id, identity)
    if not policies.delete(conn, policy_id):
        raise exception.ResourceInUse(
            type="policy", id=identity, reason="still attached to some clusters"
        )


class BindingRequests(base.Endpoint):
    """Attach policies to clusters, and what comes after that."""

    @rpc_server.request
    def cluster_policy_attach(self, context, identity, policy_id, enabled=None):
        """Admit the attachment of a policy, which is enabled unless told otherwise."""
        return self._change_one(
            context,
            "cluster",
            identity,
            self._attach,
            policy_identity=policy_id,
            enabled=enabled is None or bool(enabled),
        )

    @rpc_server.request
    def cluster_policy_detach(self, context, identity, policy_id):
        """Admit the detachment of an attached policy."""
        action = consts.ClusterAction.DETACH_POLICY
        return self._change_binding(context, identity, policy_id, action, "detach_policy", {})

    @rpc_server.request
    def cluster_policy_update(self, context, identity, policy_id, enabled=None):
        """Admit that an attached policy is enabled or disabled; None leaves it as it is."""
        action = consts.ClusterAction.UPDATE_POLICY
        inputs = {} if enabled is None else {"enabled": bool(enabled)}
        return self._change_binding(context, identity, policy_id, action, "update_policy", inputs)

    def _attach(self, conn, context, cluster, policy_identity, enabled):
        policy = base.find_referenced(conn, context, "policy", policy_identity)
        inputs = {"policy_id": policy["id"], "enabled": enabled}
        action = consts.ClusterAction.ATTACH_POLICY
        return {"action": self._submit(conn, context, action, cluster, "attach_policy", inputs)}

    def _change_binding(self, context, identity, policy_identity, action, verb, inputs):
        def change(conn, context, cluster):
            policy = base.find_referenced(conn, context, "policy", policy_identity)
            if bindings.find(conn, cluster["id"], policy["id"]) is None:
                raise exception.BadRequest(
                    f"The policy '{policy_identity}' is not attached to the specified cluster "
                    f"'{identity}'."
                )
            wanted = {"policy_id": policy["id"], **inputs}
            return {"action": self._submit(conn, context, action, cluster, verb, wanted)}

        return self._change_one(context, "cluster", identity, change)
