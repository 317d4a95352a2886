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


"""Microversions of the API: which one a request asks for, and what each added.

The history for readers is ``rest_api_version_history.rst`` beside this module.
"""

import functools
import re
import typing

import microversion_parse

from senlin.common import exception

SERVICE_TYPE = "clustering"
HEADER = "OpenStack-API-Version"

_GRAMMAR = re.compile(r"([1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\Z", re.ASCII)


class Version(typing.NamedTuple):
    """A microversion; compares as numbers do."""

    major: int
    minor: int

    def __str__(self):
        return f"{self.major}.{self.minor}"


MINIMUM = Version(1, 0)
MAXIMUM = Version(1, 16)

# What a request needs at least, by feature.
COLLECT = VALIDATE = Version(1, 2)
REPLACE_NODES = Version(1, 3)
OPERATIONS = RECEIVER_USER_FILTER = DESTROY_AFTER_DELETION = Version(1, 4)
SUPPORT_STATUS = Version(1, 5)
PROFILE_ONLY = Version(1, 6)
ADOPT = CLUSTER_CONFIG = Version(1, 7)
FORCE_DELETE = Version(1, 8)
COMPLETE_LIFECYCLE = Version(1, 9)
WEBHOOK_BODY = Version(1, 10)
ACTION_UPDATE = Version(1, 12)
TAINTED = Version(1, 13)
ACTION_CLUSTER_ID = Version(1, 14)
ADVANCED_LISTS = Version(1, 15)
CONDITIONS = IDEMPOTENCY = Version(1, 16)


@functools.lru_cache(maxsize=256)
def from_header(value):
    """The version that the value of an OpenStack-API-Version header asks for.

    :param value: the header as received; None or "" if there is none.
    :raises InvalidAPIVersionString: the version is not written as MAJOR.MINOR.
    :raises InvalidGlobalAPIVersion: the version is not served.
    """
    wanted = microversion_parse.get_version({HEADER: value}, SERVICE_TYPE) if value else None
    if wanted is None:
        return MINIMUM
    if wanted.lower() == "latest":
        return MAXIMUM
    match = _GRAMMAR.match(wanted)
    if match is None:
        raise exception.InvalidAPIVersionString(version=wanted)
    version = Version(int(match[1]), int(match[2]))
    if not MINIMUM <= version <= MAXIMUM:
        raise exception.InvalidGlobalAPIVersion(requested=wanted, minimum=MINIMUM, maximum=MAXIMUM)
    return version


def require(version, since):
    """Refuse a call of something that came with the version ``since``.

    :raises MethodVersionNotFound: ``version`` is older.
    """
    if version < since:
        raise exception.MethodVersionNotFound(version=str(version))
