#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: hostile.py NAME N DIR - make the hostile bundle NAME of size N in DIR, which must not exist.
       hostile.py --list     - print a line for each: NAME, N, what it is

A bundle is config.json and rootfs; beside them may be policy.yaml (a policy that asks what is
expensive), hooks.d (of an engine) and log (for doctor). N is the smallest size of the benchmark,
which also makes 2N and 4N; all have less than 10 MB."""

import json
import os
import struct
import sys

LOADER = "/lib64/ld-linux-x86-64.so.2"
POLICY = "version: 1\nactivation: always\notherwise: warn\nhook: { path: /bin/hook }\n"
INPUTS = {}


def hostile(n):
    """Enter a function as the input of its name."""
    def enter(make):
        INPUTS[make.__name__.replace("_", "-")] = (n, make)
        return make
    return enter


# ---- ELF files ----


class Elf:
    """A 64-bit ELF file of this host's order; every byte of it is loaded at its offset."""

    def __init__(self, interpreter=None, loads=1):
        self.entries, self.strings, self.blocks = [], b"\0", []
        self.interpreter, self.loads = interpreter, loads

    def string(self, text):
        at = len(self.strings)
        self.strings += text.encode() + b"\0"
        return at

    def add(self, tag, value):
        self.entries.append((tag, value))
        return self

    def needed(self, names):
        for name in names:
            self.add(1, self.string(name))
        return self

    def runpath(self, path):
        return self.add(29, self.string(path))

    def soname(self, name):
        return self.add(14, self.string(name))

    def block(self, tag, data):
        """DT entry @tag points to @data."""
        self.blocks.append((tag, data))
        return self

    def write(self, path, extra=b""):
        headers = self.loads + 1 + (self.interpreter is not None)
        at = 64 + 56 * headers
        at += -at % 8
        body = b""

        def place(data):
            nonlocal body
            where = at + len(body)
            body += data + b"\0" * (-len(data) % 8)
            return where

        interpreter = (self.interpreter or "").encode() + b"\0"
        interpreter_at = place(interpreter)
        dynamic = list(self.entries)
        for tag, data in self.blocks:
            dynamic.append((tag, place(data)))
        dynamic.append((5, place(self.strings)))
        dynamic.append((10, len(self.strings)))
        dynamic.append((0, 0))
        table = b"".join(struct.pack("<QQ", *entry) for entry in dynamic)
        table_at = place(table)
        place(extra)
        size = at + len(body)
        file = b"\x7fELF\x02\x01\x01" + b"\0" * 9
        file += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, at, 64, 0, 0, 64, 56, headers, 0, 0, 0)
        for i in range(self.loads):
            # The last one has it all: who looks for something passes over the others.
            last = i == self.loads - 1
            offset = 0 if last else (1 << 40) + i * 4096
            length = size if last else 0
            file += struct.pack("<IIQQQQQQ", 1, 5, 0 if last else 0, offset, offset, length,
                                max(length, 1), 4096)
        file += struct.pack("<IIQQQQQQ", 2, 6, table_at, table_at, table_at, len(table),
                            len(table), 8)
        if self.interpreter is not None:
            file += struct.pack("<IIQQQQQQ", 3, 4, interpreter_at, interpreter_at, interpreter_at,
                                len(interpreter), len(interpreter), 1)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(file.ljust(at, b"\0") + body)
        os.chmod(path, 0o755)


def loader(root, extra=b""):
    Elf().soname("ld-linux-x86-64.so.2").write(
        root + LOADER, b"\0/lib/\0/usr/lib/\0/lib64/\0" + extra)


def program(**how):
    return Elf(LOADER, **how)


# ---- bundles ----


def config(root, edit=None, hooks=1, hook=None):
    """A sound configuration around @hooks equal hooks, changed by @edit."""
    spec = {
        "ociVersion": "1.0.2",
        "root": {"path": "rootfs"},
        "process": {"args": ["/bin/hook"], "cwd": "/", "env": ["PATH=/bin"],
                    "user": {"uid": 0, "gid": 0},
                    "capabilities": {s: ["CAP_KILL"] for s in ("bounding", "effective",
                                                               "permitted")}},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
        "linux": {"namespaces": [{"type": t} for t in ("pid", "mount", "uts", "ipc", "network")]},
        "hooks": {"startContainer": [hook or {"path": "/bin/hook", "args": ["hook"],
                                              "env": ["PATH=/bin"]}] * hooks},
    }
    if edit:
        edit(spec)
    with open(os.path.dirname(root) + "/config.json", "w", encoding="utf-8") as file:
        json.dump(spec, file)


def text(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


def plain(root):
    """A dynamic program without libraries."""
    loader(root)
    program().write(root + "/bin/hook")


def deep(root, names):
    """A directory below another for each of @names, however long the path becomes."""
    here = os.open(root, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    return here


# ---- the findings ----


@hostile(10000)
def twins(root, n):
    """S8: objects with equal keys"""
    plain(root)
    config(root)
    path = os.path.dirname(root) + "/config.json"
    with open(path, encoding="utf-8") as file:
        whole = file.read()
    text(path, whole[:-1] + ', "x": [' + ",".join(['{"a":0,"a":1}'] * n) + "]}")


@hostile(50000)
def integers(root, n):
    """S8b: large integers where no integer is expected"""
    plain(root)
    config(root, lambda c: c.update(x=[1234567890] * n))


@hostile(50000)
def fractions(root, n):
    """S8b: a finding for each number"""
    plain(root)
    config(root, lambda c: c.update(x=[1.5] * n))


@hostile(100)
def spellings(root, n):
    """S10: libraries times spellings of a directory behind 20 links"""
    loader(root)
    os.makedirs(root + "/x")
    for i in range(20):
        os.symlink("/x" + (f"/l{i + 1}" if i < 19 else "") + "/." * 1400, root + f"/x/l{i}")
    dirs = ":".join("/x/l0" + "/." * i for i in range(50))
    program().needed(f"lib{i}.so" for i in range(n)).runpath(dirs).write(root + "/bin/hook")
    config(root)


@hostile(128)
def includes(root, n):
    """S11: ld.so.conf with includes of 64 KB, for each missing library"""
    loader(root)
    text(root + "/etc/ld.so.conf", "include d/*.conf\n")
    for i in range(63):
        text(root + f"/etc/d/{i}.conf", "#\n" * 32767)
    (program().needed(f"lib{i}.so" for i in range(n)).runpath("$PLATFORM")
     .write(root + "/bin/hook"))
    config(root)


def cache(root, n, end):
    head = b"glibc-ld.so.cache1.1" + struct.pack("<II", n, 0) + b"\x02" + b"\0" * 19
    at = len(head) + 24 * n
    keys = b"liba.so\0"
    entry = struct.pack("<IIIIQ", 0x303, at, at + len(keys), 0, 0)
    os.makedirs(root + "/etc", exist_ok=True)
    with open(root + "/etc/ld.so.cache", "wb") as file:
        file.write(head + entry * n + keys + end)


@hostile(40000)
def cache_entries(root, n):
    """S12: ld.so.cache with paths that have no end"""
    loader(root)
    cache(root, n, b"/" * (4000000 - 24 * n - 100 if n < 160000 else 1000))
    program().needed(f"lib{i}.so" for i in range(400)).runpath("$PLATFORM").write(
        root + "/bin/hook")
    config(root)


@hostile(100)
def cache_libraries(root, n):
    """S12: libraries that need libraries, none of which is in a cache of 170,000"""
    loader(root)
    cache(root, 170000, b"/lib/liba.so\0")
    program().needed(f"o{i}.so" for i in range(n)).runpath("/l").write(root + "/bin/hook")
    for i in range(n):
        (Elf().needed(f"missing-{i}-{k}.so" for k in range(30)).runpath("$PLATFORM")
         .write(root + f"/l/o{i}.so"))
    config(root)


@hostile(1000000)
def newlines(root, n):
    """S13: a log of empty lines"""
    plain(root)
    config(root)
    text(os.path.dirname(root) + "/log", "\n" * n)


@hostile(225)
def pattern(root, n):
    """S22: an expression of an engine's hooks.d against an annotation of 60 KB"""
    plain(root)
    config(root, lambda c: c.update(annotations={"key": "a" * 60000}))
    text(os.path.dirname(root) + "/hooks.d/one.json", json.dumps({
        "version": "1.0.0", "hook": {"path": "/bin/true"}, "stages": ["prestart"],
        "when": {"annotations": {"key": "(a|a){%d}b" % n}}}))


# ---- our own ----


@hostile(1000)
def mounts_over_parents(root, n):
    """mounts, each over the parent of the one before"""
    plain(root)
    parts = ["d"] * 64

    def edit(c):
        for i in range(n):
            depth = 64 - i % 64
            c["mounts"].append({"destination": "/m/" + "/".join(parts[:depth]), "type": "tmpfs",
                                "source": "tmpfs"})
    config(root, edit)


@hostile(1000)
def mounts_stacked(root, n):
    """mounts on one directory, and hooks looked up through all of them"""
    plain(root)
    os.makedirs(root + "/s")

    def edit(c):
        c["mounts"] += [{"destination": "/s", "type": "bind", "source": "rootfs/bin",
                         "options": ["bind"]}] * n
    program().needed(f"lib{i}.so" for i in range(400)).runpath(
        ":".join(["/s/../s/.."] * 350)).write(root + "/bin/hook")
    config(root, edit)


@hostile(1000)
def mounts_from_links(root, n):
    """binds whose sources are 40 links of 4 KB"""
    plain(root)
    here = os.path.dirname(root)
    os.makedirs(here + "/l/a")
    text(here + "/l/end", "")
    for i in range(38):
        os.symlink("a/../" * 800 + (f"l{i + 1}" if i < 37 else "end"), here + f"/l/l{i}")
    config(root, lambda c: c["mounts"].extend(
        {"destination": f"/t{i}", "type": "bind", "source": "l/" + "./" * (i % 50) + "l0",
         "options": ["bind"]} for i in range(n)))


@hostile(75000)
def mount_options(root, n):
    """one mount with thousands of options"""
    plain(root)
    config(root, lambda c: c["mounts"].append(
        {"destination": "/m", "type": "tmpfs", "source": "tmpfs",
         "options": ["mode=0755,x", "rw"] * (n // 2)}))


@hostile(25000)
def conf_names(root, n):
    """names in ld.so.conf.d, and a missing library"""
    loader(root)
    program().needed(["libx.so"]).write(root + "/bin/hook")
    text(root + "/etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
    os.makedirs(root + "/etc/ld.so.conf.d")
    for i in range(n):
        os.mknod(root + f"/etc/ld.so.conf.d/{i}.conf")
    config(root)


@hostile(25000)
def hwcaps_names(root, n):
    """names in a directory that only some processors search"""
    loader(root)
    program().needed(f"lib{i}.so" for i in range(500)).write(root + "/bin/hook")
    os.makedirs(root + "/lib/glibc-hwcaps/x86-64-v2")
    for i in range(n):
        os.mknod(root + f"/lib/glibc-hwcaps/x86-64-v2/{i}")
    config(root)


@hostile(1000)
def deep_directories(root, n):
    """two branches as deep as that, reached by links in turn"""
    loader(root)
    for name in "ab":
        os.mkdir(root + "/" + name)
        end = deep(root + "/" + name, ["d"] * n)
        os.close(os.open("lib", os.O_CREAT | os.O_WRONLY, dir_fd=end))
        os.close(end)
        os.makedirs(root + "/k", exist_ok=True)
        links = -(-n // 1500)
        for i in range(links):
            steps = min(1500, n - 1500 * i)
            before = f"/k/{name}{i - 1}/" if i else f"/{name}/"
            os.symlink(before + "d/" * (steps - 1) + "d", root + f"/k/{name}{i}")
        os.symlink(f"/k/{name}{links - 1}", root + f"/k/{name}")
    program().needed(f"lib{i}.so" for i in range(500)).runpath(":".join(["/k/a:/k/b"] * 200)).write(
        root + "/bin/hook")
    config(root)


@hostile(2500)
def link_farm(root, n):
    """hooks, each a chain of 18 links"""
    plain(root)
    os.makedirs(root + "/f")
    for i in range(n):
        os.symlink(f"/f/{(i * 7 + 1) % n}-" if i % 18 else "/bin/hook", root + f"/f/{i}-")

    def edit(c):
        c["hooks"]["startContainer"] = [{"path": f"/f/{i}-", "args": ["x"]} for i in range(n)]
    config(root, edit)


@hostile(22500)
def needed_cycle(root, n):
    """DT_NEEDED of libraries that all need each other"""
    loader(root)
    names = [f"lib{i}.so" for i in range(int(n ** 0.5))]
    program().needed(names).runpath("/l").write(root + "/bin/hook")
    for i, name in enumerate(names):
        Elf().soname(name).needed(names[i + 1:] + names[:i]).runpath("/l").write(root + "/l/" + name)
    config(root)


@hostile(128)
def runpath_origin(root, n):
    """RUNPATH of 4 KB of $ORIGIN/../.., for each missing library"""
    loader(root)
    os.makedirs(root + "/a/b/c/d/e")
    path = ":".join(["$ORIGIN/../../../../../.." + "/a/b/c" * 3] * 93)
    (program().needed(f"lib{i}.so" for i in range(n)).runpath(path)
     .write(root + "/a/b/c/d/e/hook"))
    config(root, lambda c: c["hooks"]["startContainer"][0].update(path="/a/b/c/d/e/hook"))


def with_symbols(elf, n, undefined):
    """@n symbols and a relocation for each; the names of @elf's strings."""
    symbols = b"\0" * 24
    relocations = b""
    for i in range(n):
        name = elf.string(f"symbol_number_{i}")
        symbols += struct.pack("<IBBHQQ", name, 0x12, 0, 0 if undefined else 1, 4096, 8)
        relocations += struct.pack("<QQq", 4096, (i + 1) << 32 | 6, 0)
    elf.block(6, symbols)
    if undefined:
        elf.block(7, relocations).add(8, len(relocations)).add(9, 24)
    return elf


@hostile(1000)
def hash_loop(root, n):
    """symbols looked up in a hash table whose chain has no end"""
    loader(root)
    with_symbols(program().needed(["liba.so"]).runpath("/l"), n, True).write(root + "/bin/hook")
    table = struct.pack("<IIII", 1, 0, 1, 0) + b"\xff" * 8 + struct.pack("<I", 1) + b"\0" * 400000
    with_symbols(Elf(), 4000, False).block(0x6ffffef5, table).write(root + "/l/liba.so")
    config(root)


@hostile(15000)
def relocations(root, n):
    """relocations of a file with a thousand segments"""
    loader(root)
    with_symbols(program(loads=1000).needed(["liba.so"]).runpath("/l"), n, True).write(
        root + "/bin/hook")
    with_symbols(Elf(loads=1000), 10, False).block(4, struct.pack("<IIIII", 1, 1, 0, 0, 0)).write(
        root + "/l/liba.so")
    config(root)


@hostile(25000)
def path_items(root, n):
    """PATH with thousands of items, and a bare name of 2 KB"""
    plain(root)

    def edit(c):
        c["process"]["args"] = ["x" * 2000]
        c["process"]["env"] = ["PATH=" + ":".join(["/bin"] * n)]
    config(root, edit)


@hostile(10000)
def same_hooks(root, n):
    """one hook again and again, with the environment of the process"""
    plain(root)

    def edit(c):
        c["process"]["env"] = [f"V{i}={i}" for i in range(n)]
        for hook in c["hooks"]["startContainer"][:1]:
            del hook["env"]
    config(root, edit, hooks=n)


@hostile(10000)
def missing_hooks(root, n):
    """hooks that are not there, each another one"""
    plain(root)
    config(root, lambda c: c["hooks"].update(
        startContainer=[{"path": f"/no/{i}", "args": ["x"], "env": ["A=b"]} for i in range(n)]))


@hostile(10000)
def host_hooks(root, n):
    """hooks on the host times mounts"""
    plain(root)

    def edit(c):
        c["hooks"]["createContainer"] = [{"path": "/bin/true", "args": ["true"]}] * n
        c["mounts"] += [{"destination": f"/m{i}", "type": "bind", "source": "/usr/share",
                         "options": ["bind"]} for i in range(n)]
    config(root, edit)


@hostile(25000)
def masked_paths(root, n):
    """maskedPaths, readonlyPaths and devices"""
    plain(root)

    def edit(c):
        c["linux"]["maskedPaths"] = [f"/usr/{i}/a" for i in range(n)]
        c["linux"]["readonlyPaths"] = [f"/bin/../bin/../bin/{i}" for i in range(n)]
        c["linux"]["devices"] = [{"path": f"/dev/{i}/x", "type": "c", "major": 1, "minor": 3}
                                 for i in range(n)]
    config(root, edit)


@hostile(50000)
def variables(root, n):
    """process.env, asked for by conditions and inherited"""
    plain(root)
    config(root, lambda c: c["process"].update(env=[f"VARIABLE_{i}=some value" for i in range(n)]))
    text(os.path.dirname(root) + "/policy.yaml", POLICY.replace(
        "hook:", "needs: { none: [ %s ] }\nhook:" % ", ".join(
            "{ env: { A%d: x } }" % i for i in range(64))).replace(
                "/bin/hook }", "/bin/hook, inheritEnv: [ %s ] }" % ", ".join(
                    f"B{i}" for i in range(50))))


@hostile(50000)
def annotations(root, n):
    """annotations, asked for by conditions"""
    plain(root)
    config(root, lambda c: c.update(annotations={f"org.example.{i}": "some" for i in range(n)}))
    text(os.path.dirname(root) + "/policy.yaml", POLICY.replace(
        "hook:", "needs: { none: [ %s ] }\nhook:" % ", ".join(
            "{ annotations: { a%d: x } }" % i for i in range(64))))


@hostile(30000)
def unsafe_annotations(root, n):
    """annotations that runtimes obey, each a finding"""
    plain(root)
    config(root, lambda c: c.update(annotations={f"org.systemd.property.{i}": "v"
                                                 for i in range(n)}))


def long_keys(root, n, key):
    plain(root)
    config(root)
    path = os.path.dirname(root) + "/config.json"
    with open(path, encoding="utf-8") as file:
        whole = file.read()
    text(path, whole[:-1] + ', "x": {' + ",".join(f'"{key(i)}":0' for i in range(n)) + "}}")


@hostile(30000)
def long_twins(root, n):
    """one object of equal keys that are not ASCII"""
    long_keys(root, n, lambda i: "\u00e9" * 32)


@hostile(30000)
def case_twins(root, n):
    """one object of keys that differ in case only"""
    long_keys(root, n, lambda i: "".join("kK"[i >> j % 17 & 1] for j in range(64)))


@hostile(1000000)
def os_release(root, n):
    """os-release of one line"""
    plain(root)
    text(root + "/etc/os-release", "ID=" + "x\\" * (n // 2))
    config(root)
    text(os.path.dirname(root) + "/policy.yaml",
         POLICY.replace("hook:", "needs: { any: [ %s ] }\nhook:" % ", ".join(
             "{ os: { id: y%d } }" % i for i in range(64))))


@hostile(250000)
def groups(root, n):
    """additionalGids, for a directory that is the group's"""
    plain(root)
    os.makedirs(root + "/g")
    os.chmod(root + "/g", 0o750)
    os.chown(root + "/g", 0, 7)

    def edit(c):
        c["process"]["user"] = {"uid": 5, "gid": 5, "additionalGids": list(range(8, n + 8)) + [7]}
    program().needed(f"lib{i}.so" for i in range(400)).runpath(":".join(["/g"] * 1000)).write(
        root + "/bin/hook")
    config(root, edit)


@hostile(16000)
def musl_path(root, n):
    """musl's list of directories, for each missing library"""
    interpreter = "/lib/ld-musl-x86_64.so.1"
    Elf().write(root + interpreter)
    text(root + "/etc/ld-musl-x86_64.path", "/a/b:\n" * (n // 6))
    Elf(interpreter).needed(f"lib{i}.so" for i in range(500)).write(root + "/bin/hook")
    config(root)


@hostile(2000)
def access_lists(root, n):
    """directories with access ACLs of 64 KB"""
    loader(root)
    config(root, lambda c: c["process"].update(user={"uid": 5, "gid": 5}))
    acl = struct.pack("<IHHI", 2, 1, 7, 0xffffffff)
    acl += b"".join(struct.pack("<HHI", 2, 7, 100 + i) for i in range(n))
    acl += struct.pack("<HHIHHIHHI", 4, 7, 0xffffffff, 16, 7, 0xffffffff, 32, 5, 0xffffffff)
    for i in range(10):
        os.makedirs(root + f"/a/{i}")
        try:
            os.setxattr(root + f"/a/{i}", "system.posix_acl_access", acl)
        except OSError:
            pass # no ACLs here, or none so long
    program().needed(f"lib{i}.so" for i in range(500)).runpath(
        ":".join(f"/a/{i}" for i in range(10))).write(root + "/bin/hook")
    config(root, lambda c: c["process"].update(user={"uid": 5, "gid": 5}))


@hostile(40000)
def limits(root, n):
    """process.rlimits of one kind"""
    plain(root)
    config(root, lambda c: c["process"].update(rlimits=[
        {"type": "RLIMIT_NOFILE", "soft": 1024, "hard": 2000000000}] * n))


@hostile(100000)
def seccomp_names(root, n):
    """system calls of a seccomp profile"""
    plain(root)

    def edit(c):
        c["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
            {"names": ["mremap" + str(i) for i in range(n)], "action": "SCMP_ACT_ERRNO"}]}
    config(root, edit, hooks=10)


@hostile(10000)
def mappings(root, n):
    """mappings of the user namespace times groups"""
    plain(root)

    def edit(c):
        c["linux"]["namespaces"].append({"type": "user"})
        maps = [{"containerID": 10 * i, "hostID": 1000 + 10 * i, "size": 1} for i in range(n)]
        c["linux"].update(uidMappings=maps, gidMappings=maps)
        c["process"]["user"]["additionalGids"] = [10 * i for i in range(n)]
    config(root, edit)


@hostile(250000)
def preloads(root, n):
    """LD_PRELOAD with thousands of names"""
    plain(root)
    config(root, hook={"path": "/bin/hook", "args": ["hook"],
                       "env": ["LD_PRELOAD=" + "a:b " * (n // 4)][:1]})


@hostile(500000)
def requests(root, n):
    """an annotation that requests one policy again and again"""
    plain(root)
    config(root, lambda c: c.update(
        annotations={"io.hookwright.policies": "policy," * (n // 7)}))
    text(os.path.dirname(root) + "/policy.yaml", POLICY)


@hostile(10000)
def sysctls(root, n):
    """sysctls times namespaces"""
    plain(root)

    def edit(c):
        c["linux"]["namespaces"] = [{"type": "pid"}, {"type": "mount"}] * n
        c["linux"]["sysctl"] = {f"net.x{i}": "1" for i in range(n)}
    config(root, edit)


@hostile(1500)
def colliding_names(root, n):
    """files whose names have one hash in the view's table"""
    plain(root)

    def fnv(name):
        h = 2166136261
        for byte in name.encode():
            h = (h ^ byte) * 16777619 & 0xffffffff
        return h
    # Pairs of pieces with equal hashes; every combination of them collides.
    pieces, seen, i = [], {}, 0
    state = 2166136261
    while len(pieces) < 13:
        piece = f"{i:x}".rjust(6, "g")
        h = state
        for byte in piece.encode():
            h = (h ^ byte) * 16777619 & 0xffffffff
        if h in seen:
            pieces.append((seen[h], piece))
            state, seen = h, {}
        else:
            seen[h] = piece
        i += 1
        if i > 16777216:
            i = 0
    names = []
    for k in range(n):
        names.append("".join(pieces[b][k >> b & 1] for b in range(13)))
    os.makedirs(root + "/c")

    def edit(c):
        c["linux"]["maskedPaths"] = ["/c/" + name for name in names]
        c["linux"]["devices"] = [{"path": "/c/" + name, "type": "c", "major": 1, "minor": 3}
                                 for name in names]
    config(root, edit)


def main():
    if sys.argv[1:] == ["--list"]:
        for name, (n, make) in INPUTS.items():
            print(name, n, make.__doc__)
        return
    name, n, where = sys.argv[1:]
    os.makedirs(where + "/rootfs/proc")
    where = os.path.abspath(where)
    INPUTS[name][1](where + "/rootfs", int(n))
    if not os.path.exists(where + "/policy.yaml"):
        text(where + "/policy.yaml", POLICY)


main()
