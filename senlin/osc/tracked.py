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

"""Requests whose answer names the action they started in a header.

The SDK's own resources drop the ``Location`` header of an answer; these keep it.
"""

from openstack import resource
from openstack.clustering.v1 import cluster
from openstack.clustering.v1 import node


class TrackedCluster(cluster.Cluster):
    """A cluster which knows the action that its last request started."""

    action_url = resource.Header("Location")


class TrackedNode(node.Node):
    """A node which knows the action that its last request started."""

    action_url = resource.Header("Location")


def action_of(answered):
    """Give the id of the action which a request for ``answered`` started, or None."""
    url = answered.action_url
    return url.rstrip("/").rsplit("/", 1)[-1] if url else None
