#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: runner-commands.py make DIRECTORY SYNTAX | runner-commands.py check FILE...

make    a bundle in DIRECTORY whose every text that lint, doctor or explain may print is SYNTAX, a
        command of a CI runner, with escapes as python has them
check   prints what a runner would take from each FILE, an output of the program

The rules of the check are those of the runners, written from their sources and manuals, not those
of lib/base/sanitize.c.
"""

import json
import os
import re
import shutil
import sys

# GitHub: ActionCommand.TryParseV2() trims and wants "::name", TryParse() finds "##[" anywhere.
# Azure Pipelines: "##vso[" and "##[" anywhere. TeamCity: "##teamcity[". GitLab: the trace's
# section marks. Travis: travis_fold. Buildkite: headers at a line's start.
EVERYWHERE = re.compile(r"##[a-z]*\[|section_(start|end):|travis_(fold|time):")
COMMAND = re.compile(r"\s*::\s*[^:]*")
HEADER = re.compile(r"(\x1b\[[0-9;]*m)*(---|\+\+\+|~~~|\^\^\^)(\s|$)")
OWN_COMMAND = re.compile(r"::(error|warning|notice) file=[^:,]*(,(line|col|endLine|endColumn)=\d+)*"
                         r",title=HW\d{3} [a-z-]+( \(unknown\))?::")
INVISIBLE = re.compile("[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def complaints(path):
    name = os.path.basename(path)
    with open(path, "rb") as f:
        text = f.read().decode("utf-8")
    for number, line in enumerate(text.split("\n")):
        if EVERYWHERE.search(line):
            yield f"a command anywhere: {line!r}"
        if COMMAND.match(line) and not ("github" in name and OWN_COMMAND.match(line)):
            yield f"a command at the line's start: {line!r}"
        if HEADER.match(line) and not ("diff" in name and number < 2):
            yield f"a header: {line!r}"
        if INVISIBLE.search(line):
            yield f"an invisible character: {line!r}"
        if CONTROL.search(line):
            yield f"a control character: {line!r}"


def put(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text.encode("utf-8", "surrogateescape"))
    os.chmod(path, mode)


def put_needing(rootfs, s):
    """A real program that needs a library called @s, as far as there is room for its name."""
    with open(os.path.realpath(shutil.which("env")), "rb") as f:
        elf = f.read()
    name = s.encode()[:9]
    elf = elf.replace(b"libc.so.6\0", name + bytes(10 - len(name)))
    loader = re.search(rb"/lib[^\0]*/ld-[^\0]*", elf).group().decode()
    put(rootfs + "/opt/needs", "", 0o755)
    with open(rootfs + "/opt/needs", "wb") as f:
        f.write(elf)
    os.makedirs(os.path.dirname(rootfs + loader), exist_ok=True)
    shutil.copy(os.path.realpath(loader), rootfs + loader)


def document(s):
    hooks = [
        {"path": "/" + s, "args": [s, s], "env": [s + "=" + s, s]},
        {"path": s, "args": [s], "env": ["PATH=/" + s]},
        {"path": "/opt/script", "args": [s], "env": ["PATH=/bin"]},
        {"path": "/opt/needs", "args": [s], "env": ["LD_LIBRARY_PATH=/" + s], s: s},
        {"path": "/opt/needs", "args": [s, s], "env": ["A=b"]},
    ]
    return {
        "ociVersion": "1.0.2" + s, s: s,
        "process": {"cwd": "/" + s, "args": [s, s], "env": [s, s + "=" + s],
                    "user": {"uid": 0, "gid": 0}, "apparmorProfile": s},
        "root": {"path": "rootfs"}, "hostname": s,
        "mounts": [{"destination": "/" + s, "type": s, "source": s, "options": [s, "rbind"]},
                   {"destination": s, "type": "bind", "source": "/" + s, "options": ["bind"]}],
        "annotations": {s: s, "io.hookwright.policies": s, "io.hookwright.runtime": s,
                        "io.hookwright.ignore." + s: s, "io.hookwright.ignore.HW118": s,
                        "run.oci.hooks.stdout": s},
        "linux": {"namespaces": [{"type": s}, {"type": "mount"}], "maskedPaths": ["/" + s],
                  "sysctl": {s: s}},
        "hooks": {s: hooks, "startContainer": hooks, "createRuntime": hooks[:2],
                  "prestart": [s]},
    }


def policy(s):
    """With what a policy may have of @s: no control characters."""
    s = re.sub("[\x00-\x1f\x7f-\x9f]", "", s)
    quoted, path = json.dumps(s), json.dumps("/" + s)
    return (f"version: 1\ndescription: {quoted}\nactivation: always\n"
            f"needs: {{ exists: /opt/none, annotations: {{ {quoted}: x }} }}\notherwise: warn\n"
            f"hook: {{ path: [{path}, /opt/script], args: [script, {quoted}] }}\n")


def make(directory, syntax):
    s = syntax.encode().decode("unicode_escape").encode("latin-1").decode("utf-8")
    flat = s.replace("/", "|")
    bundle = os.path.join(directory, flat)
    put(bundle + "/config.json", json.dumps(document(s), indent=1, ensure_ascii=False))
    put(bundle + "/rootfs/etc/os-release", f'ID="{s}"\nVERSION_ID={s}\n')
    put(bundle + "/rootfs/opt/script", f"#!/{s}\n", 0o755)
    put_needing(bundle + "/rootfs", flat)
    sound = document("x")
    sound.update({"hooks": {}, "annotations": {s: s}, "process": {
        "cwd": "/", "args": [s], "env": [s + "=" + s], "user": {"uid": 0, "gid": 0}}})
    sound["ociVersion"] = "1.0.2"
    sound["mounts"] = [{"destination": "/proc", "type": "proc", "source": s}]
    sound["linux"] = {}
    put(os.path.join(directory, "sound", "config.json"), json.dumps(sound, indent=1,
                                                                     ensure_ascii=False))
    put(os.path.join(directory, "sound", "rootfs/etc/os-release"), f'ID="{s}"\n')
    put(os.path.join(directory, "broken", "config.json"), f'{{ "a": {s} }}\n')
    put(os.path.join(directory, "quoted", "config.json"), f'{{ "{s}": 1 "{s}" }}\n')
    put(os.path.join(directory, "other", flat, "config.json"), "{}")
    put(os.path.join(directory, "policies", "broken.yaml"), f"version: 1\n{json.dumps(s)}: {json.dumps(s)}\n")
    put(os.path.join(directory, "policies", flat + ".yaml"), "version: 1\n")
    put(os.path.join(directory, "good", "named.yaml"), policy(s))
    put(os.path.join(directory, "added", "added.yaml"),
        "version: 1\nactivation: always\nhook: { path: /bin/busybox, args: [busybox, true] }\n")
    put(os.path.join(directory, "log"), f'container_linux.go:380: starting container process caused:'
        f' error running hook #0: error running hook: exit status 1, stdout: , stderr: {s}\n'
        f'time="x" level=error msg="{s} exec /{s}: no such file or directory"\n'
        f'error executing hook `/{s} {s} a {s}` (exit code: 1)\n{s}\n')


def main():
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3])
        return
    for path in sys.argv[2:]:
        for complaint in complaints(path):
            print(f"{os.path.basename(path)}: {complaint}")


main()
