#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An independent reader of config.json for laws.sh.

oracle.py corpus DIR                   write a bundle's config.json in every style: DIR/NAME/config.json
oracle.py applied BEFORE AFTER WANTED  AFTER is BEFORE with the hooks of the JSON file WANTED, and
                                       every other byte the same, in BEFORE's style
"""

import json
import os
import re
import sys

MARK = "_HOOKWRIGHT_POLICY="


# ---- the corpus ----

BASE = {
    "ociVersion": "1.0.2",
    "process": {
        "user": {"uid": 0, "gid": 0},
        "args": ["/bin/sh"],
        "env": ["PATH=/bin", "TERM=xterm"],
        "cwd": "/",
    },
    "root": {"path": "ROOTFS"},
    "hostname": "demo",
    "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}], "resources": {}},
}
FOREIGN = {"path": "/usr/bin/first", "args": ["first", "-x"], "env": ["A=b"]}
OTHER = {"path": "/usr/bin/second"}
OURS = {"path": "/old", "args": ["/old"], "env": [MARK + "alpha", "PATH=/bin"]}
ODD = r'''"odd": [9223372036854775807, 18446744073709551615, -9223372036854775808, 1e3, 1.0, 1E-7,
    0.10, -0, 9007199254740993, 1.7976931348623157e308, 1e400],
    "escapes": "\/ \u003c\u003E \u00e9 \ud83d\ude00 \b\f\n\r\t \" \\ \u2028 \ud800",
    "raw": "é ß 漢 😀 𝄞 LS", "": {"": [[], {}, [ ], { }]},
    "x-vendor" : { "hooks": {"startContainer": "not this one"}, "null": null, "t": [true,false] },'''.replace("LS", "\u2028")


def with_hooks(hooks):
    return dict(BASE, hooks=hooks)


def text_of(doc, **style):
    return json.dumps(doc, ensure_ascii=False, **style)


def dense(doc):
    return text_of(doc, separators=(",", ":"))


def insert(text, what):
    """Put WHAT, which ends in a comma, before the first member."""
    return text.replace("{", "{" + what, 1)


def styles():
    tabs = text_of(BASE, indent="\t") + "\n"
    yield "tabs", tabs
    yield "two-spaces", text_of(BASE, indent=2) + "\n"
    yield "four-spaces", text_of(BASE, indent=4) + "\n"
    yield "one-space", text_of(BASE, indent=1) + "\n"
    yield "compact", dense(BASE)
    yield "compact-newline", dense(BASE) + "\n"
    yield "one-line-with-blanks", text_of(BASE) + "\n"
    yield "crlf", tabs.replace("\n", "\r\n")
    yield "no-final-newline", text_of(BASE, indent=4)
    yield "many-final-newlines", " \n\t" + tabs + "\n\n \t\r\n"
    yield "odd-values", insert(text_of(BASE, indent="    ") + "\n", "\n    " + ODD)
    yield "odd-values-compact", insert(dense(BASE), ODD.replace("\n", ""))
    yield "odd-spacing", re.sub(r'([:,])', r' \1  ', dense({"a": 1, "b": [2, 3]}))[:-1] + \
        "  ,\n \n" + text_of(BASE, indent=3)[1:]
    yield "hooks-first", text_of({"hooks": {"startContainer": [FOREIGN]}, **BASE}, indent="\t")
    yield "empty-lines", tabs.replace(",\n", ",\n\n")
    escaped = text_of(with_hooks({"poststop": [OTHER], "startContainer": [FOREIGN]}), indent="\t")
    for word in ("hooks", "startContainer", "process", "args", "env", "path", "root"):
        escaped = escaped.replace('"%s":' % word, '"%s\\u%04x%s":' % (
            word[0], ord(word[1]), word[2:]))
    yield "escaped-keys", escaped + "\n"
    for name, hooks in (
            ("hooks-null", None), ("hooks-empty", {}), ("stage-null", {"startContainer": None}),
            ("stage-empty", {"startContainer": []}), ("other-stage", {"poststop": [OTHER]}),
            ("foreign", {"startContainer": [FOREIGN, OTHER], "poststop": []}),
            ("ours-between", {"startContainer": [FOREIGN, OURS, OTHER]}),
            ("ours-first", {"startContainer": [OURS, FOREIGN]}),
            ("ours-alone", {"startContainer": [OURS]}),
            ("ours-twice", {"startContainer": [OURS, FOREIGN, OURS]})):
        yield name + "-tabs", text_of(with_hooks(hooks), indent="\t") + "\n"
        yield name + "-compact", dense(with_hooks(hooks))
    yield "hooks-one-line", text_of(BASE, indent=4)[:-2] + \
        ',\n    "hooks": { "startContainer": [ %s ] }\n}\n' % text_of(FOREIGN)
    yield "empty-with-space", text_of(BASE, indent=4)[:-2] + ',\n    "hooks": { \n }\n}\n'
    big = dict(BASE, annotations={"k%06d" % i: "v" * 50 for i in range(70000)})
    yield "large-compact", dense(big)
    yield "large-indented", text_of(big, indent="\t")


def corpus(directory):
    rootfs = os.path.join(os.path.realpath(directory), "rootfs")
    for name, text in styles():
        os.makedirs(os.path.join(directory, name))
        with open(os.path.join(directory, name, "config.json"), "w", newline="",
                  encoding="utf-8", errors="surrogatepass") as file:
            file.write(text.replace("ROOTFS", rootfs))


# ---- the oracle ----

class Number(str):
    """A number as it is written: 1.0 is not 1."""


def read(path):
    with open(path, "rb") as file:
        return file.read()


def parse(data):
    def pairs(items):
        keys = [key for key, _ in items]
        assert len(set(keys)) == len(keys), "duplicate keys"
        return dict(items)
    return json.loads(data.decode("utf-8"), parse_int=Number, parse_float=Number,
                      object_pairs_hook=pairs)


def is_ours(hook):
    return bool(hook.get("env")) and hook["env"][0].startswith(MARK)


def expected(hooks, wanted):
    """Places of ours are filled in order, the rest is appended, places left over go."""
    wanted = list(wanted)
    result = []
    for hook in hooks:
        if not is_ours(hook):
            result.append(hook)
        elif wanted:
            result.append(wanted.pop(0))
    return result + wanted


def stage_of(doc):
    return ((doc.get("hooks") or {}).get("startContainer")) or []


def without_stage(doc):
    """Everything but the stage; absent, null and empty are one."""
    doc = dict(doc)
    hooks = {k: v for k, v in (doc.pop("hooks", None) or {}).items() if k != "startContainer"}
    return doc, {k: v for k, v in hooks.items() if v}, \
        [k for k in doc], [k for k in hooks]


def hooks_span(data):
    """Where the top-level "hooks" member stands in the text, by a walk of its own."""
    text = data.decode("utf-8")
    decoder = json.JSONDecoder()
    position = text.index("{") + 1
    blank = re.compile(r"[ \t\r\n,]*")
    while True:
        position = blank.match(text, position).end()
        if text[position] == "}":
            return None
        start = position
        key, position = json.decoder.scanstring(text, position + 1)
        position = re.compile(r"[ \t\r\n]*:[ \t\r\n]*").match(text, position).end()
        _, position = decoder.raw_decode(text, position)
        if key == "hooks":
            return len(text[:start].encode()), len(text[:position].encode())


def outside(data):
    """The text around the hooks member; without one, the text up to the last brace and after."""
    span = hooks_span(data)
    if span:
        return data[:span[0]], data[span[1]:], True
    end = data.rindex(b"}")
    return data[:end], data[end:], False


def local(before, after):
    head, tail, had = outside(before)
    if not had:
        # A comma and blanks may stand between the last member and ours.
        span = hooks_span(after)
        assert span, "no hooks were added"
        gap = after[len(head.rstrip()):span[0]]
        assert after.startswith(head.rstrip()), "bytes before the hooks changed"
        assert re.fullmatch(rb"[ \t\r\n]*,[ \t\r\n]*", gap), "before the hooks stands %r" % gap
        assert after[span[1]:].lstrip() == tail.lstrip() and after.endswith(tail), \
            "bytes behind the hooks changed"
        return
    new_head, new_tail, has = outside(after)
    assert has, "the hooks are gone"
    assert (head, tail) == (new_head, new_tail), "bytes outside the hooks changed"
    # Every foreign entry is there, byte for byte.
    for hook in stage_of(parse(before)):
        if not is_ours(hook):
            pattern = re.compile(re.escape(hook["path"].encode()))
            assert pattern.search(after), "a foreign hook is gone"


PRINTERS = [{"indent": "\t"}, {"separators": (",", ":")}, {}] + [{"indent": n} for n in (1, 2, 3, 4)]


def style(before, after):
    """AFTER has BEFORE's line ends; what a printer wrote could still be that printer's."""
    if b"\r\n" in before and b"\n" not in before.replace(b"\r\n", b""):
        assert b"\n" not in after.replace(b"\r\n", b""), "a bare newline in a file with CRLF"
    assert before.endswith(b"\n") == after.endswith(b"\n"), "the final newline"
    old, new = (data.decode("utf-8").replace("\r\n", "\n").strip() for data in (before, after))
    for printer in PRINTERS:
        if old != text_of(json.loads(old), **printer):
            continue
        # These two may be written either way.
        new = new.replace("\\u007f", "\x7f").replace("\\u2028", "\u2028")
        assert new == text_of(json.loads(new), **printer), "not in the style of %r" % printer
        return


BEFORE = "_HOOKWRIGHT_BEFORE="


def without_before(hooks):
    """HOOKS without what one of ours may say of what was there before us."""
    said = [h for h in hooks if is_ours(h) and any(v.startswith(BEFORE) for v in h["env"])]
    assert len(said) <= 1, "two say what was before"
    for hook in said:
        assert hook["env"][1].startswith(BEFORE), "it is not behind the mark"
        hook["env"] = hook["env"][:1] + hook["env"][2:]
    return hooks


def applied(before, after, wanted):
    old, new = parse(before), parse(after)
    hooks = expected(stage_of(old), json.loads(wanted, parse_int=Number))
    got = without_before(stage_of(parse(after)))
    assert got == hooks, "hooks are %r, not %r" % (got, hooks)
    assert without_stage(old) == without_stage(new), "another member changed"
    if before != after and hooks:
        local(before, after)
    style(before, after)


def main():
    command, args = sys.argv[1], sys.argv[2:]
    if command == "corpus":
        corpus(*args)
        return
    try:
        {"applied": applied}[command](*map(read, args))
    except (AssertionError, ValueError, IndexError) as error:
        sys.exit("%s: %s" % (args[1], error))


main()
