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

"""The page that explains the metrics, against what the code exports."""

import pathlib
import re

from senlin.api.middleware import metrics as api_metrics
from senlin.cloud import calls
from senlin.common import metrics
from senlin.engine import metrics as engine_metrics
from senlin.rpc import client
from senlin.rpc import server as rpc_server
from senlin.sandbox import metrics as sandbox_metrics
from senlin.tests.unit import base
from senlin.tests.unit.engine import world
from senlin.wsgi import server as wsgi_server

PAGE = pathlib.Path(__file__).resolve().parents[4] / "doc/source/admin/metrics.rst"
#: Each makes its metrics when it is imported.
MAKERS = (api_metrics, calls, client, engine_metrics, rpc_server, wsgi_server)


class DocumentationTest(base.DatabaseTestCase):
    def exported(self):
        """Name -> (what kind it is, its labels) as far as these are known without samples."""
        families = list(metrics.REGISTRY.collect())
        services = world.World().services
        families += engine_metrics.Collector(services, lambda: 0, dict).collect()
        families += sandbox_metrics.Collector(dict).collect()
        return {f.name: f.type for f in families if f.name.startswith("senlin_")}

    def explained(self):
        """Name without ``_total`` -> kind, of each line of the page's tables."""
        found = re.findall(r"^``(senlin_\w+)(?:\{\S+\})?`` \((\w+)\)", PAGE.read_text(), re.M)
        return {name.removesuffix("_total"): kind for name, kind in found}

    def test_every_metric_is_explained_and_every_explanation_has_its_metric(self):
        self.assertTrue(all(MAKERS))
        self.assertEqual(self.exported(), self.explained())
