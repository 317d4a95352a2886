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

"""NODE_OPERATION: an operation that the profile type publishes."""

from senlin.actions.node import base
from senlin.common import consts
from senlin.profiles import base as profiles


class NodeOperation(base.NodeProgram):
    """Runs ``inputs['operation']`` with ``inputs['params']``."""

    procedure = "operate"
    entry_status = consts.NodeStatus.OPERATING

    def call(self, ctx, profile):
        if not ctx.node["physical_id"]:
            raise profiles.ProcedureFailed(
                consts.ReasonClass.NOT_FOUND, "The node has no physical object to operate on."
            )
        return super().call(ctx, profile)

    def success_reason(self, ctx, answer):
        return answer.reason or f"Operation '{ctx.inputs.get('operation')}' succeeded"
