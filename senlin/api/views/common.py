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


"""Shaping of single values (API contract, 2.8)."""


def timestamp(moment):
    """``YYYY-MM-DDTHH:MM:SSZ`` of a moment, None of None.

    :param moment: an aware UTC datetime from the database, or the ISO 8601 text
        in UTC that the engine sends.
    """
    if moment is None:
        return None
    text = moment if isinstance(moment, str) else moment.isoformat()
    return text[:19] + "Z"
