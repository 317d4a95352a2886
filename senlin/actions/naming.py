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

"""What nodes and actions are called (API contract, 3.8.4 and A.6)."""

import random
import re
import string

DEFAULT_FORMAT = "node-$8R"

_DEFAULT_WIDTH = 8
#: Longest name a row can hold.
MAX_LENGTH = 255
_DIRECTIVE = re.compile(r"\$(\d{0,8})([RrI])")

_system_random = random.SystemRandom()


def node_name(name_format, index, rng=_system_random):
    """The name of the member with ``index``.

    ``$nR`` gives n random letters and digits, of which the first is a letter;
    ``$nr`` the same in lower case; ``$nI`` the index, padded with zeros to n
    digits. Without n, R is 8 long and I unpadded. Other text is literal.

    :param name_format: the cluster's ``node.name.format``; None or anything
        that is not text means the default.
    :param rng: a ``random.Random``.
    """
    if not isinstance(name_format, str) or not name_format:
        name_format = DEFAULT_FORMAT

    def replace(match):
        width, directive = match.groups()
        if directive == "I":
            return str(index).zfill(min(int(width or 0), MAX_LENGTH))
        length = min(int(width), MAX_LENGTH) if width else _DEFAULT_WIDTH
        text = random_text(length, rng)
        return text.lower() if directive == "r" else text

    # A format such as "$0R" leaves nothing to call a node by.
    return _DIRECTIVE.sub(replace, name_format)[:MAX_LENGTH] or free_node_name(rng)


def free_node_name(rng=_system_random):
    """A name for a node that nobody named: ``node-`` and 8 random characters."""
    return "node-" + random_text(_DEFAULT_WIDTH, rng)


def random_text(length, rng=_system_random):
    """Random letters and digits, of which the first is a letter."""
    if length < 1:
        return ""
    alphabet = string.ascii_letters + string.digits
    return rng.choice(string.ascii_letters) + "".join(
        rng.choice(alphabet) for _ in range(length - 1)
    )


def action_name(verb, target_id):
    """An action's name: the verb and the first eight characters of an id."""
    return f"{verb}_{target_id[:8]}"
