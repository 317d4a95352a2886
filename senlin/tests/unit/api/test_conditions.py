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

"""ETag, If-Match and If-None-Match of single objects (1.16)."""

import datetime
import re

import ddt
import sqlalchemy as sa

from senlin.api import conditions
from senlin.api import microversions
from senlin.api import routes
from senlin.api.views import actions as action_views
from senlin.api.views import clusters as cluster_views
from senlin.api.views import events as event_views
from senlin.api.views import nodes as node_views
from senlin.api.views import policies as policy_views
from senlin.api.views import profiles as profile_views
from senlin.api.views import receivers as receiver_views
from senlin.common import exception
from senlin.db import facade
from senlin.db import lookup
from senlin.db import reads
from senlin.db import tags
from senlin.db import types
from senlin.tests.unit import base as unit_base
from senlin.tests.unit.api import base

KINDS = ("cluster", "node", "profile", "policy", "receiver", "action", "event")
LATEST = microversions.MAXIMUM


def _path(kind, row):
    plural = kind[:-1] + "ies" if kind.endswith("y") else kind + "s"
    return f"/v1/{plural}/{row['id']}"


@ddt.ddt
class ShowTest(base.ApiTestCase):
    def tag(self, path, version="1.16", **headers):
        return self.get(path, version=version, **headers).headers.get("ETag")

    @ddt.data(*KINDS)
    def test_an_object_is_shown_with_a_strong_tag(self, kind):
        path = _path(kind, self.insert(kind))
        self.assertRegex(self.tag(path), r'^"[0-9a-f]{40}"$')
        self.assertEqual(self.tag(path), self.tag(path))

    @ddt.data(*KINDS)
    def test_there_is_no_tag_before_its_version(self, kind):
        self.assertIsNone(self.tag(_path(kind, self.insert(kind)), version="1.15"))

    @ddt.data(*KINDS)
    def test_who_has_an_object_already_is_not_sent_it_again(self, kind):
        path = _path(kind, self.insert(kind))
        tag = self.tag(path)
        for known in (tag, f'"x", W/{tag}', "*"):
            response = self.get(path, version="1.16", status=304, **{"If-None-Match": known})
            self.assertEqual(b"", response.body)
            self.assertEqual(tag, response.headers["ETag"])
            self.assertNotIn("Content-Type", response.headers)
        self.get(path, version="1.16", status=200, **{"If-None-Match": '"x"'})
        self.get(path, version="1.15", status=200, **{"If-None-Match": tag})

    def test_an_object_that_is_not_as_it_must_be_is_not_shown(self):
        path = _path("profile", self.insert("profile"))
        response = self.get(path, version="1.16", status=412, **{"If-Match": '"x"'})
        self.assertEqual("PreconditionFailed", response.json["error"]["type"])
        self.get(path, version="1.16", status=200, **{"If-Match": self.tag(path)})

    def test_the_binding_of_a_policy_has_a_tag(self):
        cluster, policy = self.insert("cluster"), self.insert("policy")
        table = reads.models.ClusterPolicy.__table__
        self.insert(table, cluster_id=cluster["id"], policy_id=policy["id"], priority=1)
        self.assertIsNotNone(self.tag(f"/v1/clusters/{cluster['id']}/policies/{policy['id']}"))

    def test_what_the_cloud_tells_of_a_node_has_none(self):
        node = self.insert("node", physical_id="server")
        self.engine.answers["node_details"] = {"status": "ACTIVE"}
        path = _path("node", node)
        self.assertIsNone(self.tag(f"{path}?show_details=true"))
        self.assertIsNotNone(self.tag(path))

    def test_a_new_member_changes_the_tag_of_its_cluster(self):
        cluster = self.insert("cluster")
        before = self.tag(_path("cluster", cluster))
        self.insert("node", cluster_id=cluster["id"])
        self.assertNotEqual(before, self.tag(_path("cluster", cluster)))

    def test_those_calls_are_declared_that_show_a_tag(self):
        tagged = {
            path
            for path, methods in routes.ROUTES.items()
            for method, call in methods.items()
            if call.tagged
        }
        objects = {_path(kind, {"id": "{id}"}).removeprefix("/v1") for kind in KINDS}
        self.assertEqual(objects | {"/clusters/{id}/policies/{policy}"}, tagged)

    def test_those_calls_are_declared_that_take_a_condition(self):
        taking = {
            (method, path)
            for path, methods in routes.ROUTES.items()
            for method, call in methods.items()
            if call.conditional
        }
        changes = {
            (method, re.sub(r"/.(?=/|$)", "/{id}", path.removeprefix("/v1")))
            for method, path, _ in ChangeTest.CHANGES
        }
        self.assertEqual(changes, taking)

    def test_lists_have_none(self):
        self.insert("profile")
        self.assertIsNone(self.tag("/v1/profiles"))


@ddt.ddt
class ChangeTest(base.ApiTestCase):
    """The conditions of a change reach the engine, which decides on them."""

    def setUp(self):
        super().setUp()
        self.seen = []
        answer = {"action": "a", "cluster": self.cluster_row(), "node": self.node_row()}
        for method in (
            "cluster_update",
            "cluster_delete",
            "cluster_scale_out",
            "cluster_op",
            "node_update",
            "node_delete",
            "node_check",
            "node_op",
        ):
            self.engine.answers[method] = self.note(answer)
        for kind in ("profile", "policy", "receiver"):
            self.engine.answers[f"{kind}_update"] = self.note(self.row(kind))
            self.engine.answers[f"{kind}_delete"] = self.note(None)
        self.insert("action", id="a")
        self.engine.answers["action_cancel"] = self.note(None)

    def note(self, answer):
        def reply(context, **arguments):
            self.seen.append(context.if_match)
            return answer

        return reply

    CHANGES = (
        ("PATCH", "/v1/clusters/c", {"cluster": {"name": "n"}}),
        ("DELETE", "/v1/clusters/c", None),
        ("POST", "/v1/clusters/c/actions", {"scale_out": {}}),
        ("POST", "/v1/clusters/c/ops", {"reboot": {}}),
        ("PATCH", "/v1/nodes/n", {"node": {"name": "n"}}),
        ("DELETE", "/v1/nodes/n", None),
        ("POST", "/v1/nodes/n/actions", {"check": {}}),
        ("POST", "/v1/nodes/n/ops", {"reboot": {}}),
        ("PATCH", "/v1/profiles/p", {"profile": {"name": "n"}}),
        ("DELETE", "/v1/profiles/p", None),
        ("PATCH", "/v1/policies/p", {"policy": {"name": "n"}}),
        ("DELETE", "/v1/policies/p", None),
        ("PATCH", "/v1/receivers/r", {"receiver": {"name": "n"}}),
        ("DELETE", "/v1/receivers/r", None),
        ("PATCH", "/v1/actions/a", {"action": {"status": "CANCELLED"}}),
    )

    @ddt.data(*CHANGES)
    @ddt.unpack
    def test_the_tags_are_passed_on(self, method, path, body):
        self.send(method, path, body, version="1.16", **{"If-Match": '"a", "b",W/"weak"'})
        self.send(method, path, body, version="1.16", **{"If-Match": "*"})
        self.send(method, path, body, version="1.16")
        self.send(method, path, body, version="1.15", **{"If-Match": '"a"'})
        self.assertEqual([["a", "b"], None, None, None], self.seen)

    def test_a_change_of_something_else_is_412(self):
        error = exception.PreconditionFailed(type="cluster", id="c")
        self.engine.answers["cluster_delete"] = error
        response = self.delete("/v1/clusters/c", version="1.16", **{"If-Match": '"a"'}, status=412)
        self.assert_refused(
            response,
            412,
            "The cluster 'c' has changed: its ETag is none of those in If-Match.",
            "PreconditionFailed",
        )

    @ddt.data("", "a", '"a', '"a" "b"', '"a",,"b"', "W/a", '"' + "x" * 9000 + '"')
    def test_what_is_no_list_of_tags_is_refused(self, value):
        response = self.delete("/v1/clusters/c", version="1.16", **{"If-Match": value}, status=400)
        message = 'The If-Match header must be "*" or tags as in "1a2b".'
        self.assert_invalid(response, message)
        self.assertEqual([], self.seen)


class ParsingTest(unit_base.TestCase):
    def test_weak_tags_never_match_strongly_but_weakly_they_do(self):
        self.assertEqual([], conditions.required('W/"a"'))
        self.assertTrue(conditions.is_unchanged('W/"a"', "a"))


@ddt.ddt
class TagTest(base.ApiTestCase):
    """A tag changes with everything that is shown, and with nothing else."""

    VIEWS = {
        "cluster": cluster_views.cluster,
        "node": lambda row: node_views.node(row, LATEST),
        "profile": lambda row: profile_views.profile(row, _Nobody),
        "policy": policy_views.policy,
        "receiver": receiver_views.receiver,
        "action": lambda row: action_views.action(row, LATEST),
        "event": event_views.event,
    }

    @ddt.data(*KINDS)
    def test_it_changes_exactly_with_what_is_shown(self, kind):
        row = self.shown(kind, self.insert(kind)["id"])
        for name, value in row.items():
            changed = {**row, name: _another(_value(kind, name, value))}
            same = self.VIEWS[kind](row) == self.VIEWS[kind](changed)
            same_tag = tags.of(kind, row) == tags.of(kind, changed)
            self.assertEqual(same, same_tag, name)

    def shown(self, kind, identity):
        return facade.read(
            lambda conn: reads.with_relations(conn, kind, lookup.get(conn, kind, identity))
        )


#: A value of a column that holds none.
_FIRST = {
    types.UtcDateTime: base.MOMENT,
    types.Json: {},
    sa.String: "",
    sa.Text: "",
    sa.Integer: 0,
    sa.Float: 0.0,
    sa.Boolean: False,
}


def _value(kind, name, value):
    return _FIRST[type(lookup.table(kind).c[name].type)] if value is None else value


class _Nobody:
    user_id = None


def _another(value):
    if isinstance(value, datetime.datetime):
        return value + datetime.timedelta(seconds=1)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, list):
        return [*value, "more"]
    if isinstance(value, dict):
        return {**value, "more": 1}
    return f"{value}x"
