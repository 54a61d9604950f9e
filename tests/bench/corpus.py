#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: corpus.py HOOKWRIGHT DOCUMENTS ROOT WORK [RUNS]

The share of bundles that lint cannot judge, and of those that it judges wrongly: each program of the
Debian tree that is mounted at ROOT is the startContainer hook of a bundle, whose config.json is one
that an engine wrote (DOCUMENTS), for one of four users. All are linted; RUNS of them (all by default)
are then started with runc and crun, and what happens is compared. Prints the figures, each unknown
with its reason and each wrong verdict; ends with 1 where a bound is passed."""

import collections
import itertools
import json
import os
import random
import re
import stat
import subprocess
import sys

UNKNOWN_MAX = 0.01
REFUSED = "refused"
BLIND_MAX = 0.02  # of those started
AT_LEAST = 600
PATIENCE = 20
# What a program is asked for, so that it ends.
ARGUMENT = "--help"
# Its own work, or its message, cannot be told from a failure of the loader's.
LOADER = re.compile(r"error while loading shared libraries|symbol lookup error|version `[^']*' not found")
NOT_STARTED = re.compile(r"fork/exec [^:]*: ")
HANGS = "still runs"
RAN = re.compile(r"error running hook[^\n]*: (exit status|signal: )|error executing hook")


def as_root(config):
    return config


def as_user(config):
    config["process"]["user"] = {"uid": 1000, "gid": 1000}
    config["process"].pop("capabilities", None)
    return config


def as_group(config):
    config["process"]["user"] = {"uid": 65534, "gid": 65534, "additionalGids": [5, 42]}
    return config


def as_mapped(config):
    linux = config["linux"]
    linux["namespaces"] = [n for n in linux["namespaces"] if n["type"] != "user"] + [{"type": "user"}]
    linux["uidMappings"] = linux["gidMappings"] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
    config["mounts"] = [m for m in config["mounts"] if m.get("type") not in ("cgroup", "sysfs")]
    for mount in config["mounts"]:  # ids above the map's
        mount["options"] = [o for o in mount.get("options", []) if not o.startswith(("gid=", "uid="))]
    return config


USERS = {"root": as_root, "user": as_user, "groups": as_group, "mapped": as_mapped}


def prepared(document, root, host):
    """What an engine wrote, for this machine: without the engine's own hooks, its namespaces that are
    there already, its cgroup, and its limits; the files that it names are made."""
    with open(document, encoding="utf-8") as file:
        config = json.loads(file.read().replace("/HOST", host))
    config["root"]["path"] = root
    config["process"].update(args=["/bin/echo", "MAIN-RAN"], terminal=False, cwd="/")
    for name in ("hooks", "annotations", "hostname"):
        config.pop(name, None)
    linux = config["linux"]
    for name in ("cgroupsPath", "resources", "intelRdt"):
        linux.pop(name, None)
    for namespace in linux["namespaces"]:
        namespace.pop("path", None)
    config["mounts"] = [m for m in config["mounts"] if m.get("type") != "cgroup"]
    for mount in config["mounts"]:
        source = mount.get("source", "")
        if source.startswith(host) and not os.path.exists(source):
            os.makedirs(source if mount["destination"] == "/dev/shm" else os.path.dirname(source),
                        exist_ok=True)
            if mount["destination"] != "/dev/shm":
                with open(source, "w", encoding="utf-8"):
                    pass
    return config


def programs(root):
    """All that bin and sbin have, links too."""
    found = []
    for directory in ("usr/bin", "usr/sbin"):
        for name in sorted(os.listdir(os.path.join(root, directory))):
            path = os.path.join(root, directory, name)
            if stat.S_ISREG(os.lstat(path).st_mode) or os.path.islink(path):
                found.append(f"/{directory}/{name}")
    return found


def make_target(root, mount):
    """What it is mounted on: an engine has the runtime make it, and it would be there for the next."""
    at = root + mount["destination"]
    if os.path.lexists(at) or mount["destination"].split("/")[1] in ("dev", "proc", "sys"):
        return
    if mount.get("type") == "tmpfs" or os.path.isdir(mount.get("source", "")):
        os.makedirs(at)
        return
    os.makedirs(os.path.dirname(at), exist_ok=True)
    with open(at, "w", encoding="utf-8"):
        pass


def make_bundles(documents, root, work):
    """(directory, program, document, user) of each."""
    host = os.path.join(work, "host")
    names = sorted(n for n in os.listdir(documents) if n.endswith(".json"))
    turns = itertools.cycle(itertools.product(names, USERS))
    made = []
    # Twice, with another document and user.
    for program in programs(root) + programs(root):
        name, user = next(turns)
        config = USERS[user](prepared(os.path.join(documents, name), root, host))
        config["hooks"] = {"startContainer": [{"path": program, "env": ["PATH=/usr/sbin:/usr/bin"],
                                               "args": [os.path.basename(program), ARGUMENT]}]}
        for mount in config["mounts"]:
            make_target(root, mount)
        directory = os.path.join(work, "bundles", str(len(made)))
        os.makedirs(directory)
        with open(os.path.join(directory, "config.json"), "w", encoding="utf-8") as file:
            json.dump(config, file)
        made.append((directory, program, name[:-5], user))
    return made


def version_of(runtime):
    said = subprocess.run([runtime, "--version"], capture_output=True, check=True, text=True).stdout
    return re.search(r"version ([0-9.]+)", said).group(1)


def lint(hookwright, runtime, work):
    """What lint reports of each bundle's directory, for the version that is here."""
    done = subprocess.run([hookwright, "lint", "--no-settings", "--no-policies", "--follow", "--host-mounts",
                           "--runtime", runtime, "--runtime-version", version_of(runtime), "-f", "json", "--recursive", os.path.join(work, "bundles")],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, check=False)
    return {os.path.realpath(b["bundle"]): b for b in json.loads(done.stdout)["bundles"]}


def opens(bundle):
    return [f["message"] for f in bundle["findings"] if f["unjudged"]]


def start(runtime, directory, work, number):
    name = f"corpus-{os.getpid()}-{number}"
    base = [runtime, "--root", os.path.join(work, "run-" + runtime)]
    with subprocess.Popen(base + ["run", "--bundle", directory, name], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        try:
            said, _ = child.communicate(b"", timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            said = HANGS.encode()
    if os.path.exists(os.path.join(base[2], name)):
        subprocess.run(base + ["delete", "--force", name], input=b"", capture_output=True, check=False)
    return said.decode("utf-8", "replace")


def truth(said):
    """Whether the hook was started; None where that cannot be seen, because it hangs or crun has but a
    status; REFUSED: the container came to no hook at all."""
    if LOADER.search(said):
        return False
    if "MAIN-RAN" in said:
        return True
    if "error executing hook" in said:  # crun's: a status alone
        status = re.search(r"exit code: (\d+)", said)
        return None if status and status.group(1) in ("126", "127") else True
    if RAN.search(said):
        return True
    if NOT_STARTED.search(said):
        return False
    return None if said == HANGS else REFUSED


def lower_version(made):
    """Documents of engines that have a newer crun: an old one refuses them by their version alone."""
    for directory, *_ in made:
        path = os.path.join(directory, "config.json")
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        config["ociVersion"] = "1.0.2"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)


def predicts(bundle):
    """What truth() has to be; None: the bundle is unknown. A finding of the container's own start comes
    before those of its hooks."""
    if bundle["verdict"] == "works":
        return True
    if bundle["verdict"] != "fails":
        return None
    rules = {f["rule"] for f in bundle["findings"] if f["severity"] == "error"}
    return REFUSED if rules & {"HW312", "HW313"} else False


def compare(runtime, made, verdicts, work, runs):
    wrong, counts = [], collections.Counter()
    chosen = random.Random(1).sample(made, min(runs, len(made)))
    blind = []
    for number, (directory, program, document, user) in enumerate(chosen):
        bundle = verdicts[os.path.realpath(directory)]
        said = start(runtime, directory, work, number)
        happened = truth(said)
        predicted = predicts(bundle)
        if happened is None or predicted is None:
            blind.append(f"{runtime}: {program} in {document} as {user}: {bundle['verdict']}, and: "
                         f"{' '.join(said.split())[-160:]}")
        elif happened is predicted:
            counts["agree"] += 1
        else:
            last = [line for line in said.strip().split("\n") if line][-1:] or [""]
            reasons = [f["message"] for f in bundle["findings"] if f["severity"] == "error"]
            wrong.append(f"{runtime}: {program} in {document} as {user}: lint says {bundle['verdict']} "
                         f"{reasons[:1]}, but: {last[0][:200]}")
    return wrong, blind, counts, len(chosen)


def main():
    hookwright, documents, root, work = sys.argv[1:5]
    made = make_bundles(documents, root, work)
    runs = int(sys.argv[5]) if len(sys.argv) > 5 else len(made)
    failed = len(made) < AT_LEAST
    print(f"{len(made)} bundles: {len({m[1] for m in made})} programs, {len({m[2] for m in made})} "
          f"documents, {len(USERS)} users")
    for runtime in ("runc", "crun"):
        if (runtime, version_of(runtime)) == ("crun", "1.8.1"):
            lower_version(made)
        verdicts = lint(hookwright, runtime, work)
        unknown = [(m, opens(verdicts[os.path.realpath(m[0])])) for m in made]
        unknown = [(m, messages) for m, messages in unknown if messages]
        share = len(unknown) / len(made)
        wrong, blind, counts, started = compare(runtime, made, verdicts, work, runs)
        tally = collections.Counter(b["verdict"] for b in verdicts.values())
        print(f"{runtime} {version_of(runtime)}: " + ", ".join(f"{n} {v}" for v, n in sorted(tally.items())) +
              f"; unknown {100 * share:.2f} % (at most {100 * UNKNOWN_MAX:.0f}); {started} started: "
              f"{counts['agree']} agree, {len(blind)} not comparable, {len(wrong)} wrong")
        for (_, program, document, user), messages in unknown:
            print(f"  unknown: {program} in {document} as {user}: {messages[0]}")
        for each in blind:
            print(f"  not comparable: {each}")
        for each in wrong:
            print(f"  wrong: {each}")
        failed = failed or share > UNKNOWN_MAX or len(blind) > BLIND_MAX * started or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
