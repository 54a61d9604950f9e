#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: make-bundles.py BUNDLE DIRECTORY N - N bundles as BUNDLE below DIRECTORY, a hundred in
each of its directories; their files are links of BUNDLE's.
       make-bundles.py BUNDLE DIRECTORY hooks|mounts|policies - for each power of ten up to 1,000 a
bundle DIRECTORY/WHAT-N that has so many of them, or, of policies, a directory of so many."""

import copy
import json
import os
import shutil
import sys

POLICY = """version: 1
description: Policy number {n} of a thousand.
when: {{ libc: glibc, hookExists: true }}
needs: {{ uid: 0, writable: /etc }}
otherwise: warn
hook: {{ path: /bin/env, args: [env, '{n}'], env: {{ NUMBER: '{n}' }} }}
order: {order}
"""


def make_many(bundle, directory, n):
    for i in range(n):
        shutil.copytree(bundle, f"{directory}/{i // 100}/{i}", symlinks=True, copy_function=os.link)


def add_hooks(config, n):
    hook = config["hooks"]["startContainer"][0]
    config["hooks"]["startContainer"] = [dict(hook, args=["env", f"N={i}"]) for i in range(n)]


def add_mounts(config, n):
    config["mounts"] += [{"destination": f"/mnt/{i}", "type": "bind", "source": "shared",
                          "options": ["rbind", "ro"]} for i in range(n)]


def make_growing(bundle, directory, what):
    with open(f"{bundle}/config.json", encoding="utf-8") as file:
        config = json.load(file)
    for n in (1, 10, 100, 1000):
        path = f"{directory}/{what}-{n}"
        os.makedirs(path)
        if what == "policies":
            for i in range(n):
                with open(f"{path}/policy-{i}.yaml", "w", encoding="utf-8") as file:
                    file.write(POLICY.format(n=i, order=i % 100))
            continue
        changed = copy.deepcopy(config)
        {"hooks": add_hooks, "mounts": add_mounts}[what](changed, n)
        changed["root"]["path"] = f"{bundle}/rootfs"
        os.mkdir(f"{path}/shared")
        with open(f"{path}/config.json", "w", encoding="utf-8") as file:
            json.dump(changed, file, indent=2)


def main():
    bundle, directory, what = sys.argv[1:]
    if what.isdigit():
        make_many(bundle, directory, int(what))
    else:
        make_growing(bundle, directory, what)


main()
