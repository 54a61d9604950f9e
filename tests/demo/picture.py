#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: picture.py COMMAND <OUTPUT >PICTURE

Draw what a terminal shows after COMMAND printed OUTPUT, as SVG. Each piece of text is given its
width, so that columns stand where they should whatever font the viewer has."""

import re
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 7.83, 19  # of a character of 13 pixels in most fonts
MARGIN, BAR = 20, 34
PLAIN = "#d5dae3"
# ECMA-48: the colours that lint uses, on a dark ground.
STYLES = {
    "1": (PLAIN, True), "2": ("#7d8799", False), "1;31": ("#ff7b72", True),
    "1;32": ("#7ee787", True), "1;33": ("#f2cc60", True), "1;36": ("#79c0ff", True),
}


def pieces(line):
    """Runs of one style: (column, text, colour, bold)."""
    column, style = 0, (PLAIN, False)
    for part in re.split("(\033\\[[0-9;]*m)", line):
        code = re.fullmatch("\033\\[([0-9;]*)m", part)
        if code:
            style = STYLES.get(code[1], (PLAIN, False))
            continue
        # Blanks at the ends are where viewers differ.
        for word in re.finditer(r"\S(?:.*\S)?", part):
            yield column + word.start(), word[0], *style
        column += len(part)


def draw(lines):
    columns = max(len(re.sub("\033\\[[0-9;]*m", "", line)) for line in lines)
    width, height = columns * WIDTH + 2 * MARGIN, len(lines) * HEIGHT + BAR + MARGIN
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height}" '
           f'viewBox="0 0 {width:g} {height}" font-size="13" font-family="ui-monospace, Menlo, '
           f'Consolas, \'DejaVu Sans Mono\', \'Liberation Mono\', monospace">')
    yield f'<rect width="{width:g}" height="{height}" rx="8" fill="#161b22"/>'
    for i, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        yield f'<circle cx="{MARGIN + 6 + 18 * i}" cy="18" r="5.5" fill="{colour}"/>'
    for row, line in enumerate(lines):
        y = BAR + (row + 1) * HEIGHT - 4
        for column, text, colour, bold in pieces(line):
            weight = ' font-weight="bold"' if bold else ""
            yield (f'<text x="{MARGIN + column * WIDTH:g}" y="{y}" fill="{colour}"{weight} '
                   f'textLength="{len(text) * WIDTH:g}" xml:space="preserve">{escape(text)}</text>')
    yield "</svg>"


output = sys.stdin.buffer.read().decode().rstrip("\n").split("\n")
print("\n".join(draw([f"\033[2m$\033[0m {sys.argv[1]}"] + output)))
