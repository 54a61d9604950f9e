#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# hookwright policy export: its exact output, and what it says is lost. tests/engines/hooksd.sh gives
# what is exported to a real podman.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

mkdir "$work/p"
policy "$work/p/asked.yaml" 'activation: requested' 'hook: { path: /bin/sh, args: [sh, -c, "exit 0"] }'
policy "$work/p/all.yaml" 'order: 10' 'when:' '  annotations: { io.x: "a|b[[:digit:]]", a+b: "\\Q^" }' \
	'  command: ["/bin/.*", /app]' '  uid: [0, 1000]' '  any: [ { gid: 0 } ]' 'needs: { writable: /etc }' \
	'otherwise: warn' 'hook:' '  path: [/bin/one, /bin/two]' '  env: { PATH: /p, A: "\"" }' \
	'  inheritEnv: [LANG]' '  timeout: 7'
policy "$work/p/plain.yaml" 'hook: { path: /bin/sh }'
policy "$work/p/9lives.yaml" 'hook: { path: /bin/sh }'
export_to() { want_hw 0 policy export -p "$work/p" --to "$@"; }

default_path=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

requested() {
	export_to oci-hooks asked
	want file "$(jq -c . <<<"$out")" '{"version":"1.0.0","hook":{"path":"/bin/sh","args":["sh","-c","exit 0"],"env":["_HOOKWRIGHT_POLICY=asked","'"$default_path"'"]},"when":{"annotations":{"^io\\.hookwright\\.policies$":"(^|,)[ \\t]*asked[ \\t]*(,|$)"}},"stages":["startContainer"]}'
	want losses "$(grep -v hint: <<<"$err" | sed "s|$work/||")" \
		"p/asked.yaml: podman and CRI-O add the hook only if /bin/sh also exists on the host
p/asked.yaml: the container is not inspected: if the program cannot run there, the container's own program never starts"
}
check "a requested policy as a hooks.d file" requested

conditions() {
	export_to oci-hooks all
	want when "$(jq -c .when <<<"$out")" '{"commands":["^(?:/bin/.*)$","^(?:/app)$"],"annotations":{"^io\\.x$":"^(?:a|b[[:digit:]])$","^a\\+b$":"^(?:\\Q^\\E)$"}}'
	want hook "$(jq -c .hook <<<"$out")" '{"path":"/bin/one","args":["/bin/one"],"env":["_HOOKWRIGHT_POLICY=all","PATH=/p","A=\""],"timeout":7}'
	for lost in "all.yaml:6:3: condition 'uid'" "all.yaml:7:3: condition 'any'" "all.yaml:8:10: need 'writable'" \
		"of its 2 programs only /bin/one is named" "variable LANG is not inherited" \
		"order 10 cannot be expressed" "SIGCHLD blocked"; do
		want_has losses "$err" "$lost"
	done
	[[ $err != *"condition 'command'"* && $err != *"condition 'annotations'"* ]] ||
		complain "expressions are not lost: $err"
	export_to oci-hooks --program /bin/two all
	want program "$(jq -c '[.hook.path, .hook.args[0]]' <<<"$out")" '["/bin/two","/bin/two"]'
}
check "conditions that a hooks.d file can say, and what is lost" conditions

# What is exported is read back as what it was, and left to the policy.
read_back() {
	mkdir "$work/hooks"
	export_to oci-hooks -o "$work/hooks" plain asked
	want files "$(ls -A "$work/hooks")" $'asked.json\nplain.json'
	bare_bundle "$work/bundle"
	want_hw 0 apply -p "$work/p/plain.yaml" --hooks-dir "$work/hooks" "$work/bundle"
	want_has note "$err" "this is policy 'plain', exported: the policy itself adds the hook"
	want once "$(jq -c '.hooks.startContainer | length' "$work/bundle/config.json")" 1
	want entry "$(jq -c '.hooks.startContainer[0]' "$work/bundle/config.json")" \
		"$(jq -c .hook "$work/hooks/plain.json")"
	want_hw 0 apply -p "$work/p/plain.yaml" --hooks-dir "$work/hooks" "$work/bundle"
	want_has again "$out" "unchanged: 1 hook is in place"
}
check "a directory of them is the policies' own" read_back

# An engine tries one program: the one that the image has.
programs() {
	local root=$work/root
	policy "$work/p/cache.yaml" 'hook: { path: [/sbin/ldconfig.real, /sbin/ldconfig], args: [ldconfig] }'
	policy "$work/p/certificates.yaml" 'hook: { path: [/usr/sbin/update-a, /usr/bin/update-b] }'
	export_to cdi cache
	want "without an image" "$(jq -r '.devices[].containerEdits.hooks[].path' <<<"$out")" /sbin/ldconfig
	want_has "why" "$err" "only /sbin/ldconfig is named, which more images have than /sbin/ldconfig.real"
	want_has "remedy" "$err" "give --rootfs with an image"
	busybox_rootfs "$root"
	ln -s /bin/busybox "$root/usr/bin/update-b"
	cp "$root/bin/busybox" "$root/sbin/ldconfig.real"
	export_to cdi --rootfs "$root" cache certificates
	want "of an image" "$(jq -r '.devices[].containerEdits.hooks[].path' <<<"$out")" \
		$'/sbin/ldconfig.real\n/usr/bin/update-b'
	want_has "says so" "$err" "only /usr/bin/update-b is named, which $root has"
	(cd "$work" && export_to cdi --rootfs root cache &&
		want relative "$(jq -r '.devices[].containerEdits.hooks[].path' <<<"$out")" /sbin/ldconfig.real)
	export_to cdi --rootfs "$root" --program /sbin/ldconfig cache
	want "the caller's word" "$(jq -r '.devices[].containerEdits.hooks[].path' <<<"$out")" /sbin/ldconfig
	rm "$root/sbin/ldconfig.real"
	export_to oci-hooks --rootfs "$root" cache
	want_has "nothing there" "$err" "none of its programs can run in $root: /sbin/ldconfig does not exist"
	want "the best guess" "$(jq -r .hook.path <<<"$out")" /sbin/ldconfig
	want_hw 3 policy export -p "$work/p" --to cdi --rootfs "$work/nowhere" cache
	want_has "no image" "$err" "$work/nowhere"
}
check "the program that the image has" programs

devices() {
	export_to cdi plain asked
	want spec "$(jq -c 'del(.devices)' <<<"$out")" '{"cdiVersion":"0.3.0","kind":"hookwright.io/policy"}'
	want devices "$(jq -c '.devices[] | [.name, .containerEdits.hooks[0].hookName, .containerEdits.hooks[0].path]' <<<"$out")" \
		$'["plain","startContainer","/bin/sh"]\n["asked","startContainer","/bin/sh"]'
	want_has losses "$err" "plain.yaml: it applies to every container, but a CDI device only to those that request it"
	export_to cdi 9lives
	want version "$(jq -r .cdiVersion <<<"$out")" 0.5.0
	mkdir "$work/cdi"
	export_to cdi -o "$work/cdi" asked
	want "nothing printed" "$out" ""
	want files "$(ls -A "$work/cdi")" hookwright.json
}
check "CDI: a device for each policy" devices

mistakes() {
	want_hw 2 policy export -p "$work/p" asked
	want_has "no target" "$err" "name the target"
	want_hw 2 policy export -p "$work/p" --to cdj asked
	want_has target "$err" "did you mean 'cdi'?"
	want_hw 2 policy export -p "$work/p" --to cdi
	want_has "no policy" "$err" "name the policies"
	want_hw 2 policy export -p "$work/p" --to oci-hooks asked plain
	want_has several "$err" "name a directory for several with --output"
	want_hw 3 policy export -p "$work/p" --to cdi askd
	want_has unknown "$err" "did you mean 'asked'?"
	want_hw 3 policy export -p "$work/p" --to cdi -o "$work/absent" asked
	want_has "no directory" "$err" "cannot write"
}
check "mistakes" mistakes
done_testing
