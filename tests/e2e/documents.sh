#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every command's --json, of successes and of failures, is what its schema says, to the member.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

python=/usr/bin/python3
if ! $python -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
	skip "documents and their schemas" "no python3 with jsonschema"
	done_testing
fi

# usage: validate.py SCHEMA DOCUMENT: a member that the schema does not have is an error here.
cat >"$work/validate.py" <<'PYTHON'
import json
import sys
import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
assert schema["$id"].startswith("urn:hookwright:schema:"), schema["$id"]
for definition in schema["$defs"].values():
    definition["additionalProperties"] = False
    assert all(p["description"] for p in definition["properties"].values())
with open(sys.argv[2]) as file:
    document = json.load(file)
for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
    for deep in [error] + sorted(error.context, key=lambda e: -len(e.path))[:3]:
        print("/".join(map(str, deep.absolute_path)), deep.message[:300])
PYTHON

# valid SCHEMA STATUS ARGUMENT...: the command's document; what follows may look at $work/document
valid() {
	local schema=$1 status=$2
	shift 2
	"$HOOKWRIGHT" schema "$schema" >"$work/schema.json" || complain "schema $schema"
	"$HOOKWRIGHT" "$@" >"$work/document" 2>"$work/stderr" </dev/null
	want "status of $*" "$?" "$status"
	want "$* against the schema" \
		"$($python "$work/validate.py" "$work/schema.json" "$work/document" 2>&1)" ""
}

# fails SCHEMA STATUS ARGUMENT...: the same, and the document is an error with what stderr says
fails() {
	valid "$@"
	want_has "stderr of ${*:3}" "$(<"$work/stderr")" "$(jq -r .error.message "$work/document")"
}

mkdir "$work/h" "$work/p" "$work/broken"
bare_bundle "$work/b"
edit_config "$work/b" '.mounts = [{ destination: "/proc", type: "proc", source: "proc" }]'
policy "$work/p/deep.yaml" 'when: { any: [ { uid: 7 }, { none: [ { gid: 1, exists: /x } ] } ] }' \
	'hook: { path: [/nowhere, /bin/true], timeout: 3 }'
policy "$work/p/left.yaml" 'needs: { uid: 7 }' 'otherwise: warn' 'hook: { path: /bin/true }'
policy "$work/p/other.yaml" 'activation: requested' 'hook: { path: /bin/true }'
policy "$work/fail.yaml" 'needs: { uid: 7 }' 'hook: { path: /bin/true }'
policy "$work/broken/a.yaml" 'hok: 1'
policy "$work/broken/b.yaml" 'hook: 1'
printf 'version: 1\nexamples:\n- { name: x, expect: wanted }\n' >"$work/p/deep.test.yaml"
echo '{"version": "1.0.0", "hook": {"path": "/bin/sh"}, "when": {"always": true},
	"stages": ["poststop"]}' >"$work/h/a.json"
echo '{"version": "1.0.0", "hook": {"path": "/bin/sh"}, "when": {"annotations": {"a": "b"}},
	"stages": ["poststop"]}' >"$work/h/b.json"
echo 'error running hook #0: fork/exec /none: no such file or directory' >"$work/log"

plans() {
	valid explain 0 explain --json --hooks-dir "$work/h" -p "$work/p" "$work/b"
	want "what is in it" "$(jq '[.. | .decides? | select(. == true)] | length' "$work/document")" 1
	valid explain 0 explain --format json -v -p "$work/p" -r other "$work/b"
	valid apply 1 apply -f json -p "$work/fail.yaml" "$work/b"
	valid apply 0 apply --json --hooks-dir "$work/h" -p "$work/p" "$work/b/config.json"
	valid apply 0 apply --json -n "$work/b"
	valid revert 0 revert --json "$work/b"
}
check "apply, explain, revert" plans

plan_failures() {
	fails apply 3 apply --json "$work/nowhere"
	fails apply 3 apply --json -p "$work/broken" "$work/b"
	want "further errors" "$(jq '.others | length' "$work/document")" 1
	want "its place" "$(jq '.error.line' "$work/document")" 2
	fails explain 2 explain --jsn --json
	fails explain 2 explain --format json --runtime podman
	fails apply 3 apply --json -p "$work/p" -r nonesuch "$work/b"
	fails revert 2 revert -fjson a b
}
check "failures of apply, explain, revert" plan_failures

lints() {
	valid lint 1 lint --json --no-policies "$work/b"
	edit_config "$work/b" '.hooks.startContainer = [range(25) | { path: "/none" }] |
		.annotations["io.hookwright.ignore.HW118"] = "because"'
	valid lint 1 lint --json --inline-ignore -p "$work/p" "$work/b"
	want "omitted and ignored" "$(jq '[.bundles[] | (.omitted | length > 0),
		([.findings[] | .ignored | select(.)] | length > 0)] | all' "$work/document")" true
	valid lint 3 lint -f json "$work/nowhere"
	valid lint-rules 0 lint --rules --json
	valid lint-rules 0 lint --explain HW201 --format json
	valid lint-runtimes 0 lint --json --runtimes
	fails lint 2 lint --json --runtime docker
	fails lint 3 lint --json -p "$work/broken" "$work/b"
	fails lint-rules 2 lint --explain HW999 --json
	fails lint 3 lint --json --settings "$work/nowhere"
}
check "lint" lints

doctors() {
	valid doctor 0 doctor --json "$work/b" "$work/log"
	want "causes" "$(jq '[.messages[].causes[].findings[]] | length > 0' "$work/document")" true
	valid doctor 0 doctor --json "$work/b"
	echo nonsense >"$work/other"
	valid doctor 1 doctor --json "$work/other"
	fails doctor 2 doctor --json "$work/b" "$work/b"
	valid doctor 3 doctor --json "$work/nowhere"
}
check "doctor" doctors

setups() {
	valid setup 0 setup --json
	"$HOOKWRIGHT" setup --check podman >"$work/text" 2>&1
	valid setup-check $? setup --check podman --json
	want "rows" "$(jq '.rows | length' "$work/document")" "$(grep -cE '^(ok|NOT|\?) ' "$work/text")"
	want "next steps" "$(jq '[.rows[].next[]] | length' "$work/document")" \
		"$(grep -c '^ *next: ' "$work/text")"
	fails setup 2 setup --json podman
	fails setup-check 2 setup --json --check podmn
}
check "setup" setups

policies() {
	valid policy-list 0 policy list --json -p "$work/p"
	valid policy-show 0 policy show --json -p "$work/p" deep other
	want "the text" "$(jq -r '.policies[0].text' "$work/document")" "$(<"$work/p/deep.yaml")"
	valid policy-check 0 policy check --json "$work/p"
	valid policy-check 1 policy check --json "$work/broken"
	valid policy-test 1 policy test --json "$work/p"
	want findings "$(jq '.findings | length' "$work/document")" 3
	fails policy-list 3 policy list --json -p "$work/nowhere"
	fails policy-show 3 policy show --json -p "$work/p" nonesuch
	fails policy-show 2 policy show --json
	fails policy-test 2 policy test --json
	valid policy-check 3 policy check --json "$work/nowhere"
}
check "policy" policies

# What the list has is what there is, and each schema is a schema.
names() {
	local name n=0
	for name in $("$HOOKWRIGHT" schema | awk '{ print $1 }'); do
		n=$((n + 1))
		want "id of $name" "$("$HOOKWRIGHT" schema "$name" | jq -r '."$id"')" \
			"urn:hookwright:schema:$name:1"
		want_ok grep -qE "^(valid|fails|	valid|	fails) $name " <(sed 's/^	*/	/' "$0")
	done
	want_ok test "$n" -ge 13
	want_hw 2 schema policy-lst
	want_has stderr "$err" "did you mean 'policy-list'?"
}
check "schema lists the schemas, and each is tried here" names
done_testing
