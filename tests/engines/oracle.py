#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: oracle.py ORACLE RUNTIME SEED COUNT DIR - COUNT random mount tables under a real runtime.

For each: what the view sees from config.json before the container exists, and what the kernel shows
in the container's mount namespace while its createRuntime hooks run. They must be the same; the view
may only say that it does not know.
"""
import json, os, random, shutil, subprocess, sys

oracle, runtime, seed, count, top = sys.argv[1:]
NAMES = ["a", "b", "c"]


def fill(rng, path, label, depth=0):
    """A small tree of directories, files and links; a file holds the name that it has here."""
    for name in NAMES:
        at, kind = f"{path}/{name}", rng.random()
        if kind < 0.45 and depth < 3:
            os.mkdir(at)
            os.chmod(at, rng.choice([0o755, 0o700, 0o777]))
            fill(rng, at, label, depth + 1)
        elif kind < 0.7:
            with open(at, "w") as f:
                f.write(f"{label}:{at[len(top) + 1:]}"[-30:])
            os.chmod(at, rng.choice([0o644, 0o755]))
        elif kind < 0.85:
            os.symlink(random_link(rng), at)


def random_path(rng):
    return "/" + "/".join(rng.choice(NAMES) for _ in range(rng.randint(1, 4)))


def random_link(rng):
    return rng.choice(["", "../", "../../", "/", "/", "../../../../"]) + random_path(rng)[1:]


def places(rootfs):
    """The directories and the files of a rootfs, as the container names them."""
    dirs, files = ["/"], []
    for at, names, others in os.walk(rootfs):
        here = at[len(rootfs):] + "/"
        dirs += [here + name for name in names]
        files += [here + name for name in others if not os.path.islink(f"{at}/{name}")]
    return dirs[1:] or ["/a"], files or ["/new-file"]


def random_destination(rng, choice, before):
    """Mostly one that fits; a runtime refuses the others."""
    kind = rng.random()
    if kind < 0.3 and before:
        return rng.choice(before)["destination"] + rng.choice(["/new", "/new/er", "/a/new", "/b/c"])
    if kind < 0.6:
        return rng.choice(choice)
    if kind < 0.8:
        return rng.choice(["", "/a", "/b"]) + rng.choice(["/new", "/new/er", "/c"])
    return random_path(rng)


def random_mount(rng, dirs, files, sources, before):
    kind = rng.choice(["tmpfs", "tmpfs", "copy", "bind", "rbind", "rbind", "file"])
    mount = {"destination": random_destination(rng, files if kind == "file" else dirs, before)}
    if kind in ("tmpfs", "copy"):
        mode = rng.choice(["755", "700", "1777"])
        options = [f"mode={mode}"] + (["tmpcopyup"] if kind == "copy" else [])
        return mount | {"type": "tmpfs", "source": "tmpfs", "options": options}
    if kind == "file":
        return mount | {"type": "bind", "source": f"{top}/one-file", "options": ["bind"]}
    return mount | {"type": "bind", "source": rng.choice(sources), "options": [kind]}


def random_mounts(rng, dirs, files, rootfs):
    sources = [f"{top}/source1", f"{top}/source1", f"{top}/source2"]
    if rng.random() < 0.3:  # the container's own rootfs, and what is around it
        sources += [rootfs, rootfs + rng.choice(dirs), os.path.dirname(rootfs)]
    sources += [entry.path for entry in os.scandir(f"{top}/source1") if entry.is_dir(follow_symlinks=False)]
    mounts = []
    for _ in range(rng.randint(1, 5)):
        mounts.append(random_mount(rng, dirs, files, sources, mounts))
    return mounts


def make_table(rng, bundle):
    for name in ("rootfs", "source1", "source2"):
        shutil.rmtree(f"{top}/{name}", ignore_errors=True)
        os.mkdir(f"{top}/{name}")
        fill(rng, f"{top}/{name}", name)
    shutil.rmtree(f"{bundle}/rootfs", ignore_errors=True)
    os.rename(f"{top}/rootfs", f"{bundle}/rootfs")
    dirs, files = places(f"{bundle}/rootfs")
    for name in ("proc", "dev", "bin"):
        os.mkdir(f"{bundle}/rootfs/{name}")
    shutil.copy("/bin/busybox", f"{bundle}/rootfs/bin/true")
    hook = {"path": oracle, "args": ["oracle", "real", f"{bundle}/rootfs", f"{top}/paths", f"{top}/real"]}
    mounts = [{"destination": "/proc", "type": "proc", "source": "proc"}]
    mounts += random_mounts(rng, dirs, files, f"{bundle}/rootfs")
    config = {
        "ociVersion": "1.0.2",
        "process": {"user": {"uid": 0, "gid": 0}, "args": ["/bin/true"], "env": ["PATH=/bin"], "cwd": "/"},
        "root": {"path": "rootfs"},
        "mounts": mounts,
        "hooks": {"createRuntime": [hook]},
        "linux": {"namespaces": [{"type": t} for t in ("pid", "mount", "ipc", "uts", "network")]},
    }
    with open(f"{bundle}/config.json", "w") as f:
        json.dump(config, f, indent=1)
    return mounts


def write_paths(rng, mounts):
    """Every path of up to two names, and some below the mounts."""
    paths = ["/"] + [f"/{a}" for a in NAMES] + [f"/{a}/{b}" for a in NAMES for b in NAMES]
    for mount in mounts[1:]:
        paths += [mount["destination"]] + [mount["destination"] + random_path(rng) for _ in range(4)]
        paths += [mount["destination"] + name for name in ("/new", "/new/er", "/a/new", "/b/c")]
        paths += [mount["destination"] + inside + other["destination"] for other in mounts
                  for inside in ("", "/rootfs")]
    paths += [random_path(rng) + rng.choice(["", "", "/..", "/../a", "/."]) for _ in range(20)]
    with open(f"{top}/paths", "w") as f:
        f.write("\n".join(dict.fromkeys(paths)) + "\n")


def answers(text):
    return dict(line.split(" ", 1) for line in text.splitlines())


def agree(seen, real):
    """The mode may be one of two, where versions of a runtime differ."""
    if " or " not in seen:
        return seen == real
    kind, one, _, other, text = seen.split(" ", 4)
    return real in (f"{kind} {one} {text}", f"{kind} {other} {text}")


def run_table(number, bundle):
    """(paths, unknown, differences); where the runtime makes no container "refused" if the view said so,
    else what the runtime says."""
    rng = random.Random(f"{seed}-{number}")
    write_paths(rng, make_table(rng, bundle))
    with open(f"{top}/paths") as paths:
        seen = subprocess.run([oracle, "seen", bundle, runtime], stdin=paths, capture_output=True,
                              text=True, errors="replace", timeout=60, check=True)
    if os.path.exists(f"{top}/real"):
        os.unlink(f"{top}/real")
    ident = f"hw-oracle-{os.getpid()}-{number}"
    command = [runtime, "--root", f"{top}/state"]
    run = subprocess.run(command + ["run", "--bundle", bundle, ident], input=b"",
                   capture_output=True, timeout=60, check=False)
    subprocess.run(command + ["delete", "--force", ident], input=b"", capture_output=True, timeout=60, check=False)
    if not os.path.exists(f"{top}/real"):
        return "refused" if seen.stderr else run.stdout.decode(errors="replace") + run.stderr.decode(errors="replace")
    with open(f"{top}/real", errors="replace") as f:
        real = answers(f.read())
    refusal, seen = seen.stderr.strip(), answers(seen.stdout)
    unknown = [p for p in real if seen.get(p, "").startswith("unknown")]
    if refusal:
        return len(real), 0, [("the container", refusal, "is made")]
    differ = [(p, seen.get(p), real[p]) for p in real if p not in unknown and not agree(seen.get(p, ""), real[p])]
    return len(real), len(unknown), differ


def main():
    bundle = f"{top}/bundle"
    os.makedirs(bundle)
    with open(f"{top}/one-file", "w") as f:
        f.write("one file")
    paths = unknown = made = refused = 0
    for number in range(int(count)):
        result = run_table(number, bundle)
        if isinstance(result, str):
            refused += result == "refused"
            if result != "refused" and os.environ.get("HW_VERBOSE"):
                print(f"table {number} is not refused: {result}")
            continue
        made, paths, unknown = made + 1, paths + result[0], unknown + result[1]
        if result[2]:
            for path, seen, real in result[2]:
                print(f"table {number}: {path}: seen {seen!r}, real {real!r}")
            with open(f"{bundle}/config.json") as f:
                print(json.dumps(json.load(f)["mounts"]))
            sys.exit(1)
    print(f"{made} of {count} tables made a container, {paths} paths agree, {unknown} of them unknown; "
          f"of the others {refused} were seen to be refused")
    sys.exit(0 if made * 3 > int(count) else 1)


main()
