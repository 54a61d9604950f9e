#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: make-inputs.py CONFIG BIG POLICIES - write the benchmark's big inputs: BIG is CONFIG with
members added until it is 10 MB large; POLICIES is a directory for 1,000 policies of which none
concerns the container."""

import json
import os
import sys

POLICY = """# Generated for the benchmark: as long as a real policy, with conditions of each kind.
version: 1
description: Policy number {n} of a thousand, which concerns containers of one application only.
activation: always
when:
  annotations: {{ org.example.application: 'shop-{n}(-canary)?' }}
  libc: glibc
  hookExists: true
needs:
  uid: 0
  writable: /etc
  none: [ {{ mounts: /etc/ld.so.cache }} ]
otherwise: warn
hook:
  path: [/sbin/ldconfig.real, /sbin/ldconfig]
  args: [ldconfig]
  env: {{ LC_ALL: C, NUMBER: '{n}' }}
order: {order}
"""


def main():
    config_path, big_path, policies = sys.argv[1:]
    with open(config_path, encoding="utf-8") as file:
        config = json.load(file)
    config["annotations"] = {f"org.example.key-{i}": f"value {i} " + "x" * 40
                             for i in range(50000)}
    config["process"]["env"] += [f"VARIABLE_{i}={i * i}" for i in range(20000)]
    config["x-table"] = [{"limit": 9223372036854771712 + i, "name": "é\u2028\U0001F600", "on": True}
                         for i in range(1000)]
    config["x-padding"] = ""
    size = len(json.dumps(config, indent=2))
    config["x-padding"] = "p" * max(0, 10_000_000 - size)
    with open(big_path, "w", encoding="utf-8") as file:
        json.dump(config, file, indent=2)
    os.makedirs(policies)
    for n in range(1000):
        with open(f"{policies}/policy-{n}.yaml", "w", encoding="utf-8") as file:
            file.write(POLICY.format(n=n, order=n % 100))


main()
