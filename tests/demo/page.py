#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: page.py PAGE PICTURE - take a picture (PNG) of an HTML page in Chromium
       page.py --of PICTURE - print the SHA-256 of the page that it was taken of

Browsers differ in pixels, so that a test compares the pages: the picture has its page's sum in a
comment."""

import hashlib
import os
import struct
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../e2e"))
from browser import Browser  # noqa: E402

KEY = b"Source\0"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def take(page, picture):
    with tempfile.TemporaryDirectory() as home, Browser(home) as browser:
        browser.open(page)
        browser.show(width=960, height=680)
        browser.picture(picture)
    with open(page, "rb") as file:
        comment = chunk(b"tEXt", KEY + hashlib.sha256(file.read()).hexdigest().encode())
    with open(picture, "rb") as file:
        data = file.read()
    with open(picture, "wb") as file:
        file.write(data[:-12] + comment + data[-12:])  # before IEND


def source_of(picture):
    with open(picture, "rb") as file:
        data = file.read()
    at = data.index(b"tEXt" + KEY) + len(b"tEXt" + KEY)
    return data[at:at + 64].decode()


if sys.argv[1] == "--of":
    print(source_of(sys.argv[2]))
else:
    take(*sys.argv[1:])
