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

"""What the parts of the identity service share: look-ups and small rules."""

import datetime

from senlin.sandbox import web

_ISO = "%Y-%m-%dT%H:%M:%S.%fZ"


def iso(seconds):
    """Give epoch seconds as keystone writes times; None stays None."""
    if seconds is None:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime(_ISO)


def parse_iso(text):
    """Give epoch seconds of a time in ISO 8601 (UTC unless it says else).

    :raises ValueError: when it is not one.
    """
    parsed = datetime.datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=datetime.UTC)
    return parsed.timestamp()


def not_found(kind, key):
    """Give keystone's 404."""
    return web.Fault(404, f"Could not find {kind}: {key}.")


def forbidden(action):
    """Give keystone's 403 for a call that the policy refuses."""
    return web.Fault(403, f"You are not authorized to perform the requested action: {action}.")


def duplicate(kind, name):
    """Give keystone's 409 for a name that is taken."""
    text = f"Duplicate entry found with name {name}."
    return web.Fault(409, f"Conflict occurred attempting to store {kind} - {text}")


def unauthorized():
    """Give keystone's 401, which never says why."""
    return web.Fault(401, "The request you have made requires authentication.")


def require_admin(request, action):
    """Refuse everybody without role admin."""
    if not request.token.is_admin:
        raise forbidden(action)


def section(body, name):
    """Give the object under ``name`` of a request body, or fault 400."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise web.Fault(400, f"{name!r} is a required property and must be an object.")
    return value


def wanted(records, query, *names):
    """Keep the records that equal the query's values of ``names``."""
    for name in names:
        if name in query:
            value = query.get(name)
            if value.lower() in ("true", "false") and name == "enabled":
                value = value.lower() == "true"
            records = [record for record in records if record.get(name) == value]
    return records


class Directory:
    """Look-ups in the identity tables; base of the route classes."""

    def __init__(self, store, clock):
        self.store = store
        self.clock = clock
        self.domains = store.table("identity.domains")
        self.projects = store.table("identity.projects")
        self.users = store.table("identity.users")
        self.role_table = store.table("identity.roles")
        self.assignments = store.table("identity.assignments")
        self.tokens = store.table("identity.tokens")
        self.trusts = store.table("identity.trusts")
        self.application_credentials = store.table("identity.application_credentials")
        self.ec2_credentials = store.table("identity.ec2_credentials")

    def forget_contexts(self):
        """Have every token looked at afresh; for changes that may end some."""
        raise NotImplementedError

    def find_domain(self, reference):
        """Give the domain that {"id"} or {"name"} means, or None."""
        if not isinstance(reference, dict):
            return None
        if "id" in reference:
            return self.domains.get(reference["id"])
        return _by_name(self.domains, reference.get("name"))

    def find_in_domain(self, table, reference):
        """Give the user or project that {"id"} or {"name", "domain"} means."""
        if not isinstance(reference, dict):
            return None
        if "id" in reference:
            return table.get(reference["id"])
        domain = self.find_domain(reference.get("domain"))
        if domain is None:
            return None
        return _by_name(table, reference.get("name"), domain["id"])

    def find_trust(self, trust_id):
        """Give a trust that still holds.

        :raises Fault: 404 when it never did, has expired or is used up.
        """
        trust = self.trusts.get(trust_id)
        if (
            trust is None
            or trust["remaining_uses"] == 0
            or (trust["expires"] is not None and trust["expires"] <= self.clock.time())
        ):
            raise not_found("trust", trust_id)
        return trust

    def effective_roles(self, user_id, scope):
        """Give role ids a user has in a scope, implied ones included, sorted."""
        direct = [
            grant["role_id"]
            for grant in list(self.assignments.values())
            if grant["user_id"] == user_id and grant["scope"] == scope
        ]
        return self.with_implied(direct)

    def with_implied(self, role_ids):
        """Give the role ids and everything they imply, sorted by role name."""
        found = set()
        waiting = list(role_ids)
        while waiting:
            role_id = waiting.pop()
            if role_id in found or role_id not in self.role_table:
                continue
            found.add(role_id)
            waiting += self.role_table[role_id]["implies"]
        return sorted(found, key=lambda role_id: self.role_table[role_id]["name"])

    def role_names(self, role_ids):
        """Give [{"id", "name"}] of role ids."""
        return [{"id": key, "name": self.role_table[key]["name"]} for key in role_ids]

    def projects_of(self, user_id):
        """Give the projects in which a user has a role, by name."""
        scopes = {
            grant["scope"]
            for grant in list(self.assignments.values())
            if grant["user_id"] == user_id
        }
        found = [self.projects[scope] for scope in scopes if scope in self.projects]
        return sorted(found, key=lambda project: project["name"])

    def domain_of(self, record):
        """Give {"id", "name"} of a record's domain."""
        domain = self.domains[record["domain_id"]]
        return {"id": domain["id"], "name": domain["name"]}


def _by_name(table, name, domain_id=None):
    for record in list(table.values()):
        if record["name"] == name and domain_id in (None, record.get("domain_id")):
            return record
    return None


def linked(request, kind, record):
    """Give a record with its ``links.self``."""
    return {**record, "links": {"self": f"{request.service_url}/{kind}/{record['id']}"}}


def collection(request, kind, records):
    """Give a list body with keystone's ``links`` (it never pages)."""
    url = request.service_url + request.path
    text = request.environ.get("QUERY_STRING")
    links = {"next": None, "self": f"{url}?{text}" if text else url, "previous": None}
    return {kind: [linked(request, kind, record) for record in records], "links": links}
