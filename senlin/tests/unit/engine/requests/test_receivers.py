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

"""Receivers and what comes through them."""

from senlin.cloud import errors
from senlin.common import consts
from senlin.common import exception
from senlin.tests.unit.engine.requests import base


class _ReceiverTestCase(base.RequestTestCase):
    def setUp(self):
        super().setUp()
        self.conf.set_override("host", "hooks.test", "receiver")
        self.cluster = self.make_cluster(name="c", max_size=5)

    def make(self, context=None, **values):
        given = {"name": "r", "type": "webhook", "cluster_id": "c", "action": "CLUSTER_SCALE_OUT"}
        return self.ask("receiver_create", context, **{**given, **values})

    def refuse_to_make(self, error, context=None, **values):
        given = {"name": "r", "type": "webhook", "cluster_id": "c", "action": "CLUSTER_SCALE_OUT"}
        return self.refused(error, "receiver_create", context, **{**given, **values})


class CreateTest(_ReceiverTestCase):
    def test_a_webhook_has_an_address(self):
        made = self.make(params={"count": 1, "b c": "x&y", "a": True})
        self.assertEqual(
            f"http://hooks.test:8777/v1/webhooks/{made['id']}/trigger?V=2&a=true&b+c=x%26y&count=1",
            made["channel"]["alarm_url"],
        )
        self.assertEqual(self.cluster["id"], made["cluster_id"])
        self.assertEqual(("u1", "p1", "default"), (made["user"], made["project"], made["domain"]))
        self.assertEqual(made["id"], self.row("receiver", made["id"])["id"])

    def test_the_address_is_that_of_the_catalog(self):
        self.conf.clear_override("host", "receiver")
        for endpoint in ("http://api.test/clustering", "http://api.test/clustering/v1/"):
            self.pool.endpoint = endpoint
            url = self.make()["channel"]["alarm_url"]
            self.assertIn("http://api.test/clustering/v1/webhooks/", url)

    def test_the_address_is_this_host_when_nothing_else_is_known(self):
        self.conf.clear_override("host", "receiver")
        self.conf.set_override("host", "here")
        self.assertIn("http://here:8777/v1/webhooks/", self.make()["channel"]["alarm_url"])

    def test_a_trust_is_made_sure_of(self):
        self.pool.trusted.clear()
        self.make()
        self.assertEqual([("u1", "p1")], self.pool.trusted)

    def test_an_unknown_cluster(self):
        message = self.refuse_to_make(exception.BadRequest, cluster_id="x")
        self.assertEqual("The referenced cluster 'x' could not be found.", message)

    def test_a_cluster_of_another_user(self):
        self.refuse_to_make(exception.Forbidden, base.a_context(user="another"))

    def test_an_administrators_receiver_acts_for_the_clusters_owner(self):
        admin = base.a_context(project="admin", user="admin", is_admin=True)
        made = self.make(admin, cluster_id=self.cluster["id"])
        self.assertEqual("admin", made["user"])
        row = self.row("receiver", made["id"])
        self.assertEqual({"user": "u1", "project": "p1", "domain": "default"}, row["actor"])

    def test_a_receiver_cannot_create_clusters(self):
        self.refuse_to_make(exception.BadRequest, action="CLUSTER_CREATE")

    def test_messages_are_not_received(self):
        message = self.refuse_to_make(exception.BadRequest, type="message")
        self.assertEqual("Receivers of type 'message' are not supported.", message)

    def test_a_name_that_is_taken(self):
        self.make()
        self.make()
        self.conf.set_override("name_unique", True)
        self.refuse_to_make(exception.BadRequest)


class ChangeTest(_ReceiverTestCase):
    def test_name_action_and_params_change_and_the_address_stays(self):
        made = self.make(params={"count": 1})
        changed = self.ask(
            "receiver_update", identity="r", name="s", action="CLUSTER_CHECK", params={}
        )
        self.assertEqual(
            {
                **made,
                "name": "s",
                "action": "CLUSTER_CHECK",
                "params": {},
                "updated_at": changed["updated_at"],
            },
            changed,
        )
        self.assertIsNotNone(changed["updated_at"])
        self.assertEqual("s", self.row("receiver", made["id"])["name"])

    def test_a_change_of_nothing(self):
        self.make(params={"count": 1})
        for given in ({}, {"name": "r"}, {"params": {"count": 1}, "action": None}):
            message = self.refused(exception.BadRequest, "receiver_update", identity="r", **given)
            self.assertEqual("No property needs an update.", message)

    def test_a_change_to_creating_clusters(self):
        self.make()
        self.refused(exception.BadRequest, "receiver_update", identity="r", action="CLUSTER_CREATE")

    def test_a_deletion(self):
        made = self.make()
        self.ask("receiver_delete", identity="r")
        self.assertIsNone(self.row("receiver", made["id"]))

    def test_receivers_of_others_are_not_found(self):
        self.make()
        stranger = base.a_context(project="another")
        for method in ("receiver_update", "receiver_delete"):
            self.refused(exception.ResourceNotFound, method, stranger, identity="r")


class TriggerTest(_ReceiverTestCase):
    def test_the_action_is_the_receivers(self):
        made = self.make(params={"count": 1, "kept": True})
        self.doorbell.rings = 0
        action = self.action(
            self.ask("webhook_trigger", identity=made["id"], params={"count": "abc"})
        )
        self.assertEqual(f"webhook_{made['id'][:8]}", action["name"])
        self.assertEqual("CLUSTER_SCALE_OUT", action["action"])
        self.assertEqual(self.cluster["id"], action["target"])
        self.assertEqual(self.cluster["id"], action["cluster_id"])
        self.assertEqual("RPC Request", action["cause"])
        self.assertEqual({"count": "abc", "kept": True}, action["inputs"])
        self.assertEqual(("u1", "p1"), (action["user"], action["project"]))
        self.assertEqual(1, self.doorbell.rings)

    def test_without_params_the_receivers_own_count(self):
        made = self.make(action="CLUSTER_RESIZE", params={"max_size": 2})
        action = self.action(self.ask("webhook_trigger", identity=made["id"]))
        self.assertEqual({"max_size": 2}, action["inputs"])

    def test_a_cluster_that_is_busy(self):
        made = self.make()
        self.ask("webhook_trigger", identity=made["id"])
        self.refused(exception.ActionConflict, "webhook_trigger", identity=made["id"])

    def test_a_deletion_cancels_what_runs(self):
        running = self.ask("webhook_trigger", identity=self.make()["id"])
        hook = self.make(action="CLUSTER_DELETE")
        self.ask("webhook_trigger", identity=hook["id"])
        self.assertEqual(consts.Control.CANCEL, self.action(running)["control"])

    def test_a_trust_that_does_not_work(self):
        made = self.make()
        for failure in (
            errors.CloudError("gone", status=401, reason=consts.ReasonClass.AUTH),
            errors.CloudError("gone", status=404, reason=consts.ReasonClass.NOT_FOUND),
        ):
            self.pool.trust_failure = failure
            self.refused(exception.Forbidden, "webhook_trigger", identity=made["id"])
        self.pool.trust_failure = errors.CloudError("slow", retryable=True)
        self.refused(exception.ServiceUnavailable, "webhook_trigger", identity=made["id"])

    def test_a_cluster_that_is_gone(self):
        made = self.make()
        self.change("receiver", made["id"], cluster_id="gone")
        message = self.refused(exception.BadRequest, "webhook_trigger", identity=made["id"])
        self.assertEqual("The referenced cluster 'gone' could not be found.", message)

    def test_a_receiver_of_messages(self):
        made = self.make()
        self.change("receiver", made["id"], type="message")
        self.refused(exception.BadRequest, "webhook_trigger", identity=made["id"])

    def test_an_unknown_receiver(self):
        self.refused(exception.ResourceNotFound, "webhook_trigger", identity="r")
