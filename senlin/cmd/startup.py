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

from oslo_db import options as db_options
from oslo_log import log as logging
import oslo_messaging
from oslo_policy import opts as policy_options
from oslo_reports import guru_meditation_report
from oslo_reports import opts as report_options

from senlin.conf import CONF

PROJECT = "senlin"

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


def register_library_opts(conf):
    """Register the options of the libraries, with this service's defaults."""
    if "debug" not in conf:
        logging.register_options(conf)
    logging.set_defaults(default_log_levels=[*logging.get_default_log_levels(), *_QUIET])
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


class _Version:
    """What a report says about the installed package."""

    def vendor_string(self):
        return "OpenStack"

    def product_string(self):
        return PROJECT

    def version_string_with_package(self):
        return version()
