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

"""A cloud in memory: just enough of nova and neutron for procedures to run against.

Nothing happens by itself: what was asked for shows after ``tick()``.
"""

import collections
import itertools

from senlin.cloud import errors
from senlin.common import consts


class Killed(BaseException):
    """The process ended right after a changing call."""


class Fault:
    """What is to go wrong at a call."""

    def __init__(self, name, error, happens):
        self.name = name
        self.error = error
        self.happens = happens


class FakeCloud:
    """Compute and network of one owner.

    :param kill_at: number of the changing call after which the process ends.
    """

    def __init__(self, kill_at=None):
        self.user, self.project, self.region = "user1", "project1", None
        self.calls = []
        self.reads = collections.Counter()
        self.faults = []
        self.forgotten = []
        self.kill_at = kill_at
        self.changes = 0
        self.compute = FakeCompute(self)
        self.network = FakeNetwork(self)
        self.block_storage = FakeBlockStorage(self)
        self.image = None
        self.things = {
            "flavor": {"m1.tiny": {"id": "1", "name": "m1.tiny"}},
            "image": {"cirros": {"id": "image-1", "name": "cirros"}},
            "network": {"private": {"id": "net-1"}, "public": {"id": "net-2"}},
            "subnet": {"sub": {"id": "subnet-1"}},
            "security_group": {"default": {"id": "sg-1"}, "web": {"id": "sg-2"}},
            "key_pair": {"key": {"name": "key"}},
            "volume_type": {"fast": {"id": "vt-1", "name": "fast"}},
        }

    def look_up(self, kind, name):
        for known, thing in self.things[kind].items():
            if name in (known, thing.get("id")):
                return thing
        raise errors.CloudError(
            f"The {kind} '{name}' could not be found.",
            status=404,
            reason=consts.ReasonClass.NOT_FOUND,
        )

    def forget(self, kind, name):
        self.forgotten.append((kind, name))

    def zones(self):
        return ["az1", "az2"]

    def fail(self, name, status=None, happens=False, count=1, message="no", **fields):
        """Let the next calls of this name fail; ``happens`` = after doing it."""
        error = errors.CloudError(message, status=status, **fields)
        self.faults += [Fault(name, error, happens) for _ in range(count)]

    def read(self, name):
        self.reads[name] += 1
        self._trip(name, before=True)

    def change(self, name, work):
        """Do a changing call, with its faults."""
        self._trip(name, before=True)
        result = work()
        self.calls.append(name)
        self.changes += 1
        self._trip(name, before=False)
        if self.changes == self.kill_at:
            self.kill_at = None
            raise Killed
        return result

    def _trip(self, name, before):
        for fault in self.faults:
            if fault.name == name and fault.happens != before:
                self.faults.remove(fault)
                raise fault.error

    def tick(self):
        """Let everything that was asked for come true."""
        self.compute.tick()


def not_found():
    return errors.CloudError("gone", status=404, reason=consts.ReasonClass.NOT_FOUND)


def conflict(message):
    return errors.CloudError(message, status=409, reason=consts.ReasonClass.CONFLICT)


class FakeCompute:
    """Servers with a status machine of one step."""

    def __init__(self, cloud):
        self._cloud = cloud
        self._ids = itertools.count(1)
        self.all = {}
        self.outcomes = collections.deque()
        self.bodies = []
        self.stuck = set()
        self.fault = "No valid host was found."
        self.looks_without_fault = 0
        self.zone = "az1"
        self.microversions = []

    def create_server(self, body, hints=None):
        def work():
            self.bodies.append((body, hints))
            number = next(self._ids)
            outcome = self.outcomes.popleft() if self.outcomes else "ACTIVE"
            server = {
                "id": f"server-{number}",
                "name": body["name"],
                "status": "BUILD",
                "created": f"2026-01-01T00:00:{number:02d}Z",
                "metadata": dict(body["metadata"]),
                "flavor": {"id": body["flavorRef"]},
                "image": {"id": body["imageRef"]} if "imageRef" in body else "",
                "OS-EXT-STS:task_state": "spawning",
                "OS-EXT-AZ:availability_zone": body.get("availability_zone", self.zone),
                "OS-DCF:diskConfig": body["OS-DCF:diskConfig"],
                "addresses": {},
                "_then": {"status": outcome},
                "_ports": [],
            }
            if outcome == "ERROR":
                server["fault"] = {"message": self.fault}
            for network in body["networks"]:
                server["_ports"].append(self._plug(network))
            self.all[server["id"]] = server
            return server

        return self._cloud.change("create_server", work)

    def _plug(self, network):
        if "port" in network:
            port = self._cloud.network.all_ports[network["port"]]
            return {"port_id": port["id"], "net_id": port["network_id"], "fixed_ips": []}
        address = network.get("fixed_ip")
        return {
            "port_id": f"nova-port-{next(self._ids)}",
            "net_id": network["uuid"],
            "fixed_ips": [{"ip_address": address}] if address else [],
        }

    def server(self, server_id):
        self._cloud.read("server")
        return self._shown(server_id)

    def servers(self, **filters):
        self._cloud.read("servers")
        if "changes-since" in filters:
            return [dict(one) for one in self.all.values()]
        return [dict(one) for one in self.all.values() if one["status"] != "DELETED"]

    def servers_named(self, name):
        return [one for one in self.servers() if one["name"] == name]

    def delete_server(self, server_id, force=False):
        def work():
            server = self._shown(server_id)
            if server is None:
                return False
            self._later(server_id, "deleting", status="DELETED")
            return True

        return self._cloud.change("force_delete" if force else "delete_server", work)

    def action(self, server_id, body, microversion=None):
        self.microversions.append(microversion)
        name = next(iter(body))

        def work():
            if self._shown(server_id) is None:
                raise not_found()
            self.bodies.append((body, None))
            getattr(self, "_do_" + name.replace("-", "_"))(server_id, body[name])

        return self._cloud.change(name, work)

    def update_server(self, server_id, changes):
        return self._cloud.change("update_server", lambda: self.all[server_id].update(changes))

    def merge_metadata(self, server_id, metadata):
        def work():
            self.all[server_id]["metadata"] = {**self.all[server_id]["metadata"], **metadata}

        return self._cloud.change("merge_metadata", work)

    def replace_metadata(self, server_id, metadata):
        def work():
            self.all[server_id]["metadata"] = dict(metadata)

        return self._cloud.change("replace_metadata", work)

    def delete_metadata(self, server_id, key):
        def work():
            metadata = dict(self.all[server_id]["metadata"])
            found = metadata.pop(key, None) is not None
            self.all[server_id]["metadata"] = metadata
            return found

        return self._cloud.change("delete_metadata", work)

    def interfaces(self, server_id):
        self._cloud.read("interfaces")
        return list(self.all[server_id]["_ports"])

    def attach_interface(self, server_id, attachment):
        def work():
            network = (
                {"port": attachment["port_id"]}
                if "port_id" in attachment
                else {"uuid": attachment["net_id"]}
            )
            self.all[server_id]["_ports"].append(self._plug(network))

        return self._cloud.change("attach_interface", work)

    def detach_interface(self, server_id, port_id):
        def work():
            ports = self.all[server_id]["_ports"]
            self.all[server_id]["_ports"] = [one for one in ports if one["port_id"] != port_id]
            return len(ports) != len(self.all[server_id]["_ports"])

        return self._cloud.change("detach_interface", work)

    def create_image(self, server_id, body):
        return self._cloud.change("create_image", lambda: "snapshot-1")

    def tick(self):
        for server in self.all.values():
            then = server.pop("_then", None)
            if then:
                server.update(then)
                server["OS-EXT-STS:task_state"] = None

    def existing(self):
        """Servers that are there, by id."""
        return {one["id"]: one for one in self.all.values() if one["status"] != "DELETED"}

    def _shown(self, server_id):
        server = self.all.get(server_id)
        if server is None or server["status"] == "DELETED":
            return None
        shown = dict(server)
        if server["status"] == "ERROR" and self.looks_without_fault:
            self.looks_without_fault -= 1
            del shown["fault"]
        return shown

    def _later(self, server_id, task_state, **changes):
        server = self.all[server_id]
        if server_id in self.stuck:
            server["_then"] = {}
            return
        server["OS-EXT-STS:task_state"] = task_state
        server["_then"] = {**server.get("_then", {}), **changes}

    def _require(self, server_id, *statuses):
        status = self.all[server_id]["status"]
        if status not in statuses:
            raise conflict(f"Cannot do it while it is {status}")

    def _transition(self, server_id, task_state, sources, target):
        self._require(server_id, *sources)
        self._later(server_id, task_state, status=target)

    def _do_forceDelete(self, server_id, argument):
        self._later(server_id, "deleting", status="DELETED")

    def _do_os_stop(self, server_id, argument):
        self._transition(server_id, "powering-off", ("ACTIVE", "ERROR"), "SHUTOFF")

    def _do_os_start(self, server_id, argument):
        self._transition(server_id, "powering-on", ("SHUTOFF",), "ACTIVE")

    def _do_pause(self, server_id, argument):
        self._transition(server_id, "pausing", ("ACTIVE",), "PAUSED")

    def _do_unpause(self, server_id, argument):
        self._transition(server_id, "unpausing", ("PAUSED",), "ACTIVE")

    def _do_suspend(self, server_id, argument):
        self._transition(server_id, "suspending", ("ACTIVE",), "SUSPENDED")

    def _do_resume(self, server_id, argument):
        self._transition(server_id, "resuming", ("SUSPENDED",), "ACTIVE")

    def _do_rescue(self, server_id, argument):
        self._transition(server_id, "rescuing", ("ACTIVE", "SHUTOFF"), "RESCUE")

    def _do_unrescue(self, server_id, argument):
        self._transition(server_id, "unrescuing", ("RESCUE",), "ACTIVE")

    def _do_reboot(self, server_id, argument):
        self._later(server_id, "rebooting", status="ACTIVE")

    def _do_evacuate(self, server_id, argument):
        self._later(server_id, "rebuilding", status="ACTIVE")

    def _do_rebuild(self, server_id, argument):
        server = self.all[server_id]
        target = "SHUTOFF" if server["status"] == "SHUTOFF" else "ACTIVE"
        changes = {"name": argument["name"]}
        if server["image"]:
            changes["image"] = {"id": argument["imageRef"]}
        self._later(server_id, "rebuilding", status=target, **changes)

    def _do_resize(self, server_id, argument):
        self._require(server_id, "ACTIVE", "SHUTOFF")
        self.all[server_id]["_before"] = self.all[server_id]["status"]
        self._later(
            server_id,
            "resize_prep",
            status="VERIFY_RESIZE",
            flavor={"id": argument["flavorRef"]},
        )

    def _do_confirmResize(self, server_id, argument):
        self._require(server_id, "VERIFY_RESIZE")
        self.all[server_id]["status"] = self.all[server_id].pop("_before")

    def _do_lock(self, server_id, argument):
        self.all[server_id]["locked"] = True

    def _do_unlock(self, server_id, argument):
        self.all[server_id]["locked"] = False

    def _do_changePassword(self, server_id, argument):
        self.all[server_id]["_password"] = argument["adminPass"]


class FakeNetwork:
    """Ports and floating addresses."""

    def __init__(self, cloud):
        self._cloud = cloud
        self._ids = itertools.count(1)
        self.all_ports = {}
        self.all_floating = {}

    def port(self, name_or_id):
        self._cloud.read("port")
        return next(
            (one for one in self.all_ports.values() if name_or_id in (one["id"], one["name"])),
            None,
        )

    def ports(self, **filters):
        self._cloud.read("ports")
        return [one for one in self.all_ports.values() if _fits(one, filters)]

    def create_port(self, body):
        def work():
            number = next(self._ids)
            port = {"id": f"port-{number}", "status": "DOWN", **body}
            port["fixed_ips"] = [
                {"subnet_id": "subnet-1", "ip_address": f"10.0.0.{number}", **address}
                for address in body.get("fixed_ips", [{}])
            ]
            self.all_ports[port["id"]] = port
            return port

        return self._cloud.change("create_port", work)

    def update_port(self, port_id, changes):
        return self._cloud.change("update_port", lambda: self.all_ports[port_id].update(changes))

    def delete_port(self, port_id):
        return self._cloud.change(
            "delete_port", lambda: self.all_ports.pop(port_id, None) is not None
        )

    def floating_ips(self, **filters):
        self._cloud.read("floating_ips")
        return [one for one in self.all_floating.values() if _fits(one, filters)]

    def create_floating_ip(self, body):
        def work():
            number = next(self._ids)
            address = body.get("floating_ip_address", f"172.24.0.{number}")
            made = {"id": f"fip-{number}", **body, "floating_ip_address": address}
            self.all_floating[made["id"]] = made
            return made

        return self._cloud.change("create_floating_ip", work)

    def update_floating_ip(self, floating_ip_id, changes):
        def work():
            self.all_floating[floating_ip_id].update(changes)
            return self.all_floating[floating_ip_id]

        return self._cloud.change("update_floating_ip", work)

    def delete_floating_ip(self, floating_ip_id):
        return self._cloud.change(
            "delete_floating_ip", lambda: self.all_floating.pop(floating_ip_id, None) is not None
        )


class FakeBlockStorage:
    """Volumes that a test puts there."""

    def __init__(self, cloud):
        self._cloud = cloud
        self.all = {}

    def volume(self, volume_id):
        self._cloud.read("volume")
        return self.all.get(volume_id)


def _fits(thing, filters):
    return all(thing.get(key) == value for key, value in filters.items())
