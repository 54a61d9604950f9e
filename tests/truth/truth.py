#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: truth.py [OPTION...] WORK

Law "truth", row by row of a table: what 'hookwright lint' predicts of a bundle equals what runc
and crun then do with it, and what 'hookwright explain' finds of a condition equals what a hook
finds. Builds each row's bundle below the directory WORK, asks, really runs the container, and
prints TAP. truth.sh beside this file calls it where containers can be run.

  --table FILE        rows; may be repeated (TABLES beside this file)
  --only TEXT         only rows that have it in their name; may be repeated
  --jobs N            bundles at a time (4)
  --runtime NAME=PROGRAM  try this one; may be repeated (runc and crun). The first word of NAME is
                      its kind: "crun of sid"
  --skip NAME=WHY     do not try that one, and say why not; may be repeated
  --truth             print what the runtimes do, and ask nobody
  --report FILE       write the disagreements there, with all that was said
  --lint COMMAND      ask this one in place of $HOOKWRIGHT lint
  --explain COMMAND   and this one in place of $HOOKWRIGHT explain
  --invert NAME       take the opposite of the prediction for this row: a test of this driver
"""

import concurrent.futures
import contextlib
import fnmatch
import functools
import getopt
import itertools
import json
import os
import re
import shlex
import socket
import subprocess
import sys

import yaml

sys.dont_write_bytecode = True  # the source tree stays clean
import bundle as bundles

TABLES = ("cases.yaml", "program.yaml", "start.yaml", "view.yaml")
KINDS = ("runc", "crun")
PATIENCE = 60  # seconds for one container; one that hangs has not run its workload
PREDICTIONS = {0: "yes", 1: "no", 3: "unknown"}
VERDICTS = {"yes": "works", "no": "fails", "unknown": "unknown"}  # of lint's JSON
OPPOSITE = {"yes": "no", "no": "yes"}
CONDITIONS = {"yes", "no", "unknown"}  # of explain's JSON
ROW_KEYS = {"name", "rootfs", "with", "config", "hook", "hooks", "stage", "count", "replace",
            "unknown", "machine", "because", "condition", "general"}


class Table:
    """The rows of all files, and all that they name: each name is there once."""

    def __init__(self, paths, work):
        self.rows = []
        self.recipes, self.fragments, programs = {}, {}, {}
        for path in paths:
            with open(path, encoding="utf-8") as file:
                loaded = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            for kind, into in (("recipes", self.recipes), ("fragments", self.fragments),
                               ("programs", programs)):
                add(into, loaded.get(kind, {}), f"{kind} of {path}")
            self.rows += bundles.expand(loaded["cases"])
        self.check()
        self.programs = bundles.Programs(programs, os.path.join(work, "programs"))
        self.base = bundles.Base(os.path.join(work, "base"), self.programs)

    def check(self):
        seen = set()
        for row in self.rows:
            extra = set(row) - ROW_KEYS
            if "name" not in row or extra:
                raise bundles.TableError(f"row {row.get('name')} has unknown {sorted(extra)}")
            if row["name"] in seen:
                raise bundles.TableError(f"two rows are named '{row['name']}'")
            seen.add(row["name"])
            check_expectation(row, "unknown")
            check_expectation(row, "because")
            if not set(row.get("condition", {})) <= set(bundles.PROBES):
                raise bundles.TableError(f"row {row['name']}: no such condition")


def add(into, named, where):
    twice = set(into) & set(named)
    if twice:
        raise bundles.TableError(f"{where}: {sorted(twice)} are named twice")
    into.update(named)


def numbers(version):
    """For comparison: 1.1.5+ds1 is [1, 1, 5]."""
    return [int(each) for each in re.match(r"\d+(?:\.\d+)*|", version).group().split(".") if each]


def expected(row, key, runtime):
    """What a row says for this runtime in its version."""
    value = row.get(key)
    if isinstance(value, dict):
        value = value.get(runtime.kind)
    if isinstance(value, dict):
        since = [each for each in value if numbers(each) <= numbers(runtime.version)]
        value = value[max(since, key=numbers)] if since else None
    return value


def check_expectation(row, key):
    """A text, or one for each runtime, or for each runtime and version from which on it holds."""
    value = row.get(key, "")
    for runtime, each in value.items() if isinstance(value, dict) else ():
        if runtime not in KINDS:
            raise bundles.TableError(f"row {row['name']}: {key} names no runtime: {runtime}")
        for version in each if isinstance(each, dict) else ():
            if not isinstance(version, str) or (version and not numbers(version)):
                raise bundles.TableError(f"row {row['name']}: {key} has no version: {version!r}")


# --- the runtimes --------------------------------------------------------------------------------

class Runtime:
    """One that is tried: "crun of sid" is of the kind crun."""

    def __init__(self, name, program=None):
        self.name = name
        self.kind = name.split()[0]
        self.program = program or self.kind

    @functools.cached_property
    def version(self):
        """As it prints it: "runc version 1.1.5+ds1" is 1.1.5+ds1."""
        done = subprocess.run([self.program, "--version"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, check=True)
        return done.stdout.decode().split("version ", 1)[1].split()[0]

    def told(self):
        """The options that tell of it."""
        return ["--runtime", self.kind, "--runtime-version", self.version]


def each_version_once(runtimes):
    """A suite may have the version that is installed."""
    seen, kept = {}, []
    for one in runtimes:
        first = seen.setdefault((one.kind, one.version), one)
        if first is one:
            kept.append(one)
        else:
            print(f"# {one.name} is {one.version}, as {first.name}")
    return kept


def all_that_lint_means(runtimes):
    """Whether each version is tried that lint judges for where none is told. Of the newest a later
    one does as well."""
    done = subprocess.run([os.environ.get("HOOKWRIGHT", "hookwright"), "lint", "--runtimes",
                           "--format", "json"], input=b"", stdout=subprocess.PIPE,
                          check=True)
    meant = [each.split() for each in json.loads(done.stdout)["runtimeVersions"]]
    newest = {kind: numbers(version) for kind, version in meant}
    tried = [(each.kind, numbers(each.version)) for each in runtimes]
    return all(any(have == kind and (has[:2] == numbers(version)[:2] or
                                     has > newest[kind] == numbers(version)) for have, has in tried)
               for kind, version in meant)


# --- the truth -----------------------------------------------------------------------------------

class Run:
    """What happened: whether the workload ran and how many hooks proved that they ran, too."""

    def __init__(self, said, proofs, hooks):
        self.said = said
        self.proofs = proofs
        self.hooks = hooks
        self.workload = "MAIN-RAN" in said.splitlines()
        self.truth = "yes" if self.workload and proofs == hooks else "no"

    def __str__(self):
        ran = "ran" if self.workload else "did not run"
        return f"{self.truth}: {self.proofs} of {self.hooks} hooks and the workload {ran}"


class Runner:
    def __init__(self, work):
        self.work = work
        self.numbers = itertools.count()

    def run(self, runtime, bundle):
        """Until crun 1.17 a container fails at random whose hook ended before it was fed."""
        for _ in range(5):
            done = self.run_once(runtime, bundle)
            if runtime.kind != "crun" or "writing to pipe: Broken pipe" not in done.said:
                break
        return done

    def run_once(self, runtime, bundle):
        name = f"truth-{os.getpid()}-{next(self.numbers)}"
        base = [runtime.program, "--root", os.path.join(self.work, "run-" + runtime.kind)]
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as proofs:
            proofs.bind("\0" + name)
            proofs.setblocking(False)
            said = self.start(base + ["run", "--bundle", bundle.path, name])
            if os.path.exists(os.path.join(base[2], name)):
                subprocess.run(base + ["delete", "--force", name], input=b"",
                               capture_output=True, check=False)
            return Run(said, drain(proofs), bundle.hooks)

    def start(self, argv):
        """A pipe for standard input: crun 1.8 gives what it finds there to the container's user,
        and were that the host's /dev/null it would stay so."""
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, cwd="/") as child:
            try:
                said, _ = child.communicate(b"", timeout=PATIENCE)
                return said.decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                child.kill()
                return f"still runs after {PATIENCE} seconds"


def remove_cgroups():
    """Those of our containers, which runtimes leave behind when a container did not start. Where
    crun finds a directory "unified" that is no mount it makes plain files there."""
    ours = f"/truth-{os.getpid()}-"
    for directory, _, files in os.walk("/sys/fs/cgroup", topdown=False):
        if ours not in directory:
            continue
        for each in files:
            with contextlib.suppress(OSError):  # of a real one
                os.unlink(os.path.join(directory, each))
        with contextlib.suppress(OSError):  # a process is in it still
            os.rmdir(directory)


def drain(proofs):
    """All that was sent is there: a runtime waits for its hooks."""
    number = 0
    try:
        while True:
            proofs.recv(64)
            number += 1
    except BlockingIOError:
        return number


# --- the prediction ------------------------------------------------------------------------------

class Lint:
    def __init__(self, argv, inverted):
        self.argv = argv
        self.inverted = inverted

    def ask(self, row, runtime, path):
        """A prediction and what was said; none when it ended in another way. Without a runtime:
        the stricter of the two."""
        argv = self.argv + [*(runtime.told() if runtime else ["--runtime", "any"]), "--no-policies",
                            "--format", "json", path]
        status, said = run_program(argv)
        value = PREDICTIONS.get(status, f"status {status}")
        written = verdict(said)
        if written not in (None, VERDICTS.get(value)):
            value = f"status {status}, but the verdict '{written}'"
        if row["name"] == self.inverted:
            value = OPPOSITE.get(value, value)
        return value, findings(said) or said


class Explain:
    """Asks for a condition, of a policy that needs it."""

    def __init__(self, argv, inverted):
        self.argv = argv
        self.inverted = inverted

    def ask(self, row, runtime, path):
        policy = os.path.join(path, "condition.yaml")
        with open(policy, "w", encoding="utf-8") as file:
            json.dump({"version": 1, "needs": row["condition"], "otherwise": "ignore",
                       "hook": {"path": "/h/proof"}}, file)  # JSON is YAML
        named = runtime.told() if runtime else []
        status, said = run_program(self.argv + named + ["--json", "-p", policy, path])
        value, fact = condition(said)
        if value not in CONDITIONS:
            value = f"status {status}"
        if row["name"] == self.inverted:
            value = OPPOSITE.get(value, value)
        return value, fact or said


def run_program(argv):
    done = subprocess.run(argv, input=b"", stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def condition(said):
    """The value of the only condition in the JSON that explain prints, and its fact."""
    try:
        first = json.loads(said)["policies"][0]["needs"][0]
        return first["value"], f"{first['condition']}: {first['fact']}"
    except (ValueError, LookupError, TypeError):
        return None, None


def verdict(said):
    """What the JSON that lint prints says of the bundle, None if it is none."""
    try:
        return json.loads(said)["bundles"][0]["verdict"]
    except (ValueError, LookupError, TypeError):
        return None


def findings(said):
    """The findings but for notes, in a line each, if it is the JSON that lint prints."""
    try:
        bundle = json.loads(said)["bundles"][0]
        return "\n".join(finding(each) for each in bundle["findings"]
                         if each["severity"] != "note") or "nothing"
    except (ValueError, LookupError, TypeError):
        return ""


def finding(value):
    unjudged = " (unjudged)" if value["unjudged"] else ""
    return (f"{value['rule']} {value['severity']}{unjudged} at {value['line']}:{value['column']}: "
            f"{value['message']}")


# --- results -------------------------------------------------------------------------------------

class Result:
    """Of one row with one runtime."""

    def __init__(self, row, runtime):
        self.row = row
        self.runtime = runtime
        self.run = None
        self.prediction = None
        self.asker = "explain" if "condition" in row else "lint"
        self.general = None  # the prediction for no named runtime
        self.findings = ""
        self.skipped = None
        self.complaints = []

    def expected(self, key):
        return expected(self.row, key, self.runtime)

    def judge(self):
        allowed = self.expected("unknown")
        if self.prediction not in ("unknown", self.run.truth):
            self.complaints.append(f"{self.asker} says {self.prediction}")
        elif self.prediction == "unknown" and not allowed:
            self.complaints.append(f"{self.asker} says unknown, and the row allows no such thing")
        elif self.prediction != "unknown" and allowed:
            self.complaints.append(f"{self.asker} knows what the row allows to be unknown")
        self.judge_reason()

    def judge_reason(self):
        """A row that fails for another reason than the one it is named for proves nothing."""
        because = self.expected("because")
        if because and self.run.truth == "yes":
            self.complaints.append("the row has a reason why the hook does not run, and it runs")
        if "condition" in self.row and self.runtime.kind == "runc":  # crun does not pass it on
            because = because or bundles.MISSED
        if because and self.run.truth == "no" and because not in self.run.said:
            self.complaints.append(f"the runtime does not say '{because}'")

    def kind(self):
        if self.skipped is not None:
            return "skipped"
        if self.complaints:
            return "disagree"
        return "unknown" if self.prediction == "unknown" else "agree"

    def lines(self):
        return [f"{self.complaints[0] if self.complaints else 'agreed'}",
                f"truth: {self.run}"] + \
            [f"  {self.runtime.name}: {each}" for each in self.run.said.splitlines()[:12]] + \
            [f"  {self.asker}: {each}" for each in self.findings.splitlines()[:12]] + self.complaints[1:]


def judge_general(results, complete):
    """Of one row with all runtimes: what is said where none is named, if all else is right. Where
    not all are tried, versions that are not may differ."""
    if any(result.skipped is not None or result.complaints for result in results):
        return
    last = results[-1]
    truths = {result.run.truth for result in results}
    right = truths if len(truths) == 1 else {"no", "unknown"}
    if not complete or any(result.expected("unknown") for result in results):
        right = right | {"unknown"}
    if last.general not in right and "general" not in last.row:
        last.complaints.append(f"{last.asker} says {last.general} where no runtime is named")
    elif complete and last.general in right and "general" in last.row:
        last.complaints.append(f"{last.asker} says {last.general} where no runtime is named, "
                               "which the row need not allow")


class Driver:
    def __init__(self, table, work, options):
        self.table = table
        self.work = work
        self.runner = Runner(work)
        self.truth = options.truth
        self.lint = Lint(options.lint, options.invert)
        self.explain = Explain(options.explain, options.invert)
        self.runtimes = each_version_once(options.runtimes)
        self.complete = not self.truth and all_that_lint_means(self.runtimes)
        self.numbers = itertools.count()

    def row(self, row):
        results = [self.result(row, runtime) for runtime in self.runtimes]
        if not self.truth:
            judge_general(results, self.complete)
        return results

    def ask(self, result, path):
        asker = self.explain if "condition" in result.row else self.lint
        result.prediction, result.findings = asker.ask(result.row, result.runtime, path)
        if result.runtime is self.runtimes[-1]:
            result.general, _ = asker.ask(result.row, None, path)

    def result(self, row, runtime):
        """Each runtime gets a bundle of its own: a run may leave something in it."""
        result = Result(row, runtime)
        try:
            if row.get("machine", os.uname().machine) != os.uname().machine:
                raise bundles.Unsupported(f"it is for {row['machine']}")
            path = os.path.join(self.work, f"b{next(self.numbers)}")
            with bundles.Bundle(row, path, self.table) as bundle:
                if not self.truth:
                    self.ask(result, path)
                result.run = self.runner.run(runtime, bundle)
        except bundles.Unsupported as why:
            result.skipped = str(why).splitlines()[0]
            return result
        except (bundles.TableError, OSError, TypeError, KeyError,
                subprocess.SubprocessError) as why:
            result.run = Run("", 0, 0)
            result.complaints.append(f"the row cannot be tried: {why!r}")
            return result
        if not self.truth:
            result.judge()
        else:
            result.judge_reason()
        return result


class Options:
    def __init__(self, argv):
        here = os.path.dirname(os.path.abspath(__file__))
        self.tables, self.only, self.runtimes, self.skip = [], [], [], {}
        self.jobs, self.truth, self.report, self.invert = 4, False, None, None
        self.lint = [os.environ.get("HOOKWRIGHT", "hookwright"), "lint"]
        self.explain = [self.lint[0], "explain"]
        options, arguments = getopt.getopt(argv, "", ["table=", "only=", "jobs=", "runtime=", "skip=",
                                                      "truth", "report=", "lint=", "explain=", "invert="])
        for option, value in options:
            if option == "--only":
                self.only.append(value)
            elif option == "--table":
                self.tables.append(value)
            elif option == "--runtime":
                self.runtimes.append(Runtime(*value.split("=", 1)))
            elif option == "--skip":
                self.skip.update([value.split("=", 1)])
            elif option in ("--lint", "--explain"):
                setattr(self, option[2:], shlex.split(value))
            elif option == "--truth":
                self.truth = True
            else:
                setattr(self, option[2:], value)
        self.tables = self.tables or [os.path.join(here, each) for each in TABLES]
        self.runtimes = [each for each in self.runtimes or [Runtime(kind) for kind in KINDS]
                         if each.name not in self.skip]
        if any(each.kind not in KINDS for each in self.runtimes):
            raise getopt.GetoptError(f"a runtime is named by its kind: {' or '.join(KINDS)}")
        if len(arguments) != 1:
            raise getopt.GetoptError("one directory is wanted")
        self.work = os.path.realpath(arguments[0])


def print_truth(results):
    for result in results:
        said = result.skipped or " / ".join(result.run.said.splitlines())
        value = "skip" if result.skipped is not None else result.run.truth
        count = f"{result.run.proofs}/{result.run.hooks}" if result.run else ""
        print(f"{result.runtime.name} {value:4} {count:4} {result.row['name']}: {said[:220]}")
        for each in result.complaints:
            print(f"     *** {each}")
    sys.stdout.flush()


def chosen(name):
    """Whether HW_ONLY, a shell pattern for a part of the name, leaves this case."""
    return fnmatch.fnmatchcase(name, f"*{os.environ.get('HW_ONLY', '')}*")


def print_tap(results, first):
    for number, result in enumerate(results, first):
        name = f"{number} - {result.runtime.name}: {result.row['name']}"
        if result.skipped is not None:
            print(f"ok {name} # SKIP {result.skipped}")
            continue
        if result.complaints:
            print("\n".join("# " + each for each in result.lines()))
        print(f"{'not ok' if result.complaints else 'ok'} {name}")
    sys.stdout.flush()


def write_report(path, results):
    with open(path, "w", encoding="utf-8") as file:
        for result in results:
            if result.complaints:
                row = json.dumps({key: value for key, value in result.row.items() if key != "name"})
                file.write(f"## {result.runtime.name}: {result.row['name']}\n\n    row: {row}\n")
                file.write("".join(f"    {each}\n" for each in result.lines()) + "\n")


def print_totals(runtimes, results):
    for runtime in runtimes:
        kinds = [result.kind() for result in results if result.runtime is runtime]
        print(f"# {runtime.name}: " + ", ".join(
            f"{kinds.count(kind)} {kind}" for kind in ("agree", "unknown", "disagree", "skipped")) +
            f" ({runtime.version})")


def try_all(rows, driver, options):
    """The results; those of runtimes that are skipped stand before them in TAP."""
    results = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=int(options.jobs)) as pool:
        for row in pool.map(driver.row, rows):
            row = [each for each in row if chosen(f"{each.runtime.name}: {each.row['name']}")]
            if options.truth:
                print_truth(row)
            else:
                print_tap(row, len(options.skip) + len(results) + 1)
            results += row
    return results


def main():
    try:
        options = Options(sys.argv[1:])
        table = Table(options.tables, options.work)
    except (getopt.GetoptError, bundles.TableError, ValueError, yaml.YAMLError) as error:
        sys.exit(f"truth.py: {error}")
    rows = [row for row in table.rows
            if not options.only or any(each in row["name"] for each in options.only)]
    if not rows:
        sys.exit("truth.py: no row has such a name")
    rows = [row for row in rows
            if any(chosen(f"{each.name}: {row['name']}") for each in options.runtimes)]
    for number, (name, why) in enumerate(options.skip.items(), 1):
        print(f"ok {number} - {name} # SKIP {why}")
    driver = Driver(table, options.work, options)
    try:
        results = try_all(rows, driver, options)
    finally:
        remove_cgroups()
    if options.report:
        write_report(options.report, results)
    if not options.truth:
        print_totals(driver.runtimes, results)
        print(f"1..{len(options.skip) + len(results)}")
    return 1 if any(result.complaints for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
