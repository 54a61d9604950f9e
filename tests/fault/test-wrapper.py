#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every allocation and every system call of 'hookwright-runtime create' fails once. Whatever it is,
the runtime is executed with the bundle that the policies want, or not at all: then there is a
message, in the engine's log too, config.json is the old or the new one, and nothing is left."""

import errno
import json
import os
import subprocess
import sys

import fault

WRAPPER = os.path.dirname(fault.PROGRAM) + "/hookwright-runtime"
LIMIT = 20000
CALLS = {
    "create": [errno.ENOSPC, errno.EACCES], "openat": [errno.EIO, errno.EACCES, errno.EMFILE],
    "read": [errno.EIO], "pread": [errno.EIO], "write": [errno.EIO, errno.ENOSPC, errno.EFBIG],
    "fstat": [errno.EIO], "fstatat": [errno.EIO, errno.EACCES], "stat": [errno.EIO, errno.EACCES],
    "statx": [errno.EIO], "access": [errno.EIO, errno.EACCES], "faccessat": [errno.EIO],
    "fstatfs": [errno.EIO], "readlink": [errno.EIO, errno.EACCES], "readlinkat": [errno.EIO],
    "readdir": [errno.EIO], "fdopendir": [errno.ENOMEM], "close": [errno.EIO],
    "flock": [errno.ENOLCK], "unlock": [errno.EIO], "renameat": [errno.EIO, errno.EPERM],
    "rename": [errno.EIO], "mkdir": [errno.EACCES], "unlink": [errno.EIO], "unlinkat": [errno.EIO],
    "fchmod": [errno.EPERM], "fchown": [errno.EPERM], "fgetxattr": [errno.EIO],
    "flistxattr": [errno.EIO], "fsetxattr": [errno.ENOSPC], "getxattr": [errno.EIO],
    "setenv": [errno.ENOMEM],
}

NEEDED = {"create", "openat", "read", "write", "fstat", "flock", "readdir", "close"}

# It shows that it was executed, and with what; nothing in it fails.
RECORDER = """#!/bin/sh
unset LD_PRELOAD
cat bundle/config.json >seen
echo "$0" >>ran
"""


class World:
    """The bundle, policies of which each refuses what it cannot have, and a recorder as runtime."""

    def __init__(self, annotation=False, rootless=False):
        self.bundle = fault.Bundle()
        self.top = self.bundle.top
        self.rootless = rootless
        for name in ("recorder", "crun-recorder"):
            fault.write(f"{self.top}/{name}", RECORDER, 0o755)
        fault.write(self.top + "/config.yaml", f"""version: 1
runtime: {self.top}/recorder
runtimes: {{ other: {self.top}/crun-recorder }}
policies: [{self.top}/strict]
log: {{ file: {self.top}/own.log, level: info }}
""")
        os.mkdir(self.top + "/run")
        if annotation:
            config = json.loads(self.bundle.start)
            config["annotations"]["io.hookwright.runtime"] = "other"
            self.bundle.start = json.dumps(config).encode()
        self.want = None

    def run(self, fail=None):
        """Status, stderr with the engine's log, whether something failed; self.seen is set."""
        self.bundle.fresh()
        for name in ("seen", "ran", "log", "engine.log", "own.log"):
            if os.path.exists(f"{self.top}/{name}"):
                os.unlink(f"{self.top}/{name}")
        env = dict(self.bundle.environment(fail), HW_FAIL_PROGRAM="hookwright-runtime",
                   XDG_RUNTIME_DIR=self.top + "/run")
        done = subprocess.run(
            (["unshare", "-Ur"] if self.rootless else []) +
            [WRAPPER, "--hookwright-config", self.top + "/config.yaml", "--root",
             self.top + "/state", "--log", self.top + "/engine.log", "create", "--bundle",
             "bundle", "c"],
            cwd=self.top, env=env, input=b"", capture_output=True, timeout=60,
            check=False)
        self.seen = self.content("seen")
        self.ran = self.content("ran")
        return (done.returncode, done.stderr.decode(errors="replace"),
                self.content("engine.log") or b"", os.path.exists(self.bundle.log))

    def content(self, name):
        try:
            with open(f"{self.top}/{name}", "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def works(self):
        status, err, _, _ = self.run()
        self.want = self.seen
        self.runtime = self.ran
        if status != 0 or not self.want or b"/bin/env" not in self.want or self.want == self.bundle.start:
            return f"{fault.died(status)}: {err}"
        return ""

    def judge(self, status, err, log):
        if self.bundle.others():
            return "left in the bundle: " + " ".join(self.bundle.others())
        if self.bundle.read() not in (self.bundle.start, self.want):
            return "config.json is neither the old nor the new one"
        if self.ran is not None:
            if self.seen != self.want:
                return "the runtime was executed with another config.json: " + err
            return "" if self.ran == self.runtime else f"another runtime was executed: {self.ran}"
        if status != 1 or not err:
            return f"not executed: {fault.died(status)}, message: {err}"
        return "" if log or "log" not in err else "no message in the engine's log"

    def sweep(self, plans):
        """Run with the first, second, ... failing; problems, runs, and how often it was executed."""
        problems, runs, executed = [], 0, 0
        for plan in plans:
            for n in range(1, LIMIT):
                status, err, log, reached = self.run(plan.format(n=n))
                if not reached:
                    break
                runs += 1
                executed += self.ran is not None
                problem = self.judge(status, err, log)
                if problem:
                    problems.append(f"{plan.format(n=n)}: {problem}")
        return problems, runs, executed


def try_all(tap, world, name, calls):
    broken = world.works()
    if broken:
        tap.result([broken], f"{name}: works when nothing fails")
        return
    problems, runs, executed = world.sweep(["alloc:{n}"])
    if runs == executed or not runs:
        problems.append("no allocation was seen to fail")
    tap.result(problems, f"{name}: {runs} allocations fail one by one, {executed} times the "
               "runtime was executed all the same")
    for call in calls:
        problems, runs, executed = world.sweep(
            [f"{call}:{{n}}:{number}" for number in CALLS[call]])
        if call in NEEDED and not runs:
            problems.append("there is no such call")
        if runs or problems:
            tap.result(problems, f"{name}: {call} fails, {runs} runs, {executed} executed")


def has_user_namespaces():
    return subprocess.run(["unshare", "-Ur", "true"], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def main():
    tap = fault.Tap()
    try_all(tap, World(), "create", CALLS)
    if has_user_namespaces():
        # The memory of the chosen runtime is in $XDG_RUNTIME_DIR then, and not on the host.
        try_all(tap, World(annotation=True, rootless=True), "create by a chosen runtime",
                ["create", "openat", "read", "write", "statx", "access", "stat", "readlink",
                 "rename", "mkdir", "unlink", "close", "setenv", "readdir"])
    else:
        tap.skip("create by a chosen runtime", "no user namespaces")
    return tap.done()


sys.exit(main())
