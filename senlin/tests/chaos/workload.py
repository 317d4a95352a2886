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

"""Users at work: they send what the plan says and note what was promised."""

import collections
import concurrent.futures
import dataclasses
import threading
import time

import requests

from senlin.cmd import statedir
from senlin.tests.chaos import wishes

_VERSION = {"OpenStack-API-Version": "clustering 1.15"}
_HANDS = 8
_ANSWER_SECONDS = 60
_PATIENCE = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """A request that was accepted.

    :ivar action: the id of the action that was named in the answer, or None
        where none is promised (a cancel).
    :ivar body: what was asked for; ``target``: the id of the cluster or node.
    """

    kind: str
    project: str
    action: str | None
    target: str | None
    body: dict
    request_id: str | None


class User:
    """A user with a token and an HTTP session of his own.

    :param deployment: the service.
    :param name: of the user and of his project.
    """

    def __init__(self, deployment, name):
        self.name = name
        self._urls = deployment.urls
        self._identity = f"{deployment.sandbox_url}/identity/v3"
        self._turn = 0
        self._session = requests.Session()
        self._session.headers.update(_VERSION)

    def log_in(self):
        """Get a token; tries again while the cloud is away."""
        domain = {"name": "Default"}
        user = {"name": self.name, "password": statedir.PASSWORD, "domain": domain}
        body = {
            "auth": {
                "identity": {"methods": ["password"], "password": {"user": user}},
                "scope": {"project": {"name": self.name, "domain": domain}},
            }
        }
        answer = self._session.post(f"{self._identity}/auth/tokens", json=body, timeout=10)
        answer.raise_for_status()
        self._session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
        self.project_id = answer.json()["token"]["project"]["id"]

    def send(self, method, path, body=None):
        """Ask one of the APIs, each in turn; gives the ``requests.Response``.

        An API that does not listen has heard nothing: then another one is asked.
        """
        self._turn += 1
        first = self._turn % len(self._urls)
        for url in (*self._urls[first:], *self._urls[:first]):
            try:
                return self._session.request(method, url + path, json=body, timeout=_ANSWER_SECONDS)
            except requests.exceptions.ConnectionError as error:
                if "Connection refused" not in str(error):
                    raise
                refused = error
        raise refused

    def insist(self, method, path, body=None, seconds=_PATIENCE):
        """Ask until the answer is not that the service is away or busy.

        Right only where asking twice does no harm.
        """
        end = time.monotonic() + seconds
        pause = threading.Event()
        while True:
            try:
                answer = self.send(method, path, body)
                if answer.status_code not in (409, 500, 503) or time.monotonic() > end:
                    return answer
            except requests.exceptions.RequestException:
                if time.monotonic() > end:
                    raise
            pause.wait(0.5)


class Workload:
    """Sends the requests of a plan, each when its time has come.

    :ivar promises: what was accepted, in order.
    :ivar answers: (kind, what came) -> how often; what came is a status or
        ``lost`` where there was no answer.
    :ivar errors: texts of answers that say 500.
    """

    def __init__(self, deployment, plan):
        self._plan = plan
        self.users = {name: User(deployment, name) for name in _projects(plan)}
        self.promises = []
        self.answers = collections.Counter()
        self.errors = []
        self._lock = threading.Lock()
        self._books = {}

    def prepare(self):
        """Log in and make what each project needs."""
        for name, user in self.users.items():
            user.log_in()
            self._books[name] = wishes.Wishes(user)

    def run(self, started, stopped):
        """Send everything; returns when the last answer is there.

        :param started: ``time.monotonic()`` of the plan's beginning.
        :param stopped: an Event that ends it early.
        """
        with concurrent.futures.ThreadPoolExecutor(_HANDS, "user") as hands:
            for request in self._plan.requests:
                if stopped.wait(max(0.0, started + request.at - time.monotonic())):
                    break
                hands.submit(self._serve, request)

    def _serve(self, request):
        book = self._books[request.project]
        try:
            wish = book.wish(request, self._last_action(request))
            if wish is None:
                self._count(request.kind, "nothing to ask for")
                return
            answer = self.users[request.project].send(wish.method, wish.path, wish.body)
        except requests.exceptions.RequestException:
            self._count(request.kind, "lost")
            return
        self._count(wish.kind, answer.status_code)
        if answer.status_code == 500:
            with self._lock:
                self.errors.append(f"{wish.method} {wish.path}: {answer.text[:300]}")
        if answer.ok:
            self._note(request, wish, answer, book)

    def _note(self, request, wish, answer, book):
        target = book.keep(wish, answer)
        location = answer.headers.get("Location", "")
        action = location.rsplit("/", 1)[1] if "/actions/" in location else None
        promise = Promise(
            kind=wish.kind,
            project=self.users[request.project].project_id,
            action=action,
            target=target,
            body=wish.body or {},
            request_id=answer.headers.get("X-Openstack-Request-Id"),
        )
        with self._lock:
            self.promises.append(promise)

    def _last_action(self, request):
        """Some recent action of the project, for cancels."""
        project = self.users[request.project].project_id
        with self._lock:
            mine = [p.action for p in self.promises if p.project == project and p.action]
        recent = mine[-4:]
        return recent[int(request.lot * len(recent))] if recent else None

    def _count(self, kind, what):
        with self._lock:
            self.answers[kind, what] += 1


def _projects(plan):
    return sorted({request.project for request in plan.requests})
