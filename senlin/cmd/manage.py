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

"""senlin-manage: the operator's tool for the database and its contents."""

from senlin.common import concurrency

concurrency.setup(threading_only=True)

import json
import sys
import time

from oslo_config import cfg
import prettytable

from senlin.api import microversions
from senlin.api import openapi
from senlin.cmd import refusal
from senlin.cmd import schema
from senlin.cmd import startup
from senlin.common import exception
from senlin.common import secrets
from senlin.conf import CONF
from senlin.db import facade
from senlin.db import maintenance

BINARY = "senlin-manage"

# Seconds in each unit that an age can be given in.
_UNITS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def _db_online_data_migrations():
    return schema.migrate_data(CONF.command.max_count)


def _service_list():
    table = prettytable.PrettyTable(
        ["ID", "Host", "Binary", "Topic", "Release", "State", "Created at", "Updated at"]
    )
    for row in facade.read(maintenance.services):
        state = "up" if maintenance.is_up(row, time.time(), CONF.service_down_time) else "down"
        moments = (row.created_at, row.updated_at)
        process = (row.id, row.host, row.binary, row.topic, row.release)
        table.add_row([*process, state, *moments])
    print(table)


def _service_clean():
    removed = facade.write(maintenance.remove_dead_services, time.time(), CONF.service_down_time)
    for row in removed:
        print(f"Removed {row.binary} on {row.host} ({row.id}).")
    print(f"{len(removed)} removed; their actions go on in other engines.")


def _age_in_seconds():
    return CONF.command.age * _UNITS[CONF.command.granularity]


def _event_purge():
    count = maintenance.purge_events(time.time() - _age_in_seconds(), CONF.command.project)
    print(f"{count} events removed.")


def _action_purge():
    age = _age_in_seconds()
    if age < CONF.default_action_timeout:
        raise refusal.Refusal(
            f"An age of {age} seconds is below default_action_timeout "
            f"({CONF.default_action_timeout} seconds)."
        )
    count = maintenance.purge_actions(time.time() - age, CONF.command.project)
    print(f"{count} actions removed.")


def _create_key():
    made = secrets.create_key_file(CONF.secrets_key_file)
    print(f"{CONF.secrets_key_file} {'was made' if made else 'exists and is left alone'}.")


def _openapi():
    try:
        version = microversions.from_header(f"{microversions.SERVICE_TYPE} {CONF.command.version}")
    except exception.SenlinError as error:
        raise refusal.Refusal(error.message) from error
    json.dump(openapi.document(version), sys.stdout, indent=2)
    print()


def _add_purge(commands, name, function, things):
    purge = commands.add_parser(name, help=f"remove old {things}")
    purge.add_argument("age", type=_age, help="how old, at least, what is removed is")
    purge.add_argument("-p", "--project", action="append", help="only of this project; repeatable")
    purge.add_argument(
        "-g",
        "--granularity",
        choices=list(_UNITS),
        default="days",
        help="the unit of the age (default: %(default)s)",
    )
    purge.set_defaults(function=function)


def _age(text):
    number = int(text)
    if number < 0:
        raise ValueError("an age is not negative")
    return number


def _count(text):
    number = int(text)
    if number < 1:
        raise ValueError("a count is positive")
    return number


def _add_schema(commands):
    database = commands.add_parser("db", help="the database's schema")
    actions = database.add_subparsers(dest="db_command", required=True)
    for name, function, text in (
        ("sync", schema.sync, "bring the schema up to date, with the service stopped"),
        ("version", schema.version, "print the schema's revision"),
        ("check", schema.check, "say which of the commands below is due"),
        ("expand", schema.expand, "add what the new release needs; the old one still works"),
        ("contract", schema.contract, "remove what only the old release needed"),
    ):
        actions.add_parser(name, help=text).set_defaults(function=function)
    online = actions.add_parser(
        "online_data_migrations", help="move data to where the new release has them"
    )
    online.add_argument("--max-count", type=_count, help="the most rows to change; default all")
    online.set_defaults(function=_db_online_data_migrations)
    commands.add_parser("db_sync", help="same as db sync").set_defaults(function=schema.sync)
    commands.add_parser("db_version", help="same as db version").set_defaults(
        function=schema.version
    )


def _add_commands(commands):
    _add_schema(commands)
    service = commands.add_parser("service", help="the processes of the service")
    actions = service.add_subparsers(dest="service_command", required=True)
    actions.add_parser("list", help="list them").set_defaults(function=_service_list)
    actions.add_parser(
        "clean", help="forget the dead ones, and give their actions to others"
    ).set_defaults(function=_service_clean)
    _add_purge(commands, "event_purge", _event_purge, "events")
    _add_purge(commands, "action_purge", _action_purge, "actions that have ended")
    secret = commands.add_parser("secrets", help="the keys by which secrets are sealed")
    actions = secret.add_subparsers(dest="secrets_command", required=True)
    actions.add_parser("create-key", help="make the key file, if there is none").set_defaults(
        function=_create_key, is_offline=True
    )
    described = commands.add_parser("openapi", help="print the API's OpenAPI document")
    described.add_argument(
        "--microversion",
        dest="version",
        default="latest",
        help="the microversion to describe (default: %(default)s)",
    )
    described.set_defaults(function=_openapi, is_offline=True)


def main(arguments=None):
    """Run senlin-manage; gives the exit status."""
    CONF.register_cli_opt(cfg.SubCommandOpt("command", title="Commands", handler=_add_commands))
    startup.prepare(BINARY, arguments)
    if not getattr(CONF.command, "is_offline", False):
        facade.configure(answer_seconds=None)
    try:
        return CONF.command.function() or 0
    except refusal.Refusal as error:
        print(f"{BINARY}: {error}", file=sys.stderr)
        return 1
    finally:
        facade.dispose()


if __name__ == "__main__":
    sys.exit(main())
