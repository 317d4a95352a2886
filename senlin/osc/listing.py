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

"""The part which all list commands share: filters, sorting, paging, projects."""

import itertools

from osc_lib import exceptions
from osc_lib.cli import identity

from senlin.osc import columns
from senlin.osc import command
from senlin.osc import options


class ListCommand(command.Lister):
    """A list of resources, described by class attributes."""

    #: Plural word for the resources, for help texts.
    plural = "objects"
    #: Names of filters, which are those of the REST API.
    filter_keys = ()
    #: Names by which the service can sort.
    sort_keys = ()
    #: Columns, and those which ``--long`` adds.
    fields = ()
    long_fields = ()
    #: Whether the service pages this list, and whether it spans projects.
    paged = True
    global_project = True

    def get_parser(self, prog_name):
        """Add the arguments that the class attributes call for."""
        parser = super().get_parser(prog_name)
        self.add_arguments(parser)
        parser.add_argument(
            "--filters",
            metavar='<"key1=value1;key2=value2...">',
            action=options.MultiValues,
            help=(
                f"Filter parameters to apply on returned {self.plural}. This can be "
                "specified multiple times, or once with parameters separated by a "
                f"semicolon. The valid filter keys are: {', '.join(self.filter_keys)}"
            ),
        )
        parser.add_argument(
            "--sort",
            metavar="<key>[:<direction>]",
            help=(
                "Sort by a comma-separated list of keys, each optionally followed by "
                f":asc or :desc. The valid sort keys are: {', '.join(self.sort_keys)}"
            ),
        )
        if self.paged:
            self._add_paging(parser)
        if self.global_project:
            self._add_projects(parser)
        parser.add_argument(
            "--full-id",
            action="store_true",
            help="Print full IDs in tables (other formats always have them)",
        )
        if self.long_fields:
            parser.add_argument(
                "--long", action="store_true", help="List additional fields in output"
            )
        return parser

    def add_arguments(self, parser):
        """Add arguments of one list only; to be overridden."""

    def fetch(self, query, parsed_args):
        """Give the resources for ``query``, as an iterable."""
        raise NotImplementedError

    def take_action(self, parsed_args):
        """Give titles and rows."""
        query = self._query(parsed_args)
        found = self.fetch(query, parsed_args)
        if self.paged and parsed_args.limit is not None:
            # To the SDK a limit is the size of a page: it would fetch all of them.
            found = itertools.islice(found, parsed_args.limit)
        fields = self._wanted_fields(parsed_args)
        rows = [columns.row(item, fields, parsed_args.full_id) for item in found]
        return columns.titles(fields), rows

    def _add_paging(self, parser):
        parser.add_argument(
            "--limit",
            metavar="<limit>",
            type=options.natural,
            help=f"Limit the number of {self.plural} returned",
        )
        parser.add_argument(
            "--marker",
            metavar="<id>",
            help=f"Only return {self.plural} that appear after the one with this ID",
        )

    def _add_projects(self, parser):
        parser.add_argument(
            "--global-project",
            "--all-projects",
            dest="global_project",
            action="store_true",
            help=f"List the {self.plural} of all projects (needs a privilege)",
        )
        parser.add_argument(
            "--project",
            metavar="<project>",
            help=(f"List the {self.plural} of this project, by name or ID (needs a privilege)"),
        )

    def _query(self, parsed_args):
        query = {}
        for key, values in (parsed_args.filters or {}).items():
            if key not in self.filter_keys:
                raise exceptions.CommandError(
                    f"Unknown filter key '{key}'; the valid filter keys are: "
                    f"{', '.join(self.filter_keys)}"
                )
            query[key] = values if len(values) > 1 else values[0]
        if parsed_args.sort:
            query["sort"] = parsed_args.sort
        if self.paged:
            if parsed_args.limit is not None:
                query["limit"] = parsed_args.limit
            if parsed_args.marker:
                query["marker"] = parsed_args.marker
        if self.global_project:
            query.update(self._project_query(parsed_args))
        return query

    def _project_query(self, parsed_args):
        if parsed_args.project:
            project = identity.find_project(
                self.app.client_manager.sdk_connection, parsed_args.project
            )
            # The service cannot filter by project; the SDK does it on what comes back.
            return {"global_project": True, "project_id": project.id}
        if parsed_args.global_project:
            return {"global_project": True}
        return {}

    def _wanted_fields(self, parsed_args):
        fields = self.fields
        if self.long_fields and parsed_args.long:
            fields += self.long_fields
        across = self.global_project and (parsed_args.global_project or parsed_args.project)
        if across and "project_id" not in columns.titles(fields):
            fields += (columns.Field("project_id", columns.ShortId),)
        return fields
