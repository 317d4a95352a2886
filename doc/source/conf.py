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

"""Configuration of the documentation's build."""

project = "senlin"
copyright = "OpenStack Foundation"  # noqa: A001 - the name Sphinx wants

extensions = [
    "openstackdocstheme",
    "oslo_config.sphinxconfiggen",
    "oslo_config.sphinxext",
    "oslo_policy.sphinxext",
    "oslo_policy.sphinxpolicygen",
]

html_theme = "openstackdocs"
openstackdocs_repo_name = "openstack/senlin"
openstackdocs_pdf_link = False
openstackdocs_auto_name = False
openstackdocs_use_storyboard = False

config_generator_config_file = [
    ("../../etc/senlin/config-generator.conf", "_static/senlin"),
]
policy_generator_config_file = [
    ("../../etc/senlin/policy-generator.conf", "_static/senlin"),
]

exclude_patterns = []
pygments_style = "native"
