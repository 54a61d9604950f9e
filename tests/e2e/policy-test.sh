#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# For authors of policies: 'policy test', what is said of files of examples that are none
# (tests/data/bad-examples), and what 'policy check' warns about (tests/data/policy-warnings).
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"
cd "$top" || exit 2

# ---- the shipped ones ----

shipped() {
	local examples
	examples=$(grep -hc '^  - name:' policies/*.test.yaml | awk '{ n += $1 } END { print n }')
	want_hw 0 policy test policies
	want stdout "$out" "$examples examples of $(find policies -name '*-start.yaml' | wc -l) policies passed"
	want stderr "$err" ""
	want_hw 0 policy test -q policies
	want stdout "$out" ""
	want_hw 0 policy check policies
}
check "the examples of every shipped policy pass" shipped

# Each condition of a shipped policy matters to an example: without it one of them fails.
matters() {
	local policy key n
	for policy in policies/*-start.yaml; do
		for key in when needs; do
			grep -q "^$key:" "$policy" || continue
			mkdir -p "$work/matters"
			awk -v key="$key:" '$1 == key && /^[a-z]/ { out = 1; next } /^[a-z#]/ { out = 0 } !out' \
				"$policy" >"$work/matters/$(basename "$policy")"
			cp "${policy%.yaml}.test.yaml" "$work/matters"
			n=$(basename "$policy" .yaml)
			# A hook without its program is left out anyway.
			[ "$key" != when ] || [[ $n != [cfgm]* ]] || continue
			hw policy test "$work/matters/$(basename "$policy")"
			want "status for $policy without $key" "$status" 1
		done
	done
}
check "the examples notice when a shipped policy's conditions go" matters

# ---- the command ----

p=$work/p
mkdir "$p"
policy "$p/one.yaml" 'needs: { uid: 0, runtime: runc }' 'otherwise: fail' \
	'hook: { path: [/bin/a, /bin/b] }'
examples() { # LINE...: of one policy
	printf '%s\n' 'version: 1' 'examples:' "$@" >"$p/one.test.yaml"
}

passes() { # LINE...
	examples "$@"
	want_hw 0 policy test "$p/one.yaml"
	want stdout "$out" "1 example of 1 policy passed"
}
fails() { # WHERE MESSAGE HINT LINE...
	local where=$1 message=$2 hint=$3
	shift 3
	examples "$@"
	want_hw 1 policy test "$p"
	want stdout "$out" "$p/one.test.yaml:$where: $message"$'\n'"  hint: $hint"$'\n'"1 of 1 examples failed"
	want stderr "$err" ""
}
all='facts: { programs: /bin/b }, runtime: runc'
check "wanted" passes "- { name: n, $all, expect: wanted }"
check "the candidate" passes "- { name: n, $all, expect: wanted, candidate: /bin/b }"
check "an annotation, members of every kind" passes "- name: n" "  expect: wanted" '  facts: { programs: /bin/b }' '  runtime: runc' \
	"  config: { annotations: { a: \"q\\\"\\\\\\n\", b: 'true' }, process: { noNewPrivileges: true }, linux: {} }"
check "refused" passes "- { name: n, runtime: runc, expect: refused, reason: 'none of its programs' }"
check "not requested does not matter to a policy that is always active" passes \
	"- { name: n, $all, requested: false, expect: wanted }"
check "another decision" fails 3:66 "'n': expected refused, but it is wanted" \
	"the hook would run /bin/b" "- { name: n, $all, expect: refused }"
check "another candidate" fails 3:66 "'n': expected /bin/a to be selected" \
	"the hook would run /bin/b" "- { name: n, $all, expect: wanted, candidate: /bin/a }"
check "another reason" fails 3:22 "'n': the reason does not contain 'moon'" \
	"because: it needs 'runtime: runc', which is unknown: the runtime is unknown (see --runtime NAME)" \
	"- { name: n, expect: refused, reason: moon }"
check "an example that asks for another policy" fails 3:3 \
	"'n': its config: policy 'two' was requested by annotation io.hookwright.policies, but does not exist" \
	"'hookwright policy list' lists the loaded policies" \
	"- { name: n, expect: wanted, config: { annotations: { io.hookwright.policies: two } } }"
check "a config that is no container's" fails 3:3 \
	"'n': its config: 'process.user.uid' must be an integer, not a string" \
	"write a value that is valid in config.json" \
	"- { name: n, expect: wanted, config: { process: { user: { uid: me } } } }"

unknown() {
	policy "$p/one.yaml" 'when: { libc: musl }' 'needs: { exists: /x, writable: /y, arch: arm64 }' \
		'otherwise: warn' 'hook: { path: /bin/a }'
	examples '- { name: a, expect: left-out, reason: which is unknown }' \
		'- { name: b, facts: { libc: glibc }, expect: not-concerned }' \
		'- { name: c, facts: { libc: musl, unknown: /x }, expect: left-out, reason: /x is unknown }' \
		'- { name: d, facts: { libc: musl, exists: [/x, /y] }, expect: left-out, reason: /y cannot be written }' \
		'- { name: e, facts: { libc: musl, exists: /x, writable: /y }, expect: left-out, reason: arch }' \
		'- { name: f, facts: { libc: musl, arch: arm64, exists: /x, writable: /y, unknown: /bin/a }, expect: left-out }' \
		'- { name: g, facts: { libc: musl, arch: arm64, exists: /x, writable: /y, broken: /bin/a }, expect: left-out }' \
		'- { name: h, facts: { libc: musl, arch: arm64, exists: /x, writable: /y, programs: /bin/a }, expect: wanted }'
	want_hw 0 policy test "$p"
	want stdout "$out" "8 examples of 1 policy passed"
}
check "facts of every kind" unknown

# A policy of activation "requested" is requested, unless the example says otherwise.
three_examples() {
	policy "$p/one.yaml" 'activation: requested' 'when: { uid: 7 }' 'hook: { path: /bin/a }'
	examples '- { name: a, expect: refused }' \
		'- { name: b, requested: false, expect: not-requested }' \
		'- { name: c, requested: false, expect: refused, config: { annotations: { io.hookwright.policies: one } } }'
}

requested() {
	three_examples
	want_hw 0 policy test "$p/one.yaml"
	want stdout "$out" "3 examples of 1 policy passed"
	# By the name of the examples, and once if both are named.
	want_hw 0 policy test "$p"/*
	want stdout "$out" "3 examples of 1 policy passed"
	want_hw 0 policy test "$p/one.test.yaml"
	want stdout "$out" "3 examples of 1 policy passed"
}
check "requests" requested

not_there() {
	three_examples
	policy "$p/two.yaml" 'hook: { path: /bin/a }'
	want_hw 1 policy test "$p"
	want stdout "$out" "$p/two.yaml: no examples found
  hint: add some to $p/two.test.yaml
3 examples of 1 policy passed"
	rm "$p/two.yaml"
	cp "$p/one.test.yaml" "$p/three.test.yaml"
	want_hw 1 policy test "$p"
	want stdout "$out" "$p/three.test.yaml: examples without a policy
  hint: rename it to NAME.test.yaml, where the policy is NAME.yaml
3 examples of 1 policy passed"
	rm "$p/three.test.yaml"
	mkdir "$work/empty"
	want_hw 3 policy test "$work/empty"
	want_has stdout "$out" "$work/empty: there is no policy file, NAME.yaml, in this directory"
	want_hw 3 policy test "$work/nowhere"
	want_has stdout "$out" "$work/nowhere: cannot open"
	want_hw 2 policy test
	want_has stderr "$err" "name the policies to test, or their directory"
}
check "policies without examples, examples without a policy, nothing" not_there

# Nobody takes examples for a policy, and their name opens no gap for bad names.
no_policy() {
	three_examples
	want_hw 0 policy list -p "$p"
	want_lacks list "$out" test
	want_hw 0 policy check "$p"
	want stdout "$out" "1 policy is sound"
	want_hw 1 policy check "$p/one.test.yaml"
	want_has stdout "$out" "'one.test' is not a valid name of a policy"
	cp "$p/one.test.yaml" "$p/One.test.yaml"
	want_hw 1 policy check "$p"
	want_has stdout "$out" "'One.test' is not a valid name of a policy"
	rm "$p/One.test.yaml"
}
check "examples are no policy" no_policy

broken_policy() {
	printf 'version: 1\nhok: {}\n' >"$p/one.yaml"
	want_hw 1 policy test "$p"
	want_has stdout "$out" "$p/one.yaml:2:1: unknown key 'hok'"
}
check "a broken policy" broken_policy

# ---- files of examples that are none ----

bad_examples() { # NAME
	mkdir -p "$work/bad"
	policy "$work/bad/$1.yaml" 'hook: { path: /bin/a }'
	cp "tests/data/bad-examples/$1.test.yaml" "$work/bad/"
	want_hw 1 policy test "$work/bad/$1.yaml"
	want stdout "$out" "$work/bad/$(<"tests/data/bad-examples/$1.txt")"
}
for each in tests/data/bad-examples/*.test.yaml; do
	check "bad-examples/${each##*/}" bad_examples "$(basename "$each" .test.yaml)"
done

# ---- warnings ----

warned() { # NAME
	local wanted
	wanted=$(<"$1.txt")
	want_hw "$([ -n "$wanted" ] && echo 1 || echo 0)" policy check -q "$1.yaml"
	want stdout "$out" "$wanted"
	want stderr "$err" ""
}
cd tests/data/policy-warnings || exit 2
for each in *.yaml; do
	check "policy-warnings/$each" warned "${each%.yaml}"
done

# They are for the author: who applies a policy is not told.
not_told() {
	bare_bundle "$work/b"
	cp "$work/b/rootfs/bin/busybox" "$work/b/rootfs/sbin/ldconfig"
	want_hw 0 apply -p ldconfig.yaml "$work/b"
	want stderr "$err" ""
	want hooks "$(hooks_of "$work/b")" "_HOOKWRIGHT_POLICY=ldconfig /sbin/ldconfig"
}
check "apply does not repeat them" not_told
done_testing
