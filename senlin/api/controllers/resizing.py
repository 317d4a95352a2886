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


"""What a resize request must make sense of by itself (API contract, 3.6.7)."""

import math

from senlin.api.validation import formats
from senlin.common import consts
from senlin.common import exception


def arguments(parameters):
    """The arguments of the engine's resize, from checked parameters.

    :raises RequestInvalid: they contradict each other, or say nothing.
    """
    adjustment = parameters.get("adjustment_type")
    number = parameters.get("number")
    min_size = formats.as_integer(parameters.get("min_size"))
    max_size = formats.as_integer(parameters.get("max_size"))
    min_step = None
    if adjustment == consts.Adjustment.CHANGE_IN_PERCENTAGE:
        min_step = formats.as_integer(parameters.get("min_step"))
    if (adjustment, number, min_size, max_size) == (None,) * 4:
        raise exception.RequestInvalid("Not enough parameters to do resize action.")
    _check_pair(adjustment, number)
    _check_bounds(min_size, max_size)
    number = _whole(adjustment, number)
    if adjustment == consts.Adjustment.EXACT_CAPACITY and number < 0:
        raise exception.RequestInvalid(
            "The 'number' must be non-negative for the adjustment_type 'EXACT_CAPACITY'."
        )
    strict = parameters.get("strict")
    return {
        "adjustment_type": adjustment,
        "number": number,
        "min_size": min_size,
        "max_size": max_size,
        "min_step": min_step,
        "strict": True if strict is None else strict,
    }


def _check_pair(adjustment, number):
    if adjustment is not None and number is None:
        raise exception.RequestInvalid("Missing number value for size adjustment.")
    if number is not None and adjustment is None:
        raise exception.RequestInvalid("Missing adjustment_type value for size adjustment.")
    if number is not None and abs(number) > formats.MAX_INTEGER:
        raise exception.RequestInvalid("The 'number' is too large.")


def _check_bounds(min_size, max_size):
    if min_size is not None and max_size is not None and 0 < max_size < min_size:
        raise exception.RequestInvalid(
            f"The specified min_size ({min_size}) is greater than the specified "
            f"max_size ({max_size})."
        )


def _whole(adjustment, number):
    """Only percentages may have a fraction."""
    if number is None or adjustment == consts.Adjustment.CHANGE_IN_PERCENTAGE:
        return number
    return math.trunc(number)
