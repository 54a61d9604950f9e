#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: hookwright lint --rules --format json | rules.py - print hookwright-rules(7)"""

import json
import re
import sys

HEAD = r""".\" SPDX-License-Identifier: Apache-2.0
.\" Made by 'make manual' from lib/rules-table.h; changes belong there.
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


def main():
    section = None
    sys.stdout.write(HEAD)
    for rule in json.load(sys.stdin)["rules"]:
        if rule["id"][2] != section:
            if section:
                print(".El")
            section = rule["id"][2]
            print(f".Sh {SECTIONS[section]}\n.Bl -tag -width Ds")
        print(f".It Sy {rule['id']} {roff(rule['name'])} Pq {rule['severity']}")
        print(f"{sentence(rule['brief'])}\n.Pp\n{roff(rule['why'])}\n.Pp")
        print(f".Em Remedy :\n{roff(rule['remedy'])}")
    sys.stdout.write(".El\n" + TAIL)


main()
