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

"""Base classes of the clustering commands."""

import sys

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
from osc_lib.command import command

from senlin.osc import errors
from senlin.osc import waiting


class _Clustering:
    """What every command of the clustering service can do."""

    @property
    def client(self):
        """The SDK's clustering proxy, set to the wanted microversion."""
        return self.app.client_manager.clustering

    def run(self, parsed_args):
        """Run the command; the service's refusals become a CommandError."""
        with errors.readable():
            return super().run(parsed_args)

    def waiter(self, parsed_args):
        """Give a waiter for actions, which is silent when ``--quiet`` was given."""
        quiet = self.app.options.verbose_level == 0
        progress = None if quiet else waiting.Progress(self.app.stderr)
        return waiting.ActionWaiter(self.client, parsed_args.wait_timeout, progress)

    def report(self, text):
        """Print the outcome of a command without data, on standard output."""
        print(text, file=self.app.stdout, flush=True)

    def say(self, text):
        """Tell people something which is no data, on standard error."""
        print(text, file=self.app.stderr, flush=True)


class Command(_Clustering, command.Command):
    """A command without data to print."""


class ShowOne(_Clustering, command.ShowOne):
    """A command which prints one object."""


class Lister(_Clustering, command.Lister):
    """A command which prints a list of objects."""


class Batch:
    """One request to each of several objects: go on after a failure, and count.

    :param cmd: the command, for its client and its log.
    :param verb: for messages, as in "2 of 3 clusters failed to <verb>".
    :param kind: singular and plural word for the objects.
    """

    def __init__(self, cmd, verb, kind):
        self._command = cmd
        self._verb = verb
        self._singular, self._plural = kind
        self._total = 0
        self._failed = 0

    def send(self, identities, request):
        """Call ``request(identity)`` for all; give the (identity, result) that worked."""
        done = []
        for identity in identities:
            self._total += 1
            try:
                with errors.readable():
                    done.append((identity, request(identity)))
            except (exceptions.CommandError, sdk_exceptions.SDKException) as error:
                self._failure(identity, error)
        return done

    def wait(self, started, parsed_args):
        """Wait for the (identity, action id) of ``started``; give those that worked."""
        waiter = self._command.waiter(parsed_args)
        done = []
        for identity, action_id in started:
            try:
                with errors.readable():
                    done.append((identity, waiter.wait(action_id)))
            except exceptions.CommandError as error:
                self._failure(identity, error)
        return done

    def finish(self):
        """Raise when there were failures.

        :raises osc_lib.exceptions.CommandError: with the count.
        """
        if self._failed:
            raise exceptions.CommandError(
                f"{self._failed} of {self._total} {self._plural} failed to {self._verb}"
            )

    def _failure(self, identity, error):
        self._failed += 1
        self._command.log.error(
            "Failed to %s %s '%s': %s", self._verb, self._singular, identity, error
        )


class BatchLister(Lister):
    """A Lister which prints what worked, and then fails when something did not."""

    batch = None

    def run(self, parsed_args):
        """Run the command.

        :raises osc_lib.exceptions.CommandError: after printing, with the count.
        """
        code = super().run(parsed_args)
        if self.batch is not None:
            self.batch.finish()
        return code


class Delete(Command):
    """A command which deletes several objects."""

    kind = ("object", "objects")
    asynchronous = False

    def get_parser(self, prog_name):
        """Add the positional arguments and what all deletions share."""
        parser = super().get_parser(prog_name)
        word = self.kind[0]
        parser.add_argument(
            "identities",
            metavar=f"<{word}>",
            nargs="+",
            help=f"Name or ID of {word}(s) to delete",
        )
        parser.add_argument("--force", action="store_true", help="Skip yes/no prompt (assume yes)")
        if self.asynchronous:
            parser.add_argument(
                "--force-delete",
                action="store_true",
                help=f"Delete the {word}(s) even while another action changes them",
            )
            waiting.add_options(parser, f"the deletion of the {word}(s)")
        return parser

    def delete(self, identity, parsed_args):
        """Send one deletion; give the action's id when the service answers with one."""
        raise NotImplementedError

    def take_action(self, parsed_args):
        """Delete all that were named; a failure does not stop the others."""
        if not parsed_args.force and not self._confirmed(parsed_args.identities):
            self.say("Nothing was deleted")
            return
        batch = Batch(self, "delete", self.kind)
        started = batch.send(parsed_args.identities, lambda name: self.delete(name, parsed_args))
        if self.asynchronous and parsed_args.wait:
            batch.wait(started, parsed_args)
        elif self.asynchronous:
            for identity, action_id in started:
                self.report(f"{identity}: accepted by action {action_id}")
        batch.finish()

    def _confirmed(self, identities):
        # A script has no one to ask, and must not hang.
        if not sys.stdin.isatty():
            return True
        self.say(f"Delete {', '.join(identities)}? [y/N]")
        return sys.stdin.readline().strip().lower() in ("y", "yes")
