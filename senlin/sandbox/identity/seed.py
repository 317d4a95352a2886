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

"""Who is in a new sandbox: domain, projects, users, roles, assignments."""

import hashlib
import secrets
import uuid

DOMAIN = {"id": "default", "name": "Default"}
REGION = "RegionOne"
PASSWORD = "secret"

PROJECTS = ("admin", "demo", "alt", "service")
ROLES = ("admin", "manager", "member", "reader", "service")
# Each role implies the next.
IMPLIED = {"admin": ["manager"], "manager": ["member"], "member": ["reader"]}
# user -> its (project, role) assignments.
USERS = {
    "admin": (("admin", "admin"), ("demo", "admin")),
    "demo": (("demo", "member"),),
    "alt": (("alt", "member"),),
    "reader": (("demo", "reader"),),
    "manager": (("demo", "manager"),),
    "clustering": (("service", "admin"), ("service", "service")),
}

_NAMESPACE = uuid.UUID("7d6bba1c-6d0c-4f5c-9d5b-2f1f1b7b5a10")


def fixed_id(kind, name):
    """Give the same id for the same seeded thing in every sandbox."""
    return uuid.uuid5(_NAMESPACE, f"{kind}/{name}").hex


def hash_password(password, salt=None):
    """Give ``salt$digest``. Quick on purpose: this guards a simulation."""
    salt = salt or secrets.token_hex(8)
    digest = hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
    return f"{salt}${digest}"


def project_record(project_id, name, **more):
    """Give a project as the API shows it."""
    return {
        "id": project_id,
        "name": name,
        "domain_id": DOMAIN["id"],
        "parent_id": DOMAIN["id"],
        "description": "",
        "enabled": True,
        "is_domain": False,
        "tags": [],
        "options": {},
        **more,
    }


def user_record(user_id, name, password, **more):
    """Give a user as it is stored; ``password_hash`` is never shown."""
    return {
        "id": user_id,
        "name": name,
        "domain_id": DOMAIN["id"],
        "enabled": True,
        "options": {},
        "password_expires_at": None,
        "password_hash": hash_password(password) if password else None,
        **more,
    }


def assignment_key(user_id, scope, role_id):
    """Give the key of an assignment; ``scope`` is a project id or ``system``."""
    return f"{user_id}:{scope}:{role_id}"


def changes():
    """Give (table, key, record) of everything seeded."""
    domain = {**DOMAIN, "enabled": True, "description": "", "tags": [], "options": {}}
    found = [("identity.domains", DOMAIN["id"], domain)]
    for name in PROJECTS:
        project_id = fixed_id("project", name)
        found.append(("identity.projects", project_id, project_record(project_id, name)))
    for name in ROLES:
        role_id = fixed_id("role", name)
        implied = [fixed_id("role", other) for other in IMPLIED.get(name, ())]
        role = {"id": role_id, "name": name, "domain_id": None, "description": None}
        found.append(("identity.roles", role_id, {**role, "options": {}, "implies": implied}))
    for name, grants in USERS.items():
        user_id = fixed_id("user", name)
        found.append(("identity.users", user_id, user_record(user_id, name, PASSWORD)))
        for project, role in grants:
            found.append(_assignment(user_id, fixed_id("project", project), role))
    found.append(_assignment(fixed_id("user", "admin"), "system", "admin"))
    return found


def _assignment(user_id, scope, role):
    role_id = fixed_id("role", role)
    record = {"user_id": user_id, "scope": scope, "role_id": role_id}
    return "identity.assignments", assignment_key(user_id, scope, role_id), record
