#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: progress.py [SIGNAL:AFTER|type:TEXT] COMMAND... - run COMMAND with a terminal of its own as standard
error, send it the signal when the terminal has shown AFTER, and print what the terminal got as JSON:
{"status", "seconds", "raw", "screen"}; TEXT is typed into the terminal, which is then the standard input
as well, once something is shown; the screen is what is left after all that was overwritten."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time


def screen_of(raw):
    lines = []
    for line in raw.replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):  # each begins at the left; what it erases is all behind it
            erases = "\033[K" in part
            part = part.replace("\033[K", "")
            shown = part if erases else part + shown[len(part):]
        lines.append(shown)
    return "\n".join(lines)


def main():
    args, name, after = sys.argv[1:], None, None
    if re.match("(INT|TERM):", args[0]):
        name, after = args.pop(0).split(":", 1)
    typed = args.pop(0)[5:].encode() if args[0].startswith("type:") else None
    terminal, side = pty.openpty()
    start, raw = time.monotonic(), b""
    child = subprocess.Popen(args, stderr=side, stdin=subprocess.PIPE if typed is None else side, start_new_session=True)
    os.close(side)
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # nobody has the other side open
            break
        if not piece:
            break
        raw += piece
        if typed:
            os.write(terminal, typed)
            typed = None
        if name and after.encode() in raw:
            child.send_signal(getattr(signal, "SIG" + name))
            name = None
    text = raw.decode()
    json.dump({"status": child.wait(), "seconds": time.monotonic() - start, "raw": text,
               "screen": screen_of(text)}, sys.stdout)


main()
