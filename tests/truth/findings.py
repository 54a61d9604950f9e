#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: findings.py [--update] WORK

Every rule of lint, with the exact words that the user will read: the rows of findings.yaml are
bundles, as in cases.yaml, and findings.txt is what 'hookwright lint' says of each. Prints TAP.
--update writes findings.txt anew: read the difference before you commit it.

A row here also knows: options (of lint), policies (name: text; written beside the bundle and asked
for with -p), as (a user id to run lint as)."""

import json
import os
import shutil
import subprocess
import sys

import yaml

import bundle as bundles
from truth import Table, chosen

HERE = os.path.dirname(os.path.abspath(__file__))
OWN = ("options", "policies", "as")
EVERY_RULE = "every rule is heard of"
LINT = [os.environ.get("HOOKWRIGHT", "hookwright"), "lint", "--no-settings", "--format", "json"]


def command(row, path):
    argv = LINT + [each.replace("@BUNDLE@", path) for each in row.get("options", [])]
    for name, text in row.get("policies", {}).items():
        file = f"{path}/{name}.yaml"
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
        argv += ["-p", file]
    if not row.get("policies"):
        argv.append("--no-policies")
    if "as" in row:
        argv = ["setpriv", f"--reuid={row['as']}", f"--regid={row['as']}", "--clear-groups"] + argv
    return argv + [path]


def told(row, path):
    done = subprocess.run(command(row, path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, check=False)
    if done.stderr:
        return [f"stderr: {done.stderr.decode()}"]
    lines = []
    for each in json.loads(done.stdout)["bundles"][0]["findings"]:
        place = f"{os.path.basename(each['file'])}:{each.get('line', 0)}:{each.get('column', 0)}"
        doubt = "?" if each["unjudged"] else ""
        hint = f" | {each['hint']}" if each.get("hint") else ""
        ignored = " (ignored)" if each.get("ignored") else ""
        lines.append(f"{each['rule']} {each['severity']}{doubt} {place} {each['message']}{hint}"
                     f"{ignored}".replace(path, "@BUNDLE@"))
    return lines + [f"status {done.returncode}"]


def look(row, table, work, number):
    path = os.path.join(work, f"f{number}")
    plain = {key: value for key, value in row.items() if key not in OWN}
    with bundles.Bundle(plain, path, table):
        for directory in (work, path):
            os.chmod(directory, 0o755)
        return told(row, path)


def golden(text):
    found, lines = {}, []
    for line in text.splitlines():
        if line.startswith("# "):
            lines = found.setdefault(line[2:], [])
        elif line:
            lines.append(line)
    return found


def unheard(results):
    """Rules that no row has anything of."""
    listed = subprocess.run([LINT[0], "lint", "--rules", "--format", "json"], check=True,
                            stdout=subprocess.PIPE).stdout
    heard = {line.split()[0] for lines in results.values() for line in lines}
    return [each["id"] for each in json.loads(listed)["rules"] if each["id"] not in heard]


def write_golden(path, results):
    with open(path, "w", encoding="utf-8") as file:
        for name, lines in results.items():
            file.write("# " + "\n".join([name] + lines) + "\n\n")


def difference(lines, wanted):
    """The lines, marked where they are new, and those that are lost; nothing if they are equal."""
    if lines == wanted:
        return []
    return [f"{'  ' if line in wanted else '+ '}{line}" for line in lines] + \
        [f"- {line}" for line in wanted if line not in lines]


def print_tap(problems):
    for number, (name, lines) in enumerate(problems.items(), 1):
        for line in lines:
            print(f"# {line}")
        print(f"{'not ok' if lines else 'ok'} {number} - {name}")
    if not problems:
        print("# no case matches", os.environ["HW_ONLY"])
    print(f"1..{len(problems)}")


def main():
    work = os.path.realpath(sys.argv[-1])
    with open(os.path.join(HERE, "findings.yaml"), encoding="utf-8") as file:
        rows = bundles.expand(yaml.safe_load(file)["cases"])
    table = Table([os.path.join(HERE, "cases.yaml")], work)
    update = "--update" in sys.argv
    every = chosen(EVERY_RULE)
    results = {}
    for number, row in enumerate(rows):
        if update or every or chosen(row["name"]):
            results[row["name"]] = look(row, table, work, number)
    path = os.path.join(HERE, "findings.txt")
    if update:
        write_golden(path, results)
        return 0
    with open(path, encoding="utf-8") as file:
        wanted = golden(file.read())
    problems = {name: difference(lines, wanted.get(name, []))
                for name, lines in results.items() if chosen(name)}
    if every:
        missing = unheard(results)
        problems[EVERY_RULE] = [f"but {' '.join(missing)}"] if missing else []
    print_tap(problems)
    return 1 if any(problems.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
