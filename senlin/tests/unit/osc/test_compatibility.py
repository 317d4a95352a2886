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

"""The names and arguments of the retired plug-in stay: scripts depend on them."""

import argparse

from osc_lib.command import command

from senlin.tests.unit import base
from senlin.tests.unit.osc import base as osc_base

#: Name below "cluster", kind, positional argument, and options. An option ends in "="
#: when it takes a value, and then in "!" when it is required.
OLD_COMMANDS = (
    (
        "action list",
        "Lister",
        None,
        "--filters= --sort= --limit= --marker= --global-project --full-id",
    ),
    ("action show", "ShowOne", "<action>", ""),
    ("action update", "ShowOne", "<action>", "--status="),
    ("build info", "ShowOne", None, ""),
    ("check", "Lister", "<cluster>+", "--wait"),
    ("collect", "Lister", "<cluster>", "--full-id --path=!"),
    (
        "create",
        "ShowOne",
        "<cluster-name>",
        "--config= --min-size= --max-size= --desired-capacity= --timeout= "
        "--metadata= --profile=! --wait",
    ),
    ("delete", "Command", "<cluster>+", "--force-delete --force --wait"),
    (
        "event list",
        "Lister",
        None,
        "--filters= --limit= --marker= --sort= --global-project --full-id",
    ),
    ("event show", "ShowOne", "<event>", ""),
    ("expand", "ShowOne", "<cluster>", "--count= --wait"),
    ("list", "Lister", None, "--filters= --sort= --limit= --marker= --global-project --full-id"),
    ("members add", "ShowOne", "<cluster>", "--nodes=! --wait"),
    ("members del", "ShowOne", "<cluster>", "--nodes=! -d/--destroy-after-deletion= --wait"),
    ("members list", "Lister", "<cluster>", "--filters= --sort= --limit= --marker= --full-id"),
    ("members replace", "ShowOne", "<cluster>", "--nodes=! --wait"),
    (
        "node adopt",
        "ShowOne",
        None,
        "--identity=! --type=! --role= --metadata= --name= --overrides= --preview --snapshot",
    ),
    ("node check", "Command", "<node>+", ""),
    ("node create", "ShowOne", "<node-name>", "--cluster= --role= --metadata= --profile=!"),
    ("node delete", "Command", "<node>+", "--force-delete --force"),
    (
        "node list",
        "Lister",
        None,
        "--cluster= --filters= --sort= --limit= --marker= --global-project --full-id",
    ),
    ("node op", "Lister", "<node>", "--operation=! --params="),
    ("node recover", "Command", "<node>+", "--check="),
    ("node show", "ShowOne", "<node>", "--details"),
    ("node update", "ShowOne", "<node>", "--name= --profile= --role= --metadata= --tainted="),
    ("op", "ShowOne", "<cluster>", "--operation=! --params= --wait"),
    ("policy attach", "Command", "<cluster>", "--enabled= --policy=! --wait"),
    ("policy binding list", "Lister", "<cluster>", "--filters= --sort= --full-id"),
    ("policy binding show", "ShowOne", "<cluster>", "--policy=!"),
    ("policy binding update", "Command", "<cluster>", "--policy=! --enabled=!"),
    ("policy create", "ShowOne", "<name>", "--spec-file=!"),
    ("policy delete", "Command", "<policy>+", "--force"),
    ("policy detach", "Command", "<cluster>", "--policy=! --wait"),
    (
        "policy list",
        "Lister",
        None,
        "--limit= --marker= --sort= --filters= --global-project --full-id",
    ),
    ("policy show", "ShowOne", "<policy>", ""),
    ("policy type list", "Lister", None, ""),
    ("policy type show", "ShowOne", "<type-name>", ""),
    ("policy update", "ShowOne", "<policy>", "--name="),
    ("policy validate", "ShowOne", None, "--spec-file=!"),
    ("profile create", "ShowOne", "<profile-name>", "--metadata= --spec-file=!"),
    ("profile delete", "Command", "<profile>+", "--force"),
    (
        "profile list",
        "Lister",
        None,
        "--limit= --marker= --sort= --filters= --global-project --full-id",
    ),
    ("profile show", "ShowOne", "<profile>", ""),
    ("profile type list", "Lister", None, ""),
    ("profile type ops", "ShowOne", "<type-name>", ""),
    ("profile type show", "ShowOne", "<name-version>", ""),
    ("profile update", "ShowOne", "<profile>", "--name= --metadata="),
    ("profile validate", "ShowOne", None, "--spec-file=!"),
    ("receiver create", "ShowOne", "<name>", "--type= --params= --cluster= --action="),
    ("receiver delete", "Command", "<receiver>+", "--force"),
    (
        "receiver list",
        "Lister",
        None,
        "--filters= --limit= --marker= --sort= --global-project --full-id",
    ),
    ("receiver show", "ShowOne", "<receiver>", ""),
    ("receiver update", "ShowOne", "<receiver>", "--name= --action= --params="),
    ("recover", "Lister", "<cluster>+", "--check= --wait"),
    (
        "resize",
        "ShowOne",
        "<cluster>",
        "--capacity= --adjustment= --percentage= --min-step= --strict "
        "--min-size= --max-size= --wait",
    ),
    (
        "run",
        "Command",
        "<cluster>",
        "--port= --address-type= --network= --ipv6 --user= "
        "--identity-file= --ssh-options= --script=!",
    ),
    ("service list", "Lister", None, ""),
    ("show", "ShowOne", "<cluster>", ""),
    ("shrink", "ShowOne", "<cluster>", "--count= --wait"),
    (
        "update",
        "ShowOne",
        "<cluster>",
        "--config= --profile= --profile-only= --timeout= --metadata= --name= --wait",
    ),
)

#: "node op" printed nothing ever (it crashed on every release): it shows one action.
CHANGED_KIND = {"node op": "ShowOne"}


def _parser(name):
    cmd = osc_base.load(name)(argparse.Namespace(), argparse.Namespace())
    return cmd.get_parser(f"openstack {name}")


class CompatibilityTestCase(base.TestCase):
    def test_all_sixty_commands_of_the_old_plugin_exist(self):
        self.assertEqual(60, len(OLD_COMMANDS))
        present = osc_base.commands()
        missing = [name for name, *_rest in OLD_COMMANDS if f"cluster {name}" not in present]
        self.assertEqual([], missing)

    def test_each_old_command_is_of_its_old_kind(self):
        for name, kind, _positional, _options in OLD_COMMANDS:
            cls = osc_base.load(f"cluster {name}")
            base_class = getattr(command, CHANGED_KIND.get(name, kind))
            self.assertTrue(issubclass(cls, base_class), name)

    def test_each_old_command_takes_its_old_positional_argument(self):
        for name, _kind, positional, _options in OLD_COMMANDS:
            actions = _parser(f"cluster {name}")._get_positional_actions()
            found = [action.metavar + (action.nargs or "") for action in actions]
            self.assertEqual([positional] if positional else [], found, name)

    def test_each_old_command_takes_its_old_options(self):
        for name, _kind, _positional, wanted in OLD_COMMANDS:
            known = _parser(f"cluster {name}")._option_string_actions
            for option in wanted.split():
                for flag in option.rstrip("=!").split("/"):
                    self.assertIn(flag, known, name)
                    takes_value = known[flag].nargs != 0
                    self.assertEqual("=" in option, takes_value, f"{name} {flag}")

    def test_no_option_which_was_optional_is_required_now(self):
        for name, _kind, _positional, wanted in OLD_COMMANDS:
            required_then = {
                option.rstrip("=!").split("/")[-1]
                for option in wanted.split()
                if option.endswith("!")
            }
            required_now = {
                action.option_strings[-1]
                for action in _parser(f"cluster {name}")._get_optional_actions()
                if action.required
            }
            self.assertEqual(required_then, required_now, name)

    def test_every_command_has_help_for_each_argument(self):
        for name in osc_base.commands():
            parser = _parser(name)
            self.assertTrue(parser.description, name)
            for action in parser._actions:
                self.assertTrue(action.help, f"{name} {action.dest}")
