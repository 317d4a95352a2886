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

"""The one way to the database: transactions, and what SQLite needs.

Functions of ``senlin.db`` take a Core connection as first argument and are
composed inside one transaction::

    facade.write(clusters.insert, values)         # own transaction, retried
    facade.read(lookup.get, "cluster", id)        # plain reads, retried

A database that goes away is waited for, for some seconds; after that the caller gets
``DatabaseUnavailable``. A write whose commit was not answered is not repeated: it may
have been saved, which only the caller can find out (``OutcomeUnknown``).

A SQLite file is opened in WAL mode, and writers begin with BEGIN IMMEDIATE:
with SQLite's deferred BEGIN two threads that read and then write deadlock at
once.
"""

import contextlib
import functools
import sqlite3
import threading

from oslo_db import api as oslo_db_api
from oslo_db import exception as db_exception
from oslo_db.sqlalchemy import enginefacade
import sqlalchemy as sa

from senlin.common import concurrency
from senlin.common import exception
from senlin.conf import CONF
from senlin.db import postgresql

#: Raised for a row whose key is taken.
DuplicateEntry = db_exception.DBDuplicateEntry

_REPEATED_ERRORS = (db_exception.DBConnectionError, db_exception.DBDeadlock)
#: The last one says that all connections of the pool stayed in use: who waits longer
#: only makes it worse.
_PASSING_ERRORS = (*_REPEATED_ERRORS, sa.exc.TimeoutError)

_BUSY_TIMEOUT_MS = 20000
#: Seconds after which a server that does not answer is taken for gone.
ANSWER_SECONDS = 20
_CONNECT_SECONDS = 10
#: Shorter than that, so that who waits for a lock is told by the server.
_LOCK_SECONDS = 15

_lock = threading.Lock()
_count_lock = threading.Lock()
_local = threading.local()
_transactions = None
_anchor = None
_statements_seen = 0


def configure(connection=None, answer_seconds=ANSWER_SECONDS):
    """Open the database named by ``connection`` or by ``[database]``.

    To be called once in a process, after any fork. A second call replaces the
    first.

    :param answer_seconds: how long one statement may take; None = as long as it
        takes, for changes of the schema. Parameters of the URL go before it.
    """
    global _transactions, _anchor
    context = enginefacade.transaction_context()
    options = {
        "connection": connection or CONF.database.connection,
        # A pause at each return of a connection, which only green threads need.
        "thread_checkin": not concurrency.is_threading(),
        # Transactions are repeated; the library would have the first one wait for
        # minutes for a database that is away when the process starts.
        "max_retries": 0,
    }
    if options["connection"].startswith("sqlite"):
        options["sqlite_fk"] = False
    else:
        for name in ("max_pool_size", "max_overflow", "pool_timeout", "connection_recycle_time"):
            options[name] = getattr(CONF.database, name)
    context.configure(**options)
    context.append_on_engine_create(lambda created: _on_engine_create(created, answer_seconds))
    dispose()
    with _lock:
        _transactions = context
        _anchor = _open_anchor(options["connection"])


def ensure_configured():
    """Open the database named by ``[database]`` unless one is open."""
    if _transactions is None:
        configure()


def dispose():
    """Close all connections; the next use needs ``configure`` again."""
    global _transactions, _anchor
    with _lock:
        context, _transactions = _transactions, None
        anchor, _anchor = _anchor, None
    if context is not None:
        context.dispose_pool()
    if anchor is not None:
        anchor.close()


def engine():
    """The SQLAlchemy engine behind all this; others need it for migrations and tests."""
    return _require().writer.get_engine()


def statements():
    """How many SQL statements this process has sent; a benchmark's counter."""
    return _statements_seen


@contextlib.contextmanager
def reader():
    """A connection for plain reads, each of which sees what is saved at its moment.

    They need no transaction, whose end would be one more round trip. SQLite has one
    all the same.
    """
    _local.reading = True
    try:
        opened = _connect()
    finally:
        _local.reading = False
    with opened as connection:
        yield connection


def _connect():
    try:
        return engine().connect()
    except sa.exc.InvalidRequestError as error:
        # One connection after the other broke before it could be used.
        raise db_exception.DBConnectionError(error) from error


@contextlib.contextmanager
def writer():
    """A connection inside a write transaction, committed at the end.

    Transactions do not nest: functions that belong together take the
    connection of the first.

    :raises OutcomeUnknown: the commit was not answered.
    """
    _local.writing = True
    try:
        with _connect() as connection:
            # Closing the connection undoes what was not committed.
            yield connection
            try:
                connection.commit()
            except db_exception.DBConnectionError as error:
                raise exception.OutcomeUnknown() from error
    finally:
        _local.writing = False


def _patient(**limits):
    """Make a function run again after errors that pass; how often says ``limits``."""
    retry = oslo_db_api.wrap_db_retry(
        inc_retry_interval=True,
        exception_checker=lambda error: isinstance(error, _REPEATED_ERRORS),
        **limits,
    )

    def decorate(function):
        repeated = retry(function)

        @functools.wraps(function)
        def call(*args, **kwargs):
            try:
                return repeated(*args, **kwargs)
            except _PASSING_ERRORS as error:
                raise exception.DatabaseUnavailable() from error

        return call

    return decorate


@_patient(max_retries=5, retry_interval=0.1)
def read(function, *args, **kwargs):
    """Call ``function(connection, ...)`` with a connection for plain reads.

    :raises DatabaseUnavailable: it still did not answer after some tries.
    """
    with reader() as connection:
        return function(connection, *args, **kwargs)


@_patient(max_retries=10, retry_interval=0.05, max_retry_interval=2, jitter=True)
def write(function, *args, **kwargs):
    """Call ``function(connection, ...)`` inside a write transaction.

    The whole transaction is run again after a deadlock or a lost connection,
    so ``function`` must not have effects outside the database.

    :raises DatabaseUnavailable: it still did not answer after some tries.
    :raises OutcomeUnknown: the transaction may have been saved or not.
    """
    with writer() as connection:
        return function(connection, *args, **kwargs)


def _require():
    if _transactions is None:
        raise RuntimeError("senlin.db.facade.configure() has not been called in this process.")
    return _transactions


def _open_anchor(connection):
    """A connection that stays open as long as the process uses a SQLite file.

    Each transaction has a connection of its own, and the last one to be closed
    makes SQLite write the whole log back into the file, which takes longer than
    the transaction.
    """
    url = sa.make_url(connection)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    anchor = sqlite3.connect(url.database, check_same_thread=False)
    anchor.execute("PRAGMA journal_mode=WAL")
    anchor.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return anchor


def _on_engine_create(new_engine, answer_seconds):
    limits = _limits(new_engine.dialect.driver, answer_seconds)
    sa.event.listen(new_engine, "do_connect", functools.partial(_limit, limits))
    sa.event.listen(new_engine, "before_cursor_execute", _count_statement)
    if new_engine.dialect.name == "sqlite":
        sa.event.listen(new_engine, "connect", _tune_sqlite)
        sa.event.listen(new_engine, "before_cursor_execute", _begin_immediate, retval=True)
    elif new_engine.dialect.name in ("mysql", "mariadb"):
        sa.event.listen(new_engine, "connect", _read_committed)
        if new_engine.dialect.driver == "pymysql":
            from senlin.db import mariadb

            mariadb.use_for(new_engine)
            sa.event.listen(new_engine, "checkout", _with_mode(mariadb.set_autocommit))
    elif new_engine.dialect.driver == "psycopg":
        sa.event.listen(new_engine, "checkout", _with_mode(postgresql.set_autocommit))


def _with_mode(set_autocommit):
    """Give each connection that is taken from the pool the mode that its user needs."""

    def choose(connection, _record, _proxy):
        set_autocommit(connection, getattr(_local, "reading", False))

    return choose


def _count_statement(conn, cursor, statement, parameters, context, executemany):
    # A list of parameters is one statement for an INSERT, which drivers send as
    # one with many rows, and as many as there are for anything else.
    global _statements_seen
    many = executemany and not statement.startswith("INSERT")
    with _count_lock:
        _statements_seen += len(parameters) if many else 1


def _tune_sqlite(connection, _record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=%d" % _BUSY_TIMEOUT_MS)
    cursor.close()


def _limits(driver, answer_seconds):
    """What tells a driver to give up on a server that hangs or is cut off.

    psycopg notices a network that is cut off, not a server that hangs: nothing in
    it limits how long it waits for an answer.
    """
    if driver == "pymysql":
        limits = {"connect_timeout": _CONNECT_SECONDS}
        if answer_seconds:
            limits.update(read_timeout=answer_seconds, write_timeout=answer_seconds)
        return limits
    if driver == "psycopg":
        limits = {"connect_timeout": _CONNECT_SECONDS}
        if answer_seconds:
            limits.update(tcp_user_timeout=answer_seconds * 1000, keepalives_idle=answer_seconds)
        return limits
    return {}


def _limit(limits, _dialect, _record, _arguments, options):
    for name, value in limits.items():
        options.setdefault(name, value)


def _read_committed(connection, _record):
    # MySQL's default would show a transaction the state at its first look for all
    # its plain reads, also after it has waited for somebody else's lock.
    cursor = connection.cursor()
    cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    cursor.execute("SET SESSION innodb_lock_wait_timeout = %d" % _LOCK_SECONDS)
    cursor.close()


def _begin_immediate(conn, cursor, statement, parameters, context, executemany):
    if statement == "BEGIN" and getattr(_local, "writing", False):
        statement = "BEGIN IMMEDIATE"
    return statement, parameters
