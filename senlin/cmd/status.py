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

"""senlin-status: can this installation be upgraded?

The exit status of ``upgrade check`` is 0 when all is well, 1 for warnings, 2
for failures and 255 when the check itself broke.
"""

from senlin.common import concurrency

concurrency.setup(threading_only=True)

import sys

from oslo_upgradecheck import common_checks
from oslo_upgradecheck import upgradecheck

from senlin.cmd import checks
from senlin.cmd import startup
from senlin.conf import CONF
from senlin.db import facade

BINARY = "senlin-status"


class Checks(upgradecheck.UpgradeCommands):
    """The checks; each looks at one thing and changes nothing."""

    _upgrade_checks = (
        ("Database schema", lambda commands: checks.schema()),
        ("Online data migrations", lambda commands: checks.data()),
        ("Key for secrets", lambda commands: checks.secrets_key()),
        ("Releases of engines", lambda commands: checks.releases()),
        ("Configuration", lambda commands: checks.configuration()),
        ("Policy file", (common_checks.check_policy_json, {"conf": CONF})),
    )


def main():
    """Run senlin-status; gives the exit status."""
    startup.register_library_opts(CONF)
    upgradecheck.register_cli_options(CONF, Checks())
    CONF(project=startup.PROJECT, prog=BINARY, version=startup.version())
    facade.configure()
    try:
        return upgradecheck.run(CONF)
    finally:
        facade.dispose()


if __name__ == "__main__":
    sys.exit(main())
