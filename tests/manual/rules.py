#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: rules.py RULES RUNTIMES - print hookwright-rules(7) from the JSON of 'hookwright lint
--rules' and 'hookwright lint --runtimes'"""

import json
import re
import sys

HEAD = r""".\" SPDX-License-Identifier: Apache-2.0
.\" Made by 'make manual' from lib/rules-table.h and lib/runtime-table.h; changes belong there.
.Dd November 23, 2026
.Dt HOOKWRIGHT-RULES 7
.Os
.Sh NAME
.Nm hookwright-rules
.Nd what hookwright lint looks for
.Sh DESCRIPTION
.Nm hookwright Cm lint ,
see
.Xr hookwright 1 ,
judges bundles by these rules.
Each has an id and a name, which never change their meaning, and a usual severity.
The severity of a finding follows what the runtime would do with the bundle:
.Bl -tag -width warning
.It Cm error
The container would not start, the hook would not run or would fail before doing its work, or it is
a security hole.
.It Cm warning
It works, but is bad practice or breaks the specification; or it cannot be judged, and the finding
says why.
.It Cm note
Worth knowing.
.El
.Pp
A rule that does not matter for a bundle is ignored with
.Fl \-ignore Ar ID : Ns Ar reason ,
in the settings file, or, with
.Fl \-inline\-ignore ,
by an annotation of
.Pa config.json ,
.Em io.hookwright.ignore.ID ,
whose value is the reason.
An annotation cannot ignore security rules
.Pq HW4xx .
"""

SECTIONS = {"1": "CONFIG.JSON", "2": "THE PROGRAM", "3": "THE ENVIRONMENT OF THE HOOK",
            "4": "SECURITY", "5": "POLICIES"}

RUNTIMES = r""".Sh RUNTIMES
Verdicts depend on what the runtime does, by its version, which
.Fl \-runtime\-version
tells.
Without it bundles are judged for {}; where these differ, the verdict is unknown.
Of versions between two that were tried nothing is assumed.
.Pp
The runtime ...
.Bl -tag -width Ds
"""

TAIL = r""".Sh SEE ALSO
.Xr hookwright 1 ,
.Xr hookwright-policy 5
"""


def roff(text):
    """Text that roff prints as it is; a sentence begins a line, as mdoc(7) wants it."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = re.sub(r"\\-(?=[a-z])", "-", text)
    lines = re.sub(r"(?<=[a-z0-9)'\"])([.:?]) (?=[A-Z]|runc |crun )", r"\1\n", text).split("\n")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in lines)


def sentence(text):
    """A brief as one; the name of a file stays as it is."""
    first = text[0] if text.startswith("config.json") else text[0].upper()
    return roff(first + text[1:] + ".")


def span(row):
    """ "since 1.2.0", "before 1.14.3", or "" for every version."""
    parts = [f"{word} {row[word]}" for word in ("since", "before") if row[word]]
    return ", ".join(parts)


def print_runtimes(table):
    """What runtimes do, each behaviour with its runtimes."""
    versions = table["runtimeVersions"]
    last = None
    print(RUNTIMES.format(", ".join(versions[:-1]) + " and " + versions[-1]), end="")
    for row in table["behaviours"]:
        if row["behaviour"] != last:
            last = row["behaviour"]
            print(f".It Sy {last}\n{roff(row['words'])}:")
        else:
            print(".br")
        print(roff(f"{row['runtime']} {span(row) or 'in every version'}."))
    print(".El")


def main():
    section = None
    with open(sys.argv[1], encoding="utf-8") as file:
        rules = json.load(file)["rules"]
    with open(sys.argv[2], encoding="utf-8") as file:
        runtimes = json.load(file)
    sys.stdout.write(HEAD)
    for rule in rules:
        if rule["id"][2] != section:
            if section:
                print(".El")
            section = rule["id"][2]
            print(f".Sh {SECTIONS[section]}\n.Bl -tag -width Ds")
        print(f".It Sy {rule['id']} {roff(rule['name'])} Pq {rule['severity']}")
        print(f"{sentence(rule['brief'])}\n.Pp\n{roff(rule['why'])}\n.Pp")
        print(f".Em Remedy :\n{roff(rule['remedy'])}")
    print(".El")
    print_runtimes(runtimes)
    sys.stdout.write(TAIL)


main()
