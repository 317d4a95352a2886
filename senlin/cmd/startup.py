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

"""The steps which the service's programs have in common when they start."""

import importlib.metadata
import math
import os
import queue
import signal

from oslo_config import cfg
from oslo_db import options as db_options
from oslo_log import log as logging
import oslo_messaging
from oslo_policy import opts as policy_options
from oslo_reports import guru_meditation_report
from oslo_reports import opts as report_options
from oslo_service import opts as service_options

from senlin.common import monitor
from senlin.conf import CONF

LOG = logging.getLogger(__name__)

PROJECT = "senlin"

#: What stopping takes beside the work that is let to end.
LEAVING_SECONDS = 30

# Libraries whose chatter hides what the service says about itself.
_QUIET = [
    "amqp=WARNING",
    "amqplib=WARNING",
    # It warns that the in-memory transport has no host name.
    "kombu=ERROR",
    "oslo.messaging=INFO",
    "oslo_messaging=INFO",
    "sqlalchemy=WARNING",
    "alembic=WARNING",
    "stevedore=WARNING",
    "urllib3=WARNING",
    "keystonemiddleware=WARNING",
    "keystoneauth=WARNING",
    "openstack=WARNING",
    "oslo_policy=INFO",
    "cotyledon=INFO",
    "futurist=INFO",
]


def version():
    """The installed version, such as ``20.0.0``."""
    return importlib.metadata.version(PROJECT)


def set_library_defaults():
    """Give options of libraries the defaults that suit this service.

    Also called by oslo.config's generator, for the samples. As many connections to the
    database as a worker uses at once are kept: the library would keep five, and make
    and close the others anew, each of which costs more than ten transactions.
    """
    cfg.set_defaults(db_options.database_opts, max_pool_size=20, max_overflow=35)


def register_library_opts(conf):
    """Register the options of the libraries, with this service's defaults."""
    if "debug" not in conf:
        logging.register_options(conf)
    logging.set_defaults(default_log_levels=[*logging.get_default_log_levels(), *_QUIET])
    set_library_defaults()
    db_options.set_defaults(conf)
    policy_options.set_defaults(conf)
    report_options.set_defaults(conf)
    oslo_messaging.set_transport_defaults(control_exchange=PROJECT)


def prepare(binary, arguments=None):
    """Read the configuration and start logging.

    :param binary: the program's name, such as ``senlin-engine``.
    :param arguments: instead of the command line's.
    """
    register_library_opts(CONF)
    CONF(arguments, project=PROJECT, prog=binary, version=version())
    # Without a log file, the library's choice would be the standard output, which
    # belongs to what a program was asked for.
    CONF.set_default("use_stderr", not (CONF.log_file or CONF.log_dir))
    logging.setup(CONF, PROJECT, version())
    oslo_messaging.set_transport_defaults(control_exchange=PROJECT)


def prepare_reports():
    """Write a report on all threads and options when asked by a signal or file.

    To be called from the main thread: SIGUSR2 asks for one.
    """
    guru_meditation_report.TextGuruMeditation.setup_autorun(_Version(), conf=CONF)


def api_application(binary, arguments=None):
    """Everything a process needs to answer requests, as a WSGI application.

    The database and the message bus are first touched by the first request, so
    that a web server may fork its workers after this.
    """
    from senlin.api import app

    prepare(binary, arguments)
    return app.build_application(CONF)


def api_monitor(application):
    """The server of an API process's metrics; its health check is the API's own."""
    return monitor.Monitor(CONF.senlin_api.metrics_host, CONF.senlin_api.metrics_port, application)


def allow_to_drain(seconds):
    """Have the launcher wait for a stopping worker at least so long, and a bit."""
    service_options.register_service_opts(CONF)
    CONF.set_default("graceful_shutdown_timeout", math.ceil(seconds + LEAVING_SECONDS))


class Signals:
    """The signals of a process that serves by itself, without a launcher.

    SIGTERM and SIGINT end it; SIGHUP reads the configuration files again, of
    which those options take effect that can change in a running process, such as
    ``debug``. To be made in the main thread, before anything that takes long.
    """

    def __init__(self):
        # Unlike an Event's, its methods may be called in the middle of each other.
        self._arrived = queue.SimpleQueue()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, frame: self._arrived.put(number))

    def wait_for_end(self):
        """Return when the process is to end."""
        while self._arrived.get() == signal.SIGHUP:
            try:
                CONF.mutate_config_files()
            except (cfg.Error, OSError) as error:
                LOG.error("The configuration stays as it was: %s", error)
            else:
                LOG.info("The configuration was read again")


def leave(ended):
    """The exit status of a process that has stopped its parts.

    :param ended: whether all of its threads have; the interpreter would wait
        for the others, however long that takes.
    """
    if not ended:
        logging.logging.shutdown()
        os._exit(0)
    return 0


class _Version:
    """What a report says about the installed package."""

    def vendor_string(self):
        return "OpenStack"

    def product_string(self):
        return PROJECT

    def version_string_with_package(self):
        return version()
