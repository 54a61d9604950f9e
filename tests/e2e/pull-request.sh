#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a pull request's links and paths lead to stays where it is: nothing of a file outside the
# bundle, the tree or the directory of a policy is printed, by no command that CI runs on it.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

cd "$work" || exit 2
mkdir outside tree
secret=hunter2secret
formats=(text json sarif junit github gcc checkstyle codeclimate html)

# What the attacker wants to read: no JSON, no YAML, a bundle's, a policy's.
echo "$secret" >outside/word
echo "{ $secret" >outside/object
printf '%s: %s\n' "$secret" "$secret" >outside/pair.yaml
printf '{ "ociVersion": "1.0.2", "%s": 1, "x": %s }\n' "$secret" "$secret" >outside/json
printf 'version: 1\n%s: x\n' "$secret" >outside/policy.yaml
printf '#!/%s\n' "$secret" >outside/script
chmod 755 outside/script
cp "$(command -v busybox)" outside/tool

# silent STATUS WHAT ARG...: every format ends so, and no file outside is quoted
silent() {
	local wanted=$1 what=$2 format
	shift 2
	for format in "${formats[@]}"; do
		want_hw "$wanted" lint --no-settings -f "$format" "$@"
		want_lacks "$what in $format" "$out$err" "$secret"
	done
}

linked_config() {
	local target
	for target in ../../outside/word ../../outside/json "$work/outside/word" ../../outside/none \
		../../outside /proc/self/mem /dev/zero; do
		mkdir tree/b
		ln -s "$target" tree/b/config.json
		silent 3 "a link to $target" tree/b
		silent 3 "a link to $target, named" tree/b/config.json
		silent 3 "a link to $target, found" --recursive tree
		want_hw 3 lint --no-settings tree/b
		want "the whole report on a link to $target" "$out" "tree/b: cannot be judged: 1 error

tree/b/config.json: error: a symbolic link, which is not followed [HW101, unknown]
  hint: use --follow if the target of the link may be read

1 bundle: 1 error; 1 cannot be judged in full"
		rm -r tree/b
	done
	mkdir tree/b
	ln -s ../../outside/object tree/b/config.json
	want_hw 1 lint --no-settings --follow tree/b
	want_has "with --follow" "$out" "$secret"
	want_hw 1 lint --no-settings --follow --recursive tree
	want_has "with --follow, found" "$out" "$secret"
	rm -r tree/b
}
check "a config.json that is a link is one finding, whatever it leads to" linked_config

special_config() {
	mkdir tree/b
	mkfifo tree/b/config.json
	silent 3 "a FIFO" tree/b
	silent 3 "a FIFO, found" --recursive tree
	rm tree/b/config.json
	/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/b/config.json")'
	silent 3 "a socket" tree/b
	silent 3 "a socket, found" --recursive tree
	rm tree/b/config.json
	mkdir -p tree/b/config.json tree/b/rootfs
	silent 3 "a directory" tree/b
	silent 3 "a directory, found" --recursive tree
	rm -r tree/b
}
check "a config.json that is no file is neither waited for nor read" special_config

# root_at PATH: the whole report on a bundle with this root.path
root_at() {
	edit_config tree/b ".root.path = \"$1\" |
		.hooks.startContainer = [{ path: \"/script\", args: [\"x\"], env: [\"PATH=/\"] }]"
	silent 1 "the rootfs $1" tree/b --no-policies
	want_hw 1 lint --no-settings --no-policies -f json tree/b
	jq -r '.bundles[].findings[] | .rule + " " + .message' <<<"$out"
}

root_outside() {
	local path got
	make_bundle tree/b
	ln -s ../../outside tree/b/link
	ln -s ../../nowhere tree/b/dangling
	ln -s / tree/b/host
	mkdir tree/b/sub
	ln -s ../../../outside tree/b/sub/link
	for path in ../../outside ../../nowhere "$work/outside" "$work/nowhere" / /etc/../etc link \
		dangling host host/etc sub/link rootfs/../../../outside "$work/tree/b/../../outside"; do
		got=$(root_at "$path")
		want "findings for $path" "$got" "HW125 the rootfs '$path' is outside of the bundle \
and is not inspected"
	done
	for path in rootfs ./rootfs rootfs/../rootfs "$work/tree/b/rootfs"; do
		got=$(root_at "$path")
		want_has "findings for $path" "$got" "HW201"
	done
	edit_config tree/b '.root.path = "../../outside"'
	want_hw 1 lint --no-settings --no-policies --follow tree/b
	want_has "with --follow" "$out" "$secret"
	rm -r tree/b
}
check "a root.path that leaves the bundle is one finding, whatever is there" root_outside

bind_outside() {
	local source first=
	make_bundle tree/b
	ln -s ../../outside tree/b/link
	for source in ../../outside link "$work/outside"; do
		edit_config tree/b ".mounts = (.mounts | map(select(.destination != \"/opt\"))) +
			[{ destination: \"/opt\", type: \"bind\", source: \"$source\", options: [\"rbind\"] }] |
			.hooks.startContainer = [{ path: \"/opt/script\", args: [\"x\"], env: [\"PATH=/\"] }]"
		silent 3 "a bind of $source" tree/b --no-policies
	done
	want_hw 1 lint --no-settings --host-mounts --no-policies tree/b
	want_has "with --host-mounts" "$out" "$secret"
	rm -r tree/b
}
check "a bind source that leaves the bundle is not inspected" bind_outside

# ---- .hookwright.yaml ----

# settle STATUS MESSAGE LINE...: what lint says of these settings
settle() {
	local wanted=$1 message=$2
	shift 2
	printf '%s\n' 'version: 1' "$@" >tree/.hookwright.yaml
	cd tree || return
	want_hw "$wanted" lint b
	cd ..
	want_has "message about '$*'" "$err" "$message"
	want_lacks "output with '$*'" "$out$err" "$secret"
}

settings_outside() {
	local path key
	make_bundle tree/b
	mkdir tree/policies
	policy tree/policies/own.yaml 'hook: { path: /bin/true }'
	ln -s ../outside/policy.yaml tree/link.yaml
	ln -s ../outside tree/linked
	for key in policies hooksDirs config recursive rootfs; do
		for path in ../outside/policy.yaml ../outside/none "$work/outside/policy.yaml" link.yaml \
			linked/policy.yaml linked policies/../../outside; do
			settle 3 ".hookwright.yaml:2:$((${#key} + 3)): '$path' leads out of the directory" \
				"$key: $path"
		done
	done
	settle 3 "'hostMounts' leads lint out" 'hostMounts: true'
	settle 0 "" 'hostMounts: false' 'policies: policies'
	cd tree || return
	printf '%s\n' 'version: 1' 'policies: ../outside/policy.yaml' >.hookwright.yaml
	want_hw 3 lint --settings .hookwright.yaml b
	want_has "a settings file that is named" "$err" "../outside/policy.yaml:2:1: unknown key"
	ln -sf ../outside/pair.yaml .hookwright.yaml
	want_hw 3 lint b
	want stderr "$err" ".hookwright.yaml: a symbolic link, which is not followed
  hint: if you trust this file, name it: --settings .hookwright.yaml"
	cd ..
	rm -r tree && mkdir tree
}
check "settings that nobody named lead nowhere but into their directory" settings_outside

# ---- policies ----

policies_outside() {
	local name each
	mkdir tree/policies
	make_bundle tree/b
	policy tree/policies/own.yaml 'hook: { path: /bin/true }'
	for name in word pair.yaml policy.yaml json script; do
		ln -sf "../../outside/$name" tree/policies/own.yaml
		for each in "policy check tree/policies" "policy check tree/policies/own.yaml" \
			"policy check --json tree/policies" "policy test tree/policies" \
			"policy list -p tree/policies" "policy show -p tree/policies own" \
			"apply -n -p tree/policies tree/b" "explain -p tree/policies tree/b" \
			"lint --no-settings -p tree/policies tree/b" \
			"policy export --to oci-hooks -p tree/policies own"; do
			# shellcheck disable=SC2086 # words
			hw $each
			[ "$status" != 0 ] || complain "status 0 of $each"
			want_lacks "$each of a link to $name" "$out$err" "$secret"
		done
		rm tree/policies/own.yaml
		policy tree/policies/own.yaml 'hook: { path: /bin/true }'
		ln -sf "../../outside/$name" tree/policies/own.test.yaml
		hw policy test tree/policies
		[ "$status" != 0 ] || complain "status 0 of examples"
		want_lacks "examples that are a link to $name" "$out$err" "$secret"
		rm tree/policies/own.test.yaml
	done
	# A link within is as good as the file: so are those of a Kubernetes ConfigMap.
	mkdir tree/policies/..data
	printf 'version: 1\nhok: x\n' >tree/policies/..data/own.yaml
	ln -sf ..data/own.yaml tree/policies/own.yaml
	want_hw 1 policy check tree/policies
	want_has "a link within" "$out" "unknown key 'hok'"
	rm -r tree && mkdir tree
}
check "a policy that is a link out of its directory is not quoted" policies_outside

hooks_dir_outside() {
	local name each
	mkdir tree/hooks.d
	make_bundle tree/b
	for name in word json; do
		ln -sf "../../outside/$name" tree/hooks.d/a.json
		for each in "lint --no-settings --hooks-dir tree/hooks.d tree/b" \
			"explain --hooks-dir tree/hooks.d tree/b"; do
			# shellcheck disable=SC2086 # words
			want_hw 3 $each
			want_lacks "$each" "$out$err" "$secret"
		done
	done
	rm -r tree && mkdir tree
}
check "a hooks.d file that is a link out of its directory is not quoted" hooks_dir_outside

# Links that are swapped while lint looks: what is read is judged through its descriptor.
swapped() {
	local pid
	mkdir tree/b
	make_bundle tree/sound
	(
		while :; do
			ln -sfn ../../outside/word tree/b/new && mv -fT tree/b/new tree/b/config.json
			cp tree/sound/config.json tree/b/new && mv -fT tree/b/new tree/b/config.json
			ln -sfn ../../outside tree/b/new && mv -fT tree/b/new tree/b/rootfs
			ln -sfn ../sound/rootfs tree/b/new && mv -fT tree/b/new tree/b/rootfs
		done
	) 2>/dev/null &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		hw lint --no-settings --no-policies --recursive tree/b
		want_lacks "run $i" "$out$err" "$secret"
	done
	kill "$pid"
	wait "$pid" 2>/dev/null
	rm -r tree && mkdir tree
}
check "a link that is swapped in meanwhile is not read" swapped

# A report is written into the checkout: no link there makes it another file.
report_links() {
	local path
	make_bundle tree/b
	echo precious >outside/precious
	mkdir tree/reports
	ln -s ../outside/precious tree/report
	ln -s ../outside/new tree/dangling
	ln -s ../outside tree/away
	ln -s reports tree/within
	for path in report dangling away/precious away/new; do
		cd tree || return
		want_hw 3 lint --no-settings -f json -o "$path" b
		cd ..
		want "the message on $path" "$err" \
			"$path: a symbolic link, which is not followed for writing
  hint: name the file that it leads to"
		want "the file that $path leads to" "$(cat outside/precious)" precious
		[ ! -e outside/new ] || complain "$path made a file outside"
	done
	cd tree || return
	"$HOOKWRIGHT" lint --no-settings -f json -o within/a b >/dev/null 2>&1
	[ -s reports/a ] || complain "a link within the directory was not followed"
	"$HOOKWRIGHT" lint --no-settings -f json -o ../outside/c b >/dev/null 2>&1
	[ -s ../outside/c ] || complain "a path that names its way out was refused"
	"$HOOKWRIGHT" lint --no-settings -f json -o /dev/stdout b 2>&1 | grep -q '"version"' ||
		complain "/dev/stdout was refused"
	cd ..
	rm -r tree && mkdir tree
}
check "a report is not written through a link" report_links

done_testing
