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

"""The choice between native threads and eventlet, made once per process.

This is the only module that may import eventlet. Entry points call
:func:`setup` before they import anything else of the service, because
oslo.service freezes the choice when its modules are imported and because
monkey patching has to come first.

The choice is, in this order:

1. the environment variable ``OS_SENLIN_DISABLE_EVENTLET_PATCHING``: a true
   value means threads, a false one eventlet;
2. ``[DEFAULT] concurrency_backend`` in the configuration files named on the
   command line (or found in the usual places), unless it is ``auto``;
3. the default of the entry point, which is threads.
"""

import concurrent.futures
import importlib.abc
import logging
import os
import sys

from oslo_config import cfg

THREADING = "threading"
EVENTLET = "eventlet"
ENVIRONMENT = "OS_SENLIN_DISABLE_EVENTLET_PATCHING"

# Standard logging: this runs before oslo.log is configured.
LOG = logging.getLogger(__name__)

_mode: str | None = None


class _EventletRefusal(importlib.abc.MetaPathFinder):
    """Refuses to import eventlet in a process that runs on native threads.

    Half a patched process fails in ways that are hard to trace back; a library
    that probes for eventlet gets the ImportError it is prepared for.
    """

    def find_spec(self, fullname, path=None, target=None):
        if fullname == "eventlet" or fullname.startswith("eventlet."):
            raise ImportError("eventlet is not used: this process runs on native threads")


def _from_environment() -> str | None:
    value = os.environ.get(ENVIRONMENT, "").strip().lower()
    if not value:
        return None
    if value in ("1", "true", "yes", "on"):
        return THREADING
    if value in ("0", "false", "no", "off"):
        return EVENTLET
    raise ValueError(f"{ENVIRONMENT} must be a boolean, not '{value}'")


def _from_configuration(argv: list[str]) -> str | None:
    # A private object that knows two options: the real configuration imports
    # oslo modules which must not be loaded before the choice is made.
    files = []
    for index, word in enumerate(argv):
        for option in ("--config-file", "--config-dir"):
            if word == option and index + 1 < len(argv):
                files += [option, argv[index + 1]]
            elif word.startswith(option + "="):
                files.append(word)
    conf = cfg.ConfigOpts()
    conf.register_opt(
        cfg.StrOpt("concurrency_backend", default="auto", choices=["auto", THREADING, EVENTLET])
    )
    try:
        conf(files, project="senlin")
    except cfg.ConfigFilesNotFoundError:
        # The entry point reports unreadable files with its own words.
        return None
    return None if conf.concurrency_backend == "auto" else conf.concurrency_backend


def setup(default: str = THREADING, *, threading_only: bool = False) -> str:
    """Decide how this process runs concurrent work, and prepare for it.

    Calling it again changes nothing and gives the choice made first.

    :param default: the choice of this entry point, when nobody else has one.
    :param threading_only: for the WSGI application, which its web server runs.
    :returns: ``threading`` or ``eventlet``.
    :raises ValueError: the environment variable is not a boolean.
    :raises RuntimeError: threads were chosen but eventlet is already loaded.
    """
    global _mode
    if _mode is not None:
        return _mode
    if threading_only:
        mode = THREADING
    else:
        mode = _from_environment() or _from_configuration(sys.argv[1:]) or default
    init_backend(mode)
    _mode = mode
    return mode


def init_backend(mode: str) -> None:
    """Prepare the process for a mode and tell oslo.service about it."""
    if mode == EVENTLET:
        import eventlet

        eventlet.monkey_patch()
        from oslo_service import backend

        backend.init_backend(backend.BackendType.EVENTLET)
        LOG.warning("Running on eventlet, which is deprecated; native threads are the default.")
        return
    if "eventlet" in sys.modules:
        raise RuntimeError("eventlet was imported before native threads were chosen")
    sys.meta_path.insert(0, _EventletRefusal())
    from oslo_service import backend

    backend.init_backend(backend.BackendType.THREADING)


def is_threading() -> bool:
    """Whether this process runs on native threads (also before :func:`setup`)."""
    return _mode != EVENTLET


def make_executor(
    name: str, size: int, queue_limit: int | None = None, at_once: int | None = None
) -> concurrent.futures.Executor:
    """A pool of workers which is the same to its users in both modes.

    :param name: what its threads are called in logs and stack dumps.
    :param size: the most calls that run at once.
    :param queue_limit: calls that may wait; one more is refused with
        ``futurist.RejectedSubmission``. None leaves the bound to the caller.
    :param at_once: the most native threads that compute at a time, for many short
        calls; needs a ``queue_limit``. Green threads hinder each other less.
    """
    # Imported late: futurist itself looks for eventlet.
    from senlin.common import executors

    if at_once is not None and is_threading():
        return executors.TurnPool(name, size, queue_limit, at_once)
    kind = executors.NativePool if is_threading() else executors.GreenPool
    return kind(name, size, queue_limit)
