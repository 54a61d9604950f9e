#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every system call with which a file is replaced fails once, and the process dies before and
after each. config.json must be the old file or the new one, complete; nothing else may be left
but what a killed run cannot remove, and that the next run removes."""

import errno
import os
import sys

import fault

# Calls that write: their failure is always told, with status 3, and undone.
WRITES = [
    ("create", [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS]),
    ("write", [errno.EIO, errno.ENOSPC, errno.EDQUOT]),
    ("fsync", [errno.EIO, errno.ENOSPC]),
    ("renameat", [errno.EIO, errno.ENOSPC, errno.EPERM]),
    ("fchmod", [errno.EIO, errno.EPERM]),
    ("fchown", [errno.EIO, errno.EPERM]),
    ("fsetxattr", [errno.EIO, errno.ENOSPC]),
    ("fgetxattr", [errno.EIO]),
    ("flistxattr", [errno.EIO]),
    ("flock", [errno.EIO, errno.ENOLCK]),
]
# Calls that read, or close: what they mean depends, but the file is old or rightly new.
READS = [("openat", [errno.EIO, errno.EACCES, errno.EMFILE]), ("read", [errno.EIO]),
         ("fstat", [errno.EIO]), ("fstatat", [errno.EIO]), ("close", [errno.EIO]),
         ("unlock", [errno.EIO])]
KILLS = ["create", "write", "fsync", "renameat", "fchmod", "fchown", "fsetxattr", "flock", "unlock", "close"]
LIMIT = 2000


class Case:
    def __init__(self, bundle, name, args, before):
        self.bundle = bundle
        self.name = name
        self.args = args
        self.before = before
        bundle.fresh(before)
        self.before_dress = bundle.dress()
        status, self.out, err, _ = bundle.run(args)
        self.after = bundle.read()
        self.broken = "" if status == 0 and self.after != before else \
            f"without a failure: {fault.died(status)}, changed nothing or failed: {err}"

    def each(self, call, how):
        """Runs with the first, second, ... call failing, until there is none left to fail."""
        for n in range(1, LIMIT):
            self.bundle.fresh(self.before)
            got = self.bundle.run(self.args, f"{call}:{n}:{how}")
            if not got[3]:
                return
            yield n, got

    def state(self):
        """What is wrong with config.json; "" if it is the old or the new one."""
        data = self.bundle.read()
        if data not in (self.before, self.after):
            return f"config.json is neither old nor new: {data[:200]!r}"
        if self.bundle.dress() != self.before_dress:
            return f"config.json has other owner or mode: {self.bundle.dress()}"
        if self.bundle.decorated and os.getxattr(self.bundle.path(), "user.note") != b"kept":
            return "config.json lost its attribute"
        return ""

    def residue(self):
        return "left in the bundle: " + " ".join(self.bundle.others()) if self.bundle.others() else ""

    def is_new(self):
        return self.bundle.read() == self.after


def judge_write(case, call, n, number, got):
    status, _, err, _ = got
    problem = case.state() or case.residue()
    if problem:
        return problem
    # After the rename the file is in place; only the directory's fsync comes then.
    in_place = call == "fsync" and n == 2
    if status != 3 or os.strerror(number) not in err:
        return f"{fault.died(status)}, want 3 and '{os.strerror(number)}': {err}"
    if case.is_new() != in_place:
        return "told to have failed, but config.json is new: " + err
    return ""


def judge_read(case, got):
    status, out, err, _ = got
    problem = case.state() or case.residue()
    if problem:
        return problem
    if status == 0:
        return "" if case.is_new() and out == case.out else \
            "status 0 with another result:\n" + out + err
    if status not in (1, 3) or not err:
        return f"{fault.died(status)}: {err}"
    return "told to have failed, but config.json is new: " + err if case.is_new() else ""


def judge_kill(case, got):
    if got[0] != -9:
        return f"{fault.died(got[0])}, want a kill: {got[2]}"
    problem = case.state()
    if problem:
        return problem
    if case.bundle.others() not in ([], [fault.TEMPORARY]):
        return case.residue()
    status, _, err, _ = case.bundle.run(case.args)
    if status != 0 or not case.is_new():
        return f"the next run: {fault.died(status)}: {err}"
    return case.state() or case.residue()


def fail_writes(tap, case):
    for call, numbers in WRITES:
        problems, runs = [], 0
        for number in numbers:
            for n, got in case.each(call, number):
                runs += 1
                problem = judge_write(case, call, n, number, got)
                if problem:
                    problems.append(f"{call} {n}, {errno.errorcode[number]}: {problem}")
        if runs == 0 and (call not in ("fchown", "fsetxattr", "fgetxattr") or case.bundle.decorated):
            problems.append("there is no such call")
        if runs or problems:
            tap.result(problems, f"{case.name}: {call} fails, {runs} runs")


def fail_reads(tap, case):
    if case.broken:
        tap.result([case.broken], f"{case.name} works when nothing fails")
        return
    for call, numbers in READS:
        problems, runs = [], 0
        for number in numbers:
            for n, got in case.each(call, number):
                runs += 1
                problem = judge_read(case, got)
                if problem:
                    problems.append(f"{call} {n}, {errno.errorcode[number]}: {problem}")
        if runs == 0:
            problems.append("there is no such call")
        tap.result(problems, f"{case.name}: {call} fails, {runs} runs")


def short_writes(tap, case):
    problems, runs = [], 0
    for n, got in case.each("write", "short"):
        runs += 1
        if got[0] != 0 or not case.is_new() or case.residue():
            problems.append(f"write {n}: {fault.died(got[0])}: {got[2]} {case.residue()}")
    if runs == 0:
        problems.append("there is no such call")
    tap.result(problems, f"{case.name}: a write that writes half is continued")


def kills(tap, case):
    problems, runs, left = [], 0, 0
    for call in KILLS:
        for how in ("before", "after"):
            for n, got in case.each(call, how):
                runs += 1
                left += bool(case.bundle.others())
                problem = judge_kill(case, got)
                if problem:
                    problems.append(f"killed {how} {call} {n}: {problem}")
    if left == 0:
        problems.append("no kill left a temporary: the test does not reach the writing")
    tap.result(problems, f"{case.name}: killed around each call, {runs} runs, {left} left a "
               "temporary that the next run removed")


def may_decorate(bundle):
    try:
        bundle.fresh()
        bundle.decorate()
        bundle.fresh()
        return True
    except OSError:
        bundle.decorated = False
        return False


def main():
    tap = fault.Tap()
    bundle = fault.Bundle()
    apply = Case(bundle, "apply", ["apply", "bundle", "-p", "policies"], bundle.start)
    if apply.broken:
        tap.result([apply.broken], "apply works when nothing fails")
        return tap.done()
    revert = Case(bundle, "revert", ["revert", "bundle"], apply.after)
    for case in (apply, revert):
        fail_writes(tap, case)
        short_writes(tap, case)
        kills(tap, case)
    fail_reads(tap, Case(bundle, "apply", ["apply", "bundle", "-p", "strict"], bundle.start))
    if may_decorate(bundle):
        fail_writes(tap, Case(bundle, "apply, owner and attributes",
                              ["apply", "bundle", "-p", "policies"], bundle.start))
    else:
        tap.skip("apply, owner and attributes", "needs root and user attributes")
    return tap.done()


sys.exit(main())
