#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: hooksd.py HOOKWRIGHT TABLE ROOTFS DIR [PODMAN...] - the conformance table of hooks.d.

Every case of tests/data/hooksd/cases: what hookwright makes of it. With PODMAN, a command line to which
options can be added, also what that podman makes of it, and hookwright on that podman's config.json.
Prints TAP.
"""
import json, os, shutil, subprocess, sys

hookwright, table, rootfs, top, *podman = sys.argv[1:]
COMMAND = "/bin/sh"
A = '"version":"1.0.0","hook":{"path":"@P"},"stages":["createRuntime"]'
count = failures = 0


class Case:
    """One block of the table; its macros are put in."""

    def __init__(self, name, number):
        self.name, self.files, self.run = name, {}, []
        self.args = [COMMAND]
        self.reference = self.ours = self.source = None
        self.tells, self.notes, self.whys = [], [], []
        self.program = f"{top}/p/{number}"

    def add(self, key, text):
        text = text.replace("@A", A).replace("@P", self.program)
        if key == "run":
            self.run = text.split()
        elif key == "args":
            self.args = []
        elif key in ("reference", "ours"):
            setattr(self, key, self.result(text))
        elif key == "from":
            self.source = text
        elif key in ("tells", "notes", "why"):
            getattr(self, key + "s").append(text) if key == "why" else getattr(self, key).append(text)
        else:
            self.files[key] = text

    def result(self, text):
        if text.startswith("error "):
            return text
        if text == "added":
            return {"createRuntime": [{"path": self.program}]}
        return {} if text == "none" else json.loads(text)

    def make(self, where):
        """The directories of the case below @where; their paths, in the order of --hooks-dir."""
        shutil.rmtree(where, ignore_errors=True)
        for name, text in self.files.items():
            path = f"{where}/{name if name[:2] == '2/' else '1/' + name}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if text == "directory":
                os.mkdir(path)
            elif text == "null":
                os.symlink("/dev/null", path)
            else:
                data = "" if text == "empty" else " " if text == "@BLANK" else text
                with open(path, "wb") as f:
                    f.write(data.encode().replace(b"\\xff", b"\xff"))
        return [f"{where}/{d}" for d in sorted(os.listdir(where))]


def read_table():
    cases, case = [], None
    for line in open(table, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("#"):
            continue
        key, _, text = line.partition(" ")
        if key == "case":
            case = Case(text, len(cases))
            cases.append(case)
        elif key:
            case.add(key, text)
    for case in cases:
        case.ours = case.reference if case.ours is None else case.ours
        assert (case.ours == case.reference) or case.whys or isinstance(case.ours, str), case.name
        os.makedirs(f"{top}/p", exist_ok=True)
        os.symlink("/bin/cat", case.program)
    return cases


def tell(good, name, why=""):
    global count, failures
    count += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}", flush=True)
    if not good:
        print("".join(f"# {line}\n" for line in str(why).splitlines()), end="")


# ---- hookwright ----


def template(case):
    """A config.json as an engine makes it of the case's options."""
    config = {
        "ociVersion": "1.0.2",
        "process": {"args": case.args, "cwd": "/", "user": {"uid": 0, "gid": 0},
                    "env": ["PATH=/bin"]},
        "root": {"path": rootfs},
        "annotations": {},
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/etc/hosts", "type": "bind", "source": "/etc/hosts", "options": ["bind"]},
            {"destination": "/dev/shm", "type": "bind", "source": "/dev/shm", "options": ["rbind"]},
        ],
    }
    words = iter(case.run)
    for option in words:
        value = next(words)
        if option == "--annotation":
            key, _, text = value.partition("=")
            config["annotations"][key] = text
        elif option == "-v":
            source, target = value.split(":")
            source = source if source[0] == "/" else "/tmp"
            config["mounts"].append({"destination": target, "type": "bind", "source": source,
                                     "options": ["rbind"]})
        elif option == "--tmpfs":
            config["mounts"].append({"destination": value, "type": "tmpfs", "source": "tmpfs"})
    return json.dumps(config, indent=1)


def apply(command, dirs, bundle):
    options = [word for d in dirs for word in ("--hooks-dir", d)]
    return subprocess.run([hookwright, command, *options, "-p", "/dev/null", bundle],
                          capture_output=True, text=True, input="")


def trouble_of(case, done, dirs, bundle, path, before):
    """What is wrong with what hookwright did; "" if nothing is."""
    text = open(path).read()
    if isinstance(case.ours, str):
        if done.returncode != 3 or case.ours[6:] not in done.stderr or text != before:
            return f"status {done.returncode}: {done.stderr}want: {case.ours}"
        return ""
    if done.returncode != 0:
        return f"status {done.returncode}: {done.stderr}"
    if json.loads(text).get("hooks", {}) != case.ours:
        return f"hooks {json.dumps(json.loads(text).get('hooks', {}))}\nwant  {json.dumps(case.ours)}"
    if (text == before) != (case.ours == {}):
        return "the file was written, and nothing was to change"
    missing = [want for want in case.tells if want not in done.stderr]
    if missing or (done.stderr and not case.tells):
        return f"it tells: {done.stderr}want: {missing}"
    explained = apply("explain", dirs, bundle)
    missing = [want for want in case.notes if want not in explained.stdout]
    if missing or explained.returncode != 0:
        return f"explain: {explained.stdout}{explained.stderr}want: {missing}"
    apply("apply", dirs, bundle)
    return "" if open(path).read() == text else "a second run changed the file"


def try_ours(case, config, name):
    bundle, dirs = f"{top}/bundle", case.make(f"{top}/ours")
    os.makedirs(bundle, exist_ok=True)
    path = f"{bundle}/config.json"
    with open(path, "w") as f:
        f.write(config)
    done = apply("apply", dirs, bundle)
    why = trouble_of(case, done, dirs, bundle, path, config)
    tell(not why, f"{name}: {case.name}", why)


# ---- podman ----


def run_podman(dirs, options):
    """The config.json that podman gives the runtime, parsed, or its complaint."""
    seen = f"{top}/seen.json"
    if os.path.exists(seen):
        os.unlink(seen)
    argv = [word for word in podman]
    place = argv.index("run")
    argv[place:place] = [word for d in dirs for word in ("--hooks-dir", d)]
    place = argv.index("OPTIONS")
    argv[place:place + 1] = [quoted(word) for word in options]
    done = subprocess.run(argv + [COMMAND], capture_output=True, text=True, input="")
    return open(seen).read() if os.path.exists(seen) else f"error {done.stderr}"


def quoted(word):
    """podman 4.3 reads an annotation as a line of comma-separated values."""
    special = any(c in word for c in ',"\n\r')
    return '"' + word.replace('"', '""') + '"' if special and "=" in word else word


def check_reference(case, got):
    if isinstance(case.reference, str) or got.startswith("error "):
        want = case.reference
        good = isinstance(want, str) and got.startswith("error ") and want[6:] in got
        return tell(good, f"podman: {case.name}", f"podman: {got}\nwant: {want}")
    hooks = json.loads(got).get("hooks") or {}
    tell(hooks == case.reference, f"podman: {case.name}",
         f"podman: {json.dumps(hooks)}\nwant:   {json.dumps(case.reference)}")


def own_hooks(case, config):
    """What podman added of this case, of several whose files were in one directory."""
    hooks = json.loads(config).get("hooks") or {}
    own = {stage: [e for e in entries if e["path"] == case.program]
           for stage, entries in hooks.items()}
    return json.dumps({"hooks": {stage: entries for stage, entries in own.items() if entries}})


def batches(case):
    return (not isinstance(case.reference, str) and list(case.files) == ["a.json"] and
            case.program in case.files["a.json"] and "stageS" not in case.files["a.json"])


def sample(items, step):
    """A run of podman for each takes a while; HW_CONFORMANCE=all tries all of them."""
    return items if os.environ.get("HW_CONFORMANCE") == "all" else items[::step]


def try_reference(cases):
    """Cases that podman accepts share a run with those of the same options."""
    cases = [case for case in cases if not case.source]
    groups = {}
    for case in filter(batches, cases):
        groups.setdefault(tuple(case.run), []).append(case)
    failing = [case for case in cases if isinstance(case.reference, str)]
    alone = [case for case in cases if not batches(case) and case not in failing]
    for case in alone + sample(failing, 4):
        check_reference(case, run_podman(case.make(f"{top}/reference"), case.run))
    for options, group in groups.items():
        shutil.rmtree(f"{top}/batch", ignore_errors=True)
        os.mkdir(f"{top}/batch")
        for i, case in enumerate(group):
            case.make(f"{top}/reference")
            shutil.copy(f"{top}/reference/1/a.json", f"{top}/batch/{i}.json")
        got = run_podman([f"{top}/batch"], list(options))
        for case in group:
            check_reference(case, got if got.startswith("error ") else own_hooks(case, got))


def without_hooks(config):
    """podman's config.json, its rootfs one that is still there after the container."""
    config = json.loads(config)
    config["root"]["path"] = rootfs
    config.pop("hooks", None)
    return json.dumps(config, indent=1)


def try_on_podmans(cases):
    configs = {}
    os.makedirs(f"{top}/none", exist_ok=True)
    for case in cases:
        if not case.args:
            continue
        options = tuple(case.run)
        if options not in configs:
            configs[options] = without_hooks(run_podman([f"{top}/none"], case.run))
        try_ours(case, configs[options], "on podman's config.json")


# ---- expressions ----


def try_expressions(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8") if line[0] == "["]
    plain = [row for row in rows if row[2] in ("yes", "no", "refused")]
    shutil.rmtree(f"{top}/batch", ignore_errors=True)
    os.mkdir(f"{top}/batch")
    options = []
    for i, (expression, value, _) in enumerate(plain):
        program = f"{top}/p/e{i}"
        os.symlink("/bin/cat", program)
        with open(f"{top}/batch/{i}.json", "w") as f:
            json.dump({"version": "1.0.0", "hook": {"path": program}, "stages": ["createRuntime"],
                       "when": {"annotations": {f"^e{i}$": expression}}}, f)
        options += ["--annotation", f"e{i}={value}"]
    got = run_podman([f"{top}/batch"], options)
    if got.startswith("error "):
        return tell(False, "podman: expressions", got)
    added = {e["path"] for e in (json.loads(got).get("hooks") or {}).get("createRuntime", [])}
    wrong = [row for i, row in enumerate(plain)
             if row[2] != "refused" and (f"{top}/p/e{i}" in added) != (row[2] == "yes")]
    tell(not wrong, f"podman: {len(plain)} expressions mean what the table says", wrong)
    bad = sample([row for row in rows if row[2] == "error"], 10)
    wrong = [row for row in bad if not fails(row[0])]
    tell(not wrong, f"podman: {len(bad)} expressions are none of Go's", wrong)


def fails(expression):
    """One file, so that podman fails before it makes a container."""
    shutil.rmtree(f"{top}/batch")
    os.mkdir(f"{top}/batch")
    with open(f"{top}/batch/a.json", "w") as f:
        json.dump({"version": "1.0.0", "hook": {"path": "/bin/cat"}, "stages": ["createRuntime"],
                   "when": {"commands": [expression]}}, f)
    return "regexp" in run_podman([f"{top}/batch"], [])


cases = read_table()
if podman:
    try_reference(cases)
    try_on_podmans(cases)
    try_expressions(f"{os.path.dirname(table)}/expressions")
else:
    for case in cases:
        try_ours(case, template(case), "hookwright")
print(f"1..{count}")
sys.exit(failures != 0)
