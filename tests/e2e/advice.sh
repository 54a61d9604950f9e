#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Hints that name a command or an option are executed where they are given, and cure it, or what they
# say is seen to be true. advice.py knows each such hint, also a new one: its text, or a part that does
# not vary, is an argument of 'prove' here or in tests/engines/advice.sh, and must have been printed.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

mkdir -p "$work/home" "$work/here"
export HOME=$work/home
unset XDG_CONFIG_HOME
cd "$work/here" || exit 2

# says STATUS ARG...: as want_hw, and what it prints is what a hint must be in
says() {
	want_hw "$@"
	see "$out $err"
}

without() { # TEXT STATUS ARG...: the cure: what complained does not any more
	local text=$1
	shift
	want_hw "$@"
	want_lacks "after the advice" "$out $err" "$text"
}

sound='.hooks.startContainer = [{ path: "/bin/true", args: ["true"], env: ["PATH=/bin"] }]'
policy mark.yaml 'activation: requested' 'hook: { path: /bin/true }'
mkdir policies && cp mark.yaml policies/

# ---- usage ----

usage() {
	says 2 apply --nonsense
	want_hw 0 apply --help
	want_has help "$out" "usage: hookwright apply"
	says 2 nonsense
	says 2 --nonsense
	want_hw 0 --help
	want_has help "$out" "lint"
	says 0 help
	want_hw 0 help lint
	want_has help "$out" "usage: hookwright lint"
}
prove "usage" usage "see 'hookwright " "'hookwright --help' lists the commands" \
	"options follow the command; see 'hookwright --help'" \
	"'hookwright help COMMAND' shows a command's options"

lists() {
	says 2 lint --explain HW999
	printf 'version: 1\nignore: { HW999: x }\n' >ignore.yaml
	says 3 lint --settings ignore.yaml b
	want_hw 0 lint --rules
	want_has rules "$out" HW201
	says 3 policy show -p policies quite-another
	want_hw 0 policy list -p policies
	want_has list "$out" mark
	says 2 schema nonsense
	want_hw 0 schema
	want_has schemas "$out" lint
	want_hw 0 schema lint
	says 2 setup nonsense
	want_hw 0 setup
	want_has engines "$out" podman
	make_bundle b
	says 3 apply -p policies -r nothing-like-it b
	want_hw 0 policy list -p policies
}
prove "what lists what there is" lists "; --rules lists them" \
	"'hookwright policy list' shows them" \
	"; 'hookwright schema' lists them" "'hookwright policy list' lists the loaded policies" \
	"; 'hookwright setup' lists them" "'hookwright lint --rules' lists the rules"

# edit FILTER: bundle e, which is b with a change
edit() {
	rm -rf e
	cp -a b e
	edit_config e "$1"
}
in_user_namespace='.linux.namespaces += [{ type: "user" }]
	| .linux.uidMappings = [{ containerID: 0, hostID: 1, size: 9 }]
	| .linux.gidMappings = .linux.uidMappings'

# ---- lint ----

lint_words() {
	says 2 lint --ignore 'HW118:' b
	want_hw 0 lint --ignore HW118 b
	want_hw 0 lint --ignore 'HW118:a reason' b
	says 2 lint --rules b
	says 2 lint --rules --format sarif
	says 2 lint --rules --format text --output x
	want_hw 0 lint --rules
	want_hw 0 lint --rules --format json
	want_hw 0 lint --rules --format text
	mkdir -p tree/a && cp -a b/. tree/a && echo '{}' >tree/config.json && ln -sf a tree/link
	says 0 lint --recursive tree
	want_hw 0 lint --verbose --recursive tree
	want_has "what --verbose adds" "$out$err" tree/link
	printf 'version: 1\noutput: x\n' >output.yaml
	says 3 lint --settings output.yaml b
	want_hw 0 lint --format json --output x.json b
	want_ok test -s x.json
}
prove "lint: options" lint_words "write a reason after the ':', or omit it" \
	"--rules, --runtimes and --explain do not take a bundle" \
	"--rules, --runtimes and --explain take --format text or json only" \
	"--rules, --runtimes and --explain print to standard output" \
	"--verbose lists the skipped files" \
	"only the command line says which files are written: --format and --output"

ignoring() {
	edit '.annotations = { "io.hookwright.ignore.HW118": "x" } |
		.hooks.startContainer = [{ path: "/bin/true", args: ["true"] }]'
	says 0 lint e
	without HW126 0 lint --inline-ignore e
	want_lacks "the rule itself" "$out" HW118
	(cd e && printf 'version: 1\ninlineIgnore: true\n' >.hookwright.yaml)
	cd e || return
	without HW126 0 lint --settings .hookwright.yaml .
	cd ..
}
prove "lint: an annotation that ignores a rule" ignoring \
	"to apply it use --inline-ignore, or 'inlineIgnore: true' in .hookwright.yaml"

trusting() {
	mkdir -p theirs && cp -a b/. theirs
	printf 'version: 1\nrootfs: ../b/rootfs\n' >theirs/.hookwright.yaml
	cd theirs || return
	says 3 lint .
	want_hw 0 lint --settings .hookwright.yaml .
	printf 'version: 1\nhostMounts: true\n' >.hookwright.yaml
	says 3 lint .
	want_hw 0 lint --settings .hookwright.yaml .
	rm .hookwright.yaml
	want_hw 0 lint --host-mounts .
	cd ..
}
prove "lint: settings that lead out of the tree" trusting \
	"if you trust this file, name it: --settings .hookwright.yaml" ", or give --host-mounts"

host_mounts() {
	edit "$in_user_namespace"' |
		.linux.devices = [{ path: "/dev/fuse", type: "c", major: 10, minor: 229 }]'
	says 3 lint e
	hw lint --host-mounts e
	want_lacks "after the advice" "$out" "give --host-mounts"
	edit '.process.selinuxLabel = "a:b:c:d"'
	says 3 lint e
	hw lint --host-mounts e
	want_lacks "after the advice" "$out" "give --host-mounts"
	edit "$in_user_namespace"' | .linux.sysctl = { "kernel.msgmax": "1" }'
	says 3 lint e
	hw lint --host-mounts e
	want_lacks "after the advice" "$out" "give --host-mounts"
	edit '.mounts += [{ destination: "/x", type: "bind", source: "/usr", options: ["bind"] }] |
		.process.args = ["/x/bin/env"]'
	says 3 lint e
	hw lint --host-mounts e
	want_lacks "after the advice" "$out" "with --host-mounts"
}
prove "lint: what only the host shows" host_mounts \
	"give --host-mounts on the host that runs the container" "which is inspected only with --host-mounts"

outside() {
	edit ".root.path = \"$PWD/b/rootfs\""
	says 1 lint e
	without HW125 0 lint --follow e
	without HW125 0 lint --rootfs b/rootfs e
	rm e/config.json && ln -s ../b/config.json e/config.json
	says 3 lint e
	want_hw 0 lint --follow e
}
prove "lint: what is outside of the bundle" outside "use --follow if it may be inspected, or name it with --rootfs" \
	"use --follow if the target of the link may be read"

rootfs_elsewhere() {
	edit .
	mv e/rootfs there
	says 1 lint e
	want_has "the rule" "$seen" HW125
	hw lint --explain HW125
	see "$out"
	want_hw 0 lint --rootfs there e
	rm -rf there
}
prove "lint: the root file system is elsewhere" rootfs_elsewhere "or name the directory with --rootfs"

# ---- runtimes, versions, machines ----

version() {
	edit '.hooks.createContainer = [{ path: "/bin/true", args: ["true"], env: ["PATH=/bin"] }]'
	says 3 lint --runtime runsc e
	want_hw 1 lint --runtime runsc --runtime-version 20260101 e
	want_lacks "after the advice" "$out" "name the version"
	says 3 apply --runtime-version 1.1.5 b
	want_hw 0 apply -p /dev/null --runtime runc --runtime-version 1.1.5 b
	says 2 lint --runtime runc --runtime-version 1.x b
	"$HOOKWRIGHT" apply --runtime runc --runtime-version 1.x b 2>"$work/said" && complain "1.x is a version"
	see "$(cat "$work/said")"
	want_hw 0 lint --runtime runc --runtime-version "$(runc --version | sed -n 's/^runc version //p')" b
	edit '.ociVersion = "1.2.1"'
	says 1 lint --runtime crun --runtime-version 1.8.1 e
	hw lint --explain HW127
	see "$out"
	want_hw 0 lint --runtime crun --runtime-version 1.14.3 e
	edit '.ociVersion = "1.0.2"'
	want_hw 0 lint --runtime crun --runtime-version 1.8.1 e
}
prove "the version of the runtime" version "name the version with --runtime-version" \
	"write it as the runtime's --version prints it, such as '1.1.5'" \
	"name the runtime with --runtime as well" "--runtime-version means nothing without the runtime's name" \
	"Use crun 1.14.3 or later, or write 1.0.2; name the version with --runtime-version"

conditions() {
	mkdir -p conditions
	policy conditions/x.yaml 'needs: { runtime: runc }' 'hook: { path: /bin/true }'
	says 1 apply -n -p conditions b
	want_hw 0 apply -n -p conditions --runtime runc b
	policy conditions/x.yaml 'needs: { capabilities: CAP_SYS_ADMIN }' 'hook: { path: /bin/true }'
	says 1 apply -n -p conditions b
	# What an engine writes for --cap-add; tests/engines/advice.sh gives it to podman.
	edit '.process.capabilities[] += ["CAP_SYS_ADMIN"]'
	want_hw 0 apply -n -p conditions e
	policy conditions/x.yaml 'when: { uid: 7 }' 'hook: { path: /bin/true }'
	says 0 apply -n -p conditions b
	want_hw 0 explain -p conditions b
	want_has explain "$out" "process.user.uid is 0"
	cp conditions/x.yaml conditions/y.yaml
	says 1 explain -p conditions -r y b
	want "how often, in short" "$(grep -c conditions/ <<<"$out")" 1
	want_hw 1 explain -v -p conditions -r y b
	want "how often, in full" "$(grep -c conditions/ <<<"$out")" 2
}
prove "conditions" conditions "the runtime is unknown (see --runtime NAME)" "name the runtime with --runtime" \
	"add it when the container is created (--cap-add)" "wants a hook here (see 'hookwright explain')" \
	"others (--verbose shows them in full)"

annotations() {
	printf 'version: 1\nannotations: []\n' >deaf.yaml
	edit '.annotations."io.hookwright.policies" = "mark"'
	says 0 apply -n --config deaf.yaml -p policies e
	want_hw 0 apply -n --config deaf.yaml -p policies --request mark e
	want_has "after the advice" "$out" "would have added hook of 'mark'"
	printf 'version: 1\nannotations: [policies]\n' >deaf.yaml
	without "is ignored" 0 apply -n --config deaf.yaml -p policies e
	want_has "after the advice" "$out" "would have added hook of 'mark'"
}
prove "annotations that are not used" annotations \
	"request policies with --request, or add 'policies' to 'annotations'"

# elf_machine FILE BYTE: of its ELF header
elf_machine() { printf '%b' "$2" | dd of="$1" bs=1 seek=18 conv=notrunc 2>/dev/null; }
machine() {
	edit .
	elf_machine e/rootfs/bin/busybox '\0363' # RISC-V
	hw lint e
	see "$out"
	want_hw 0 lint --arch riscv64 e
}
prove "the machine" machine "name the machine that will run it with --arch"

# ---- what was given in place of a bundle ----

other_files() {
	mkdir -p other/rootfs other/hd other/img && cp policies/mark.yaml other/
	says 3 lint other/mark.yaml
	says 3 lint policies
	want_hw 0 policy check other/mark.yaml
	want_hw 0 policy check policies
	want_hw 0 apply -n -p policies b
	want_hw 0 apply -n -p other/mark.yaml b
	echo '{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"always":true},"stages":["poststop"]}' \
		>other/hd/a.json
	says 3 lint other/hd/a.json
	says 3 lint other/hd
	for each in "apply -n" explain lint; do
		# shellcheck disable=SC2086 # two words
		want_hw 0 $each --hooks-dir other/hd b
	done
	printf 'version: 1\nruntime: runc\n' >other/conf.yaml
	says 3 lint other/conf.yaml
	want_hw 0 lint --config other/conf.yaml b
	printf 'version: 1\nexamples:\n  - name: x\n    requested: false\n    expect: not-requested\n' \
		>policies/mark.test.yaml
	says 3 lint policies/mark.test.yaml
	want_hw 0 policy test policies/mark.test.yaml
	rm policies/mark.test.yaml
	says 3 lint b/rootfs
	want_hw 0 lint --rootfs b/rootfs b
	jq ".root.path = \"$PWD/b/rootfs\" | { status: {}, info: { runtimeSpec: . } }" b/config.json >other/cri.json
	says 3 lint other/cri.json
	jq .info.runtimeSpec other/cri.json | "$HOOKWRIGHT" lint - >"$work/said" 2>&1 ||
		complain "$(cat "$work/said")"
	tar -C b -cf other/b.tar .
	says 3 lint other/b.tar
	mkdir other/unpacked && tar -C other/unpacked -xf other/b.tar
	want_hw 0 lint other/unpacked
	want_hw 0 lint --rootfs other/unpacked/rootfs b
	printf 'hsqs....' >other/squashfs
	says 3 lint other/squashfs
	if command -v mksquashfs >/dev/null && mksquashfs b/rootfs other/sq -quiet -no-progress >/dev/null 2>&1 &&
		mkdir -p other/mnt && mount -o loop other/sq other/mnt 2>/dev/null; then
		want_hw 0 lint --rootfs other/mnt b
		umount other/mnt
	fi
	printf 'services:\n  web:\n    image: x\n' >other/compose.yaml
	says 3 lint other/compose.yaml
	want_hw 0 setup
	mkdir -p nothing
	says 3 lint nothing
	want_ok env -C nothing runc spec
	hw lint nothing
	want_lacks "after the advice" "$out" "there is no config.json"
	echo '{"ociVersion":"1.0.2"}' >nothing/config.json
	says 1 lint nothing
	rm nothing/config.json && (cd nothing && runc spec)
	without HW103 1 lint nothing
	rm -r nothing
}
prove "what is not a bundle" other_files \
	"'hookwright policy check' checks it, and 'hookwright apply -p' applies it to a bundle" \
	"apply, explain and lint read the directory that holds it with --hooks-dir, beside a bundle" \
	"apply, explain and lint read it with --hooks-dir, beside a bundle" "--config reads it, beside a bundle" \
	"'hookwright policy test' reads it" \
	"a bundle has one beside config.json, which 'runc spec' creates; or name it with --rootfs, beside a bundle" \
	"'jq .info.runtimeSpec | hookwright lint -'" \
	"unpack it: a bundle is a directory with config.json, and a root file system is named with --rootfs" \
	"mount it, and name it with --rootfs" "'hookwright setup' shows how to have each of them checked" \
	"name a bundle directory; 'runc spec' creates a config.json" \
	"the config.json of every Linux container has it; 'runc spec' creates an example"

no_base() {
	"$HOOKWRIGHT" filter -p policies <b/config.json >/dev/null 2>"$work/said"
	see "$(cat "$work/said")"
	want_ok "$HOOKWRIGHT" filter -p policies --bundle b <b/config.json
}
prove "filter: a relative root.path" no_base "name the bundle's directory with --bundle"

# ---- policies and hooks.d ----

requested() {
	edit .
	want_hw 0 apply -q -p policies -r mark e
	cp e/config.json "$work/requested"
	says 0 lint -p policies e
	without HW503 0 lint -p policies --request mark e
	want_hw 0 apply -q -p policies e
	want "hooks of ours" "$(hooks_of e)" ""
	edit .
	policy policies/always.yaml 'hook: { path: /bin/true }'
	says 0 lint -p policies e
	want_hw 0 apply -q -p policies e
	without HW503 0 lint -p policies e
	edit .
	says 0 lint --hooks-dir other/hd e
	want_hw 0 apply -q --hooks-dir other/hd e
	without HW503 0 lint --hooks-dir other/hd e
	cp "$work/requested" e/config.json
	rm policies/always.yaml
	policy other/second.yaml 'activation: requested' 'hook: { path: /bin/true }'
	mkdir -p second && cp other/second.yaml second/
	says 0 lint -p second e
	without HW504 0 lint -p second --policy mark.yaml e
	cp "$work/requested" e/config.json
	want_hw 0 apply -q --prune -p second e
	want "hooks of ours" "$(hooks_of e)" ""
	without HW504 0 lint -p second e
}
prove "HW503, HW504: our hooks as lint sees them" requested "request it here as well, with --request " "un 'hookwright apply' with the same --policy, --hooks-dir and --request, unless" "name its policy with --policy, or remove the hook with 'hookwright apply --prune'"

explained() {
	policy conditions/x.yaml 'needs: { uid: 7 }' 'hook: { path: /bin/true }'
	rm -f conditions/y.yaml
	says 1 lint -p conditions b
	hw lint --explain HW501
	see "$out"
	want_hw 1 explain -p conditions b
	want_has "each of the conditions" "$out" "uid: 7"
}
prove "HW501, HW502: why" explained "See 'hookwright explain' for each of the conditions"

timeouts() {
	local text
	for text in 'sleep 9' 'true; exec sleep 9'; do
		edit ".hooks.startContainer = [{ path: \"/bin/sh\", args: [\"sh\", \"-c\", \"$text\"],
			env: [\"PATH=/bin\"], timeout: 1 }]"
		says 0 lint --runtime runc e
		want_has "the finding" "$out" HW306
	done
	edit '.hooks.startContainer = [{ path: "/bin/sh", args: ["sh", "-c", "exec sleep 9"], env: ["PATH=/bin"],
		timeout: 1 }]'
	without HW306 0 lint --runtime runc e
	ends_at_once runc
	ln -sf busybox e/rootfs/bin/timeout
	edit_config e '.hooks.startContainer = [{ path: "/bin/timeout", args: ["timeout", "1", "sh", "-c",
		"sleep 9; true"], env: ["PATH=/bin"], timeout: 5 }]'
	without HW306 0 lint --runtime runc e
}
# As the finding says that it would not: the container is not held by the children.
ends_at_once() {
	local start=$SECONDS
	works "$1" || return
	run_container "$1" "$PWD/e"
	[ $((SECONDS - start)) -lt 6 ] || complain "it took $((SECONDS - start)) s"
}
prove "HW306: a timeout and a shell" timeouts "ive 'sh -c' a single command, 'exec PROGRAM', or have timeout(1) run the shell"

hooksd() {
	mkdir -p traps
	echo '{"version":"1.0.0","hook":{"path":"/bin/true","env":["_HOOKWRIGHT_POLICY=mark"]},"when":{"always":true},"stages":["precreate","startContainer"]}' >traps/a.json
	says 0 lint --hooks-dir traps b
	sed -i 's/"precreate",//' traps/a.json
	without precreate 0 lint --hooks-dir traps b
	without "exported" 0 lint -p policies --hooks-dir other/hd b
	without "exported" 0 lint -p policies b
	says 0 apply -n -p /dev/null --hooks-dir traps e
	rm -r traps
}
prove "hooks.d" hooksd "leave it to podman's --hooks-dir" "use either the policy in hookwright or this file in the engine"

exporting() {
	policy two.yaml 'hook: { path: [/bin/none, /bin/true] }'
	says 2 policy export -p two.yaml two
	says 2 policy export --to nri -p two.yaml two
	says 0 policy export --to oci-hooks -p two.yaml two
	want_has "what it named" "$out" '"/bin/none"'
	without "give --rootfs" 0 policy export --to oci-hooks -p two.yaml --rootfs b/rootfs two
	want_has "after the advice" "$out" '"/bin/true"'
	without "give --rootfs" 0 policy export --to oci-hooks -p two.yaml --program /bin/true two
	want_has "after the advice" "$out" '"/bin/true"'
	mkdir -p exported
	want_hw 0 policy export --to cdi -p two.yaml two
	want_hw 0 explain -p two.yaml b
	want_has explain "$out" "usable"
	cp two.yaml policies/
	says 2 policy export --to oci-hooks -p policies two mark
	want_hw 0 policy export --to oci-hooks -p policies --output exported two mark
	want_ok test -s exported/mark.json
	want_hw 0 apply -n -p /dev/null --hooks-dir exported b
	rm policies/two.yaml
}
prove "policy export" exporting "name the target: --to oci-hooks or --to cdi" "--to takes oci-hooks or cdi" \
	"give --rootfs with an image where it is meant to run, or select another with --program" \
	"put it there as well, or use CDI or hookwright itself" "'hookwright explain' checks a given container" \
	"a hooks.d file contains one hook: name a directory for several with --output"

programs() {
	edit '.hooks.startContainer = [{ path: "/bin/busybox", args: ["nonesuch"], env: ["PATH=/bin"] }]'
	says 1 lint e
	e/rootfs/bin/busybox --list | grep -qx true || complain "busybox does not list true"
	edit_config e '.hooks.startContainer[0].args = ["true"]'
	without HW 0 lint e
	printf '#!/bin/sh -e -u\ntrue\n' >e/rootfs/bin/script
	chmod 755 e/rootfs/bin/script
	edit_config e '.hooks.startContainer[0] |= { path: "/bin/script", args: ["script"], env }'
	hw lint e
	see "$out"
	printf '#!/bin/sh -eu\ntrue\n' >e/rootfs/bin/script
	without HW 0 lint e
}
prove "programs" programs "name one that 'busybox --list' prints" "write the options as one word, such as '-eu'"

# ---- doctor ----

# dies CAUSE: what doctor says of a message with that cause
dies() {
	awk -v cause="$1" '/^== /{ if (hit) exit; text = ""; hit = 0 }
		/^text: /{ text = text substr($0, 7) "\n" } /^causes?: /{ hit = hit || $2 == cause }
		END { if (hit) printf "%s", text }' "$top/tests/data/doctor/cases" >"$work/message"
	[ -s "$work/message" ] || complain "no message has cause $1"
	says 0 doctor "$work/message"
}

refused_by_wrapper() {
	local id=hw-$$-refused
	printf 'version: 1
runtime: runc
' >wrapper.yaml
	policy refuses.yaml 'needs: { uid: 7 }' 'hook: { path: /bin/true }'
	wrapped refuses.yaml
	hw doctor "$work/message"
	see "$out"
	want_hw 1 explain -p refuses.yaml b
	want_has explain "$out" "container refused"
	policy refuses.yaml 'needs: { uid: 7 }' 'hook: { path: /bin/true }' 'otherwise: warn'
	without refused 0 apply -n -p refuses.yaml b
	! works runc || want_hw 0 runtime --hookwright-config=wrapper.yaml --hookwright-policy=refuses.yaml \
		--root "$work/run-runc" run -b b "$id"
	edit '.annotations."io.hookwright.policies" = "mork"'
	"$HOOKWRIGHT" runtime --hookwright-config=wrapper.yaml --hookwright-policy=policies create -b e "$id" \
		>"$work/message" 2>&1 < <(nothing) && complain "it was not refused"
	hw doctor "$work/message"
	see "$out"
	want_hw 0 policy list -p policies
	want_has list "$out" mark
	edit_config e '.annotations."io.hookwright.policies" = "mark"'
	without refused 0 apply -n -p policies e
}
wrapped() {
	"$HOOKWRIGHT" runtime --hookwright-config=wrapper.yaml --hookwright-policy="$1" create -b b x \
		>"$work/message" 2>&1 < <(nothing) && complain "it was not refused"
}
prove "doctor: hookwright's own refusals" refused_by_wrapper \
	"see 'hookwright explain BUNDLE'; 'otherwise: warn' starts the container without the hook" \
	"correct the name; 'hookwright policy list' lists the policies"

bundles_of_doctor() {
	edit '.hooks.startContainer = [{ path: "/bin/nope", args: ["nope"], env: ["PATH=/bin"] }]'
	echo 'error running hook #0: fork/exec /bin/nope: no such file or directory' >"$work/message"
	says 0 doctor "$work/message"
	want_hw 0 doctor --bundle e "$work/message"
	want_has "with the bundle" "$out" "e/config.json"
	says 1 doctor b
	want_hw 0 lint b
	echo "runc: the moon is full" >"$work/message"
	says 1 doctor "$work/message"
	want_hw 0 doctor --bundle e
	echo '{ "ociVersion": "1.0.2", }' >e/config.json
	dies not-json
	says 1 lint e
	want_has "the place" "$out" "e/config.json:1:"
	edit '.hooks.startContainer = [{ path: "/bin/nope", args: ["nope"], env: ["PATH=/bin"] }] |
		.mounts += [{ destination: "/x", type: "bind", source: "/no/such", options: ["bind"] }]'
	echo 'error running hook #0: fork/exec /bin/nope: no such file or directory' >"$work/message"
	hw doctor --bundle e "$work/message"
	see "$out"
	want_hw 1 lint e
	mv e/rootfs there && mkdir e/rootfs
	hw doctor --bundle e "$work/message"
	see "$out"
	hw doctor --bundle e --rootfs there "$work/message"
	want_lacks "after the advice" "$out" "is empty or missing here"
	rm -r there
}
prove "doctor: the bundle" bundles_of_doctor "name the bundle to check these: 'hookwright doctor --bundle DIR'" \
	"'hookwright lint' also reports warnings; is it the bundle that died" \
	"check the bundle with 'hookwright doctor --bundle DIR'" \
	"correct the syntax; 'hookwright lint' shows the place" "then repeat this with --rootfs DIR" \
	"see 'hookwright lint "

made() { # RUNTIME ID; what it prints is no pipe, which the container would keep open
	"$1" --root "$work/run-$1" create --bundle e "$2" >"$work/said" 2>&1 < <(nothing) ||
		complain "$1 create: $(cat "$work/said")"
}
# Both runtimes of this host, as the hints write the command.
by_hand() {
	local runtime id=hw-$$-twice said
	echo "runc: the moon is full" >"$work/message"
	says 1 doctor "$work/message"
	dies id-used
	dies config-unreadable
	hw doctor -v "$work/message"
	see "$out"
	for runtime in runc crun; do
		works "$runtime" || continue
		containers+=("$runtime:test")
		edit '.process.args = ["/bin/echo", "it ran"]'
		said=$(nothing | "$runtime" --debug --root "$work/run-$runtime" run --bundle e test 2>&1)
		want_has "$runtime --debug run --bundle DIR test" "$said" "it ran"
		edit '.process.args = ["/bin/sleep", "60"]'
		containers+=("$runtime:$id")
		made "$runtime" "$id"
		"$runtime" --root "$work/run-$runtime" create --bundle e "$id" >"$work/message" 2>&1 < <(nothing)
		says 0 doctor "$work/message"
		want_ok "$runtime" --root "$work/run-$runtime" delete --force "$id"
		made "$runtime" "$id"
		"$runtime" --root "$work/run-$runtime" delete --force "$id"
		(cd nothing && "$runtime" --root "$work/run-$runtime" create x) >"$work/message" 2>&1 < <(nothing)
		says 0 doctor "$work/message"
	done
}
mkdir -p nothing
prove "doctor: by hand, with a runtime" by_hand "'runc --debug run --bundle DIR test'" \
	"delete it with the runtime: 'RUNTIME delete --force ID', with the same --root" \
	"BUNDLE is the current directory unless --bundle names another"

piped() {
	hw doctor -
	see "$out"
	echo 'error running hook #0: fork/exec /bin/nope: no such file or directory' |
		"$HOOKWRIGHT" doctor >"$work/said" || complain "$(cat "$work/said")"
	# At a terminal that nobody types into.
	timeout 20 /usr/bin/python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$HOOKWRIGHT" doctor \
		>"$work/said" 2>&1 < <(sleep 3)
	see "$(tr -d '\r' <"$work/said")"
}
prove "doctor: a pipe" piped "such as that of 'podman logs NAME'. An empty line ends it"

# ---- setup and the front, with fakes of the engines; tests/engines has the real ones ----

mkdir -p fakes bin
cp "$HOOKWRIGHT" bin/hookwright
for each in podman docker; do
	printf '#!/bin/sh\n[ "$1" != --version ] || { echo "%s version ${FAKE_VERSION-28.0.0}"; exit; }\nprintf "[%%s]" "$@"\necho\n' \
		$each >fakes/$each
	chmod 755 fakes/$each
done
export XDG_CONFIG_HOME=$work/xdg
mkdir -p "$work/xdg/hookwright/policies.d"
chmod -R go+rX "$work"
cp policies/mark.yaml "$work/xdg/hookwright/policies.d/"
as_user=()
[ "$(id -u)" != 0 ] || as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# here STATUS COMMAND...: as a user whose policies are in XDG_CONFIG_HOME, with the engines of fakes
here() {
	local wanted=$1
	shift
	said=$("${as_user[@]}" env "PATH=$PWD/fakes:$PATH" "$@" 2>&1 < <(nothing))
	status=$?
	[ "$status" = "$wanted" ] || complain "status $status instead of $wanted of: $*"$'\n'"$said"
	see "$said"
}

installing() {
	local to=$work/installed/usr/local/bin
	here 3 bin/hookwright podman run --oci-hook mark IMAGE
	here 0 bin/hookwright setup docker
	here 1 bin/hookwright setup --check podman
	# shellcheck disable=SC2086 # words
	want_ok env -C "$top" ${HW_MAKE:-make} -s install "DESTDIR=$work/installed"
	chmod -R go+rX "$work/installed"
	here 0 "$to/hookwright" podman run --oci-hook mark IMAGE
	want_has "what podman is given" "$said" "[$to/hookwright-runtime]"
	here 0 "$to/hookwright" setup docker
	want_lacks "after the advice" "$said" "does not exist"
	here 1 "$to/hookwright" setup --check podman
	want_has "after the advice" "$said" "ok  hookwright"
	mkdir -p "odd dir" && cp "$to"/* "odd dir/"
	chmod -R go+rX "odd dir"
	here 3 "odd dir/hookwright" setup docker
	mkdir -p plain-dir_1.0+x && cp -a "$to"/* plain-dir_1.0+x/
	here 0 plain-dir_1.0+x/hookwright setup docker
}
prove "make install, where it is missing" installing "'make install' creates the links" "'make install' creates it" \
	"make install" "install it at a path of letters, digits and '._+-' only"

fronts() {
	local front=$work/installed/usr/local/bin/hookwright
	here 2 "$front" podman run --oci-hook
	here 0 "$front" policy list
	want_has list "$said" mark
	here 0 "$front" podman run --oci-hook mark IMAGE
	here 2 "$front" podman run --oci-hook mark --runtime /usr/bin/other IMAGE
	want_has "the path" "$said" "'runtimes: { NAME: /usr/bin/other }'"
	printf 'version: 1\nruntimes: { NAME: /usr/bin/other }\n' >"$work/xdg/hookwright/config.yaml"
	chmod go+r "$work/xdg/hookwright/config.yaml"
	here 0 "$front" podman run --oci-hook mark --runtime NAME IMAGE
	rm "$work/xdg/hookwright/config.yaml"
	here 0 "$front" podman run --oci-hook mark -it --annotation io.hookwright.policies=x IMAGE
	here 0 "$front" podman run --oci-hook mark --annotation io.hookwright.policies=x --unknown x IMAGE
	here 2 "$front" podman run --oci-hook mark --unknown x --annotation io.hookwright.policies=x IMAGE
	here 0 "$front" podman run --oci-hook mark -it -- IMAGE --annotation io.hookwright.policies=x
	want_has "the container's own words" "$said" "[--][IMAGE][--annotation][io.hookwright.policies=x]"
	here 2 env FAKE_VERSION=20.10.24 "$front" docker run --oci-hook mark IMAGE
	here 0 "$front" setup docker
	want_has "a runtime for a policy" "$said" "--hookwright-request="
}
prove "hookwright podman, docker" fronts "--oci-hook NAME names a policy, see 'hookwright policy list'" \
	"hint: omit --runtime, or add 'runtimes: { NAME: " "to /etc/hookwright/config.yaml and use --runtime NAME" \
	"put it directly after --oci-hook; if it belongs to the container, write '--' before the image" \
	"for older versions register a runtime for each policy, as 'hookwright setup docker' shows"

setting_up() {
	local hookwright=$work/installed/usr/local/bin/hookwright
	here 2 "$hookwright" setup buildkit --form x
	here 0 "$hookwright" setup buildkit
	here 2 "$hookwright" setup podman --form x
	here 0 "$hookwright" setup podman --form quadlet
	here 2 "$hookwright" setup podman --check --form conf
	here 2 "$hookwright" setup podman --json
	here 0 "$hookwright" setup --json
	here 1 "$hookwright" setup podman --check --json
	echo 'broken' >"$work/xdg/hookwright/policies.d/broken.yaml"
	chmod go+r "$work/xdg/hookwright/policies.d/broken.yaml"
	here 1 "$hookwright" setup --check podman
	here 1 "$hookwright" policy check
	want_has "what is broken" "$said" broken.yaml
	rm "$work/xdg/hookwright/policies.d/broken.yaml"
}
prove "setup" setting_up "has only one snippet and does not support --form" " must be one of " \
	"--check and --form exclude each other" "--json needs --check, or no engine: the snippet is not JSON" \
	"hookwright policy check"

# ---- who runs it ----

rights() {
	local front=$work/installed/usr/local/bin/hookwright
	edit '.process.user = { uid: 1000, gid: 0 } | del(.process.capabilities) | .hooks.startContainer =
		[("one", "two") | { path: "/h/\(.)", args: [.], env: ["A=b"] }]'
	mkdir e/rootfs/h
	for each in one two; do cp e/rootfs/bin/busybox "e/rootfs/h/$each"; done
	chmod -R go=rX,u=rwX e
	chmod 744 e/rootfs/h/*
	here 3 "$front" lint e
	hw lint e
	want_lacks "after the advice" "$out" "run hookwright as root"
	# Its owner is the container's root, which is not the one who inspects it.
	chown -R 100000:100000 e/rootfs/h && chmod 700 e/rootfs/h
	edit_config e '.process.user = { uid: 0, gid: 0 } | .linux.namespaces += [{ type: "user" }] |
		.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] |
		.linux.gidMappings = .linux.uidMappings'
	here 3 "$front" lint e
	hw lint e
	want_lacks "after the advice" "$out" "run hookwright as a user"
}
if [ "$(id -u)" = 0 ]; then
	prove "whose rights hookwright has" rights "run hookwright as a user who can read it" \
		"run hookwright as root, outside of a user namespace"
else
	skip "whose rights hookwright has" "needs root"
fi

every_hint() {
	want_ok "$top/tests/e2e/advice.py" "$top"
}
check "every hint that names a command or an option is executed" every_hint
done_testing
