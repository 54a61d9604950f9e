#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every allocation of a command fails once. Each time the command must either say that it is out
of memory, with status 3 and nothing changed, or, where the C library copes (a buffer of stdio),
give the right result."""

import difflib
import os
import sys

import fault

LIMIT = 20000

HOOKS = {
    "new": '{"version": "1.0.0", "hook": {"path": "/bin/sh", "args": ["sh", "-c", ":"], "x": 1},'
           ' "when": {"annotations": {".": "[^a-c]|(?i)x{2,3}"}, "commands": ["."]},'
           ' "stages": ["startContainer", "createRuntime", "precreate"]}',
    "old": '{"hook": "/bin/sh", "arguments": ["x"], "stages": ["poststop"], "cmds": ["."]}',
    "gone": '{"hook": "/no/such", "stages": ["poststop", "startContainer"], "cmds": ["."]}',
}


def difference(want, out, bundle):
    """The first lines that differ, of the output or else of config.json."""
    old, new = want["out"], out
    if old == new:
        old, new = want["config"].decode(), bundle.read().decode(errors="replace")
    return "\n".join(line for line in difflib.ndiff(old.splitlines(), new.splitlines())
                     if line[0] in "+-")


def judge(bundle, before, want, got):
    """What is wrong with a run in which an allocation failed; "" if nothing."""
    status, out, err, _ = got
    if bundle.others():
        return "left in the bundle: " + " ".join(bundle.others())
    if status == 0:
        if out != want["out"] or bundle.read() != want["config"]:
            return "status 0 with another result:\n" + difference(want, out, bundle)
        return ""
    if status != 3 or "out of memory" not in err:
        return f"{fault.died(status)}: {err}"
    if bundle.read() != before:
        return "out of memory, but config.json changed: " + err
    return ""


def sweep(tap, bundle, name, args, before=None):
    bundle.fresh(before)
    before = bundle.read()
    status, out, err, _ = bundle.run(args)
    if status != 0:
        tap.result([f"without a failure: {fault.died(status)}: {err}"], name)
        return None
    want = {"out": out, "config": bundle.read()}
    problems = []
    refused = 0
    for n in range(1, LIMIT):
        bundle.fresh(before)
        got = bundle.run(args, f"alloc:{n}")
        if not got[3]:
            break
        refused += got[0] == 3
        problem = judge(bundle, before, want, got)
        if problem:
            problems.append(f"allocation {n}: {problem}")
    else:
        problems.append(f"more than {LIMIT} allocations")
    if refused == 0:
        problems.append("no allocation was seen to fail: is the library preloaded?")
    tap.result(problems, f"{name}: {n - 1} allocations fail one by one, {refused} are told")
    return want["config"]


def main():
    tap = fault.Tap()
    bundle = fault.Bundle()
    os.mkdir(f"{bundle.top}/hooks.d")
    for name, text in HOOKS.items():
        fault.write(f"{bundle.top}/hooks.d/{name}.json", text)
    policies = ["-p", "policies"]
    changed = sweep(tap, bundle, "apply", ["apply", "bundle"] + policies)
    if changed == bundle.start:
        tap.result(["apply changed nothing"], "apply does something")
    sweep(tap, bundle, "apply --diff --dry-run",
          ["apply", "bundle", "--diff", "--dry-run", "--runtime", "runc"] + policies)
    sweep(tap, bundle, "apply --json", ["apply", "bundle", "--json"] + policies)
    if changed:
        sweep(tap, bundle, "apply that changes nothing", ["apply", "bundle"] + policies, changed)
        sweep(tap, bundle, "revert", ["revert", "bundle"], changed)
    sweep(tap, bundle, "explain", ["explain", "bundle", "--runtime", "crun"] + policies)
    sweep(tap, bundle, "explain --json", ["explain", "bundle", "--json"] + policies)
    hooks = ["--hooks-dir", "hooks.d"]
    sweep(tap, bundle, "apply --hooks-dir", ["apply", "bundle"] + hooks + policies)
    sweep(tap, bundle, "explain --json --hooks-dir",
          ["explain", "bundle", "--json"] + hooks + policies)
    for target in ("oci-hooks", "cdi"):
        sweep(tap, bundle, f"policy export --to {target}",
              ["policy", "export", "--to", target, sorted(fault.POLICIES)[0]] + policies)
    for report in ("text", "sarif", "junit"):
        sweep(tap, bundle, f"lint --format {report}",
              ["lint", "bundle", "--no-settings", "--format", report, "--color", "always"] + policies)
    for jobs in ("1", "2"):
        sweep(tap, bundle, f"lint of what is found, in a file, -j {jobs}",
              ["lint", "--recursive", ".", "--settings", "settings.yaml", "-j", jobs,
               "--format", "json", "--output", "report", "--format", "text"] + policies)
    tap.result([name for name in os.listdir(bundle.top) if name.startswith(".report")],
               "no report by half is left behind")
    fault.write(f"{bundle.top}/output", 'time="x" level=error msg="error running hook #0: '
                'fork/exec /x: no such file or directory"\nx: applet not found\n'
                'error executing hook `/sbin/ldconfig` (exit code: 1)\n')
    for options in (["--json"], ["--color", "always"]):
        sweep(tap, bundle, "doctor " + " ".join(options), ["doctor", "bundle", "output"] + options)
    sweep(tap, bundle, "lint --rules", ["lint", "--rules", "--format", "json"])
    sweep(tap, bundle, "policy list", ["policy", "list"] + policies)
    sweep(tap, bundle, "policy check", ["policy", "check"] +
          [f"policies/{name}.yaml" for name in sorted(fault.POLICIES)])
    sweep(tap, bundle, "policy test", ["policy", "test", "policies/script.yaml"])
    sweep(tap, bundle, "policy schema", ["policy", "schema"])
    sweep(tap, bundle, "setup kubernetes", ["setup", "kubernetes"])
    sweep(tap, bundle, "policy schema --test", ["policy", "schema", "--test"])
    return tap.done()


sys.exit(main())
