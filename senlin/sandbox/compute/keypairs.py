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

"""Key pairs, which belong to users."""

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from senlin.sandbox import web
from senlin.sandbox.compute import base
from senlin.sandbox.compute import listing
from senlin.sandbox.compute import views

KEYPAIRS = "compute.keypairs"


class KeyPairs:
    """The key pairs of all users."""

    def __init__(self, store, clock):
        self._store = store
        self._clock = clock
        self._table = store.table(KEYPAIRS)

    def of(self, user_id):
        """Give a user's key pairs by name."""
        mine = [record for record in self._table.values() if record["user_id"] == user_id]
        return sorted(mine, key=lambda record: record["name"])

    def get(self, user_id, name):
        """Give one key pair's record, or None."""
        return self._table.get(f"{user_id}/{name}")

    def add(self, user_id, name, kind, public_key):
        """Keep a public key; gives the record.

        :raises Fault: 400 when the key is none.
        """
        record = {
            "name": name,
            "user_id": user_id,
            "type": kind,
            "public_key": public_key,
            "fingerprint": _fingerprint(public_key),
            "created": self._clock.time(),
            "id": len(self._table) + 1,
        }
        self._store.put(KEYPAIRS, f"{user_id}/{name}", record)
        return record

    def delete(self, user_id, name):
        """Forget a key pair."""
        self._store.delete(KEYPAIRS, f"{user_id}/{name}")


def generate():
    """Make an Ed25519 key pair: (private key, public key) in OpenSSH's format."""
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return private.decode(), f"{public.decode()} Generated-by-Nova"


def _fingerprint(public_key):
    words = public_key.split()
    try:
        data = base64.b64decode(words[1] if len(words) > 1 else "", validate=True)
    except binascii.Error:
        data = b""
    if not data:
        raise web.Fault(400, "Keypair data is invalid: failed to generate fingerprint")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return ":".join(digest[index : index + 2] for index in range(0, 32, 2))


class KeyPairRoutes(base.Part):
    """``/os-keypairs``."""

    @web.route("GET", "/os-keypairs")
    def list(self, request):
        """List a user's key pairs."""
        pairs = self.cloud.keypairs.of(self._user(request))
        marker = request.query.get("marker")
        if marker is not None:
            names = [pair["name"] for pair in pairs]
            if marker not in names:
                raise web.Fault(400, f"marker [{marker}] not found")
            pairs = pairs[names.index(marker) + 1 :]
        limit = listing.page_limit(request.query)
        body = {"keypairs": [{"keypair": _view(request, pair)} for pair in pairs[:limit]]}
        if len(pairs) > limit:
            href = (
                f"{request.service_url}/os-keypairs?limit={limit}&marker={pairs[limit - 1]['name']}"
            )
            body["keypairs_links"] = [{"rel": "next", "href": href}]
        return body

    @web.route("GET", "/os-keypairs/{name}")
    def show(self, request, name):
        """Show one key pair."""
        pair = self._pair(request, name)
        body = _view(request, pair) | {
            "user_id": pair["user_id"],
            "created_at": views.iso_micro(pair["created"]),
            "deleted": False,
            "deleted_at": None,
            "updated_at": None,
            "id": pair["id"],
        }
        return {"keypair": body}

    @web.route("POST", "/os-keypairs")
    def create(self, request):
        """Import a public key, or make a pair (before 2.92)."""
        wanted = base.section(request.json(), "keypair")
        base.check_keys(wanted, "keypair", {"name", "type", "public_key", "user_id"})
        name = base.text(wanted.get("name"), "keypair.name")
        kind = wanted.get("type", "ssh")
        if kind not in ("ssh", "x509"):
            raise base.invalid("keypair.type", kind, f"{kind!r} is not one of ['ssh', 'x509']")
        minor = request.microversion[1]
        user_id = request.token.user_id
        if wanted.get("user_id") not in (None, user_id):
            base.require_admin(request, "os-keypairs:create")
            user_id = wanted["user_id"]
        if self.cloud.keypairs.get(user_id, name) is not None:
            raise web.Fault(409, f"Key pair '{name}' already exists.")
        private, public = None, wanted.get("public_key")
        if public is None:
            if minor >= 92:
                raise base.invalid("keypair", wanted, "'public_key' is a required property")
            private, public = generate()
        limit = self.cloud.quotas.limits(request.token.project_id)["key_pairs"]
        if 0 <= limit <= len(self.cloud.keypairs.of(user_id)):
            raise web.Fault(403, "Quota exceeded, too many key pairs.")
        pair = self.cloud.keypairs.add(user_id, name, kind, public)
        body = _view(request, pair) | {"user_id": user_id}
        if private:
            body["private_key"] = private
        return web.Response(201 if minor >= 2 else 200, {"keypair": body})

    @web.route("DELETE", "/os-keypairs/{name}")
    def delete(self, request, name):
        """Forget a key pair."""
        pair = self._pair(request, name)
        self.cloud.keypairs.delete(pair["user_id"], name)
        return web.Response(204 if request.microversion[1] >= 2 else 202)

    def _user(self, request):
        user_id = request.query.get("user_id")
        if user_id and user_id != request.token.user_id:
            base.require_admin(request, "os-keypairs:index")
            return user_id
        return request.token.user_id

    def _pair(self, request, name):
        user_id = self._user(request)
        pair = self.cloud.keypairs.get(user_id, name)
        if pair is None:
            raise web.Fault(404, f"Keypair {name} not found for user {user_id}")
        return pair


def _view(request, pair):
    body = {key: pair[key] for key in ("name", "public_key", "fingerprint")}
    if request.microversion[1] >= 2:
        body["type"] = pair["type"]
    return body
