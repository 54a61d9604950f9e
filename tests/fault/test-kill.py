#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs of apply and revert killed at random moments, HW_KILLS of them (100): config.json is the
old file or the new one, complete, and the next run removes what the kill left."""

import os
import random
import subprocess
import sys
import time

import fault

APPLY = ["apply", "bundle", "-p", "policies"]
REVERT = ["revert", "bundle"]


def usual_time(bundle, args, before):
    start = time.monotonic()
    for _ in range(5):
        bundle.fresh(before)
        bundle.run(args)
    return (time.monotonic() - start) / 5


def killed_run(bundle, args, delay):
    """Whether the kill came before the end."""
    child = subprocess.Popen([fault.PROGRAM] + args, cwd=bundle.top, env=bundle.environment(),
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    time.sleep(delay)
    child.kill()
    return child.wait() == -9


def judge(bundle, old, new, args):
    data = bundle.read()
    if data not in (old, new):
        return f"config.json is neither old nor new: {data[:200]!r}"
    if bundle.others() not in ([], [fault.TEMPORARY]):
        return "left in the bundle: " + " ".join(bundle.others())
    status, _, err, _ = bundle.run(args)
    if status != 0 or bundle.read() != new:
        return f"the next run: {fault.died(status)}: {err}"
    return "the next run left: " + " ".join(bundle.others()) if bundle.others() else ""


def main():
    tap = fault.Tap()
    bundle = fault.Bundle()
    rounds = int(os.environ.get("HW_KILLS", "100"))
    seed = int(os.environ.get("HW_SEED", random.randrange(1 << 32)))
    random.seed(seed)

    bundle.fresh()
    status, _, err, _ = bundle.run(APPLY)
    applied = bundle.read()
    if status != 0 or applied == bundle.start:
        tap.result([f"apply: {fault.died(status)}: {err}"], "apply works when nobody kills it")
        return tap.done()
    cases = [(APPLY, bundle.start, applied), (REVERT, applied, bundle.start)]
    times = [usual_time(bundle, args, old) for args, old, _ in cases]
    problems, alive, finished, left = [], 0, 0, 0
    for i in range(rounds):
        args, old, new = cases[i % 2]
        bundle.fresh(old)
        in_time = killed_run(bundle, args, random.uniform(0, 1.1 * times[i % 2]))
        alive += in_time
        # What a run takes changes with what else the machine does.
        times[i % 2] *= 1.1 if in_time else 0.9
        finished += bundle.read() == new
        left += bool(bundle.others())
        problem = judge(bundle, old, new, args)
        if problem:
            problems.append(f"run {i} (HW_SEED={seed}): {problem}")
    if alive < rounds // 4:
        problems.append(f"only {alive} of {rounds} kills came in time to matter")
    tap.result(problems, f"{rounds} runs killed at random moments: {alive} before their end, "
               f"{finished} new files, {left} temporaries that the next run removed")
    return tap.done()


sys.exit(main())
