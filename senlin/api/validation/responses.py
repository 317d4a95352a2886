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

"""Comparing what the service answers with what it declares.

``[senlin_api] response_validation`` says what becomes of a difference: nothing, a line
in the log, or an error. Tests run with the latter.
"""

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

IGNORE = "ignore"
WARN = "warn"
ERROR = "error"


class ResponseInvalid(Exception):
    """The service answers what its own schema does not allow: a defect of it."""


def check(mode, name, problem):
    """Do with a problem what the operator wants.

    :param mode: one of the values of the option.
    :param name: of the method that answered.
    :param problem: a function that gives a text, or None when all is well.
    :raises ResponseInvalid: there is one, and ``mode`` is ERROR.
    """
    if mode == IGNORE:
        return
    text = problem()
    if text is None:
        return
    if mode == ERROR:
        raise ResponseInvalid(f"{name} answers what it must not: {text}")
    LOG.warning("%s answers what it must not: %s", name, text)
