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

"""Requests on whole clusters: create, update, delete (API contract, 3.6)."""

import uuid

from senlin.common import capacity
from senlin.common import consts
from senlin.common import exception
from senlin.db import admission
from senlin.db import clusters
from senlin.db import lookup
from senlin.db import nodes
from senlin.engine.requests import base
from senlin.rpc import server as rpc_server

_BUSY = (
    consts.ClusterStatus.CREATING,
    consts.ClusterStatus.UPDATING,
    consts.ClusterStatus.DELETING,
    consts.ClusterStatus.RECOVERING,
)


class ClusterRequests(base.Endpoint):
    """Create, update and delete clusters."""

    @rpc_server.request
    def cluster_create(self, context, name, profile_id, **options):
        """Admit a new cluster: ``{"cluster": row, "action": id}``.

        :param options: min_size, max_size, desired_capacity, timeout, metadata,
            config; None = default.
        """
        return self._change(
            context, self._create, name=name, profile_identity=profile_id, options=options
        )

    @rpc_server.request
    def cluster_update(self, context, identity, changes):
        """Admit changes of a cluster; gives the row as it was before.

        :param changes: name, profile_id, metadata, timeout, config and
            profile_only, as far as they were given.
        """
        return self._change_one(context, "cluster", identity, self._update, changes=changes)

    @rpc_server.request
    def cluster_delete(self, context, identity, force=False):
        """Admit the end of a cluster, which cancels what runs on it."""
        return self._change_one(context, "cluster", identity, self._delete, force=bool(force))

    def _create(self, conn, context, name, profile_identity, options):
        self._check_quota(conn, context.project_id)
        self._require_unique_name(conn, "cluster", name, context.project_id)
        profile = base.find_referenced(conn, context, "profile", profile_identity, keep=True)
        row = self._new_row(context, name, profile["id"], options)
        base.refuse(
            [
                capacity.check(
                    self._conf.max_nodes_per_cluster,
                    desired=row["desired_capacity"],
                    min_size=options.get("min_size"),
                    max_size=options.get("max_size"),
                )
            ]
        )
        clusters.insert(conn, row)
        action = self._submit(
            conn, context, consts.ClusterAction.CREATE, row, "cluster_create", {}, fresh=True
        )
        return {"cluster": {**row, "profile_name": profile["name"]}, "action": action}

    def _check_quota(self, conn, project):
        limit = self._conf.max_clusters_per_project
        clusters.lock_quota(conn, project)
        if clusters.count(conn, project) >= limit:
            raise exception.OverQuota(resource="clusters", limit=limit)

    def _new_row(self, context, name, profile_id, options):
        min_size = options.get("min_size") or 0
        max_size = options.get("max_size")
        desired = options.get("desired_capacity")
        return {
            "id": str(uuid.uuid4()),
            "name": name,
            "profile_id": profile_id,
            **context.owner_fields,
            "init_at": self._now()[1],
            "created_at": None,
            "updated_at": None,
            "min_size": min_size,
            "max_size": -1 if max_size is None else max_size,
            "desired_capacity": min_size if desired is None else desired,
            "next_index": 1,
            "timeout": options.get("timeout") or self._conf.default_action_timeout,
            "status": str(consts.ClusterStatus.INIT),
            "status_reason": "Initializing",
            "meta_data": options.get("metadata") or {},
            "data": {},
            "dependents": {},
            "config": options.get("config") or {},
        }

    def _update(self, conn, context, cluster, changes):
        if cluster["status"] == consts.ClusterStatus.ERROR:
            raise exception.FeatureNotSupported(feature="Updating a cluster in status ERROR")
        old_profile = lookup.get(conn, "profile", cluster["profile_id"])
        inputs = self._profile_change(conn, context, cluster, old_profile, changes)
        inputs.update(self._plain_changes(cluster, changes))
        if "profile_only" in changes:
            inputs["profile_only"] = changes["profile_only"]
        if not inputs:
            raise exception.BadRequest("No property needs an update.")
        action = self._submit(
            conn, context, consts.ClusterAction.UPDATE, cluster, "cluster_update", inputs
        )
        return {
            "cluster": {**cluster, "profile_name": old_profile and old_profile["name"]},
            "action": action,
        }

    def _profile_change(self, conn, context, cluster, old_profile, changes):
        if changes.get("profile_id") is None:
            return {}
        new = base.find_referenced(conn, context, "profile", changes["profile_id"], keep=True)
        if new["id"] == cluster["profile_id"]:
            return {}
        if old_profile is None or new["type"] != old_profile["type"]:
            raise exception.BadRequest(
                "Cannot update a cluster to a different profile type, operation aborted."
            )
        if not changes.get("profile_only"):
            self._check_members_can_follow(conn, cluster, old_profile, new)
        return {"new_profile_id": new["id"]}

    def _check_members_can_follow(self, conn, cluster, old_profile, new):
        """Refuse now what the members' update would fail on later."""
        registry = self._tools.registry
        target = registry.load(new)
        registry.load(old_profile).check_update(target)
        others = set(nodes.profiles_of_members(conn, cluster["id"])) - {old_profile["id"]}
        for profile in lookup.get_many(conn, "profile", others).values():
            registry.load(profile).check_update(target)

    def _plain_changes(self, cluster, changes):
        wanted = {
            "name": changes.get("name"),
            "metadata": changes.get("metadata"),
            "config": changes.get("config"),
            "timeout": changes.get("timeout"),
        }
        if wanted["timeout"] == 0:
            wanted["timeout"] = self._conf.default_action_timeout
        current = {**cluster, "metadata": cluster["meta_data"]}
        return {
            key: value
            for key, value in wanted.items()
            if value is not None and value != current[key]
        }

    def _delete(self, conn, context, cluster, force):
        running = clusters.unfinished(conn, cluster["id"], consts.ClusterAction.DELETE)
        if not force and (running or cluster["status"] in _BUSY):
            status = consts.ClusterStatus.DELETING if running else cluster["status"]
            raise exception.ActionInProgress(type="cluster", id=cluster["id"], status=status)
        if running:
            return {"action": running}
        if cluster["dependents"] and cluster["dependents"].get("profiles"):
            listed = ", ".join(cluster["dependents"]["profiles"])
            raise exception.ResourceInUse(
                type="cluster", id=cluster["id"], reason=f"still referenced by profiles {listed}"
            )
        admission.cancel_for_cluster_delete(conn, cluster["id"], self._now()[0])
        action = self._submit(
            conn, context, consts.ClusterAction.DELETE, cluster, "cluster_delete", {"force": force}
        )
        return {"action": action}
