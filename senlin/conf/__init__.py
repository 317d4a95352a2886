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

"""The service's configuration.

``CONF`` is oslo.config's global object with every option of the service
registered. Each group has a module with ``register_opts(conf)`` and
``list_opts()``; :mod:`senlin.conf.opts` collects them for the generators.
"""

from oslo_config import cfg

from senlin.conf import api
from senlin.conf import authentication
from senlin.conf import default
from senlin.conf import dispatchers
from senlin.conf import engine
from senlin.conf import lifecycle_hooks
from senlin.conf import receiver
from senlin.conf import revision
from senlin.conf import sandbox
from senlin.conf import secrets
from senlin.conf import upgrade_levels

GROUPS = (
    default,
    api,
    authentication,
    dispatchers,
    engine,
    lifecycle_hooks,
    receiver,
    revision,
    sandbox,
    secrets,
    upgrade_levels,
)

CONF = cfg.CONF

for _group in GROUPS:
    _group.register_opts(CONF)
