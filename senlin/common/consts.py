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

"""Words of the contract: statuses, action names, enumerations.

They are visible to clients to the letter (API contract, Annex A).
"""

import enum


class ClusterStatus(enum.StrEnum):
    """What a cluster is in (API contract, A.1)."""

    INIT = "INIT"
    ACTIVE = "ACTIVE"
    CREATING = "CREATING"
    UPDATING = "UPDATING"
    RESIZING = "RESIZING"
    DELETING = "DELETING"
    CHECKING = "CHECKING"
    RECOVERING = "RECOVERING"
    CRITICAL = "CRITICAL"
    ERROR = "ERROR"
    WARNING = "WARNING"
    OPERATING = "OPERATING"


class NodeStatus(enum.StrEnum):
    """What a node is in (API contract, A.2)."""

    INIT = "INIT"
    ACTIVE = "ACTIVE"
    ERROR = "ERROR"
    WARNING = "WARNING"
    CREATING = "CREATING"
    UPDATING = "UPDATING"
    DELETING = "DELETING"
    RECOVERING = "RECOVERING"
    OPERATING = "OPERATING"


class ActionStatus(enum.StrEnum):
    """What an action is in (API contract, A.3)."""

    INIT = "INIT"
    WAITING = "WAITING"
    READY = "READY"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    WAITING_LIFECYCLE_COMPLETION = "WAITING_LIFECYCLE_COMPLETION"
    SUSPENDED = "SUSPENDED"


#: An action in one of these has ended and never changes again.
FINAL_ACTION_STATUSES = (
    ActionStatus.SUCCEEDED,
    ActionStatus.FAILED,
    ActionStatus.CANCELLED,
)
#: An action in one of these conflicts with a new one on the same target
#: (API contract, Annex C).
ACTIVE_ACTION_STATUSES = tuple(s for s in ActionStatus if s not in FINAL_ACTION_STATUSES)


class ClusterAction(enum.StrEnum):
    """Actions on clusters (API contract, A.4)."""

    CREATE = "CLUSTER_CREATE"
    DELETE = "CLUSTER_DELETE"
    UPDATE = "CLUSTER_UPDATE"
    ADD_NODES = "CLUSTER_ADD_NODES"
    DEL_NODES = "CLUSTER_DEL_NODES"
    RESIZE = "CLUSTER_RESIZE"
    CHECK = "CLUSTER_CHECK"
    RECOVER = "CLUSTER_RECOVER"
    REPLACE_NODES = "CLUSTER_REPLACE_NODES"
    SCALE_OUT = "CLUSTER_SCALE_OUT"
    SCALE_IN = "CLUSTER_SCALE_IN"
    ATTACH_POLICY = "CLUSTER_ATTACH_POLICY"
    DETACH_POLICY = "CLUSTER_DETACH_POLICY"
    UPDATE_POLICY = "CLUSTER_UPDATE_POLICY"
    OPERATION = "CLUSTER_OPERATION"


class NodeAction(enum.StrEnum):
    """Actions on nodes (API contract, A.5)."""

    CREATE = "NODE_CREATE"
    DELETE = "NODE_DELETE"
    UPDATE = "NODE_UPDATE"
    JOIN = "NODE_JOIN"
    LEAVE = "NODE_LEAVE"
    CHECK = "NODE_CHECK"
    RECOVER = "NODE_RECOVER"
    OPERATION = "NODE_OPERATION"


class Cause(enum.StrEnum):
    """Why an action exists (API contract, Annex A)."""

    REQUEST = "RPC Request"
    DERIVED = "Derived Action"
    DERIVED_WITH_HOOK = "Derived Action with Lifecycle Hook"


class Control(enum.StrEnum):
    """Signals to an action, seen at its next step boundary."""

    CANCEL = "CANCEL"
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"


class EventLevel(enum.IntEnum):
    """Severity of an event; stored as the number, shown as the name."""

    CRITICAL = 50
    ERROR = 40
    WARN = 30
    INFO = 20
    DEBUG = 10


class Phase(enum.StrEnum):
    """Where in an action's life an event was raised."""

    START = "start"
    END = "end"
    ERROR = "error"


class Adjustment(enum.StrEnum):
    """How a size change is expressed (API contract, Annex A)."""

    EXACT_CAPACITY = "EXACT_CAPACITY"
    CHANGE_IN_CAPACITY = "CHANGE_IN_CAPACITY"
    CHANGE_IN_PERCENTAGE = "CHANGE_IN_PERCENTAGE"


class RecoverOperation(enum.StrEnum):
    """Ways to repair a node (API contract, Annex A)."""

    REBOOT = "REBOOT"
    REBUILD = "REBUILD"
    RECREATE = "RECREATE"


class ReasonClass(enum.StrEnum):
    """Why work on a node failed, as a word that machines can count."""

    QUOTA = "quota"
    CAPACITY = "capacity"
    IMAGE = "image"
    NETWORK = "network"
    AUTH = "auth"
    TIMEOUT = "timeout"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    POLICY = "policy"
    SIZE = "size"
    INTERNAL = "internal"


#: Config keys of a cluster that the engine reads (engine contract, 8.4).
CONFIG_NODE_NAME_FORMAT = "node.name.format"
CONFIG_STOP_BEFORE_DELETE = "cluster.stop_node_before_delete"
CONFIG_STOP_TIMEOUT_BEFORE_UPDATE = "cluster.stop_timeout_before_update"

#: Index of a node that belongs to no cluster.
ORPHAN_INDEX = -1
