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

"""Secrets at rest: sealed with keys from a file, never shown.

Sealing is Fernet's authenticated encryption; with several keys in the file the
first one seals and all of them unseal, which is how keys are rotated. In a
spec the value of each secret property is replaced by ``{"__sealed__": text}``.
"""

import copy
import json
import os
import threading

from cryptography import fernet

from senlin.common import exception
from senlin.conf import CONF

MARK = "__sealed__"
MASK = "******"

#: Where secrets stand in a spec; ``*`` stands for each item of a list.
SECRET_PATHS = (
    ("properties", "admin_pass"),
    ("properties", "user_data"),
    ("properties", "personality", "*", "contents"),
    ("properties", "context", "password"),
    ("properties", "context", "auth_token"),
    ("properties", "context", "auth_token_info"),
)

_lock = threading.Lock()
_loaded = {}


def create_key_file(path):
    """Make a file with one new key, readable by its owner only, if there is none.

    :returns: whether a file was made.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as stream:
        stream.write(fernet.Fernet.generate_key() + b"\n")
    return True


def seal(text):
    """Encrypt a text; the result is ASCII and differs from call to call."""
    return _box().encrypt(text.encode()).decode()


def unseal(token):
    """The text that :func:`seal` was given.

    :raises SenlinError: if none of the keys fits.
    """
    try:
        return _box().decrypt(token.encode()).decode()
    except fernet.InvalidToken:
        raise exception.SenlinError(
            "A sealed value cannot be read: none of the keys in "
            f"[DEFAULT] secrets_key_file ({CONF.secrets_key_file}) fits."
        )


def is_sealed(value):
    """Whether a value is the sealed form of a secret."""
    return isinstance(value, dict) and MARK in value


def seal_value(value):
    """The sealed form of any JSON value; a sealed one is left alone."""
    return value if is_sealed(value) else {MARK: seal(json.dumps(value))}


def open_value(value):
    """The value behind its sealed form; any other value is left alone."""
    return json.loads(unseal(value[MARK])) if is_sealed(value) else value


def seal_spec(spec):
    """A copy of a spec in which the secrets are sealed."""
    return _replace(spec, seal_value)


def open_spec(spec):
    """A copy of a spec in which the secrets can be read."""
    return _replace(spec, open_value)


def redact(spec):
    """A copy of a spec in which the secrets are masked, sealed or not."""
    return _replace(spec, lambda value: MASK)


def _replace(spec, function):
    if not isinstance(spec, dict):
        return spec
    result = copy.deepcopy(spec)
    for path in SECRET_PATHS:
        _replace_at(result, path, function)
    return result


def _replace_at(place, path, function):
    key, rest = path[0], path[1:]
    if key == "*":
        for item in place if isinstance(place, list) else ():
            _replace_at(item, rest, function)
    elif isinstance(place, dict) and place.get(key) is not None:
        if rest:
            _replace_at(place[key], rest, function)
        else:
            place[key] = function(place[key])


def _box():
    """The keys of the file; read again when the file changes."""
    path = CONF.secrets_key_file
    try:
        stamp = os.stat(path)
        version = (stamp.st_mtime_ns, stamp.st_size, stamp.st_ino)
        with _lock:
            known = _loaded.get(path)
            if known is None or known[0] != version:
                known = _loaded[path] = (version, _read(path))
    except OSError as error:
        raise exception.SenlinError(
            f"The keys for secrets cannot be read from {path}: {error.strerror}. "
            "[DEFAULT] secrets_key_file must name a readable file."
        )
    return known[1]


def _read(path):
    with open(path, "rb") as stream:
        lines = [line.strip() for line in stream]
    try:
        keys = [fernet.Fernet(line) for line in lines if line and not line.startswith(b"#")]
    except ValueError:
        raise exception.SenlinError(f"{path} holds a line that is not a Fernet key.")
    if not keys:
        raise exception.SenlinError(f"{path} holds no key.")
    return fernet.MultiFernet(keys)
