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

"""The samples of the API reference are what the service takes and answers.

With ``SENLIN_WRITE_SAMPLES=1`` in the environment, the samples of answers are written anew from
those of the running service.
"""

import json
import os
import re
import uuid

from senlin.tests.functional import base
from senlin.tests.functional import samples

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMESPACE = uuid.UUID("6f0c2a6e-54a6-4f0b-9d0e-0c6a1f6f2c11")
_OPEN = (".data", ".inputs", ".outputs")
_SHOWN_ADDRESS = "http://controller:8777"


class SamplesTest(base.TestCase):
    def test_the_samples_are_true(self):
        tour = samples.Tour(self.service)
        tour.run()
        if os.environ.get("SENLIN_WRITE_SAMPLES"):
            write(tour)
        names = {path.stem for path in samples.PLACE.glob("*.json")}
        self.assertEqual(names, set(tour.answers) | tour.sent)
        found = [
            f"{name}{problem}"
            for name, answers in sorted(tour.answers.items())
            for answer in answers
            for problem in differences(samples.load(name), answer)
        ]
        self.assertEqual([], found)


def differences(sample, answer, place=""):
    """Where an answer is not built like its sample, as texts.

    Null may stand for anything, and texts and numbers may differ, and so may what
    depends on an object's history.
    """
    if sample is None or answer is None or place.endswith(_OPEN):
        return
    if isinstance(sample, dict) and isinstance(answer, dict):
        for key in sorted(set(sample) ^ set(answer)):
            yield f"{place}.{key}: only in the {'sample' if key in sample else 'answer'}"
        for key in set(sample) & set(answer):
            yield from differences(sample[key], answer[key], f"{place}.{key}")
    elif isinstance(sample, list) and isinstance(answer, list):
        if sample and answer:
            yield from differences(sample[0], answer[0], f"{place}[0]")
    elif type(sample) is not type(answer):
        yield f"{place}: {answer!r} in place of {sample!r}"


def write(tour):
    """Replace the samples of answers by those of a tour, with made-up ids."""
    text = json.dumps({name: answers[-1] for name, answers in tour.answers.items()})
    text = text.replace(tour.root, _SHOWN_ADDRESS)
    for number, known in enumerate(dict.fromkeys(_UUID.findall(text))):
        shown = str(uuid.uuid5(_NAMESPACE, str(number)))
        text = text.replace(known, shown)
        text = re.sub(rf'(?<=[_"]){known[:8]}\b', shown[:8], text)
    for name, document in json.loads(text).items():
        target = samples.PLACE / f"{name}.json"
        target.write_text(json.dumps(document, indent=4) + "\n")
