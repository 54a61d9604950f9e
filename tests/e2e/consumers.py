#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: consumers.py DIRECTORY

Reads the reports DIRECTORY/report.FORMAT of one run of lint, each as those read it for whom it is
made, and checks that all tell the findings of DIRECTORY/report.json, whose number it prints. The
current directory is the one in which lint was run. Ends with status 1 and says why if anything is
wrong.

sarif   an object model made from the standard's schema (python3-sarif-python-om) must know every
        property; then the standard's own conditions; the files are opened by their URIs
junit   junitparser; the numbers and names on which Jenkins and GitLab rely
github  the command parser of GitHub's runner
gcc     the pattern by which editors read a compiler's messages
checkstyle   the elements and attributes that reviewdog and Jenkins read
codeclimate  the members that GitLab requires of an issue, and fingerprints that differ
html    Python's parser of HTML; what a browser makes of it: e2e/page.py
text    the patterns by which editors find their way; what the marks below the source mark
json    the description in hookwright(1): just these members, of these types
"""

import html.parser
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree
from collections import namedtuple

import junitparser
import sarif_om

Finding = namedtuple("Finding", "rule severity file line column ignored unjudged message")
SEVERITIES = ("note", "warning", "error")
FORMAT = "json"  # the one that is being read


def need(condition, why):
    if not condition:
        raise SystemExit(f"{FORMAT}: {why}")


def plain(text):
    """What a terminal may be shown; every format has its own word for what it may not."""
    return re.sub("[\x00-\x1f\x7f-\x9f\ufffd]", "?", text)


def need_page(uri, rule):
    """The page of rules has an anchor for it."""
    page = os.path.join(os.path.dirname(__file__), "../../cmd/man/rules.md")
    with open(page, encoding="utf-8") as f:
        need(urllib.parse.urlsplit(uri).scheme and uri.endswith("/rules.md#" + rule) and
             f'<a id="{rule}"></a>' in f.read(), f"the page of {rule}: {uri}")


def read(directory, name):
    with open(os.path.join(directory, "report." + name), "rb") as f:
        text = f.read().decode("utf-8")  # strictly
    need(not re.search("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]", text), "a control character")
    return text


# ---- json: the one with which all others are compared ----

STRING, NUMBER, FLAG = (str,), (int,), (bool,)
MAYBE, POSITION = (str, type(None)), (int, type(None))
FINDING_MEMBERS = {
    "rule": STRING, "name": STRING, "severity": STRING, "unjudged": FLAG, "file": STRING,
    "line": POSITION, "column": POSITION, "endLine": POSITION, "endColumn": POSITION,
    "stage": MAYBE, "hook": POSITION, "program": MAYBE, "policy": MAYBE, "message": STRING,
    "hint": STRING, "ignored": (dict, type(None)),
}
BUNDLE_MEMBERS = {"bundle": STRING, "config": MAYBE, "hooks": NUMBER, "verdict": STRING,
                  "findings": (list,), "omitted": (list,)}
REPORT_MEMBERS = {"version": (int,), "hookwright": STRING, "runtime": STRING, "runtimeVersions": (list,),
                  "bundles": (list,), "totals": (dict,)}
TOTALS = ("bundles", "errors", "warnings", "notes", "ignored", "unjudged", "unread",
          "linksToDirectories", "linksOutside", "otherConfigs")


def members(value, want):
    need(set(value) == set(want), f"members {sorted(value)}, not {sorted(want)}")
    for key, types in want.items():
        need(type(value[key]) in types, f"{key} is {value[key]!r}")


def verdict(findings):
    counted = [f for f in findings if not f.ignored]
    if any(f.rule == "HW101" and f.unjudged for f in counted):
        return "unknown"  # it could not be read
    if any(f.severity == "error" and not f.unjudged and f.rule[2] not in "45" for f in counted):
        return "fails"
    return "unknown" if any(f.unjudged for f in counted) else "works"


def json_finding(f):
    members(f, FINDING_MEMBERS)
    need(f["severity"] in SEVERITIES, f"severity {f['severity']}")
    if f["ignored"] is not None:
        members(f["ignored"], {"reason": MAYBE, "inline": FLAG})
    return Finding(f["rule"], f["severity"], plain(f["file"]), f["line"], f["column"],
                   f["ignored"] is not None, f["unjudged"], plain(f["message"]))


def parse_json(text):
    report = json.loads(text)
    members(report, REPORT_MEMBERS)
    members(report["totals"], {"complete": FLAG, **{name: NUMBER for name in TOTALS}})
    need(report["totals"]["complete"], "not complete")
    findings, unjudged = [], 0
    for bundle in report["bundles"]:
        members(bundle, BUNDLE_MEMBERS)
        its = [json_finding(f) for f in bundle["findings"]]
        need(bundle["verdict"] == verdict(its), f"verdict {bundle['verdict']}")
        unjudged += any(f.unjudged and not f.ignored for f in its)
        findings += its
    counts = [sum(f.severity == s and not f.ignored for f in findings) for s in
              ("error", "warning", "note")]
    unread = sum(any(f["rule"] == "HW101" for f in b["findings"]) for b in report["bundles"])
    want = [len(report["bundles"])] + counts + [sum(f.ignored for f in findings), unjudged, unread,
                                                0, 0, 0]
    need([report["totals"][name] for name in TOTALS] == want,
         f"totals {report['totals']}, counted {want}")
    return findings


# ---- the text of a region: what a position points to ----

def region_of(path, line, column, end_line, end_column):
    with open(path, encoding="utf-8", errors="replace", newline="") as f:
        lines = f.read().split("\n")
    need(1 <= line <= len(lines), f"{path}: no line {line}")
    need(1 <= column <= len(lines[line - 1]) + 1, f"{path}:{line}: no column {column}")
    need((line, column) <= (end_line, end_column), f"{path}:{line}: ends before it begins")
    if line != end_line:
        return "\n".join([lines[line - 1][column - 1:]] + lines[line:end_line - 1] +
                         [lines[end_line - 1][:end_column - 1]])
    return lines[line - 1][column - 1:end_column - 1]


def check_value(text, where):
    """Values of config.json are pointed to as a whole: what is there is JSON again, or a key."""
    try:
        json.loads(text)
    except ValueError:
        need(False, f"{where}: no value is there, but {text!r}")


# ---- sarif ----

# Class of a property's objects in the object model, by the property's name.
MODEL = {
    "runs": "Run", "tool": "Tool", "driver": "ToolComponent", "rules": "ReportingDescriptor",
    "shortDescription": "MultiformatMessageString", "help": "MultiformatMessageString",
    "fullDescription": "MultiformatMessageString", "message": "Message", "results": "Result",
    "defaultConfiguration": "ReportingConfiguration", "locations": "Location",
    "physicalLocation": "PhysicalLocation", "artifactLocation": "ArtifactLocation",
    "region": "Region", "logicalLocations": "LogicalLocation", "suppressions": "Suppression",
    "description": "Message",
}
BAGS = {"properties", "partialFingerprints", "originalUriBaseIds"}


def model_of(name, value):
    """Build the object; a property that the model does not know is an error."""
    kind = getattr(sarif_om, name)
    known = {a.metadata["schema_property_name"]: a for a in kind.__attrs_attrs__}
    arguments = {}
    for key, member in value.items():
        need(key in known, f"{name} has no property {key}")
        if key in MODEL:
            if isinstance(member, list):
                member = [model_of(MODEL[key], m) for m in member]
            else:
                member = model_of(MODEL[key], member)
        else:
            need(key in BAGS or not isinstance(member, dict), f"{name}: an object at {key}")
        arguments[known[key].name] = member
    return kind(**arguments)


def sarif_path(location):
    uri = urllib.parse.urlsplit(location.uri)
    need(re.fullmatch(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})*", uri.path), f"uri {location.uri}")
    need(not uri.query and not uri.fragment and not uri.netloc, f"uri {location.uri}")
    need((uri.scheme == "file") == (location.uri_base_id is None), f"base of {location.uri}")
    need(uri.scheme in ("", "file"), f"scheme of {location.uri}")
    return urllib.parse.unquote_to_bytes(uri.path)


def sarif_finding(run, result, prints):
    rule = run.tool.driver.rules[result.rule_index]
    need(rule.id == result.rule_id, f"rule {result.rule_index} is {rule.id}")
    need(result.level in SEVERITIES, f"level {result.level}")
    need(len(result.locations) == 1, "not one location")
    at = result.locations[0].physical_location
    path, region = sarif_path(at.artifact_location), at.region
    need(region.start_line >= 1, "no line")
    if region.end_column is not None and os.path.exists(path):
        text = region_of(path, region.start_line, region.start_column, region.end_line,
                         region.end_column)
        if text and os.path.basename(path) == b"config.json" and result.rule_id != "HW102":
            check_value(text, path)
    need(result.partial_fingerprints["primaryLocationLineHash"] not in prints,
         "two results with one fingerprint")
    prints.add(result.partial_fingerprints["primaryLocationLineHash"])
    for s in result.suppressions or []:
        need(s.kind in ("inSource", "external"), f"suppression {s.kind}")
    name = path.decode(errors="replace")
    return Finding(result.rule_id, result.level, plain(name), region.start_line,
                   region.start_column, bool(result.suppressions), result.properties["unjudged"],
                   plain(result.message.text.split("\nhint: ")[0]))


def parse_sarif(text):
    log = json.loads(text)
    need(log.pop("$schema", "").endswith("sarif-schema-2.1.0.json"), "no $schema")
    log = model_of("SarifLog", log)
    need(log.version == "2.1.0" and len(log.runs) == 1, "version or number of runs")
    run = log.runs[0]
    ids = [rule.id for rule in run.tool.driver.rules]
    need(len(set(ids)) == len(ids), "a rule stands twice")
    for rule in run.tool.driver.rules:
        need_page(rule.help_uri, rule.id)
        need(re.fullmatch(r"HW\d{3}", rule.id) and rule.help.text and rule.help.markdown and
             rule.short_description.text and rule.full_description.text and
             rule.default_configuration.level in SEVERITIES, f"rule {rule.id}")
    prints = set()
    return [sarif_finding(run, result, prints) for result in run.results]


# ---- junit ----

def junit_finding(case):
    story = (case.result[0].text if case.result and case.result[0].text else case.system_out) or ""
    match = re.match(r"(?s)(.*?):(?:(\d+):(\d+):)? (error|warning|note): (.*) "
                     r"\[(HW\d+)(, unknown)?\]\nhint: .", story)
    need(match, f"no story in {case.name}: {story!r}")
    ignored = any(type(r).__name__ == "Skipped" for r in case.result)
    failed = any(type(r).__name__ == "Failure" for r in case.result)
    need(failed == (match[4] == "error" and not ignored), f"outcome of {case.name}")
    need(case.name.startswith(match[6] + " "), f"name {case.name}")
    line, column = (int(match[2]), int(match[3])) if match[2] else (None, None)
    return Finding(match[6], match[4], plain(match[1]), line, column, ignored, bool(match[7]),
                   plain(match[5]))


def parse_junit(text):
    findings = []
    for suite in junitparser.JUnitXml.fromstring(text.encode()):
        cases = list(suite)
        if suite.name == "hookwright lint" and not cases:
            properties = {p.name: p.value for p in suite.properties()}
            need(properties["complete"] == "1" and int(properties["bundles"]) > 0, "properties")
            continue
        outcomes = [type(r).__name__ for case in cases for r in case.result]
        need(suite.tests == len(cases) > 0, f"{suite.name}: {suite.tests} tests, {len(cases)} cases")
        need(suite.failures == outcomes.count("Failure"), f"{suite.name}: failures")
        need(suite.skipped == outcomes.count("Skipped"), f"{suite.name}: skipped")
        need(suite.errors == 0, f"{suite.name}: errors")
        names = [(case.classname, case.name) for case in cases]
        need(len(set(names)) == len(names), f"{suite.name}: two cases of one name")
        findings += [junit_finding(case) for case in cases if case.name != "lint"]
    return findings


# ---- github ----

def unescape(text, pairs):
    need(not re.search("%(?!" + "|".join(p[1:] for p, _ in pairs) + ")", text),
         f"an escape that the runner does not know in {text!r}")
    for escape, char in pairs:
        text = text.replace(escape, char)
    return text


DATA = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
PROPERTY = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]


def parse_github(text):
    findings = []
    for line in text.splitlines():
        # The runner trims the line, takes the command up to the next "::", and its properties up
        # to each comma.
        need(line.startswith("::") and "::" in line[2:], f"no command: {line!r}")
        command, _, data = line[2:].partition("::")
        name, _, rest = command.partition(" ")
        need(name in ("error", "warning", "notice"), f"command {name}")
        p = {}
        for pair in rest.split(","):
            key, equals, value = pair.partition("=")
            need(equals and key not in p, f"property {pair!r}")
            p[key] = unescape(value, PROPERTY)
        need(set(p) <= {"file", "line", "col", "endLine", "endColumn", "title"}, f"{sorted(p)}")
        message, _, hint = unescape(data, DATA).rpartition("\nhint: ")
        hint, _, page = hint.rpartition("\n")
        need(message and hint, f"no hint: {data!r}")
        title = re.fullmatch(r"(HW\d+) [a-z0-9-]+( \(unknown\))?", p["title"])
        need(title, f"title {p['title']}")
        need_page(page, title[1])
        findings.append(Finding(title[1], name.replace("notice", "note"), plain(p["file"]),
                                int(p["line"]) if "line" in p else None,
                                int(p["col"]) if "col" in p else None, False, bool(title[2]),
                                plain(message)))
    return findings


# ---- gcc, checkstyle, codeclimate ----

def parse_gcc(text):
    findings = []
    for line in text.splitlines():
        match = re.fullmatch(r"(.+?):(?:(\d+):(\d+):)? (error|warning|note): (.*) "
                             r"\[(HW\d+)(, unknown)?\]", line)
        need(match, f"not a compiler's line: {line!r}")
        at = (int(match[2]), int(match[3])) if match[2] else (None, None)
        findings.append(Finding(match[6], match[4], match[1], *at, False, bool(match[7]), match[5]))
    return findings


def parse_checkstyle(text):
    findings = []
    root = xml.etree.ElementTree.fromstring(text)
    need(root.tag == "checkstyle" and root.get("version"), "the root")
    for file in root:
        need(file.tag == "file" and len(file), "a file without an error")
        for error in file:
            message, _, hint = error.get("message").rpartition("\nhint: ")
            rule = re.fullmatch(r"hookwright\.(HW\d+)", error.get("source"))
            unknown = message.endswith(" (unknown)")
            need(error.tag == "error" and message and hint and rule, "an error")
            findings.append(Finding(rule[1], error.get("severity").replace("info", "note"),
                                    plain(file.get("name")), int(error.get("line")),
                                    int(error.get("column")) if error.get("column") else None,
                                    False, unknown, plain(message.removesuffix(" (unknown)"))))
    return findings


def parse_codeclimate(text):
    findings, seen = [], set()
    severity = {"info": "note", "minor": "warning", "critical": "error"}
    for issue in json.loads(text):
        need(issue["type"] == "issue" and issue["categories"] and issue["content"]["body"], "an issue")
        need_page(issue["content"]["body"].split()[-1], issue["check_name"])
        path, lines = issue["location"]["path"], issue["location"]["lines"]
        need(not path.startswith("./"), f"path {path}")
        need(lines.get("end", lines["begin"]) >= lines["begin"] > 0, f"lines {lines}")
        # One bundle that is given twice is reported twice.
        need(len(issue["fingerprint"]) > 16, "fingerprint")
        seen.add((issue["fingerprint"], path, issue["description"]))
        match = re.fullmatch(r"(.*) \[(HW\d+)(, unknown)?\]", issue["description"], re.S)
        need(match and match[2] == issue["check_name"], issue["description"])
        findings.append(Finding(match[2], severity[issue["severity"]], plain(path), lines["begin"],
                                None, False, bool(match[3]), plain(match[1])))
    need(len({f for f, _, _ in seen}) == len(seen), "two issues with one fingerprint")
    return findings


# ---- html ----

class Page(html.parser.HTMLParser):
    """Findings are items below sections of rules; of each the texts by the class of their element."""

    def __init__(self):
        super().__init__()
        self.findings, self.rule, self.item, self.open = [], None, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "section":
            self.rule = attributes["data-rule"]
        elif tag == "li" and self.rule:
            self.item = {"class": attributes["class"].split(), "where": "", "message": ""}
        elif self.item and attributes.get("class") in ("where", "message"):
            self.open = attributes["class"]

    def handle_data(self, data):
        if self.item and self.open:
            self.item[self.open] += data

    def handle_endtag(self, tag):
        if tag in ("p", "div"):
            self.open = None
        elif tag == "section":
            self.rule = None
        elif tag == "li" and self.item:
            self.add(**self.item)
            self.item = None

    def add(self, where, message, **item):
        kinds = item["class"]
        match = re.fullmatch(r"\w+(, unknown)?: (.*)", message, re.S)
        place = re.fullmatch(r"(.*?)(?::(\d+))?(?::(\d+))?(?: \u00b7 .*)?", where, re.S)
        need(match and place and match[0].startswith(kinds[0]), f"a finding: {message}")
        self.findings.append(Finding(
            self.rule, kinds[0], plain(place[1]), int(place[2]) if place[2] else None,
            int(place[3]) if place[3] else None, "ignored" in kinds, bool(match[1]), plain(match[2])))


def parse_html(text):
    page = Page()
    page.feed(text)
    return page.findings


# ---- text ----

def check_marks(source, marks, finding):
    """The line in front of the marks, and what they mark, are in the file at that position."""
    number, _, shown = source.partition(" | ")
    need(int(number) == finding.line, f"line {number} is shown for line {finding.line}")
    with open(finding.file, encoding="utf-8", errors="replace", newline="") as f:
        line = f.read().split("\n")[finding.line - 1]
    start = marks.index("^") - len(number) - 3
    marked = shown[start:start + len(marks.strip())]
    want = plain(line[finding.column - 1:].replace("\t", "    "))
    need(len(source) <= 100, f"{len(source)} columns")
    need(want.startswith(marked.rstrip("\u2026")), f"{marked!r} is marked, not {want!r}")
    if not shown.startswith("\u2026"):
        need(shown[:start] == plain(line[:finding.column - 1].replace("\t", "    ")), source)


def parse_text(text):
    findings, lines = [], text.split("\n")
    for i, line in enumerate(lines):
        match = re.fullmatch(r"(.+?):(?:(\d+):(\d+):)? (error|warning|note): (.*) "
                             r"\[(HW\d+)(, unknown)?\]", line)
        if not match:
            continue
        at = (int(match[2]), int(match[3])) if match[2] else (None, None)
        finding = Finding(match[6], match[4], match[1], *at, False, bool(match[7]), match[5])
        findings.append(finding)
        has_marks = re.fullmatch(r" +\| +\^~*", lines[i + 2]) is not None
        if has_marks and os.path.exists(finding.file):
            check_marks(lines[i + 1], lines[i + 2][lines[i + 2].index("|") - 7:], finding)
        need(lines[i + (3 if has_marks else 1)].startswith("  hint: "), f"no hint after {line!r}")
    return findings


# ---- all ----

# What a format cannot tell, or tells in its own way.
def without(findings, ignored=False, position=False, column=False, order=False):
    if ignored:
        findings = [f for f in findings if not f.ignored]
    if position:  # a result without a line is about the first one
        findings = [f._replace(line=f.line or 1) for f in findings]
    if column:
        findings = [f._replace(column=None) for f in findings]
    if order:  # by rule
        findings = sorted(findings, key=str)
    return [f._replace(file=re.sub(r"^(\./)+", "", f.file)) for f in findings]


PARSERS = {
    "json": (parse_json, {}),
    "sarif": (parse_sarif, {"position": True}),
    "junit": (parse_junit, {}),
    "github": (parse_github, {"ignored": True}),
    "gcc": (parse_gcc, {"ignored": True}),
    "checkstyle": (parse_checkstyle, {"ignored": True, "position": True}),
    "codeclimate": (parse_codeclimate, {"ignored": True, "position": True, "column": True}),
    "html": (parse_html, {"order": True}),
    "text": (parse_text, {"ignored": True}),
}

def main():
    global FORMAT
    directory, reference = sys.argv[1], []
    for FORMAT, (parse, limits) in PARSERS.items():
        findings = parse(read(directory, FORMAT))
        reference = reference or findings
        got, want = without(findings, **limits), without(reference, **limits)
        for each in zip(got, want):
            need(each[0] == each[1], f"tells {each[0]}\n  not {each[1]}")
        need(len(got) == len(want), f"{len(got)} findings, not {len(want)}")
    print(len(reference))


main()
