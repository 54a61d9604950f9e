# SPDX-License-Identifier: Apache-2.0
"""Builds the bundles of the truth test from the rows of its table. What a row may say is listed
at the head of cases.yaml; each word of a recipe is a function of STEPS below."""

import copy
import json
import os
import re
import shutil
import subprocess
import threading

DIRECTORIES = ("bin sbin etc lib usr usr/bin usr/sbin proc sys dev tmp root var h opt mnt").split()
APPLETS = "sh true false echo cat ls id env sleep touch test mkdir rm ln stat head wc".split()
LINKED = 1 << 16  # a file of the base that is larger is linked, not copied

BASE_CONFIG = {
    "ociVersion": "1.0.2",
    "process": {
        "terminal": False,
        "user": {"uid": 0, "gid": 0},
        "args": ["/bin/echo", "MAIN-RAN"],
        "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        "cwd": "/",
        "capabilities": {each: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL"]
                         for each in ("bounding", "effective", "permitted")},
        "noNewPrivileges": True,
    },
    "root": {"path": "rootfs", "readonly": False},
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
         "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
    ],
    "linux": {"namespaces": [{"type": each} for each in ("pid", "ipc", "uts", "mount")]},
}


# How a hook finds out whether a condition of a policy holds for $0; with the path behind it.
PROBES = {
    "exists": '[ -e "$0" ]',
    "writable": '[ -e "$0" ] && if [ -d "$0" ]; then echo >"$0/t" && mv "$0/t" "$0/u"; '
                'else echo >>"$0"; fi',
    "capabilities": 'while read -r key value; do [ "$key" != CapEff: ] || '
                    'break; done </proc/$$/status; [ $((0x$value >> {number} & 1)) = 1 ]',
}
CAPABILITIES = {"CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_SYS_ADMIN": 21}
MISSED = "does not hold"


class TableError(Exception):
    """The table says what nobody understands."""


class Unsupported(Exception):
    """This machine lacks what a row needs."""


def command(*argv, lacking=None):
    """Run it. With lacking, a failure means that this machine cannot do it."""
    try:
        done = subprocess.run(argv, input=b"", stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode("utf-8", "replace")
    except OSError as error:
        said, done = str(error), None
    if done is not None and done.returncode == 0:
        return said
    if lacking:
        raise Unsupported(f"{lacking}: {said.strip()}")
    raise TableError(f"cannot run {' '.join(argv)}: {said.strip()}")


class Programs:
    """The programs and libraries of the table, each compiled when a row first asks for it."""

    def __init__(self, table, directory):
        self.table = table
        self.directory = directory
        self.here = os.path.dirname(os.path.abspath(__file__))
        self.locks = {name: threading.Lock() for name in table}
        os.makedirs(directory, exist_ok=True)

    def path(self, name):
        if name not in self.table:
            raise TableError(f"no program is named '{name}'")
        made = os.path.join(self.directory, name)
        with self.locks[name]:
            if not os.path.exists(made):
                self.compile(name, made)
        return made

    def compile(self, name, made):
        rule = self.table[name]
        compiler = rule.get("compiler", os.environ.get("CC") or "cc")
        if not shutil.which(compiler.split()[0]):
            raise Unsupported(f"{compiler} is not installed")
        source = os.path.join(self.here, "proof.c")
        if "source" in rule:
            source = self.write(name + ".c", rule["source"])
        argv = compiler.split() + ["-w", "-O1", "-s", "-o", made, source]
        if "call" in rule:
            argv.append("-DCALL=" + rule["call"])
        if "versions" in rule:
            argv.append("-Wl,--version-script," + self.write(name + ".map", rule["versions"]))
        argv += [self.path(each) for each in rule.get("libraries", [])]
        command(*argv, *rule.get("flags", []))

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        return path


class Base:
    """What every row's root file system begins with: busybox, and the proof."""

    def __init__(self, directory, programs):
        self.root = directory
        for each in DIRECTORIES:
            os.makedirs(os.path.join(directory, each))
        os.chmod(os.path.join(directory, "tmp"), 0o1777)
        shutil.copy(shutil.which("busybox"), os.path.join(directory, "bin/busybox"))
        shutil.copy(programs.path("static"), os.path.join(directory, "h/proof"))
        self.links = [f"bin/{each}" for each in APPLETS]
        with open(os.path.join(directory, "etc/passwd"), "w", encoding="ascii") as file:
            file.write("root:x:0:0:root:/root:/bin/sh\n")

    def clone(self, to):
        os.mkdir(to)
        for each in DIRECTORIES:
            os.mkdir(os.path.join(to, each))
        os.chmod(os.path.join(to, "tmp"), 0o1777)
        for each in self.links:
            os.symlink("busybox", os.path.join(to, each))
        for each in ("bin/busybox", "h/proof", "etc/passwd"):
            have = os.path.join(self.root, each)
            large = os.path.getsize(have) > LINKED
            (os.link if large else shutil.copy)(have, os.path.join(to, each))


class Bundle:
    """One row's bundle. Use it as a context: it is unmounted and removed at the end."""

    def __init__(self, row, path, table):
        self.row = row
        self.path = path
        self.table = table
        self.mounts = []
        self.flagged = []  # files that chattr(1) keeps from being removed
        self.hooks = 0

    def __enter__(self):
        os.mkdir(self.path)
        try:
            self.table.base.clone(os.path.join(self.path, "rootfs"))
            self.follow(self.row.get("rootfs", []), set())
            with open(os.path.join(self.path, "config.json"), "wb") as file:
                file.write(self.config())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for each in reversed(self.mounts):
            subprocess.run(["umount", "-l", each], check=False)
        for each in self.flagged:
            subprocess.run(["chattr", "-ia", each], check=False)
        shutil.rmtree(self.path)

    # --- the recipe

    def follow(self, steps, inside):
        for step in steps:
            if isinstance(step, str):
                if step in inside or step not in self.table.recipes:
                    raise TableError(f"no recipe '{step}'")
                self.follow(self.table.recipes[step], inside | {step})
                continue
            words = [word for word in step if word in STEPS]
            if len(words) != 1:
                raise TableError(f"not one step: {step}")
            attributes = {key: step[key] for key in step if key != words[0]}
            STEPS[words[0]](self, step[words[0]], attributes)
            if attributes:
                raise TableError(f"'{words[0]}' knows no {' and no '.join(attributes)}")

    def place(self, path):
        """/PATH is in the rootfs, PATH in the bundle. Links on the way are not expected."""
        at = self.path + ("/rootfs" if path.startswith("/") else "/") + path
        os.makedirs(os.path.dirname(at), exist_ok=True)
        return at

    def own(self, at):
        """A file of the base, or a program, may be one with those of other bundles."""
        if not os.path.islink(at) and os.path.isfile(at) and os.stat(at).st_nlink > 1:
            shutil.copy(at, at + ".own")
            os.rename(at + ".own", at)

    def write(self, at, data):
        if os.path.lexists(at):
            os.unlink(at)
        with open(at, "wb") as file:
            file.write(data)
        os.chmod(at, 0o755)

    def dress(self, at, attributes):
        """The attributes that every kind of file may have, in the order in which they hold."""
        known = {key: attributes.pop(key) for key in list(attributes) if key in DRESS}
        if known:
            self.own(at)
        for key, put in DRESS.items():
            if key in known:
                put(at, known[key])

    # --- config.json

    def config(self):
        config = copy.deepcopy(BASE_CONFIG)
        for each in self.row.get("with", []):
            if each not in self.table.fragments:
                raise TableError(f"no fragment '{each}'")
            merge(config, self.table.fragments[each])
        merge(config, self.row.get("config", {}))
        hooks = self.hooks_of_row()
        self.hooks = self.row["count"] if "count" in self.row else count(hooks)
        config["hooks"] = hooks if not isinstance(hooks, str) else "@HOOKS@"
        text = json.dumps(config, indent=2)
        if isinstance(hooks, str):
            text = text.replace('"@HOOKS@"', hooks)
        for old, new in self.row.get("replace", []):
            if text.count(old) != 1:
                raise TableError(f"'{old}' is {text.count(old)} times in config.json")
            text = text.replace(old, new)
        return (text.replace("@BUNDLE@", self.path) + "\n").encode("utf-8", "surrogatepass")

    def hooks_of_row(self):
        if "condition" in self.row:
            return {"startContainer": [probe(self.row["condition"])]}
        if "hooks" in self.row and not isinstance(self.row["hooks"], list):
            return self.row["hooks"]
        hooks = self.row.get("hooks", [self.row.get("hook", "/h/proof")])
        hooks = [{"path": each} if isinstance(each, str) else each for each in hooks]
        return {self.row.get("stage", "startContainer"): hooks}


def probe(condition):
    """A hook that proves that it ran if the condition holds."""
    [(kind, path)] = condition.items()
    test = PROBES[kind].replace("{number}", str(CAPABILITIES.get(path)))
    script = f"{{ {test}; }} || {{ echo {MISSED}; exit 1; }}; exec /h/proof"
    return {"path": "/bin/busybox", "args": ["sh", "-c", script, path], "env": ["PATH=/bin"]}


def count(hooks):
    """How many hooks it asks for."""
    if isinstance(hooks, str):
        raise TableError("hooks as text need a count")
    if not isinstance(hooks, dict):
        return 0
    return sum(len(each) if isinstance(each, list) else 1 for each in hooks.values()
               if each is not None)


def expand(value):
    """The value with each @C*N@ in its texts replaced by N times the character C, and each text
    @ids*N+M@ by N ranges of one id, the host's from M on."""
    ranges = re.fullmatch(r"@ids\*(\d+)\+(\d+)@", value) if isinstance(value, str) else None
    if ranges:
        return [{"containerID": 2 * i, "hostID": int(ranges.group(2)) + 2 * i, "size": 1}
                for i in range(int(ranges.group(1)))]
    if isinstance(value, str):
        return re.sub(r"@(.)\*(\d+)@", lambda m: m.group(1) * int(m.group(2)), value)
    if isinstance(value, list):
        return [expand(each) for each in value]
    if isinstance(value, dict):
        return {expand(key): expand(each) for key, each in value.items()}
    return value


def merge(into, fragment):
    """A merge of JSON in which KEY+ appends to an array and KEY- removes a member."""
    for key, value in fragment.items():
        if key.endswith("+"):
            into.setdefault(key[:-1], []).extend(copy.deepcopy(value))
        elif key.endswith("-"):
            into.pop(key[:-1], None)
        elif isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = copy.deepcopy(value)


# --- the attributes ------------------------------------------------------------------------------

def set_owner(at, owner):
    os.chown(at, *owner, follow_symlinks=False)


def set_acl(at, entries):
    command("setfacl", "-m", entries, at, lacking="no access ACLs here")


def set_caps(at, caps):
    command("setcap", caps, at, lacking="no file capabilities here")


DRESS = {
    "owner": set_owner,
    "mode": os.chmod,  # a change of the owner takes some bits away
    "acl": set_acl,
    "caps": set_caps,
}


# --- the steps -----------------------------------------------------------------------------------

def step_file(bundle, path, attributes):
    at = bundle.place(path)
    bundle.write(at, attributes.pop("text", "").encode("latin-1"))
    bundle.dress(at, attributes)


def step_program(bundle, name, attributes):
    at = bundle.place(attributes.pop("to"))
    if os.path.lexists(at):
        os.unlink(at)
    made = bundle.table.programs.path(name)
    try:
        os.link(made, at)
    except OSError:  # another file system
        shutil.copy(made, at)
    bundle.dress(at, attributes)


def step_copy(bundle, host, attributes):
    """A file of the host, links followed; libraries: with what it is linked to."""
    if not os.path.exists(host):
        raise Unsupported(f"this machine has no {host}")
    at = bundle.place(attributes.pop("to", host))
    if attributes.pop("libraries", False):
        for each in linked_to(host):
            shutil.copy(each, bundle.place(each))
    if os.path.lexists(at):
        os.unlink(at)
    shutil.copy(host, at)
    bundle.dress(at, attributes)


def linked_to(host):
    words = command("ldd", host).split()
    return [each for each in words if each.startswith("/")]


def step_loader(bundle, name, attributes):
    """The interpreter and the C library of a program of the table."""
    path = bundle.table.programs.path(name)
    said = command("readelf", "-lW", path)
    loader = said.split("interpreter: ", 1)[1].split("]", 1)[0]
    needed = [loader] if "musl" in loader else linked_to(path)
    for each in needed:
        shutil.copy(each, bundle.place(each))
    bundle.dress(bundle.place(loader), attributes)


def step_link(bundle, path, attributes):
    at = bundle.place(path)
    if os.path.lexists(at):
        os.unlink(at)
    os.symlink(attributes.pop("to"), at)
    bundle.dress(at, attributes)


def step_links(bundle, path, attributes):
    """PATH1, a link to PATH2, and so on; the last is a link to the target."""
    number = attributes.pop("number")
    for i in range(1, number):
        step_link(bundle, f"{path}{i}", {"to": f"{path}{i + 1}"})
    step_link(bundle, f"{path}{number}", attributes)


def step_dir(bundle, path, attributes):
    at = bundle.place(path)
    os.makedirs(at, exist_ok=True)
    bundle.dress(at, attributes)


def step_fifo(bundle, path, attributes):
    at = bundle.place(path)
    os.mkfifo(at)
    bundle.dress(at, attributes)


def step_set(bundle, path, attributes):
    bundle.dress(bundle.place(path), attributes)


def step_remove(bundle, path, _):
    at = bundle.place(path)
    if os.path.isdir(at) and not os.path.islink(at):
        shutil.rmtree(at)
    else:
        os.unlink(at)


def step_rename(bundle, path, attributes):
    os.rename(bundle.place(path), bundle.place(attributes.pop("to")))


def step_patch(bundle, path, attributes):
    at = bundle.place(path)
    bundle.own(at)
    with open(at, "r+b") as file:
        file.seek(attributes.pop("at"))
        file.write(bytes(attributes.pop("bytes")))


def step_truncate(bundle, path, attributes):
    at = bundle.place(path)
    bundle.own(at)
    os.truncate(at, attributes.pop("size"))


def step_mount(bundle, path, attributes):
    """type and options as of mount(8); from: a path whose tree is bound there instead."""
    at = bundle.place(path)
    if not os.path.isfile(at):
        os.makedirs(at, exist_ok=True)
    options = attributes.pop("options", "")
    if "from" in attributes:
        command("mount", "--bind", bundle.place(attributes.pop("from")), at)
    else:
        kind = attributes.pop("type", "tmpfs")
        command("mount", "-t", kind, "-o", options or "rw", kind, at)
        options = ""
    bundle.mounts.append(at)
    if options:
        command("mount", "-o", "remount,bind," + options, at)


def step_remount(bundle, path, attributes):
    command("mount", "-o", "remount,bind," + attributes.pop("options"), bundle.place(path))


def step_ldconfig(bundle, directories, _):
    """ld.so.conf names these directories, and ld.so.cache what is in them."""
    with open(bundle.place("/etc/ld.so.conf"), "w", encoding="utf-8") as file:
        file.write("\n".join(directories) + "\n")
    command("ldconfig", "-r", bundle.path + "/rootfs")


def step_chattr(bundle, path, attributes):
    """Flags as chattr(1) has them: +i, +a."""
    at = bundle.place(path)
    bundle.own(at)
    bundle.flagged.append(at)
    command("chattr", attributes.pop("flags"), at, lacking="no file attributes here")


def step_device(bundle, path, attributes):
    at = bundle.place(path)
    os.mknod(at, 0o20777, os.makedev(*attributes.pop("number")))
    bundle.dress(at, attributes)


STEPS = {name[len("step_"):]: value for name, value in list(globals().items())
         if name.startswith("step_")}
