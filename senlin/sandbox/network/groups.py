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

"""Security groups and their rules."""

import ipaddress

from senlin.sandbox import web
from senlin.sandbox.network import errors
from senlin.sandbox.network import listing
from senlin.sandbox.network import state

_NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58, "sctp": 132}
_SAME_RULE = (
    "direction", "ethertype", "protocol", "port_range_min", "port_range_max",
    "remote_ip_prefix", "remote_group_id",
)  # fmt: skip


class GroupRoutes(state.State):
    """``/v2.0/security-groups`` and ``/v2.0/security-group-rules``."""

    def find_security_group(self, reference, project_id):
        """Give a project's group by id or name; its default one is made if need be.

        :raises Fault: 404, or 409 when several have the name.
        """
        group = self.tables["security_group"].get(reference)
        if group is not None and group["project_id"] == project_id:
            return group
        if reference == "default":
            return self.default_group(project_id)
        groups = list(self.tables["security_group"].values())
        found = [
            group
            for group in groups
            if group["project_id"] == project_id and group["name"] == reference
        ]
        if not found:
            raise errors.not_found("security_group", reference)
        if len(found) > 1:
            raise errors.conflict(
                "NoUniqueMatch",
                f"Multiple security_group matches found for name '{reference}', use an ID to be "
                "more specific.",
            )
        return found[0]

    def default_group(self, project_id):
        """Give a project's default group, made on first use as neutron does."""
        with self.store.lock:
            key = self.default_groups.get(project_id)
            if key is None:
                group = self._add_group(project_id, "default", "Default security group")
                key = self.default_groups[project_id] = group["id"]
                for version in ("IPv4", "IPv6"):
                    self.add_rule(group, direction="ingress", ethertype=version,
                                  remote_group_id=key)  # fmt: skip
            return self.tables["security_group"][key]

    def _add_group(self, project_id, name, description, **more):
        values = {"name": name, "description": description, "stateful": True, "shared": False}
        group = {**self.born(project_id), **values, "rules": [], **more}
        self.save("security_group", group)
        for version in ("IPv4", "IPv6"):
            self.add_rule(group, direction="egress", ethertype=version)
        return group

    def add_rule(self, group, **values):
        """Store a rule and enter it at its group; callers hold the lock."""
        born = self.born(group["project_id"])
        for name in ("name", "tags"):
            born.pop(name)
        rule = {
            **born,
            "security_group_id": group["id"],
            "ethertype": "IPv4",
            "direction": "ingress",
            "protocol": None,
            "port_range_min": None,
            "port_range_max": None,
            "remote_ip_prefix": None,
            "remote_group_id": None,
            "remote_address_group_id": None,
            "normalized_cidr": values.get("remote_ip_prefix"),
            "belongs_to_default_sg": group["name"] == "default",
            **values,
        }
        self.save("security_group_rule", rule)
        group = self.tables["security_group"][group["id"]]
        self.save("security_group", self.changed(group, rules=[*group["rules"], rule["id"]]))
        return rule

    def _shown_group(self, group):
        rules = self.tables["security_group_rule"]
        found = [rules[key] for key in group["rules"] if key in rules]
        return {**{k: v for k, v in group.items() if k != "rules"}, "security_group_rules": found}

    @web.route("GET", "/security-groups")
    def list_security_groups(self, request):
        """List security groups; makes the project's default one if need be."""
        if request.token.project_id:
            self.default_group(request.token.project_id)
        found = self.seen(request, "security_group")
        return self.listed(request, "security_group", [self._shown_group(group) for group in found])

    @web.route("GET", "/security-groups/{key}")
    def show_security_group(self, request, key):
        """Show a security group with its rules."""
        group = self._shown_group(self.mine(request, "security_group", key))
        return {"security_group": listing.shown(request, group)}

    @web.route("POST", "/security-groups")
    def create_security_group(self, request):
        """Make a security group that lets everything out."""
        self.require_writer(request, "create_security_group")
        (wanted,), _ = self.items_wanted(request, "security_group")
        with self.store.lock:
            project_id = self.owner(request, wanted, "security_group")
            self.default_group(project_id)
            if wanted.get("name") == "default":
                raise errors.conflict(
                    "SecurityGroupDefaultAlreadyExists", "Default security group already exists."
                )
            self.check_quota("security_group", project_id)
            name, text = wanted.pop("name", ""), wanted.pop("description", "")
            group = self._add_group(project_id, name, text, **wanted)
            shown = self._shown_group(self.tables["security_group"][group["id"]])
        return web.Response(201, {"security_group": shown})

    @web.route("PUT", "/security-groups/{key}")
    def update_security_group(self, request, key):
        """Rename or describe a security group."""
        wanted = self.item_wanted(request, "security_group")
        with self.store.lock:
            former = self.mine(request, "security_group", key, to_change=True)
            if former["name"] == "default" and wanted.get("name", "default") != "default":
                raise errors.conflict(
                    "SecurityGroupCannotUpdateDefault",
                    "Updating default security group not allowed.",
                )
            group = self.changed(former, **wanted)
            self.save("security_group", group)
        return {"security_group": self._shown_group(group)}

    @web.route("DELETE", "/security-groups/{key}")
    def delete_security_group(self, request, key):
        """Remove a security group that no port has."""
        with self.store.lock:
            group = self.mine(request, "security_group", key, to_change=True)
            if group["name"] == "default" and not request.token.is_admin:
                raise errors.conflict(
                    "SecurityGroupCannotRemoveDefault",
                    "Insufficient rights for removing default security group.",
                )
            if any(key in port["security_groups"] for port in self.tables["port"].values()):
                raise errors.conflict("SecurityGroupInUse", f"Security Group {key} in use.")
            for rule_id in group["rules"]:
                self.remove("security_group_rule", self.tables["security_group_rule"][rule_id])
            self.remove("security_group", group)
            if self.default_groups.get(group["project_id"]) == key:
                del self.default_groups[group["project_id"]]

    @web.route("GET", "/security-group-rules")
    def list_rules(self, request):
        """List rules."""
        found = self.seen(request, "security_group_rule")
        return self.listed(request, "security_group_rule", found)

    @web.route("GET", "/security-group-rules/{key}")
    def show_rule(self, request, key):
        """Show a rule."""
        rule = self.mine(request, "security_group_rule", key)
        return {"security_group_rule": listing.shown(request, rule)}

    @web.route("POST", "/security-group-rules")
    def create_rule(self, request):
        """Add rules to security groups."""
        self.require_writer(request, "create_security_group_rule")
        items, bulk = self.items_wanted(request, "security_group_rule")
        made = []
        with self.store.lock:
            for wanted in items:
                made.append(self._create_rule(request, wanted))
        if bulk:
            return web.Response(201, {"security_group_rules": made})
        return web.Response(201, {"security_group_rule": made[0]})

    def _create_rule(self, request, wanted):
        for name in ("security_group_id", "direction"):
            if name not in wanted:
                raise errors.bad_request(f"Failed to parse request. Required attribute '{name}'")
        group = self.mine(request, "security_group", wanted["security_group_id"], to_change=True)
        _check_rule(wanted)
        if wanted.get("remote_group_id"):
            self.mine(request, "security_group", wanted["remote_group_id"])
        project_id = self.owner(request, wanted, "security_group_rule")
        new = {"ethertype": "IPv4", **wanted}
        for rule_id in group["rules"]:
            rule = self.tables["security_group_rule"][rule_id]
            if all(rule[name] == new.get(name) for name in _SAME_RULE):
                raise errors.conflict(
                    "SecurityGroupRuleExists",
                    f"Security group rule already exists. Rule id is {rule_id}.",
                )
        self.check_quota("security_group_rule", project_id)
        return self.add_rule(group, **wanted)

    @web.route("DELETE", "/security-group-rules/{key}")
    def delete_rule(self, request, key):
        """Take a rule out of its group."""
        with self.store.lock:
            rule = self.mine(request, "security_group_rule", key, to_change=True)
            self.remove("security_group_rule", rule)
            group = self.tables["security_group"].get(rule["security_group_id"])
            if group is not None:
                rules = [one for one in group["rules"] if one != key]
                self.save("security_group", self.changed(group, rules=rules))


def _check_rule(wanted):
    """Refuse rules that make no sense, and put protocol and prefix in order."""
    if wanted["direction"] not in ("ingress", "egress"):
        text = f"'{wanted['direction']}' is not in ['ingress', 'egress']"
        raise errors.bad_request(f"Invalid input for direction. Reason: {text}.")
    if wanted.get("ethertype", "IPv4") not in ("IPv4", "IPv6"):
        text = f"'{wanted['ethertype']}' is not in ['IPv4', 'IPv6']"
        raise errors.bad_request(f"Invalid input for ethertype. Reason: {text}.")
    protocol = wanted.get("protocol")
    if protocol is not None:
        protocol = str(protocol).lower()
        if protocol == "any":
            protocol = None
        elif protocol not in _NUMBERS and not (protocol.isdecimal() and int(protocol) < 256):
            raise errors.bad_request(
                f"Security group rule protocol {protocol} not supported.",
                "SecurityGroupRuleInvalidProtocol",
            )
        wanted["protocol"] = protocol
    low, high = wanted.get("port_range_min"), wanted.get("port_range_max")
    if protocol in ("tcp", "udp") and low is not None and high is not None and low > high:
        raise errors.bad_request(
            "For TCP/UDP protocols, port_range_min must be <= port_range_max",
            "SecurityGroupInvalidPortRange",
        )
    if (low is not None or high is not None) and protocol is None:
        raise errors.bad_request(
            "Must also specify protocol if port range is given.",
            "SecurityGroupProtocolRequiredWithPorts",
        )
    prefix = wanted.get("remote_ip_prefix")
    if prefix and wanted.get("remote_group_id"):
        raise errors.bad_request(
            "Only remote_ip_prefix or remote_group_id may be provided.",
            "SecurityGroupMultipleRemoteEntites",
        )
    if prefix:
        try:
            wanted["remote_ip_prefix"] = str(ipaddress.ip_network(prefix, strict=False))
        except ValueError:
            message = f"Invalid input for remote_ip_prefix. Reason: '{prefix}' is no CIDR."
            raise errors.bad_request(message) from None
