#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: page.py WHAT PAGE [FINDINGS] - look at PAGE of 'lint --format html' in Chromium, and print
what is not as it should be. FINDINGS is the JSON report on the same bundles; WHAT a function."""

import base64
import hashlib
import json
import os
import re
import sys
import tempfile

from browser import Browser

# Each text that is shown: its colour against the first opaque ground below it (WCAG 2.1, 1.4.3).
CONTRAST = r"""(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
	const parse = (colour, under) => {
		canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
		canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
		return `rgb(${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).join(" ")})`;
	};
	const ground = (e) => e ? parse(getComputedStyle(e).backgroundColor, ground(e.parentElement))
		: "rgb(255 255 255)";
	const light = (rgb) => {
		const [r, g, b] = rgb.match(/[\d.]+/g).map((v) => v / 255)
			.map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const bad = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let n = 0;
	while (walker.nextNode()) {
		const e = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
		if (!text || !e.checkVisibility() || ["SCRIPT", "OPTION"].includes(e.tagName)) continue;
		const under = ground(e), a = light(parse(getComputedStyle(e).color, under)), b = light(under);
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		n++;
		if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
	}
	return { n, bad: [...bad] };
})()"""

SHOWN = 'Array.from(document.querySelectorAll("li[class]")).filter((e) => e.closest("main") && e.checkVisibility())'
COMPARED = 40  # characters of a marked value: of more the end may be cut off
complaints = []


def want(what, got, wanted):
    if got != wanted:
        complaints.append(f"{what}: {got!r} instead of {wanted!r}")


def plain(text):
    """As escape_html() writes it; blanks at an end are not shown."""
    return " ".join(re.sub("[\ufffd?\u202e]", "?", text).split())


def mark_of(finding):
    """Its line, and what is marked there."""
    with open(finding["file"], encoding="utf-8") as file:
        line = file.read().split("\n")[finding["line"] - 1]
    end = finding["endColumn"] if finding["endLine"] == finding["line"] else len(line) + 1
    start = finding["column"] - 1
    return f"{finding['line']}:{plain(line[start:max(end - 1, start + 1)][:COMPARED])}"


def contents(browser, page, report):
    """Every finding, where it is and the value that is marked."""
    found = browser.ask(f'''Array.from(document.querySelectorAll("main li"), (e) => ({{
        rule: e.closest("section").dataset.rule, severity: e.className.split(" ")[0],
        message: e.querySelector(".message").textContent, where: e.querySelector(".where").textContent,
        ignored: e.classList.contains("ignored"), mark: e.querySelector("mark")?.textContent ?? null,
        line: e.querySelector(".at i")?.textContent.trim() ?? null,
        bundle: e.closest("article").querySelector("h2 > span").textContent }}))''')
    got, wanted = [], []
    for f in found:
        message = re.sub(r"^\w+(, unknown)?: ", "", f["message"])
        got.append([f["bundle"], f["rule"], f["severity"], plain(message), f["ignored"]])
    for b in report["bundles"]:
        for f in b["findings"]:
            wanted.append([plain(b["bundle"]), f["rule"], f["severity"], plain(f["message"]),
                           f["ignored"] is not None])
    want("findings", sorted(got), sorted(wanted))
    want("places marked", sorted(f"{f['line']}:{plain(f['mark'][:COMPARED])}" for f in found if f["line"]),
         sorted(mark_of(f) for b in report["bundles"] for f in b["findings"] if f["endLine"]))
    tiles = browser.ask('Array.from(document.querySelectorAll("#end li"), (e) => e.innerText.split(/\\s+/, 2))')
    totals = {name: int(n) for n, name in reversed(tiles) if name in report["totals"]}
    want("totals", totals, {name: report["totals"][name] for name in totals})
    want("tiles", len(totals) >= 5, True)


def sound(browser, page, report):
    """Nothing is loaded, run or complained about, whatever the texts contain."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for tag in ("style", "script"):
        body = re.search(f"<{tag}>(.*?)</{tag}>", text, re.S)[1].encode()
        mark = "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        if f"{tag}-src '{mark}'" not in text:
            complaints.append(f"lib/render/html.c: the hash of the {tag} is {mark}")
    want("console", browser.complaints, [])
    want("elements", browser.ask('''[...new Set(Array.from(document.querySelectorAll("*"), (e) =>
        e.tagName.toLowerCase()))].filter((name) => !/^(html|head|meta|title|style|body|header|h[123]|p|form|div|input|select|option|label|button|output|main|article|span|section|a|ol|ul|li|b|i|pre|mark|script)$/.test(name))'''), [])
    want("scripts, styles", browser.ask('document.querySelectorAll("script, style").length'), 2)
    want("attributes", browser.ask('''[...new Set(Array.from(document.querySelectorAll("*"), (e) =>
        e.getAttributeNames()).flat())].filter((name) => /^(on|src|style$|srcset|background)/.test(name))'''), [])
    want("links", browser.ask('''Array.from(document.links).filter((a) =>
        !/#HW[0-9]+$/.test(a.getAttribute("href"))).length'''), 0)
    want("marks of direction", re.findall("[\u202a-\u202e\u2066-\u2069\x00-\x08\x7f-\x9f]", text), [])


def filters(browser, page, report):
    """Each control does what it is for, and the page is whole again after a reset."""
    findings = [dict(f, bundle=b["bundle"]) for b in report["bundles"] for f in b["findings"]]
    live = [f for f in findings if f["ignored"] is None]

    def change(what, value):
        browser.ask(f'''(() => {{ const e = document.getElementById("{what}");
            if (e.type === "checkbox") e.click(); else {{ e.value = {json.dumps(value)};
            e.dispatchEvent(new Event("input", {{ bubbles: true }})); }} }})()''')

    def shown(what, wanted):
        want(what, browser.ask(SHOWN + ".length"), len(wanted))
        want(what + ", as counted", browser.ask('document.getElementById("count").textContent'),
             f"{len(wanted)} of {len(findings)} shown")

    def reset():
        browser.ask('document.getElementById("filter").reset()')
        browser.ask("new Promise((done) => setTimeout(done, 50))")

    shown("at first", live)
    change("ignored", None)
    shown("with ignored ones", findings)
    reset()
    for severity in ("error", "warning"):
        change(severity, None)
        shown(f"without {severity}s", [f for f in live if f["severity"] != severity])
        reset()
    rule, bundle = live[0]["rule"], live[0]["bundle"]
    change("rule", rule)
    shown("of a rule", [f for f in live if f["rule"] == rule])
    change("bundle", bundle)
    shown("of a rule and a bundle", [f for f in live if (f["rule"], f["bundle"]) == (rule, bundle)])
    reset()
    change("search", "GONE path")
    shown("of a search", [f for f in live if "gone" in f["message"]])
    change("search", "there is no such word")
    shown("of nothing", [])
    want("nothing is said", browser.ask('document.getElementById("nothing").checkVisibility()'), True)
    reset()
    change("group", "rule")
    shown("by rule", live)
    want("headings", browser.ask('''Array.from(document.querySelectorAll("article > h2"))
        .filter((e) => e.checkVisibility()).map((e) => e.textContent.slice(0, 5))'''),
         sorted({f["rule"] for f in live}))
    reset()
    shown("after all", live)
    clean = 'Array.from(document.querySelectorAll(".clean")).filter((e) => e.checkVisibility()).length'
    want("clean bundles", browser.ask(clean), 0)
    change("clean", None)
    want("clean bundles", browser.ask(clean), sum(not b["findings"] for b in report["bundles"]))


def looks(browser, page, report):
    """Readable dark and light, on a telephone and on paper."""
    for name, how in {"light": {}, "dark": {"scheme": "dark"}, "narrow": {"width": 390},
                      "very narrow": {"width": 320}, "dark on paper": {"media": "print", "scheme": "dark"},
                      "print": {"media": "print"}}.items():
        browser.show(**how)
        contrast = browser.ask(CONTRAST)
        want(f"{name}: too little contrast", contrast["bad"], [])
        want(f"{name}: there are texts", contrast["n"] > 20, True)
        want(f"{name}: to the side", browser.ask(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0)
    grounds = []
    for scheme in ("light", "dark"):
        browser.show(scheme=scheme)
        grounds.append(browser.ask("getComputedStyle(document.body).backgroundColor"))
    want("dark differs from light", grounds[0] != grounds[1], True)
    browser.show(media="print")
    want("filters on paper", browser.ask('document.getElementById("filter").checkVisibility()'), False)
    browser.show(width=1100)
    want("the summary is above", browser.ask('''document.getElementById("end").getBoundingClientRect().top <
        document.querySelector("main").getBoundingClientRect().top'''), True)


def unscripted(browser, page, report):
    """All of it can be read without script."""
    browser.script(False)
    browser.reload()
    want("findings", browser.ask(SHOWN + ".length"), sum(len(b["findings"]) for b in report["bundles"]))
    want("filters", browser.ask('document.getElementById("filter").checkVisibility()'), False)


def main():
    what, page = globals()[sys.argv[1]], sys.argv[2]
    report = json.load(open(sys.argv[3], encoding="utf-8")) if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as home, Browser(home) as browser:
        browser.open(page)
        what(browser, page, report)
    print("\n".join(complaints))
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
