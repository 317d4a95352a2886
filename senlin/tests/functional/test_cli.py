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

"""Every command of the plugin in today's openstack client, as users run it."""

import contextlib
import csv
import io
import json
import subprocess
import sys

import fixtures
from openstackclient import shell
import yaml

from senlin.tests.functional import base
from senlin.tests.functional import calls
from senlin.tests.functional import programs
from senlin.tests.unit.osc import base as osc_base


def _csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def _variables(text):
    return dict(line.split("=", 1) for line in text.splitlines())


#: Format -> what has to understand it.
LIST_FORMATS = {
    "json": json.loads,
    "yaml": yaml.safe_load,
    "csv": _csv,
    "table": str.splitlines,
    "value": str.splitlines,
}
SHOW_FORMATS = {
    "json": json.loads,
    "yaml": yaml.safe_load,
    "shell": _variables,
    "table": str.splitlines,
    "value": str.splitlines,
}


class CliTest(base.TestCase):
    def setUp(self):
        super().setUp()
        self.used = set()
        clouds = self.service.directory / "clouds.yaml"
        self.useFixture(fixtures.EnvironmentVariable("OS_CLIENT_CONFIG_FILE", str(clouds)))
        folder = self.useFixture(fixtures.TempDir())
        self.profile_file = folder.join("profile.yaml")
        self.policy_file = folder.join("policy.json")
        self.script = folder.join("script")
        for path, text in (
            (self.profile_file, yaml.safe_dump(programs.SERVER_SPEC)),
            (self.policy_file, json.dumps(calls.POLICY_SPEC)),
            (self.script, "true"),
        ):
            with open(path, "w", encoding="utf-8") as target:
                target.write(text)

    def run_shell(self, *words, code=0):
        """What a command prints on its two outputs."""
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            try:
                done = shell.main(["--os-cloud", "senlin", *words])
            except SystemExit as ended:
                # By argparse, before a command begins.
                done = ended.code
        self.assertEqual(code, done, (words, output.getvalue(), errors.getvalue()))
        return output.getvalue(), errors.getvalue()

    def cli(self, line, *more, **options):
        """Run a command of the plugin, below "openstack cluster"."""
        words = ["cluster", *line.split(), *more]
        known = osc_base.commands()
        lengths = [n for n in range(len(words), 1, -1) if " ".join(words[:n]) in known]
        self.used.add(" ".join(words[: lengths[0]]))
        return self.run_shell(*words, **options)

    def data(self, line, *more, **options):
        """The JSON that a command prints."""
        return json.loads(self.cli(line, *more, "-f", "json", **options)[0])

    def refusal(self, line, *more, code=1):
        """What a command says that must fail."""
        output, errors = self.cli(line, *more, code=code)
        self.assertEqual("", output)
        self.assertNotIn("Traceback", errors)
        return errors

    def test_every_command_works(self):
        self._use_types()
        self._use_profiles()
        self._use_clusters()
        self._use_nodes()
        self._use_policies()
        self._use_receivers()
        self._use_records()
        self._print_in_all_formats()
        self._fail_sensibly()
        self._complete()
        self._delete()
        self.assertEqual(set(), set(osc_base.commands()) - self.used)

    def _use_types(self):
        self.assertEqual({"revision": "1.0"}, self.data("build info")["engine"])
        self.assertIn("os.nova.server", [row["name"] for row in self.data("profile type list")])
        self.assertIn("flavor", self.data("profile type show os.nova.server-1.0")["schema"])
        self.assertIn("reboot", str(self.data("profile type ops os.nova.server-1.0")))
        name = "senlin.policy.deletion"
        self.assertIn(name, [row["name"] for row in self.data("policy type list")])
        self.assertIn("criteria", self.data(f"policy type show {name}-1.1")["schema"])
        self._use_services()

    def _use_services(self):
        """As another user, for which the client needs another process."""
        words = ("--os-cloud", "senlin-admin", "cluster", "service", "list", "-f", "json")
        output = subprocess.check_output(
            [sys.executable, "-m", "openstackclient.shell", *words], text=True, timeout=120
        )
        self.assertEqual(["up"], [service["state"] for service in json.loads(output)])
        self.assertIn("HTTP 403", self.refusal("service list"))

    def _use_profiles(self):
        file = ("--spec-file", self.profile_file)
        self.assertEqual("os.nova.server-1.0", self.data("profile validate", *file)["type"])
        made = self.data("profile create p1 --metadata a=1;b=2", *file)
        self.assertEqual({"a": "1", "b": "2"}, made["metadata"])
        self.assertEqual(programs.SERVER_SPEC, self.data("profile show p1")["spec"])
        self.assertEqual("p2", self.data("profile update p1 --name p2")["name"])
        self.assertEqual(
            {"a": "1", "b": "2", "c": "3"},
            self.data("profile set p2 --metadata c=3")["metadata"],
        )
        self.data("profile create p3", *file)
        self.assertEqual(["p2", "p3"], [p["name"] for p in self.data("profile list --sort name")])

    def _use_clusters(self):
        made = self.data(
            "create c1 --profile p2 --desired-capacity 1 --min-size 0 --max-size 8 --timeout 60"
            " --metadata k=v;l=w --config node.name.format=member$I --wait"
        )
        self.assertEqual(("ACTIVE", 60), (made["status"], made["timeout"]))
        _, progress = self.cli("expand c1 --wait")
        self.assertRegex(progress, r"cluster_scale_out_\w{8} SUCCEEDED")
        self.data("scale out c1 --count 2 --wait")
        self.data("shrink c1 --wait")
        self.data("scale in c1 --count 1 --wait")
        self.data("resize c1 --capacity 2 --max-size 6 --wait")
        shown = self.data("show c1")
        self.assertEqual((2, 6, {"k": "v", "l": "w"}), (*self._sizes(shown), shown["metadata"]))
        self.assertEqual({"k": "x"}, self.data("update c1 --metadata k=x --wait")["metadata"])
        shown = self.data("set c1 --config node.name.format=m$I --wait")
        self.assertEqual({"node.name.format": "m$I"}, shown["config"])
        self.assertEqual({}, self.data("unset c1 --metadata k --wait")["metadata"])
        self.data("check c1 --wait")
        self.data("recover c1 --check true --wait")
        self.data("op c1 --operation reboot --params type=SOFT --wait")
        rows = self.data("collect c1 --path details.status")
        self.assertEqual(["ACTIVE"] * 2, [row["attr_value"] for row in rows])
        output, errors = self.cli(
            "run c1 --address-type fixed --ssh-options=-oProxyCommand=false --script",
            self.script,
            code=1,
        )
        self.assertNotIn("Traceback", errors)

    @staticmethod
    def _sizes(shown):
        return len(shown["node_ids"]), shown["max_size"]

    def _use_nodes(self):
        made = self.data("node create n1 --profile p2 --role spare --metadata a=1;b=2 --wait")
        self.assertEqual(("ACTIVE", "spare"), (made["status"], made["role"]))
        self.assertEqual("r2", self.data("node update n1 --role r2 --wait")["role"])
        self.assertTrue(self.data("node set n1 --tainted true --wait")["tainted"])
        self.assertEqual({"b": "2"}, self.data("node unset n1 --metadata a --wait")["metadata"])
        self.assertEqual("ACTIVE", self.data("node show n1 --details")["details"]["status"])
        self.cli("node check n1 --wait")
        self.cli("node recover n1 --check true --wait")
        self.data("node op n1 --operation reboot --params type=SOFT --wait")
        self.data("members add c1 --nodes n1 --wait")
        rows = self.data("members list c1")
        self.assertIn("n1", [row["name"] for row in rows])
        self.assertEqual(len(rows), len(self.data("node list --cluster c1")))
        self.data("members del c1 --nodes n1 --wait")
        old = next(row["id"] for row in rows if row["name"] != "n1")
        self.data(f"members replace c1 --nodes {old}=n1 --wait")
        self.assertEqual(2, len(self.data("members list c1")))
        self.data(f"members add c1 --nodes {old} --wait")
        self.data(f"members remove c1 --nodes {old} --destroy-after-deletion true --wait")
        server = calls.Requests(self.service, self.clustering.get_profile("p2")).new_server()
        adopt = f"node adopt --identity {server} --type os.nova.server-1.0"
        self.assertIn("os.nova.server", str(self.data(f"{adopt} --preview")))
        self.assertEqual(server, self.data(f"{adopt} --name n2")["physical_id"])

    def _use_policies(self):
        file = ("--spec-file", self.policy_file)
        self.data("policy validate", *file)
        made = self.data("policy create d1", *file)
        self.assertEqual(made["id"], self.data("policy show d1")["id"])
        self.assertEqual("d2", self.data("policy update d1 --name d2")["name"])
        self.assertEqual("d3", self.data("policy set d2 --name d3")["name"])
        self.assertEqual(["d3"], [row["name"] for row in self.data("policy list")])
        self.cli("policy attach c1 --policy d3 --enabled true --wait")
        for word, enabled in (("set", "false"), ("update", "true")):
            self.cli(f"policy binding {word} c1 --policy d3 --enabled {enabled} --wait")
            shown = self.data("policy binding show c1 --policy d3")
            self.assertEqual(enabled == "true", shown["is_enabled"])
        (row,) = self.data("policy binding list c1")
        self.assertEqual(made["id"], row["policy_id"])

    def _use_receivers(self):
        made = self.data("receiver create r1 --cluster c1 --action CLUSTER_CHECK --params a=1")
        self.assertIn("/trigger?V=2&a=1", made["channel"]["alarm_url"])
        self.assertEqual("r2", self.data("receiver update r1 --name r2")["name"])
        shown = self.data("receiver set r2 --action CLUSTER_SCALE_OUT")
        self.assertEqual("CLUSTER_SCALE_OUT", shown["action"])
        self.assertEqual(made["id"], self.data("receiver show r2")["id"])
        self.assertEqual(["r2"], [row["name"] for row in self.data("receiver list")])

    def _use_records(self):
        cluster = self.data("show c1")["id"]
        rows = self.data(f"action list --filters target={cluster} --sort created_at --limit 1")
        self.assertEqual("CLUSTER_CREATE", self.data(f"action show {rows[0]['id']}")["action"])
        rows = self.data(f"event list --filters oid={cluster} --limit 1")
        self.assertEqual(cluster, self.data(f"event show {rows[0]['id']}")["obj_id"])
        for command in ("cancel {}", "update {} --status CANCELLED"):
            self.service.set_knobs(active_delay=20)
            self.data("scale out c1 --count 1")
            (action,) = self.data(
                "action list --filters action=CLUSTER_SCALE_OUT --sort created_at:desc --limit 1"
            )
            self.cli(f"action {command.format(action['id'])}")
            self.assert_ended(action["id"], "CANCELLED")
            self.service.set_knobs(active_delay=0.1)

    def _print_in_all_formats(self):
        event = self.data("event list --limit 1")[0]["id"]
        action = self.data("action list --limit 1")[0]["id"]
        shown = (
            *("build info", "show c1", "node show n1", "profile show p2", "policy show d3"),
            *("receiver show r2", f"action show {action}", f"event show {event}"),
            *("policy binding show c1 --policy d3", "profile type show os.nova.server-1.0"),
        )
        listed = (
            *("list", "node list", "members list c1", "profile list", "policy list"),
            *("receiver list", "action list", "event list", "policy binding list c1"),
            *("profile type list", "policy type list", "collect c1 --path name"),
        )
        for lines, formats in ((shown, SHOW_FORMATS), (listed, LIST_FORMATS)):
            for line in lines:
                for name, read in formats.items():
                    output, errors = self.cli(line, "-f", name)
                    self.assertTrue(read(output), (line, name, output))
                    self.assertEqual("", errors, (line, name))
        (row,) = self.data("list -c name -c status")
        self.assertEqual({"name", "status"}, set(row))

    def _fail_sensibly(self):
        line = "create c --profile p2 --desired-capacity 1 --min-size 2"
        self.assertIn("The cluster 'x' could not be found. (HTTP 404", self.refusal("show x"))
        self.assertIn("less than the specified", self.refusal(line))
        self.assertIn("'x' could not be found", self.refusal("policy attach c1 --policy x"))
        self.assertIn("HTTP 409", self.refusal("profile delete p2 --force"))
        line = "resize c1 --capacity 7 --strict --wait"
        self.assertIn("greater than the cluster's max_size (6)", self.refusal(line))
        self.refusal("expand c1 --count -1", code=2)

    def _complete(self):
        output, _ = self.run_shell("complete")
        for name in osc_base.commands():
            above, _, last = name.rpartition(" ")
            (line,) = [
                line
                for line in output.splitlines()
                if line.strip().startswith(f"cmds_{above.replace(' ', '_')}=")
            ]
            self.assertIn(last, line.split("'")[1].split(), name)
        self.assertIn("cmds_cluster_resize='", output)
        self.assertIn("--capacity", output)

    def _delete(self):
        self.cli("policy detach c1 --policy d3 --wait")
        self.cli("policy delete d3 --force")
        self.cli("receiver delete r2 --force")
        for row in self.data("node list"):
            if not row["cluster_id"]:
                self.cli(f"node delete {row['id']} --force --wait")
        self.cli("delete c1 --force --wait")
        for row in self.data("profile list"):
            self.cli(f"profile delete {row['id']} --force")
        self.assertEqual([], self.data("profile list"))
        self.assertEqual([], self.service.servers())
