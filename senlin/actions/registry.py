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

"""Action name -> the program that runs it."""

from senlin.actions.cluster import care
from senlin.actions.cluster import lifecycle
from senlin.actions.cluster import membership as cluster_membership
from senlin.actions.cluster import policies
from senlin.actions.cluster import sizing
from senlin.actions.cluster import update as cluster_update
from senlin.actions.node import create
from senlin.actions.node import delete
from senlin.actions.node import health
from senlin.actions.node import membership
from senlin.actions.node import operation
from senlin.actions.node import update
from senlin.common import consts

_PROGRAMS = {
    consts.ClusterAction.CREATE: lifecycle.ClusterCreate(),
    consts.ClusterAction.DELETE: lifecycle.ClusterDelete(),
    consts.ClusterAction.UPDATE: cluster_update.ClusterUpdate(),
    consts.ClusterAction.ADD_NODES: cluster_membership.ClusterAddNodes(),
    consts.ClusterAction.DEL_NODES: cluster_membership.ClusterDelNodes(),
    consts.ClusterAction.REPLACE_NODES: cluster_membership.ClusterReplaceNodes(),
    consts.ClusterAction.RESIZE: sizing.ClusterResize(),
    consts.ClusterAction.SCALE_OUT: sizing.ClusterScaleOut(),
    consts.ClusterAction.SCALE_IN: sizing.ClusterScaleIn(),
    consts.ClusterAction.CHECK: care.ClusterCheck(),
    consts.ClusterAction.RECOVER: care.ClusterRecover(),
    consts.ClusterAction.OPERATION: care.ClusterOperation(),
    consts.ClusterAction.ATTACH_POLICY: policies.ClusterAttachPolicy(),
    consts.ClusterAction.DETACH_POLICY: policies.ClusterDetachPolicy(),
    consts.ClusterAction.UPDATE_POLICY: policies.ClusterUpdatePolicy(),
    consts.NodeAction.CREATE: create.NodeCreate(),
    consts.NodeAction.DELETE: delete.NodeDelete(),
    consts.NodeAction.UPDATE: update.NodeUpdate(),
    consts.NodeAction.CHECK: health.NodeCheck(),
    consts.NodeAction.RECOVER: health.NodeRecover(),
    consts.NodeAction.OPERATION: operation.NodeOperation(),
    consts.NodeAction.JOIN: membership.NodeJoin(),
    consts.NodeAction.LEAVE: membership.NodeLeave(),
}


def program(action_name):
    """The program of an action, or None if there is none of that name."""
    return _PROGRAMS.get(action_name)


def entry_statuses():
    """Action name -> the node status which the first claim of a child sets."""
    return {
        str(name): str(item.entry_status) for name, item in _PROGRAMS.items() if item.entry_status
    }
