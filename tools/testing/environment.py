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

"""The environment that the tests run in: Python packages, Debian packages, variables."""

import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
VENV = pathlib.Path(os.environ.get("SENLIN_TEST_VENV") or ROOT / ".venv-test")
#: The interpreter of the tests.
python = str(VENV / "bin/python")
INPUTS = (
    "pyproject.toml",
    "setup.cfg",
    "requirements.txt",
    "test-requirements.txt",
    "doc/requirements.txt",
)


class Broken(Exception):
    """A part cannot run at all; the text says why."""


def announce(text):
    """Print a heading."""
    print(f"\n==== {text}", flush=True)


def binary(name):
    """The path of a program of the test environment."""
    return str(pathlib.Path(python).parent / name)


def variables(**more):
    """The environment of the tests: nothing of the caller's OpenStack."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("OS_") or name.startswith("OS_TEST_")
    }
    path = f"{pathlib.Path(python).parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "OS_STDOUT_CAPTURE": "1", "OS_STDERR_CAPTURE": "1", **more}


def run(*command):
    """Run a program that has to succeed.

    :raises Broken: it did not.
    """
    done = subprocess.run(
        command, cwd="/", env=variables(**_without_git()), stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        raise Broken(f"{' '.join(command)} failed")


def _without_git():
    """Where there are no commits to count, the declared version is the version."""
    if (ROOT / ".git").exists() or "PBR_VERSION" in os.environ:
        return {}
    text = (ROOT / "setup.cfg").read_text()
    return {"PBR_VERSION": re.search(r"^version *= *(\S+)", text, re.MULTILINE)[1]}


def install_packages():
    """Install the Debian packages of bindep.txt that are missing."""
    if not shutil.which("dpkg-query"):
        return
    missing = [name for name in _debian_packages() if not _is_installed(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        print(f"Not installed, and only root could: {' '.join(missing)}", flush=True)
        return
    announce(f"installing {' '.join(missing)}")
    quiet = {
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        "stdin": subprocess.DEVNULL,
    }
    with _services_not_started():
        subprocess.run(["apt-get", "update", "-qq"], check=True, **quiet)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
        subprocess.run(command, check=True, **quiet)


def _debian_packages():
    for line in (ROOT / "bindep.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split()[0]


def _is_installed(package):
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout == "installed"


@contextlib.contextmanager
def _services_not_started():
    """Keep Debian from starting the servers that it installs."""
    policy = pathlib.Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def install():
    """Make the virtual environment current; does nothing when it is."""
    stamp = VENV / "senlin-installed"
    digest = hashlib.sha256(f"{sys.version}{ROOT}".encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    announce(f"installing the test environment into {VENV}")
    if not (VENV / "bin/pip").exists():
        run(sys.executable, "-m", "venv", str(VENV))
    command = [str(VENV / "bin/python"), "-m", "pip", "install", "-q"]
    command += ["--disable-pip-version-check", "-e", f"{ROOT}[mysql,postgresql,cli]"]
    command += ["-r", str(ROOT / "test-requirements.txt"), "-r", str(ROOT / "doc/requirements.txt")]
    run(*command)
    stamp.write_text(digest.hexdigest())
