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

"""What can go wrong when talking to another service, as one error.

Everything that the SDK, keystoneauth or requests raise becomes a
:class:`CloudError` at the edge of this package; nothing else leaves it.
"""

import email.utils
import json
import re
import time

from keystoneauth1 import exceptions as ksa
from openstack import exceptions as sdk
import requests
import urllib3

from senlin.common import consts

ReasonClass = consts.ReasonClass

_AUTH_ERRORS = (ksa.AuthorizationFailure, ksa.MissingAuthPlugin, ksa.AuthPluginException)

_TAGS = re.compile(r"<[^>]*>")
_MAX_MESSAGE = 1000

_BY_STATUS = {
    400: ReasonClass.INVALID,
    401: ReasonClass.AUTH,
    403: ReasonClass.AUTH,
    404: ReasonClass.NOT_FOUND,
    409: ReasonClass.CONFLICT,
    413: ReasonClass.QUOTA,
    429: ReasonClass.UNAVAILABLE,
}

#: Words in a service's message that say more than its status code; the first match counts.
_BY_WORDS = (
    (
        ("no valid host", "not enough hosts", "insufficient compute", "no more ip addresses"),
        ReasonClass.CAPACITY,
    ),
    (("exceeded maximum number of retries", "exhausted all hosts"), ReasonClass.CAPACITY),
    (("quota", "maximum number of ports"), ReasonClass.QUOTA),
    (("timed out", "timeout"), ReasonClass.TIMEOUT),
    (("image",), ReasonClass.IMAGE),
    (
        ("network", "port ", "port binding", "virtual interface", "fixed ip", "subnet"),
        ReasonClass.NETWORK,
    ),
)


#: Seconds between looks for what a lost call may have made, while they are refused.
_LOOK_AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 60.0, 60.0)


class CloudError(Exception):
    """A call to another service failed.

    :ivar message: the service's own sentence where it gave one.
    :ivar status: its HTTP status, or None when there was no answer.
    :ivar reason: why, as a countable word.
    :ivar service: the service's type, such as ``compute``.
    :ivar retryable: the same call may succeed later.
    :ivar outcome_unknown: the call may have been carried out all the same.
    :ivar retry_after: seconds the service asks to wait, or None.
    """

    def __init__(
        self,
        message,
        *,
        status=None,
        reason=ReasonClass.INTERNAL,
        service="",
        retryable=False,
        outcome_unknown=False,
        retry_after=None,
    ):
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = ReasonClass(reason)
        self.service = service
        self.retryable = retryable
        self.outcome_unknown = outcome_unknown
        self.retry_after = retry_after

    @property
    def no_answer(self):
        """Whether the connection failed, so that asking again at once may help."""
        return (
            self.status is None
            and self.retryable
            and self.retry_after is None
            and self.reason != ReasonClass.TIMEOUT
        )

    @property
    def is_not_found(self):
        """Whether the service says that the object does not exist."""
        return self.status == 404


def pause_before_looking_again(error, refusals):
    """Seconds until a look for what a lost call may have made is tried again.

    Who stops looking forgets a server, so that a refusal is not believed at once.

    :param error: the CloudError of this look; ``refusals``: how many came before it.
    :raises CloudError: the given one, if there were enough of them, or if it passes: then
        the whole step is repeated. A 500 counts as a refusal, since steps are not
        repeated for ever after it.
    """
    passes = error.retryable and error.status != 500
    if passes or refusals >= len(_LOOK_AGAIN):
        raise error
    return _LOOK_AGAIN[refusals]


def classify(message, default=ReasonClass.INTERNAL):
    """The reason class behind the words of a fault."""
    lowered = (message or "").lower()
    for words, reason in _BY_WORDS:
        if any(word in lowered for word in words):
            return reason
    return default


def from_response(response, service, changing):
    """The error behind an HTTP answer of 400 or more.

    :param changing: whether the call was to change something.
    """
    status = response.status_code
    message = _message_of(response)
    if status == 404 and service == "compute" and not _speaks_nova(response):
        # A proxy's error page must never pass for "the server is gone".
        return CloudError(
            message,
            reason=ReasonClass.UNAVAILABLE,
            service=service,
            retryable=True,
            outcome_unknown=changing,
        )
    reason = _BY_STATUS.get(status)
    if status >= 500:
        reason = classify(message, ReasonClass.UNAVAILABLE)
        if reason not in (ReasonClass.CAPACITY, ReasonClass.QUOTA):
            reason = ReasonClass.UNAVAILABLE
    elif status in (403, 409, 413):
        told = classify(message, reason)
        if told in (ReasonClass.QUOTA, ReasonClass.CAPACITY):
            reason = told
    elif status == 400:
        told = classify(message, reason)
        if told in (ReasonClass.QUOTA, ReasonClass.CAPACITY, ReasonClass.IMAGE):
            reason = told
    return CloudError(
        message,
        status=status,
        reason=reason or ReasonClass.INVALID,
        service=service,
        retryable=status in (408, 429) or (status >= 500 and status != 501),
        outcome_unknown=changing and status in (408, 500, 502, 504),
        retry_after=_retry_after(response),
    )


def translate(error, service, changing=True):
    """The CloudError for anything that a call raised.

    :param changing: whether the call was to change something; only then can its
        outcome be unknown.
    """
    if isinstance(error, CloudError):
        return error
    if isinstance(error, ksa.HttpError):
        return _from_preparation(error, service)
    if isinstance(error, (ksa.ConnectTimeout, ksa.ConnectFailure, ksa.ConnectionError)):
        return _connection_error(error, service, changing)
    if isinstance(error, (requests.exceptions.RequestException, urllib3.exceptions.HTTPError)):
        return _connection_error(error, service, changing)
    if isinstance(error, (ksa.EndpointNotFound, ksa.CatalogException)):
        return CloudError(
            f"The service catalog has no endpoint of '{service}'.",
            reason=ReasonClass.UNAVAILABLE,
            service=service,
        )
    if isinstance(
        error, (ksa.AuthorizationFailure, ksa.MissingAuthPlugin, ksa.AuthPluginException)
    ):
        return CloudError(_short(str(error)), status=401, reason=ReasonClass.AUTH, service=service)
    if isinstance(error, (ksa.ClientException, sdk.SDKException, ValueError)):
        return CloudError(
            _short(str(error)), reason=ReasonClass.UNAVAILABLE, service=service, retryable=True,
            outcome_unknown=changing,
        )  # fmt: skip
    raise error


def _from_preparation(error, service):
    """The error behind an HTTP status that was *raised*.

    Answers to our own calls are looked at, not raised: this one was met on the
    way, while a token was fetched. Its 404 is a lost trust or user, and must
    never be taken for a server that is gone.
    """
    later = error.http_status == 429 or error.http_status >= 500
    return CloudError(
        _short(error.message),
        status=error.http_status if later else 401,
        reason=ReasonClass.UNAVAILABLE if later else ReasonClass.AUTH,
        service=service,
        retryable=later,
        retry_after=getattr(error, "retry_after", None) or None,
    )


def _connection_error(error, service, changing):
    timed_out = isinstance(error, (ksa.ConnectTimeout, requests.exceptions.Timeout))
    sent = not _was_never_sent(error)
    what = "did not answer in time" if timed_out else "cannot be reached"
    return CloudError(
        f"The {service} service {what}: {_short(str(error))}",
        reason=ReasonClass.TIMEOUT if timed_out and sent else ReasonClass.UNAVAILABLE,
        service=service,
        retryable=True,
        outcome_unknown=changing and sent,
    )


def _was_never_sent(error):
    """Whether no connection was made, so that the request cannot have arrived."""
    seen = set()
    pending = [error]
    while pending:
        item = pending.pop()
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(
            item,
            (
                requests.exceptions.ConnectTimeout,
                requests.exceptions.SSLError,
                requests.exceptions.ProxyError,
                urllib3.exceptions.NewConnectionError,
                urllib3.exceptions.ConnectTimeoutError,
                ConnectionRefusedError,
                ksa.SSLError,
            ),
        ):
            return True
        pending += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return False


def _retry_after(response):
    value = response.headers.get("Retry-After")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        moment = email.utils.parsedate_tz(value)
        return None if moment is None else max(0.0, email.utils.mktime_tz(moment) - time.time())


def _message_of(response):
    """The sentence in the body of an error, in any of the services' shapes."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    found = _find_message(body) if body is not None else None
    if not found:
        text = response.content.decode("utf-8", "replace") if body is None else ""
        found = text or response.reason
    return _short(_TAGS.sub(" ", found or f"HTTP {response.status_code}"))


def _speaks_nova(response):
    try:
        return "itemNotFound" in json.loads(response.content)
    except (ValueError, TypeError):
        return False


def _find_message(body):
    if isinstance(body, str):
        return body
    if isinstance(body, list):
        return _find_message(body[0]) if body else None
    if isinstance(body, dict):
        for key in ("message", "detail", "faultstring", "description", "title"):
            value = body.get(key)
            if isinstance(value, str) and value:
                return value
        for value in body.values():
            if isinstance(value, (dict, list)):
                found = _find_message(value)
                if found:
                    return found
    return None


def _short(text):
    text = " ".join(str(text).split())
    return text if len(text) <= _MAX_MESSAGE else text[: _MAX_MESSAGE - 3] + "..."
