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

"""The marks of membership on a server."""

from senlin.profiles import base
from senlin.profiles.nova import servers
from senlin.profiles.nova import stages


def join(profile, task):
    """Mark the server as a member: a merge, users' keys stay as they are."""
    if task.node.physical_id:
        task.cloud.compute.merge_metadata(task.node.physical_id, servers.marks(task.node))
    return base.Finished()


def leave(profile, task):
    """Take the marks of membership away, one key in a call; the node's own stays."""
    keys = (servers.CLUSTER_KEY, servers.INDEX_KEY)
    done = task.state.get("done", 0)
    if not task.node.physical_id or done >= len(keys):
        return base.Finished()
    task.cloud.compute.delete_metadata(task.node.physical_id, keys[done])
    if done + 1 == len(keys):
        return base.Finished()
    return stages.go(task, "leave", done=done + 1)
