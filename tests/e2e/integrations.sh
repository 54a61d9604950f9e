#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The files by which other tools take this repository: pre-commit's, the action, GitLab's job. Their
# commands are run as those tools run them, with what installs and downloads left out.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

tree() {
	mkdir -p "$work/bin" "$work/repository/policies.d"
	ln -sf "$HOOKWRIGHT" "$work/bin/hookwright"
	cd "$work/repository" || exit 2
	make_repository .
	policy policies.d/good.yaml 'description: x' 'hook: { path: /bin/true }'
	cp "$top"/policies/ldconfig-on-start*.yaml policies.d
	# A setting of a contributor that would hide all.
	printf 'version: 1\nignore: { HW201: no }\n' >.hookwright.yaml
}

# As pre-commit: the files that match, as arguments. Sets status and out.
hook() { # ID
	local entry files exclude
	entry=$(yaml_of ".[] | select(.id == \"$1\").entry" <"$top/.pre-commit-hooks.yaml")
	files=$(yaml_of ".[] | select(.id == \"$1\").files" <"$top/.pre-commit-hooks.yaml")
	exclude=$(yaml_of ".[] | select(.id == \"$1\") | .exclude // \"^\$\"" <"$top/.pre-commit-hooks.yaml")
	mapfile -t matched < <(find . -name rootfs -prune -o -type f -printf '%P\n' | grep -P "$files" |
		grep -vP "$exclude" | sort)
	# shellcheck disable=SC2086 # an entry is words
	out=$(PATH=$work/bin:$PATH $entry "${matched[@]}" 2>&1)
	status=$?
}

pre_commit() {
	hook hookwright-policy-check
	want "files for policy check" "${matched[*]}" "policies.d/good.yaml policies.d/ldconfig-on-start.yaml"
	want "status of policy check: $out" "$status" 0
	echo 'hoook: {}' >>policies.d/good.yaml
	hook hookwright-policy-check
	want "status of policy check" "$status" 1
	policy policies.d/good.yaml 'description: x' 'hook: { path: /bin/true }'
	hook hookwright-policy-test
	want "files for policy test" "${matched[*]}" "policies.d/ldconfig-on-start.test.yaml"
	want "status of policy test: $out" "$status" 0
	hook hookwright-lint
	want "files for lint" "${matched[*]}" "bundles/bad/config.json bundles/good/config.json"
	want "status of lint: $out" "$status" 1
	want_has "what lint says" "$out" "bundles/bad/config.json:"
}
tree
check "pre-commit: each hook" pre_commit

# Its steps, in a shell as GitHub's, where the inputs have their defaults but for the bundles.
action() {
	local file=$top/.github/actions/lint/action.yml n
	want "steps" "$(yaml_of '.runs.steps | length' <"$file")" 2
	mkdir -p "$work/source/build" && ln -sf "$HOOKWRIGHT" "$work/source/build/hookwright"
	for n in 0 1; do
		yaml_of ".runs.steps[$n] | .env | keys[]" <"$file" >>"$work/names"
		out=$(SOURCE=$work/source BUNDLES=bundles RUNTIME=any SARIF=hookwright.sarif FAIL_ON=error bash -euo pipefail -c "
			sudo() { :; }
			make() { [ \"\$2\" = '$work/source' ]; }
			$(yaml_of ".runs.steps[$n].run" <"$file")" 2>&1)
		status=$?
		[ "$n" = 1 ] || want "status of the build: $out" "$status" 0
	done
	want "variables" "$(sort -u "$work/names" | paste -sd ' ')" "BUNDLES FAIL_ON RUNTIME SARIF SOURCE"
	want "inputs" "$(yaml_of '.inputs | keys | join(" ")' <"$file")" "bundles fail-on runtime sarif"
	want status "$status" 1
	want_has output "$out" "::error file=bundles/bad/config.json,line="
	want "places in the report" "$(jq -r '.runs[].results[].locations[].physicalLocation
		.artifactLocation.uri' hookwright.sarif | sort -u)" bundles/bad/config.json
}
check "GitHub: the action" action

gitlab() {
	local file=$top/.gitlab/lint.yml
	want "inputs" "$(yaml_of '.spec.inputs | keys | join(" ")' <"$file")" "bundles repository runtime"
	out=$(BUNDLES=bundles RUNTIME=any REPOSITORY=none bash -euc "
		apt-get() { :; }
		git() { :; }
		make() { mkdir -p /tmp/hookwright.$$/build && ln -sf '$HOOKWRIGHT' /tmp/hookwright.$$/build/hookwright; }
		$(yaml_of '.hookwright | (.before_script + .script)[]' 1 <"$file" |
		sed "s|/tmp/hookwright/|/tmp/hookwright.$$/|")" 2>&1)
	status=$?
	rm -rf "/tmp/hookwright.$$"
	want status "$status" 1
	want_has output "$out" "bundles/bad/config.json:"
	want "places in the report" "$(jq -r '.[].location.path' \
		"$(yaml_of '.hookwright.artifacts.reports.codequality' 1 <"$file")" | sort -u)" \
		bundles/bad/config.json
}
check "GitLab: the job" gitlab
done_testing
