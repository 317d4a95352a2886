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

"""The errors that cross module boundaries.

One tree. ``http_code`` and ``error_type`` are what a client sees (API
contract, 4.2); the message is written for users and never holds secrets.
Constructors take the finished sentence or the fields of the template, so that
an error can travel over RPC as (class name, keyword arguments).
"""


class SenlinError(Exception):
    """Base of all; a plain one is a 500."""

    http_code = 500
    error_type = "InternalError"
    template = "An unknown error occurred."

    def __init__(self, message=None, **fields):
        self.fields = fields
        self.message = message if message is not None else self.template.format(**fields)
        super().__init__(self.message)


class RequestInvalid(SenlinError):
    """Envelope, schema and query errors found by the API; the text is verbatim."""

    http_code = 400
    error_type = "HTTPBadRequest"


class BadRequest(SenlinError):
    """Semantic errors found by the engine; the text ends in exactly one period."""

    http_code = 400
    error_type = "BadRequest"

    def __init__(self, message=None, **fields):
        super().__init__(message, **fields)
        self.message = self.message.rstrip(".") + "."
        self.args = (self.message,)


class MultipleChoices(SenlinError):
    http_code = 400
    error_type = "MultipleChoices"
    template = (
        "Multiple results found matching the query criteria '{identity}'. Please be more specific."
    )


class InvalidSpec(SenlinError):
    """A profile or policy spec that cannot be accepted; the text is verbatim."""

    http_code = 400
    error_type = "InvalidSpec"


class MethodVersionNotFound(SenlinError):
    http_code = 400
    error_type = "MethodVersionNotFound"
    template = "API version '{version}' is not supported on this method."


class RequestLimitExceeded(SenlinError):
    http_code = 400
    error_type = "RequestLimitExceeded"
    template = "The request body is larger than {limit} bytes."


class InvalidAPIVersionString(SenlinError):
    http_code = 400
    error_type = "InvalidAPIVersionString"
    template = (
        "API Version String '{version}' is of invalid format. It must be of format 'major.minor'."
    )


class Forbidden(SenlinError):
    http_code = 403
    error_type = "Forbidden"
    template = "You are not authorized to complete this operation."


class OverQuota(SenlinError):
    http_code = 403
    error_type = "OverQuota"
    template = "Quota exceeded for resources: {resource} (limit {limit})."


class ResourceNotFound(SenlinError):
    http_code = 404
    error_type = "ResourceNotFound"
    template = "The {type} '{id}' could not be found."


class PolicyBindingNotFound(SenlinError):
    http_code = 404
    error_type = "PolicyBindingNotFound"
    template = "The policy '{policy}' is not found attached to the specified cluster '{identity}'."


class InvalidGlobalAPIVersion(SenlinError):
    http_code = 406
    error_type = "InvalidGlobalAPIVersion"
    template = (
        "Version '{requested}' is not supported by the API. "
        "Minimum is '{minimum}' and maximum is '{maximum}'."
    )


class IdempotencyKeyReused(SenlinError):
    http_code = 409
    error_type = "IdempotencyKeyReused"
    template = "The Idempotency-Key was used before, for a different request."


class IdempotencyKeyInUse(SenlinError):
    http_code = 409
    error_type = "IdempotencyKeyInUse"
    template = "A request with this Idempotency-Key is being worked on; ask again for its answer."
    retry_after = 2


class PreconditionFailed(SenlinError):
    """The object is no longer what the caller takes it for."""

    http_code = 412
    error_type = "PreconditionFailed"
    template = "The {type} '{id}' has changed: its ETag is none of those in If-Match."


class ResourceInUse(SenlinError):
    http_code = 409
    error_type = "ResourceInUse"
    template = "The {type} '{id}' cannot be deleted: {reason}."


class ResourceIsLocked(SenlinError):
    http_code = 409
    error_type = "ResourceIsLocked"
    template = "{action} for {type} '{id}' cannot be completed because it is already locked."


class ActionConflict(SenlinError):
    http_code = 409
    error_type = "ActionConflict"
    template = (
        "The {type} action for target {target} conflicts with the following action(s): {actions}"
    )


class ActionCooldown(SenlinError):
    http_code = 409
    error_type = "ActionCooldown"
    template = (
        "The {type} action for cluster {cluster} cannot be processed due to "
        "Policy {policy_id} cooldown still in progress"
    )


class ActionInProgress(SenlinError):
    http_code = 409
    error_type = "ActionInProgress"
    template = "The {type} '{id}' is in status {status}."


class ActionImmutable(SenlinError):
    http_code = 409
    error_type = "ActionImmutable"
    template = (
        "Action ({id}) is in status ({actual}) while expected status must be one of ({expected})."
    )


class FeatureNotSupported(SenlinError):
    http_code = 409
    error_type = "FeatureNotSupported"
    template = "{feature} is not supported."


class NodeNotOrphan(SenlinError):
    http_code = 409
    error_type = "NodeNotOrphan"


class ProfileOperationFailed(SenlinError):
    http_code = 500
    error_type = "ProfileOperationFailed"


class TrustNotFound(SenlinError):
    error_type = "TrustNotFound"
    template = "The trust for trustor '{trustor}' could not be found."


class ServiceUnavailable(SenlinError):
    """The engine did not answer in time or is full; come back later."""

    http_code = 503
    error_type = "ServiceUnavailable"
    template = "The clustering engine cannot take the request now; try again later."
    retry_after = 5


class Upgrading(ServiceUnavailable):
    """The engines, or one of them, are of a release that does not know the request."""

    template = "The service is being upgraded and cannot take this request yet."


class AlreadyDone(ServiceUnavailable):
    """The message with a request came twice; only the first one counted."""

    template = "The request was carried out, but its answer was lost."


class DatabaseUnavailable(ServiceUnavailable):
    """The database cannot be reached or is too busy, also after some tries."""

    template = "The database does not answer now; try again later."


class OutcomeUnknown(DatabaseUnavailable):
    """The database went away while it saved a change, which may be saved or not."""

    template = (
        "The database went away while the change was being saved. Look whether it was made "
        "before asking again."
    )


class InternalError(SenlinError):
    template = (
        "An internal error occurred; the operator's logs tell more about request {request_id}."
    )
