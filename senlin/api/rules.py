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


"""Who may do what: the rules of oslo.policy and their defaults.

Names are those of the API contract, section 6. Defaults follow OpenStack's
consistent and secure RBAC: readers of a project see, members and managers
change, and the admin role may do both everywhere. Each role says by itself
what it allows, so that they also work where Keystone does not have one imply
the other. A token has to be for a project. The service role alone allows
nothing, as no other service calls this one on its own behalf.

Rules are asked before anything is looked up, so their target is the caller's
own project; what belongs to others is simply not found by the queries.
"""

import math
import threading
import time

from oslo_log import log as logging
from oslo_policy import opts
from oslo_policy import policy

from senlin.common import exception
from senlin.conf import CONF

LOG = logging.getLogger(__name__)

CONTEXT_IS_ADMIN = "context_is_admin"
DENY_EVERYBODY = "deny_everybody"
READER = "rule:project_reader_or_admin"
MEMBER = "rule:project_member_or_admin"
ADMIN = "rule:context_is_admin"

opts.set_defaults(CONF, policy_file="policy.yaml")

_BASE_RULES = [
    policy.RuleDefault(
        CONTEXT_IS_ADMIN,
        "role:admin",
        description="Who is an administrator: sees and changes the objects of all projects.",
    ),
    policy.RuleDefault(
        DENY_EVERYBODY, "!", description="What is asked for actions that nobody may do."
    ),
    policy.RuleDefault(
        "project_reader_or_admin",
        "rule:context_is_admin or"
        " ((role:reader or role:member or role:manager) and project_id:%(project_id)s)",
        description="Who may read the objects of a project.",
    ),
    policy.RuleDefault(
        "project_member_or_admin",
        "rule:context_is_admin or ((role:member or role:manager) and project_id:%(project_id)s)",
        description="Who may change the objects of a project.",
    ),
    policy.RuleDefault(
        "project_manager_or_admin",
        "rule:context_is_admin or (role:manager and project_id:%(project_id)s)",
        description="For what a deployment wants to keep from plain members; not used by default.",
    ),
]

# name, default, description, method, path
_RULES = [
    ("build_info:build_info", READER, "Show the revisions", "GET", "/v1/build-info"),
    ("profile_types:index", READER, "List profile types", "GET", "/v1/profile-types"),
    ("profile_types:get", READER, "Show a profile type", "GET", "/v1/profile-types/{type}"),
    (
        "profile_types:ops",
        READER,
        "List the operations of a profile type",
        "GET",
        "/v1/profile-types/{type}/ops",
    ),
    ("policy_types:index", READER, "List policy types", "GET", "/v1/policy-types"),
    ("policy_types:get", READER, "Show a policy type", "GET", "/v1/policy-types/{type}"),
    ("profiles:index", READER, "List profiles", "GET", "/v1/profiles"),
    ("profiles:create", MEMBER, "Create a profile", "POST", "/v1/profiles"),
    ("profiles:get", READER, "Show a profile", "GET", "/v1/profiles/{id}"),
    ("profiles:update", MEMBER, "Update a profile", "PATCH", "/v1/profiles/{id}"),
    ("profiles:delete", MEMBER, "Delete a profile", "DELETE", "/v1/profiles/{id}"),
    ("profiles:validate", MEMBER, "Validate a profile's spec", "POST", "/v1/profiles/validate"),
    ("policies:index", READER, "List policies", "GET", "/v1/policies"),
    ("policies:create", MEMBER, "Create a policy", "POST", "/v1/policies"),
    ("policies:get", READER, "Show a policy", "GET", "/v1/policies/{id}"),
    ("policies:update", MEMBER, "Update a policy", "PATCH", "/v1/policies/{id}"),
    ("policies:delete", MEMBER, "Delete a policy", "DELETE", "/v1/policies/{id}"),
    ("policies:validate", MEMBER, "Validate a policy's spec", "POST", "/v1/policies/validate"),
    ("clusters:index", READER, "List clusters", "GET", "/v1/clusters"),
    ("clusters:create", MEMBER, "Create a cluster", "POST", "/v1/clusters"),
    ("clusters:get", READER, "Show a cluster", "GET", "/v1/clusters/{id}"),
    ("clusters:update", MEMBER, "Update a cluster", "PATCH", "/v1/clusters/{id}"),
    ("clusters:delete", MEMBER, "Delete a cluster", "DELETE", "/v1/clusters/{id}"),
    ("clusters:action", MEMBER, "Start an action", "POST", "/v1/clusters/{id}/actions"),
    (
        "clusters:operation",
        MEMBER,
        "Start an operation of the profile on members",
        "POST",
        "/v1/clusters/{id}/ops",
    ),
    (
        "clusters:collect",
        READER,
        "Collect an attribute of all members",
        "GET",
        "/v1/clusters/{id}/attrs/{path}",
    ),
    (
        "cluster_policies:index",
        READER,
        "List a cluster's policies",
        "GET",
        "/v1/clusters/{id}/policies",
    ),
    (
        "cluster_policies:get",
        READER,
        "Show a policy of a cluster",
        "GET",
        "/v1/clusters/{id}/policies/{policy}",
    ),
    (
        "cluster_policies:attach",
        MEMBER,
        "Attach a policy, asked after clusters:action",
        "POST",
        "/v1/clusters/{id}/actions",
    ),
    (
        "cluster_policies:detach",
        MEMBER,
        "Detach a policy, asked after clusters:action",
        "POST",
        "/v1/clusters/{id}/actions",
    ),
    (
        "cluster_policies:update",
        MEMBER,
        "Update a policy's binding, asked after clusters:action",
        "POST",
        "/v1/clusters/{id}/actions",
    ),
    ("nodes:index", READER, "List nodes", "GET", "/v1/nodes"),
    ("nodes:create", MEMBER, "Create a node", "POST", "/v1/nodes"),
    ("nodes:adopt", MEMBER, "Adopt a resource as a node", "POST", "/v1/nodes/adopt"),
    (
        "nodes:adopt_preview",
        MEMBER,
        "Preview the profile of a resource to adopt",
        "POST",
        "/v1/nodes/adopt-preview",
    ),
    ("nodes:get", READER, "Show a node", "GET", "/v1/nodes/{id}"),
    ("nodes:update", MEMBER, "Update a node", "PATCH", "/v1/nodes/{id}"),
    ("nodes:delete", MEMBER, "Delete a node", "DELETE", "/v1/nodes/{id}"),
    ("nodes:action", MEMBER, "Start an action on a node", "POST", "/v1/nodes/{id}/actions"),
    ("nodes:operation", MEMBER, "Start an operation on a node", "POST", "/v1/nodes/{id}/ops"),
    ("receivers:index", READER, "List receivers", "GET", "/v1/receivers"),
    ("receivers:create", MEMBER, "Create a receiver", "POST", "/v1/receivers"),
    ("receivers:get", READER, "Show a receiver", "GET", "/v1/receivers/{id}"),
    ("receivers:update", MEMBER, "Update a receiver", "PATCH", "/v1/receivers/{id}"),
    ("receivers:delete", MEMBER, "Delete a receiver", "DELETE", "/v1/receivers/{id}"),
    (
        "receivers:notify",
        MEMBER,
        "Tell a receiver that it has messages",
        "POST",
        "/v1/receivers/{id}/notify",
    ),
    (
        "webhooks:trigger",
        "@",
        "Trigger a webhook, asked for the owner of its credential",
        "POST",
        "/v1/webhooks/{id}/trigger",
    ),
    ("actions:index", READER, "List actions", "GET", "/v1/actions"),
    ("actions:get", READER, "Show an action", "GET", "/v1/actions/{id}"),
    ("actions:update", MEMBER, "Cancel an action", "PATCH", "/v1/actions/{id}"),
    ("events:index", READER, "List events", "GET", "/v1/events"),
    ("events:get", READER, "Show an event", "GET", "/v1/events/{id}"),
    ("services:index", ADMIN, "List the service's processes", "GET", "/v1/services"),
]

#: Seconds after which a change of the policy file is noticed.
_RELOAD_SECONDS = 10
#: Decisions remembered until then; oslo.policy takes a tenth of a short request's time.
_MOST_DECISIONS = 1000

_enforcer = None
_lock = threading.Lock()
_loaded_at = -math.inf
_decisions = {}


def list_rules():
    """All rules with their defaults, for oslo.policy's generators."""
    documented = [
        policy.DocumentedRuleDefault(
            name=name,
            check_str=default,
            description=f"{description}.",
            operations=[{"method": method, "path": path}],
            scope_types=["project"],
        )
        for name, default, description, method, path in _RULES
    ]
    return [*_BASE_RULES, *documented]


def get_enforcer():
    """The process's enforcer, also for oslo.policy's command-line tools."""
    global _enforcer
    if _enforcer is None:
        with _lock:
            if _enforcer is None:
                enforcer = policy.Enforcer(CONF)
                enforcer.register_defaults(list_rules())
                _enforcer = enforcer
    return _enforcer


def reset():
    """Forget the enforcer, so that the next use reads the configuration again."""
    global _enforcer, _loaded_at, _decisions
    with _lock:
        _enforcer = None
        _loaded_at = -math.inf
        _decisions = {}


def is_admin(context):
    """Whether the caller may see and change the objects of all projects."""
    return _allows(CONTEXT_IS_ADMIN, {}, context)


def authorize(context, rule):
    """Refuse what a rule does not allow the caller in its own project.

    :raises Forbidden: the rule says no, or the caller's token is not for a
        project: a check of ``project_id`` takes two missing ones for equal.
    """
    target = {"project_id": context.project_id, "user_id": context.user_id}
    if not context.project_id or not _allows(rule, target, context):
        LOG.info("The rule %s denies the request of user %s.", rule, context.user_id)
        raise exception.Forbidden()


def _allows(rule, target, context):
    enforcer = get_enforcer()
    _load(enforcer)
    # Taken once: what is decided by rules that are replaced meanwhile goes with them.
    decisions = _decisions
    credentials = context.to_policy_values()
    asked = (rule, _frozen(target), _frozen(credentials))
    allowed = decisions.get(asked)
    if allowed is None:
        allowed = bool(enforcer.authorize(rule, target, credentials))
        if len(decisions) < _MOST_DECISIONS:
            decisions[asked] = allowed
    return allowed


def _frozen(values):
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in sorted(values.items())
    )


def _load(enforcer):
    """Read the policy file now and then; oslo.policy would look at every check.

    ``use_conf`` is its switch for reading the file at all.
    """
    global _loaded_at, _decisions
    if time.monotonic() - _loaded_at < _RELOAD_SECONDS:
        return
    with _lock:
        if time.monotonic() - _loaded_at < _RELOAD_SECONDS:
            return
        enforcer.use_conf = True
        enforcer.load_rules()
        enforcer.use_conf = False
        _decisions = {}
        _loaded_at = time.monotonic()
