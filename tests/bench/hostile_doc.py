# SPDX-License-Identifier: Apache-2.0
"""Hostile documents: INPUTS names functions f(n) that return the bytes of a config.json (or, in
DOCTOR, of a container's output) whose size grows with n; full(name) is the n that makes about 8 MB.
bundle(name, n, directory) writes one as a bundle."""

import json
import os
import sys

BASE = {"ociVersion": "1.0.2",
        "root": {"path": "rootfs"},
        "process": {"cwd": "/", "args": ["/bin/true"], "env": ["PATH=/bin"],
                    "user": {"uid": 0, "gid": 0}},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
        "hooks": {"startContainer": [{"path": "/bin/true", "args": ["true"], "env": ["A=b"]}]}}

RAW = "@@raw@@"


def with_raw(keys, raw):
    """BASE with the value at keys written as raw; a key that ends with '...' adds members."""
    config = json.loads(json.dumps(BASE))
    at = config
    for key in keys[:-1]:
        at = at.setdefault(key, {})
    if keys[-1] == "...":
        at[RAW] = 0
        return json.dumps(config).replace(f'"{RAW}": 0', raw).encode("utf-8", "surrogateescape")
    at[keys[-1]] = RAW
    return json.dumps(config).replace(f'"{RAW}"', raw).encode("utf-8", "surrogateescape")


def array(items):
    return "[" + ",".join(items) + "]"


def members(pairs):
    return ",".join(f'"{key}":{value}' for key, value in pairs)


def under_x(items):
    return with_raw(["x"], array(items))


INPUTS = {
    # what is counted as 20 findings and the rest
    "twins-in-objects": lambda n: under_x(['{"a":0,"a":1}'] * n),
    "large-numbers": lambda n: under_x(["1234567890"] * n),
    "fractions": lambda n: under_x(["1.5"] * n),
    "large-uids": lambda n: with_raw(["process", "user", "additionalGids"],
                                     array(["4294967295"] * n)),
    # many values
    "ones": lambda n: under_x(["1"] * n),
    "empty-arrays": lambda n: under_x(["[]"] * n),
    "empty-objects": lambda n: under_x(["{}"] * n),
    "escapes": lambda n: under_x(['"\\u00e9\\n\\ud83d\\ude00"'] * n),
    "deep": lambda n: under_x(["[" * 60 + "]" * 60] * n),
    # few and long ones
    "long-string": lambda n: with_raw(["annotations", "a"], '"' + "x" * n + '"'),
    "long-escapes": lambda n: with_raw(["annotations", "a"], '"' + "\\u00e9" * n + '"'),
    "long-key": lambda n: with_raw(["annotations", "x" * n], '"a"'),
    "long-number": lambda n: with_raw(["x"], "1" * n),
    "nul-escapes": lambda n: with_raw(["annotations", "a"], '"' + "\\u0000" * n + '"'),
    "bad-end": lambda n: with_raw(["x"], '"' + "y" * n + "\udcff" + '"'),
    "blanks": lambda n: with_raw(["x"], " " * n + "1"),
    "lines": lambda n: with_raw(["x"], "\n" * n + "1.5"),
    "crlf-lines": lambda n: with_raw(["x"], "[" + ",\r\n".join(["1.5"] * n) + "]"),
    # many members
    "keys": lambda n: with_raw(["x", "..."], members((f"k{i}", i) for i in range(n))),
    "long-keys": lambda n: with_raw(["x", "..."],
                                    members(("k" * 4000 + str(i), i) for i in range(n))),
    "escaped-keys": lambda n: with_raw(["x", "..."], members(
        ("\\u006b" * 100 + str(i), i) for i in range(n))),
    "root-keys": lambda n: with_raw(["..."], members((f"k{i}", i) for i in range(n))),
    "root-keys-and-twins": lambda n: with_raw(["..."], members(
        (f"k{i}", '{"a":0,"a":1}') for i in range(n))),
    "root-twins": lambda n: with_raw(["..."], members((f"k{i // 2}", i) for i in range(n))),
    "case-variants": lambda n: with_raw(["..."], members(
        ("".join(c.upper() if i >> k & 1 else c for k, c in enumerate("abcdefghijklmnopqrstu")), i)
        for i in range(n))),
    "hooks-case-variants": lambda n: with_raw(["..."], members(
        ("".join(c.upper() if (i + 1) >> k & 1 else c for k, c in enumerate("hooks"))
         + ("" if i < 31 else str(i)), i) for i in range(n))),
    "stage-case-variants": lambda n: with_raw(["hooks", "..."], members(
        ("".join(c.upper() if (i % 16000 + 1) >> k & 1 else c
                 for k, c in enumerate("startcontainer")), "[{}]") for i in range(n))),
    "unknown-stages": lambda n: with_raw(["hooks", "..."], members(
        (f"startContainerStartContainer{i}", "[{}]") for i in range(n))),
    "version-and-stages": lambda n: json.dumps(
        {**BASE, "ociVersion": "1.0.1" + "x" * 10 * n,
         "hooks": {"".join(c.upper() if (i + 1) >> k & 1 else c
                           for k, c in enumerate("startcontainer")): [{}]
                   for i in range(min(n // 20, 16000))}}).encode(),
    # what hooks hold
    "hooks": lambda n: with_raw(["hooks", "startContainer"], array(
        '{"path":"/bin/h%d"}' % i for i in range(n))),
    "same-hooks": lambda n: with_raw(["hooks", "startContainer"], array(
        ['{"path":"/bin/true","args":["true"]}'] * n)),
    "empty-hooks": lambda n: with_raw(["hooks", "startContainer"], array(["{}"] * n)),
    "wrong-hooks": lambda n: with_raw(["hooks", "prestart"], array(["1"] * n)),
    "our-hooks": lambda n: with_raw(["hooks", "startContainer"], array(
        '{"path":"/bin/true","env":["_HOOKWRIGHT_POLICY=p%d"]}' % i for i in range(n))),
    "hook-keys": lambda n: with_raw(["hooks", "startContainer"], '[{"path":"/bin/true",' + members(
        (f"unknown-member-{i}", i) for i in range(n)) + "}]"),
    "hook-args": lambda n: with_raw(["hooks", "startContainer"],
                                    '[{"path":"/bin/true","args":' + array(["1"] * n) + "}]"),
    "hook-env": lambda n: with_raw(["hooks", "startContainer"],
                                   '[{"path":"/bin/true","env":' + array(['"A"'] * n) + "}]"),
    "hook-secrets": lambda n: with_raw(["hooks", "startContainer"], '[{"path":"/bin/true","env":'
                                       + array(['"PASSWORD=x"'] * n) + "}]"),
    "host-hooks-and-env": lambda n: with_raw(["hooks", "createContainer"], array(
        ['{"path":"/bin/true"}'] * (n // 2))).replace(
            b'"PATH=/bin"', ",".join(['"B=b"'] * n).encode()),
    # what is compared with each other
    "annotations": lambda n: with_raw(["annotations", "..."], members(
        (f"org.example.{i}", '"v"') for i in range(n))),
    "ignores": lambda n: with_raw(["annotations", "..."], members(
        (f"io.hookwright.ignore.x{i}", '"v"') for i in range(n))),
    "requests": lambda n: with_raw(["annotations", "io.hookwright.policies"],
                                   '"' + "bench," * n + '"'),
    "env": lambda n: with_raw(["process", "env"], array('"V%d=x"' % i for i in range(n))),
    "bad-env": lambda n: with_raw(["process", "env"], array(['"V"'] * n)),
    "args": lambda n: with_raw(["process", "args"], array(['"/bin/true"'] * n)),
    "mounts": lambda n: with_raw(["mounts"], array(
        ['{"destination":"/proc","type":"proc","source":"proc"}']
        + ['{"destination":"/m%d","source":"/tmp"}' % i for i in range(n)])),
    "mount-options": lambda n: with_raw(["mounts"], '[{"destination":"/m","options":'
                                        + array(['"ro"', '"rw"'] * n) + "}]"),
    "namespaces": lambda n: with_raw(["linux"], '{"namespaces":'
                                     + array(['{"type":"pid"}'] * n) + "}"),
    "sysctls-and-namespaces": lambda n: with_raw(
        ["linux"], '{"namespaces":' + array(['{"type":"pid"}'] * n) + ',"sysctl":{'
        + members((f"net.x{i}", '"1"') for i in range(n)) + "}}"),
    "ids-and-mappings": lambda n: with_raw(
        ["linux"], '{"namespaces":[{"type":"user"}],"gidMappings":' + array(
            '{"containerID":%d,"hostID":%d,"size":1}' % (i * 2, i * 2) for i in range(n))
        + "}").replace(b'"gid": 0', b'"gid": 0, "additionalGids":'
                       + array(str(2 * (n - 1)) for _ in range(n)).encode()),
    "seccomp-rules": lambda n: with_raw(
        ["linux"], '{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":' + array(
            ['{"names":["fork"],"action":"SCMP_ACT_NOTIFY"}'] * n) + "}}"),
    "seccomp-rules-and-keys": lambda n: with_raw(["..."], members(
        (f"k{i}", 1) for i in range(n)) + ',"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW",'
        + '"syscalls":' + array(['{"names":["fork"],"action":"SCMP_ACT_NOTIFY"}'] * n) + "}}"),
    "devices": lambda n: with_raw(["linux"], '{"devices":' + array(
        '{"path":"/dev/d%d","type":"c","major":1,"minor":3}' % i for i in range(n)) + "}"),
    "masked-paths": lambda n: with_raw(["linux"], '{"maskedPaths":' + array(
        '"/proc/m%d"' % i for i in range(n)) + "}"),
    "rlimits": lambda n: with_raw(["process", "rlimits"], array(
        ['{"type":"RLIMIT_NPROC","soft":1,"hard":1}'] * n)),
}

ROW = "error running startContainer hook #0: error running hook: exit status 1, stdout: , stderr: "
DOCTOR = {
    "newlines": lambda n: b"\n" * n,
    "blanks": lambda n: b" " * n,
    "short-lines": lambda n: b"a\n" * (n // 2),
    "one-line": lambda n: b"x" * n,
    "almost-rows": lambda n: (b"error running hook #\n" * (n // 21)),
    "almost-row-in-one-line": lambda n: b"error running hook #" * (n // 20),
    "fork-exec": lambda n: b"fork/exec " * (n // 10),
    "fork-exec-lines": lambda n: (b"fork/exec : no such file or director" * 120 + b"\n")
    * (n // 4321),
    "runs-of-blanks": lambda n: (b"fork/exec x:" + b" " * 4000 + b"\n") * (n // 4013),
    "same-message": lambda n: ROW.encode() * (n // len(ROW)),
    "messages": lambda n: b"".join(f"{ROW.replace('#0', '#' + str(i))}{i}\n".encode()
                                   for i in range(n // 100)),
    "quoted": lambda n: b'msg="a" ' * (n // 8),
    "quoted-lines": lambda n: b'msg="a"\n' * (n // 8),
    "nested-quotes": lambda n: b'{"log":"{\\"msg\\":\\"error=\\\\\\"x\\\\\\"\\"}"}\n' * (n // 45),
    "open-quotes": lambda n: b'msg="' * (n // 5),
    "escapes": lambda n: b"\x1b[31m" * (n // 5),
    "escape-strings": lambda n: b"\x1b]8;;" * (n // 5),
    "all-words": lambda n: (b"fork/exec error running hook: exit status error executing hook "
                            b"bash: sh: exec: Error relocating version can't open symbol \n")
    * (n // 120),
}



def values(text):
    """How many keys and values the document has; it may be no JSON behind a byte that is no
    UTF-8."""
    def count(value):
        if isinstance(value, list):
            return 1 + sum(map(count, value))
        if isinstance(value, tuple):
            return 1 + sum(1 + count(item) for _, item in value)
        return 1
    return count(json.loads(text.decode("utf-8", "replace"), object_pairs_hook=tuple,
                            parse_int=str))


def full(name, size=8_000_000, most=262_000):
    """The n whose document has about that many bytes, but no more keys and values than are read."""
    make, few = INPUTS[name], 2000
    one, two = make(few), make(2 * few)
    n = int(size / ((len(two) - len(one)) / few))
    each = (values(two) - values(one)) / few
    return n if each < 0.001 else min(n, int(most / each))


def bundle(name, n, directory):
    """Write the document as the bundle at directory, whose rootfs has /bin/true."""
    os.makedirs(f"{directory}/rootfs/bin", exist_ok=True)
    os.makedirs(f"{directory}/rootfs/proc", exist_ok=True)
    if not os.path.exists(f"{directory}/rootfs/bin/true"):
        with open("/bin/true", "rb") as source, \
                open(f"{directory}/rootfs/bin/true", "wb") as target:
            target.write(source.read())
        os.chmod(f"{directory}/rootfs/bin/true", 0o755)
    with open(f"{directory}/config.json", "wb") as file:
        file.write(INPUTS[name](n))


def output(name, n, path):
    """Write the output of a container that died."""
    with open(path, "wb") as file:
        file.write(DOCTOR[name](n))


def main():
    """usage: hostile_doc.py names bundle|output; bundle NAME DIR; output NAME BYTES FILE"""
    what, *args = sys.argv[1:]
    if what == "names":
        print(*(INPUTS if args == ["bundle"] else DOCTOR), sep="\n")
    elif what == "bundle":
        bundle(args[0], full(args[0]), args[1])
    else:
        output(args[0], int(args[1]), args[2])


if __name__ == "__main__":
    main()
