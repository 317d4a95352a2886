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

"""Which addresses of each subnet are taken, and the next free one."""

import ipaddress

from senlin.sandbox.network import errors


class _Pool:
    """The addresses of one subnet, as integers."""

    __slots__ = ("ranges", "prefix", "taken", "place", "next")

    def __init__(self, subnet):
        self.prefix = ipaddress.ip_network(subnet["cidr"])
        self.ranges = [
            (int(ipaddress.ip_address(pool["start"])), int(ipaddress.ip_address(pool["end"])))
            for pool in subnet["allocation_pools"]
        ]
        self.taken = set()
        self.place = 0
        self.next = self.ranges[0][0] if self.ranges else 0

    def take_next(self):
        """Take the next free address, going round; None when all are taken."""
        left = sum(end - start + 1 for start, end in self.ranges)
        while left > 0:
            candidate = self.next
            left -= 1
            if candidate >= self.ranges[self.place][1]:
                self.place = (self.place + 1) % len(self.ranges)
                self.next = self.ranges[self.place][0]
            else:
                self.next = candidate + 1
            if candidate not in self.taken:
                self.taken.add(candidate)
                return str(type(self.prefix.network_address)(candidate))
        return None


class Addresses:
    """The addresses of all subnets; callers hold the store's lock."""

    def __init__(self):
        self._pools = {}

    def clear(self):
        """Forget every subnet."""
        self._pools.clear()

    def add_subnet(self, subnet):
        """Begin, or follow a change of the pools of, a subnet."""
        pool = _Pool(subnet)
        former = self._pools.get(subnet["id"])
        if former is not None:
            pool.taken = former.taken
        self._pools[subnet["id"]] = pool

    def remove_subnet(self, subnet_id):
        """Forget a subnet."""
        self._pools.pop(subnet_id, None)

    def take(self, subnet_id, address=None):
        """Take an address, any free one when none is named.

        :returns: the address, or None when the subnet is full.
        :raises Fault: 400 outside the subnet, 409 taken already.
        """
        pool = self._pools[subnet_id]
        if address is None:
            return pool.take_next()
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            raise errors.invalid_input(f"'{address}' is not a valid IP address") from None
        if parsed not in pool.prefix:
            message = f"IP address {address} is not a valid IP for the specified subnet"
            raise errors.bad_request(f"{message}.", "InvalidIpForSubnet")
        if int(parsed) in pool.taken:
            raise errors.conflict(
                "IpAddressAlreadyAllocated",
                f"IP address {address} already allocated in subnet {subnet_id}",
            )
        pool.taken.add(int(parsed))
        return str(parsed)

    def mark(self, subnet_id, address):
        """Take an address that the journal says is taken."""
        pool = self._pools.get(subnet_id)
        if pool is not None:
            pool.taken.add(int(ipaddress.ip_address(address)))

    def give_back(self, subnet_id, address):
        """Free an address."""
        pool = self._pools.get(subnet_id)
        if pool is not None:
            pool.taken.discard(int(ipaddress.ip_address(address)))

    def contains(self, subnet_id, address):
        """True when the address lies in the subnet."""
        pool = self._pools.get(subnet_id)
        try:
            return pool is not None and ipaddress.ip_address(address) in pool.prefix
        except ValueError:
            return False


def usual_pools(prefix, gateway):
    """Give the pools neutron makes when the caller names none.

    All hosts of the prefix but the gateway.
    """
    network = ipaddress.ip_network(prefix)
    first, last = int(network.network_address) + 1, int(network.broadcast_address)
    last -= 1 if network.version == 4 else 0
    kind = type(network.network_address)
    ranges = [(first, last)]
    if gateway is not None:
        middle = int(ipaddress.ip_address(gateway))
        if first <= middle <= last:
            ranges = [(first, middle - 1), (middle + 1, last)]
    return [
        {"start": str(kind(start)), "end": str(kind(end))} for start, end in ranges if start <= end
    ]
