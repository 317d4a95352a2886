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

"""Settings of Sphinx for the API reference."""

import json
import pathlib

from senlin import conf
from senlin.api import microversions
from senlin.api import openapi

extensions = ["os_api_ref", "openstackdocstheme"]
project = "Clustering API Reference"
copyright = "OpenStack contributors"
root_doc = "index"
html_theme = "openstackdocs"
html_theme_options = {"sidebar_dropdown": "api_ref", "sidebar_mode": "toc"}
openstackdocs_repo_name = "openstack/senlin"
openstackdocs_bug_project = "senlin"
openstackdocs_bug_tag = "api-ref"
openstackdocs_auto_name = False

VERSIONS = [microversions.Version(1, minor) for minor in range(microversions.MAXIMUM.minor + 1)]
rst_epilog = ".. |openapi| replace:: {}".format(
    ", ".join(f"`{version} <openapi-{version}.json>`__" for version in VERSIONS)
)


def write_openapi(app, error):
    """Put an OpenAPI document of each microversion beside the pages."""
    if error is None:
        conf.CONF([], project="senlin", default_config_files=[], default_config_dirs=[])
        for version in VERSIONS:
            target = pathlib.Path(app.outdir) / f"openapi-{version}.json"
            target.write_text(json.dumps(openapi.document(version), indent=1))


def setup(app):
    """Let Sphinx call us."""
    app.connect("build-finished", write_openapi)
