#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# usage: advice.py TOP - every text of lib/ and cmd/ that names a command or an option is advice, which
# a 'prove' line of tests/*/advice.sh has executed, or is listed in tests/data/not-advice.
import glob
import os
import re
import shlex
import sys

# What prints descriptions, and what no user reads as a hint: options' help, snippets, styles.
TABLES = {"cmd/cli/options.c", "cmd/commands.c", "cmd/schema-table.h", "cmd/setup/snippets.c",
          "cmd/front/words.c", "cmd/wrapper/dialect-tables.h", "lib/apply/explain-svg.c",
          "lib/render/html.c", "lib/policy/schema.c"}
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
PROGRAMS = ("hookwright runc crun podman docker dockerd containerd crictl ctr nerdctl kubectl buildah "
            "umoci skopeo systemctl journalctl make mount chmod chown mkdir rm ls jq busybox")
NAMED = re.compile(r"(?<![\w-])--?[a-z][a-z-]+|'(?:%s)\b[^']|(?<!\w)hookwright [a-z]|(?<![\w/.-])"
                   r"(?:(?:systemctl|rm|mkdir) [a-z-]|make install)" % PROGRAMS.replace(" ", "|"))


def literals(text):
    """(line, text) of each string, neighbours joined as the compiler joins them."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    joined, end = [], None
    for m in LITERAL.finditer(text):
        if end is not None and not text[end:m.start()].strip(" \t\n\\"):
            joined[-1][1] += m[1]
        else:
            joined.append([text.count("\n", 0, m.start()) + 1, m[1]])
        end = m.end()
    return joined


def texts_of(top):
    for pattern in ("lib/**/*.[ch]", "cmd/**/*.[ch]"):
        for path in sorted(glob.glob(os.path.join(top, pattern), recursive=True)):
            name = os.path.relpath(path, top)
            if name in TABLES:
                continue
            with open(path, encoding="utf-8") as f:
                for line, text in literals(f.read()):
                    yield f"{name}:{line}", re.sub(r"\\n|\s+", " ", text)


def proved(top):
    for path in glob.glob(os.path.join(top, "tests/*/advice.sh")):
        with open(path, encoding="utf-8") as f:
            for line in re.sub(r"\\\n\s*", "", f.read()).splitlines():
                if re.match(r"\s*prove ", line):
                    yield from shlex.split(line)[3:]


def excused(top):
    with open(os.path.join(top, "tests/data/not-advice"), encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f if line.strip() and not line.startswith("#")]


def main():
    top = sys.argv[1]
    texts = list(texts_of(top))
    fragments = [*proved(top), *excused(top)]
    bad = [f"{at}: nothing executes this advice: {text}" for at, text in texts
           if " " in text.strip() and text != "hookwright lint" and NAMED.search(text) and
           not any(f in text for f in fragments)]
    bad += [f"this is said nowhere any more: {f}" for f in fragments
            if not any(f in text for _, text in texts)]
    print("\n".join(bad))
    return bool(bad)


sys.exit(main())
