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


"""Sends the path of the health check to oslo.middleware's health check only.

That application answers whatever request reaches it, so it must not stand in
the way of the others.
"""

PATH = "/healthcheck"


class HealthRoute:
    """Chooses between the health check and the API by the path."""

    def __init__(self, application, healthcheck):
        self.application = application
        self.healthcheck = healthcheck

    def __call__(self, environ, start_response):
        if environ.get("PATH_INFO") == PATH:
            return self.healthcheck(environ, start_response)
        return self.application(environ, start_response)
