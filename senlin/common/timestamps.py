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

"""Moments: epoch seconds in the engine, aware datetimes in rows, text outside."""

import datetime


def from_epoch(seconds):
    """The aware UTC datetime of epoch ``seconds``."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def render(moment):
    """``YYYY-MM-DDTHH:MM:SSZ`` (API contract, 2.8), or None for None."""
    if moment is None:
        return None
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
