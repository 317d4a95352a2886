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

import json

import ddt
from keystoneauth1 import exceptions as ksa
import requests
import urllib3

from senlin.cloud import errors
from senlin.common.consts import ReasonClass
from senlin.tests.unit import base


def response(status, body=None, headers=None):
    made = requests.Response()
    made.status_code = status
    made.reason = "Reason"
    if body is not None:
        made._content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    made.headers.update(headers or {})
    return made


def nova(status, message):
    return response(status, {"anyName": {"message": message, "code": status}})


#: status, message, reason, retryable, outcome unknown (of a changing call)
TABLE = (
    (400, "Bad", ReasonClass.INVALID, False, False),
    (400, "Image x is unacceptable", ReasonClass.IMAGE, False, False),
    (401, "No", ReasonClass.AUTH, False, False),
    (403, "Policy doesn't allow", ReasonClass.AUTH, False, False),
    (403, "Quota exceeded for instances: Requested 1", ReasonClass.QUOTA, False, False),
    (409, "Cannot 'stop' instance", ReasonClass.CONFLICT, False, False),
    (409, "Quota exceeded for resources: ['port'].", ReasonClass.QUOTA, False, False),
    (409, "No more IP addresses available on network", ReasonClass.CAPACITY, False, False),
    (413, "Over limit", ReasonClass.QUOTA, False, False),
    (429, "Slow down", ReasonClass.UNAVAILABLE, True, False),
    (500, "Unexpected API Error", ReasonClass.UNAVAILABLE, True, True),
    (500, "No valid host was found", ReasonClass.CAPACITY, True, True),
    (501, "Not implemented", ReasonClass.UNAVAILABLE, False, False),
    (502, "Bad gateway", ReasonClass.UNAVAILABLE, True, True),
    (503, "Down", ReasonClass.UNAVAILABLE, True, False),
    (504, "Gateway timeout", ReasonClass.UNAVAILABLE, True, True),
)


@ddt.ddt
class TestFromResponse(base.TestCase):
    @ddt.data(*TABLE)
    @ddt.unpack
    def test_table(self, status, message, reason, retryable, unknown):
        error = errors.from_response(nova(status, message), "compute", changing=True)

        self.assertEqual(
            (message, status, reason, retryable, unknown),
            (error.message, error.status, error.reason, error.retryable, error.outcome_unknown),
        )

    def test_outcome_of_a_read_is_never_unknown(self):
        for status, message, *_ in TABLE:
            error = errors.from_response(nova(status, message), "compute", changing=False)
            self.assertFalse(error.outcome_unknown)

    @ddt.data(
        ({"NeutronError": {"type": "T", "message": "neutron says", "detail": ""}}, "neutron says"),
        ({"error": {"code": 404, "message": "keystone says", "title": "T"}}, "keystone says"),
        ({"message": "glance<br />says", "code": "404 Not Found"}, "glance says"),
        ({"errors": [{"status": 404, "title": "T", "detail": "placement says"}]}, "placement says"),
        ("<html><b>proxy</b> says</html>", "proxy says"),
        ("", "Reason"),
    )
    @ddt.unpack
    def test_message_of_any_service(self, body, expected):
        error = errors.from_response(response(409, body), "network", changing=True)

        self.assertEqual(expected, error.message)

    def test_proxys_404_does_not_say_that_a_server_is_gone(self):
        error = errors.from_response(response(404, "<h1>404</h1>"), "compute", changing=False)

        self.assertFalse(error.is_not_found)
        self.assertTrue(error.retryable)

    def test_novas_404_does(self):
        body = {"itemNotFound": {"message": "Instance x could not be found.", "code": 404}}

        error = errors.from_response(response(404, body), "compute", changing=False)

        self.assertTrue(error.is_not_found)
        self.assertEqual(ReasonClass.NOT_FOUND, error.reason)

    def test_retry_after_in_seconds(self):
        error = errors.from_response(
            response(429, {}, {"Retry-After": "7"}), "compute", changing=True
        )

        self.assertEqual(7.0, error.retry_after)

    def test_retry_after_as_a_date_in_the_past_is_now(self):
        headers = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}

        error = errors.from_response(response(503, {}, headers), "compute", changing=True)

        self.assertEqual(0.0, error.retry_after)

    def test_long_messages_are_cut(self):
        error = errors.from_response(nova(400, "x" * 5000), "compute", changing=True)

        self.assertEqual(1000, len(error.message))


def chained(outer, inner):
    try:
        try:
            raise inner
        except Exception:
            raise outer
    except Exception as error:
        return error


class TestTranslate(base.TestCase):
    def translate(self, error, changing=True):
        return errors.translate(error, "compute", changing)

    def test_read_timeout_leaves_the_outcome_unknown(self):
        error = self.translate(chained(ksa.ConnectTimeout("t"), requests.exceptions.ReadTimeout()))

        self.assertTrue(error.outcome_unknown)
        self.assertTrue(error.retryable)
        self.assertEqual(ReasonClass.TIMEOUT, error.reason)

    def test_connect_timeout_was_never_sent(self):
        error = self.translate(
            chained(ksa.ConnectTimeout("t"), requests.exceptions.ConnectTimeout())
        )

        self.assertFalse(error.outcome_unknown)
        self.assertTrue(error.retryable)

    def test_refused_connection_was_never_sent(self):
        inner = requests.exceptions.ConnectionError(
            urllib3.exceptions.MaxRetryError(
                None, "/", urllib3.exceptions.NewConnectionError(None, "refused")
            )
        )

        error = self.translate(chained(ksa.ConnectFailure("c"), inner))

        self.assertFalse(error.outcome_unknown)
        self.assertEqual(ReasonClass.UNAVAILABLE, error.reason)

    def test_broken_connection_leaves_the_outcome_unknown(self):
        inner = requests.exceptions.ConnectionError(ConnectionResetError())

        error = self.translate(chained(ksa.ConnectFailure("c"), inner))

        self.assertTrue(error.outcome_unknown)

    def test_read_that_broke_has_no_outcome(self):
        inner = requests.exceptions.ConnectionError(ConnectionResetError())

        error = self.translate(chained(ksa.ConnectFailure("c"), inner), changing=False)

        self.assertFalse(error.outcome_unknown)

    def test_404_while_a_token_is_fetched_is_not_a_missing_server(self):
        error = self.translate(ksa.NotFound("Could not find trust: x."))

        self.assertFalse(error.is_not_found)
        self.assertEqual(ReasonClass.AUTH, error.reason)

    def test_identity_service_that_is_down_can_be_asked_again(self):
        error = self.translate(ksa.ServiceUnavailable("down"))

        self.assertTrue(error.retryable)
        self.assertFalse(error.outcome_unknown)

    def test_missing_endpoint_says_which(self):
        error = self.translate(ksa.EndpointNotFound("x"))

        self.assertIn("'compute'", error.message)

    def test_defect_is_not_hidden(self):
        self.assertRaises(KeyError, self.translate, KeyError("x"))


@ddt.ddt
class TestClassify(base.TestCase):
    @ddt.data(
        ("No valid host was found. There are not enough hosts available.", ReasonClass.CAPACITY),
        ("Exceeded maximum number of retries. Exhausted all hosts", ReasonClass.CAPACITY),
        ("Build of instance x aborted: Image y could not be found.", ReasonClass.IMAGE),
        ("Failed to allocate the network(s), not rescheduling.", ReasonClass.NETWORK),
        ("Virtual Interface creation failed", ReasonClass.NETWORK),
        ("Quota exceeded, too many servers in group", ReasonClass.QUOTA),
        ("Build timed out", ReasonClass.TIMEOUT),
        ("Something odd", ReasonClass.INTERNAL),
        (None, ReasonClass.INTERNAL),
    )
    @ddt.unpack
    def test_words(self, message, reason):
        self.assertEqual(reason, errors.classify(message))
