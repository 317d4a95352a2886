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

"""Running one step: from a claimed action to the result that is saved.

Nothing escapes from here: whatever a step raises becomes an outcome. Errors
that may pass are tried again later by parking the action, never by waiting.
"""

import functools

from oslo_log import log as logging

from senlin.actions import context as step_context
from senlin.actions import outcomes
from senlin.actions import program
from senlin.actions import registry
from senlin.cloud import errors as cloud_errors
from senlin.cloud import fencing
from senlin.common import consts
from senlin.common import exception
from senlin.db import changes as db_changes
from senlin.events import records
from senlin.profiles import base as profiles

LOG = logging.getLogger(__name__)

#: A step that ended its process this often is not run again.
_MAX_INTERRUPTIONS = 10
#: An answer of 500 is a defect more often than a passing trouble.
_MAX_TRIES_AFTER_500 = 5
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0

_STATUS = {
    outcomes.Done: consts.ActionStatus.SUCCEEDED,
    outcomes.Failed: consts.ActionStatus.FAILED,
    outcomes.Cancelled: consts.ActionStatus.CANCELLED,
    outcomes.Suspended: consts.ActionStatus.SUSPENDED,
    outcomes.WaitChildren: consts.ActionStatus.WAITING,
    outcomes.AwaitGoAhead: consts.ActionStatus.WAITING_LIFECYCLE_COMPLETION,
    outcomes.Next: consts.ActionStatus.RUNNING,
    outcomes.Again: consts.ActionStatus.RUNNING,
}


def run(claimed, services, observed=None):
    """Run the step at which a claimed action stands.

    :param observed: what the cloud shows of its object, if it asked for that.
    :returns: ``senlin.db.changes.StepResult``.
    """
    with fencing.guarded(functools.partial(services.holds, claimed.action["owner"])):
        return _run(step_context.StepContext(claimed, services, observed))


def _run(ctx):
    code = registry.program(ctx.action["action"])
    if code is None:
        outcome = outcomes.Failed(
            consts.ReasonClass.INTERNAL, f"There is no action '{ctx.action['action']}'."
        )
        return _result(ctx, outcome)
    try:
        _refuse_poison(ctx)
        outcome = code.run(ctx)
        ctx.state.pop("tries", None)
    except program.Refused as refusal:
        outcome = _fail(ctx, code, refusal.reason_class, refusal.reason)
    except profiles.ProcedureFailed as failure:
        outcome = _after_failure(ctx, code, failure)
    except cloud_errors.CloudError as error:
        outcome = _after_cloud_error(ctx, code, error)
    except exception.DatabaseUnavailable as error:
        outcome = _after_database_error(ctx, error)
    except Exception as error:  # noqa: BLE001 - the last resort: no action may hang
        LOG.exception("Step %s of action %s failed", ctx.action["step"], ctx.action["id"])
        outcome = _fail(
            ctx,
            code,
            consts.ReasonClass.INTERNAL,
            f"Internal error ({type(error).__name__}); the engine's log tells more.",
        )
    return _result(ctx, outcome)


def failed_to_save(result):
    """What is saved in place of a result that the database refuses."""
    changes = db_changes.Changes()
    changes.action["status_reason"] = "The result of a step could not be saved."
    return db_changes.StepResult(
        action_id=result.action_id,
        fence=result.fence,
        parent_id=result.parent_id,
        status=str(consts.ActionStatus.FAILED),
        final=True,
        run_at=None,
        wait_children=False,
        changes=changes,
    )


def _refuse_poison(ctx):
    interruptions = ctx.action["fence"] - 1 - ctx.action["step_fence"]
    if interruptions > _MAX_INTERRUPTIONS:
        raise program.Refused(
            consts.ReasonClass.INTERNAL,
            f"The step '{ctx.action['step']}' was interrupted {interruptions} times.",
        )


def _fail(ctx, code, reason_class, reason, node_columns=None):
    _forget_partial_work(ctx)
    if node_columns and ctx.node is not None:
        ctx.update_node(**node_columns)
    return code.failed(ctx, outcomes.Failed(reason_class, reason))


def _after_failure(ctx, code, failure):
    """A procedure cannot reach its end: start it anew, or fail."""
    attempt = ctx.state.get("attempt", 1)
    if not failure.retryable or attempt >= ctx.settings.create_attempts:
        return _fail(ctx, code, failure.reason, failure.message, failure.node)
    _forget_partial_work(ctx)
    ctx.state.update(attempt=attempt + 1, procedure={})
    ctx.state.pop("reply_lost", None)
    if failure.node:
        ctx.update_node(**failure.node)
    pause = _pause(ctx, attempt)
    ctx.changes.action["status_reason"] = (
        f"Attempt {attempt} failed ({failure.reason}): {failure.message} "
        f"Trying again in {pause:.0f} seconds."
    )
    return outcomes.Again(pause)


def _after_cloud_error(ctx, code, error):
    """A call failed: park and try again if that may help."""
    tries = ctx.state.get("tries", 0) + 1
    hopeless = error.status == 500 and tries >= _MAX_TRIES_AFTER_500
    if not (error.retryable or error.outcome_unknown) or hopeless:
        return _fail(ctx, code, error.reason, error.message)
    _forget_partial_work(ctx)
    ctx.state["tries"] = tries
    if error.outcome_unknown:
        ctx.state["reply_lost"] = True
    pause = max(_pause(ctx, tries), error.retry_after or 0)
    ctx.changes.action["status_reason"] = (
        f"Waiting {pause:.0f} seconds for the {error.service or 'cloud'} service: {error.message}"
    )
    return outcomes.Again(pause, observing=bool(ctx.action["observing"]))


def _after_database_error(ctx, error):
    """A look into the database failed: run the whole step again, as after a kill."""
    LOG.warning("Step %s of action %s is put off: %s", ctx.action["step"], ctx.action["id"], error)
    _forget_partial_work(ctx)
    ctx.state["reply_lost"] = True
    return outcomes.Again(_pause(ctx, 1), observing=bool(ctx.action["observing"]))


def _forget_partial_work(ctx):
    stop = ctx.state.get("stop")
    ctx.changes = db_changes.Changes()
    ctx.state = dict(ctx.action["state"] or {})
    if ctx.restarted:
        ctx.state["reply_lost"] = True
    if stop:
        ctx.state["stop"] = stop


def _pause(ctx, tries):
    """Seconds: doubling, bounded, and spread so that many do not come at once."""
    longest = min(_FIRST_PAUSE * 2**tries, _LONGEST_PAUSE)
    return longest * ctx.services.random.uniform(0.5, 1.0)


def _result(ctx, outcome):
    changes = ctx.changes
    kind = type(outcome)
    final = kind in (outcomes.Done, outcomes.Failed, outcomes.Cancelled)
    run_at, observing = None, False
    if kind in (outcomes.Next, outcomes.AwaitGoAhead):
        changes.action["step"] = outcome.step
        run_at = ctx.now + outcome.after
    elif kind is outcomes.Again:
        run_at, observing = ctx.now + outcome.after, outcome.observing
    elif kind is outcomes.WaitChildren:
        changes.action["step"] = outcome.step
    if final:
        changes.action["status_reason"] = outcome.reason
        if getattr(outcome, "outputs", None):
            changes.action["outputs"] = outcome.outputs
        if kind is outcomes.Failed:
            ctx.save_data(reason_class=str(outcome.reason_class))
    else:
        changes.action["state"] = ctx.state
    changes.action["observing"] = observing
    _record_events(ctx, outcome, final)
    waits_for_time = kind in (
        outcomes.Next,
        outcomes.Again,
        outcomes.AwaitGoAhead,
        outcomes.WaitChildren,
    )
    stopping = ctx.state.get("stop")
    return db_changes.StepResult(
        action_id=ctx.action["id"],
        fence=ctx.action["fence"],
        parent_id=ctx.action["parent_id"],
        status=str(_STATUS[kind]),
        final=final,
        run_at=run_at,
        wait_children=kind is outcomes.WaitChildren,
        changes=changes,
        deadline=ctx.action["deadline"] if waits_for_time and not stopping else None,
        signal=ctx.action["control"],
    )


def _record_events(ctx, outcome, final):
    settings = ctx.settings
    if not settings.record_events:
        return
    entity = ctx.cluster if ctx.action["action"].startswith("CLUSTER_") else ctx.node
    if entity is None:
        # It was deleted meanwhile; what was asked of it is answered all the same.
        target = ctx.action["target"]
        entity = {"id": target, "name": target, "cluster_id": ctx.action["cluster_id"]}
    if settings.exclude_derived_actions and ctx.is_derived:
        return
    if ctx.first:
        _add_event(ctx, entity, consts.Phase.START, consts.EventLevel.INFO, ctx.action["id"][:8])
    if not final:
        return
    if isinstance(outcome, outcomes.Done):
        _add_event(ctx, entity, consts.Phase.END, consts.EventLevel.INFO, outcome.reason)
    else:
        _add_event(ctx, entity, consts.Phase.ERROR, consts.EventLevel.ERROR, outcome.reason)


def _add_event(ctx, entity, phase, level, reason):
    if level >= ctx.settings.event_level:
        kind = "CLUSTER" if ctx.action["action"].startswith("CLUSTER_") else "NODE"
        told = ctx.changes.events
        told.append(
            records.build(entity, kind, ctx.action, phase, level, reason, ctx.now, len(told))
        )
