#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The JSON Schema against the loader, by a validator that is not ours: what is shipped and what the
# manual shows is accepted by both; what the loader refuses the schema refuses, but for the policies
# that tests/data/bad-policies/loader-only names, because a schema cannot express what is wrong.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

python=/usr/bin/python3
data=$top/tests/data/bad-policies
page=$top/cmd/man/hookwright-policy.5

# Each example of the manual whose first line is '# FILE' becomes a file of that base name.
extract_examples() { # DIR
	awk -v dir="$1" '
		/^\.Bd -literal/ { inside = 1; file = ""; next }
		/^\.Ed/ { inside = 0; next }
		inside && file == "" {
			file = $2
			sub(/.*\//, "", file)
			file = dir "/" file
		}
		inside {
			gsub(/\\\(aq/, "\047")
			gsub(/\\-/, "-")
			gsub(/\\e/, "\\")
			print >file
		}' "$page"
}
mkdir "$work/examples"
extract_examples "$work/examples"

examples_load() {
	local file
	want "examples" "$(cd "$work/examples" && echo *)" \
		"ca-certificates-on-start.yaml config.yaml ldconfig.test.yaml ldconfig.yaml trace-start.yaml"
	for file in "$work/examples"/{ca-,ldconfig.y,t}*; do
		want_hw 0 policy check "$file"
		want "stdout for $file" "$out" "1 policy is sound"
	done
}
check "the manual's examples of policies are sound" examples_load

# Its paths are made to be those of the test.
example_of_configuration() {
	mkdir -p "$work/srv" "$work/share"
	cp "$work/examples/ldconfig.yaml" "$work/srv/"
	printf '#!/bin/sh\n' >"$work/runc"
	chmod +x "$work/runc"
	sed -e "s|/srv/policies.d|$work/srv|; s|/usr/share/hookwright/policies.d|$work/share|" \
		-e "s|/usr/local/bin/runc|$work/runc|; s|crun|no-such-runtime|" \
		"$work/examples/config.yaml" >"$work/config.yaml"
	want_hw 0 policy list --config "$work/config.yaml"
	want_has stdout "$out" "$work/srv/ldconfig.yaml"
}
check "the manual's example of a configuration is sound" example_of_configuration

shipped_policies() {
	local file
	for file in "$top"/policies/*-start.yaml; do
		want_hw 0 policy check "$file"
		want_hw 0 policy list --json -p "$file"
		want "activation of $file" "$(jq -r '.policies[].activation' <<<"$out")" requested
	done
}
check "every shipped policy is sound, and only for those who request it" shipped_policies

lint_page() {
	want mandoc "$(mandoc -T lint -W warning "$page" 2>&1 | grep -v 'outdated mandoc.db')" ""
}
if command -v mandoc >/dev/null; then
	check "mandoc has nothing to say about the manual" lint_page
else
	skip "mandoc has nothing to say about the manual" "no mandoc"
fi

documented_keys() {
	local key
	"$HOOKWRIGHT" policy schema >"$work/schema.json"
	while read -r key; do
		grep -qE "^\.It Cm $key( :|\$)" "$page" || complain "key $key is not in the manual"
	done < <(jq -r '[.. | .properties? // empty | keys[]] | unique[] |
		select(. != "id" and . != "versionId")' "$work/schema.json")
	want "properties without a description" \
		"$(jq '[.. | .properties? // empty | .[] | select(.description | not)] | length' \
			"$work/schema.json")" 0
}
check "every key is in the manual, and described in the schema" documented_keys

if ! $python -c 'import jsonschema, yaml' 2>/dev/null; then
	skip "the schema accepts what the loader accepts" "no python3 with jsonschema and yaml"
	skip "the schema refuses what the loader refuses" "no python3 with jsonschema and yaml"
	done_testing
fi

cat >"$work/validate.py" <<'PYTHON'
import json
import sys
import jsonschema
import yaml

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for path in sys.argv[2:]:
    try:
        with open(path, "rb") as file:
            documents = list(yaml.safe_load_all(file))
    except Exception as error:
        print("no-yaml", path)
        continue
    # An empty file is the null document for a validator.
    errors = [e for document in documents or [None] for e in validator.iter_errors(document)]
    print("refused" if errors else "accepted", path)
PYTHON

validate() { # FILE...: sets verdicts
	"$HOOKWRIGHT" policy schema >"$work/schema.json"
	[ "$1" != -- ] || shift
	verdicts=$($python "$work/validate.py" "$work/schema.json" "$@" 2>&1) ||
		complain "the validator failed: $verdicts"
}

accepted() {
	validate "$top"/policies/*-start.yaml "$work/examples"/{ca-,ldconfig.y,t}*
	want "what is not accepted" "$(grep -v '^accepted ' <<<"$verdicts")" ""
	want "number of verdicts" "$(wc -l <<<"$verdicts")" \
		"$(printf '%s\n' "$top"/policies/*-start.yaml "$work/examples"/{ca-,ldconfig.y,t}* | wc -l)"
}
check "the schema accepts what is shipped and what the manual shows" accepted

# Both ways: a policy that the schema refuses may not be marked as the loader's.
refused() {
	cd "$data" || return
	validate -- *.yaml
	want "what only the loader refuses" "$(sed -n 's/^accepted \(.*\)\.yaml$/\1/p' <<<"$verdicts" | sort)" \
		"$(sed '/^#/d; s/:.*//' loader-only | sort)"
	cd "$OLDPWD" || return
}
check "the schema refuses what the loader refuses" refused

# The schema of examples, the same way. What is not YAML for us may be for a validator, and that
# a config repeats a key, or a candidate is of no hook, a schema cannot tell.
examples() {
	local bad=$top/tests/data/bad-examples
	"$HOOKWRIGHT" policy schema --test >"$work/examples.json"
	verdicts=$($python "$work/validate.py" "$work/examples.json" "$top"/policies/*.test.yaml \
		"$work/examples/ldconfig.test.yaml" 2>&1)
	want "what is not accepted" "$(grep -v '^accepted ' <<<"$verdicts")" ""
	# shellcheck disable=SC2035 # names of ours
	verdicts=$(cd "$bad" && $python "$work/validate.py" "$work/examples.json" *.yaml 2>&1)
	want "what only the loader refuses" \
		"$(sed -n 's/^accepted \(.*\)\.test\.yaml$/\1/p' <<<"$verdicts" | sort | paste -sd ' ')" \
		"anchor candidate config-duplicate config-duplicate-deep config-number reason requested"
	want verdicts "$(wc -l <<<"$verdicts")" "$(find "$bad" -name '*.yaml' | wc -l)"
}
check "the schema of examples accepts and refuses what the loader does" examples

done_testing
