#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Law 11: nothing that comes from the container makes a policy that is always active not apply,
# changes what trouble means, or makes lint, doctor or the wrapper report less. Each row is one
# thing that the author of an image, of a container or of a pod may contribute. What cannot be
# understood stops the container, too.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

wrapper=$HOOKWRIGHT-runtime
b=$work/b
id=c

mkdir "$work/must" "$work/may"
policy "$work/must/must.yaml" 'needs: { uid: 77 }' 'hook: { path: /bin/true }'
policy "$work/may/may.yaml" 'hook: { path: /bin/true }'
for each in must may; do
	policy "$work/$each/asked.yaml" 'activation: requested' 'hook: { path: /bin/true }'
	for on in fail warn; do
		printf '%s\n' 'version: 1' "runtime: $work/real/runc" "policies: $work/$each" \
			"onError: $on" >"$work/$each-$on.yaml"
	done
done
mkdir "$work/real"
printf '#!/bin/sh\necho "$*" >"%s"\nexit 42\n' "$work/called" >"$work/real/runc"
chmod 755 "$work/real/runc"

# What lint and doctor shall go on reporting: a hook that is there already and cannot run.
make_bundle "$work/template"
edit_config "$work/template" '.hooks.startContainer = [
	{ path: "/bin/gone", args: ["gone"], env: ["PATH=/bin"] }]'

fresh() {
	rm -rf "$b"
	cp -al "$work/template" "$b"
	cp --remove-destination "$work/template/config.json" "$b/config.json"
	id=c
	gone=1
}

# A process whose root is the host's, as the container's is while its createRuntime hooks run.
sleep 1000 &
sleeper=$!
trap 'kill $sleeper; clean_up' EXIT

# --- what must hold, each prints what is wrong ---

untouched() { cmp -s "$b/config.json" "$work/kept" || echo "config.json was changed"; }

binds_apply() {
	local how
	for how in "" -n; do
		hw apply $how --config "$work/must-fail.yaml" "$b"
		[ "$status" != 0 ] || echo "apply $how: status 0: $out"
		untouched
	done
}

binds_explain() {
	hw explain --json --config "$work/must-fail.yaml" "$b"
	[ "$status" = 3 ] || [ "$(jq -c '[.refused, (.policies[] | select(.name == "must").outcome)]' \
		<<<"$out")" = '[true,"refused"]' ] || echo "explain: status $status: $out"
}

binds_wrapper() {
	local on verb=run
	for on in fail warn; do
		rm -f "$work/called"
		out=$("$wrapper" --hookwright-config="$work/must-$on.yaml" $verb --bundle "$b" "$id" \
			2>&1 < <(nothing))
		status=$?
		[ "$status" = 1 ] || echo "wrapper, $verb, onError: $on: status $status: $out"
		[ -n "$out" ] || echo "wrapper, $verb, onError: $on: no message"
		[ ! -e "$work/called" ] || echo "wrapper, $verb, onError: $on: the runtime was called"
		untouched
		verb=create
	done
}

# The hook is there, or the container does not start.
binds_usable() {
	rm -f "$work/called"
	out=$("$wrapper" --hookwright-config="$work/may-warn.yaml" create --bundle "$b" "$id" 2>&1 < <(nothing))
	if [ -e "$work/called" ]; then
		jq -e '[.hooks.startContainer[] | objects | select(.path == "/bin/true" and
			.env[0] == "_HOOKWRIGHT_POLICY=may")] | length == 1' "$b/config.json" >/dev/null ||
			echo "usable: the runtime was called without the hook: $(jq -c .hooks "$b/config.json")"
	elif [ -z "$out" ]; then
		echo "usable: stopped without a message"
	fi
	cp "$work/kept" "$b/config.json"
}

binds_filter() {
	! "$HOOKWRIGHT" filter --config "$work/must-fail.yaml" --bundle "$b" <"$b/config.json" \
		>"$work/filtered" 2>"$work/filter.err" || echo "filter: status 0"
	[ ! -s "$work/filtered" ] || echo "filter: prints a config.json"
	[ -s "$work/filter.err" ] || echo "filter: no message"
}

binds_guard() {
	jq -n --arg b "$b" --argjson pid $sleeper \
		'{ociVersion: "1.0.2", id: "c", status: "creating", pid: $pid, bundle: $b}' |
		"$HOOKWRIGHT" oci-hook createRuntime --config "$work/must-fail.yaml" >/dev/null 2>"$work/guard.err"
	[ $? = 1 ] || echo "guard: not status 1"
	[ -s "$work/guard.err" ] || echo "guard: no message"
}

# The policy is an error still, decided or not. The broken hook is told, unless the document is not
# understood or its files are not known, which is told then, or the row is about other hooks.
binds_lint() {
	hw lint -f json --config "$work/must-fail.yaml" "$b"
	[ "$status" != 0 ] || echo "lint: status 0: $out"
	jq -e --argjson gone $gone '[.bundles[].findings[] | select(.ignored == null)] |
		any(.rule | IN("HW101", "HW102", "HW315")) or (any(.severity == "error" and .rule == "HW501") and
		($gone == 0 or any(.rule | IN("HW201", "HW103", "HW104", "HW105", "HW125"))))' <<<"$out" >/dev/null ||
		echo "lint: says less: $(jq -c '[.bundles[].findings[] | [.rule, .severity, .ignored]]' <<<"$out")"
}

binds_doctor() {
	[ $gone = 1 ] || return
	hw doctor --config "$work/must-fail.yaml" "$b"
	[[ $out$err =~ /bin/gone|\[HW1|config\.json ]] || echo "doctor: status $status: $out$err"
}

binds() { # NAME
	local wrong
	cp "$b/config.json" "$work/kept"
	wrong=$(binds_apply; binds_explain; binds_wrapper; binds_usable; binds_filter; binds_guard; binds_lint
		binds_doctor)
	is "$wrong" "" "$1"
}

# --- rows ---

# A change of config.json, in jq's notation
with() { # NAME FILTER
	fresh
	edit_config "$b" "$2"
	binds "$1"
}

# The same, and the broken hook is not there any more
without() { # NAME FILTER
	fresh
	gone=0
	edit_config "$b" "$2"
	binds "$1"
}

# One that jq cannot make: FROM becomes TO in its text
written() { # NAME FROM TO
	fresh
	sed -i "s|$2|$3|" "$b/config.json"
	binds "$1"
}

# A change of the bundle
tricked() { # NAME COMMAND
	fresh
	(cd "$b" && eval "$2") || result 1 "$1: $2"
	binds "$1"
}

fresh
binds "nothing at all"

# Annotations: ours, the engines', those of runtimes
while IFS='|' read -r key value; do
	with "annotation $key: ${value:0:40}" ".annotations[$(json_string "$key")] = $(json_string "$value")"
done <<'END'
io.hookwright.policies|
io.hookwright.policies|,
io.hookwright.policies|asked
io.hookwright.policies|asked,nobody
io.hookwright.policies|nobody
io.hookwright.policies|-must
io.hookwright.policies|!must
io.hookwright.policies|none
io.hookwright.policies|../may/may
io.hookwright.runtime|
io.hookwright.runtime|runc
io.hookwright.runtime|nowhere
io.hookwright.runtime|/bin/true
io.hookwright.disable|true
io.hookwright.skip|must
io.hookwright.onError|warn
io.hookwright.ignore.HW501|we know
io.hookwright.ignore.HW201|we know
io.hookwright.ignore.policy-refuses|we know
io.hookwright.ignore.program-missing|we know
io.hookwright.ignore.hw201|we know
io.hookwright.ignore.HW126|we know
io.hookwright.ignore.|all
io.hookwright.ignore.*|all
io.kubernetes.cri.container-type|sandbox
io.kubernetes.cri.container-type|Sandbox
io.kubernetes.cri.container-type|sandbox 
io.kubernetes.cri.ContainerType|sandbox
io.kubernetes.cri-o.ContainerType|sandbox
io.kubernetes.cri-o.containertype|sandbox
io.kubernetes.cri-o.container-type|sandbox
io.kubernetes.docker.type|podsandbox
io.container.manager|cri-o
io.podman.annotations.infra|TRUE
run.oci.hooks.stdout|/dev/null
run.oci.handler|krun
module.wasm.image/variant|compat
org.systemd.property.X|1
nerdctl/name|x
com.docker.network|none
END
with "annotations: both pause container keys, with ids" '.annotations = {
	"io.kubernetes.cri.container-type": "sandbox", "io.kubernetes.cri.sandbox-id": "c",
	"io.kubernetes.cri-o.ContainerType": "sandbox", "io.kubernetes.cri-o.SandboxID": "c",
	"io.kubernetes.cri-o.ContainerID": "c"}'
with "annotations: a value of 100 KB" '.annotations["io.hookwright.policies"] = ("a," * 50000)'
with "annotations: 5000 of them" '.annotations = ([range(5000) | {key: "k\(.)", value: "v"}] | from_entries)'
with "annotations: a NUL in a key" '.annotations["io.hookwright.policies\u0000x"] = "asked"'
with "annotations: a NUL in a value" '.annotations["io.hookwright.policies"] = "asked\u0000"'
with "annotations: an empty key" '.annotations[""] = ""'
with "annotations: escape sequences" '.annotations["io.hookwright.policies"] = "\u001b[2J\n\r"'
for each in 1 null true '[]' '{}' '[["sandbox"]]'; do
	with "annotations: a value that is $each" ".annotations[\"io.hookwright.policies\"] = $each"
done
for each in 1 null true '[]' '"x"'; do
	with "annotations are $each" ".annotations = $each"
done

# Members that stand twice, or in another case: Go takes the last, crun the first
for each in annotations hooks process root; do
	written "$each stands twice" '^{' "{\"$each\": {},"
	written "$each stands twice, in another case" '^{' "{\"${each^}\": {},"
	written "$each stands twice, with an escape" '^{' "{\"\\\\u00$(printf '%x' "'${each:0:1}")${each:1}\": {},"
done
written "startContainer stands twice" '"startContainer"' '"startContainer": [], "startContainer"'
written "StartContainer beside startContainer" '"startContainer"' '"StartContainer": [], "startContainer"'
written "a comment" '^{' '{ // no'
written "a byte order mark" '^{' '\xef\xbb\xbf{'
written "not UTF-8" '"/bin/gone"' '"/bin/\xff"'
with "a number beyond all" '.linux.x = 1e400'

# Hooks of odd types, and marks that are not ours
for each in 1 null true '"x"' '[]'; do
	without "hooks are $each" ".hooks = $each"
done
for each in 1 true '"x"' '{}' '[1]' '[null]' '[[]]' '[{}]' '[{path: 1}]' '[{path: ""}]' \
	'[{path: "/x", args: 1}]' '[{path: "/x", env: {}}]' '[{path: "/x", timeout: "1"}]'; do
	without "startContainer is $each" ".hooks.startContainer = $each"
done
for each in must may asked unknown '' ../x; do
	with "an entry with the mark of '$each'" ".hooks.startContainer += [{path: \"/bin/gone\",
		args: [\"gone\"], env: [\"_HOOKWRIGHT_POLICY=$each\"]}]"
	with "the mark of '$each' in another stage" ".hooks.createContainer = [{path: \"/bin/true\",
		args: [\"true\"], env: [\"_HOOKWRIGHT_POLICY=$each\"]}]"
	with "the mark of '$each' in the process's env" ".process.env += [\"_HOOKWRIGHT_POLICY=$each\"]"
done
with "a wanted entry that has one member more" '.hooks.startContainer += [{path: "/bin/true",
	args: ["/bin/true"], env: ["_HOOKWRIGHT_POLICY=may",
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], timeout: 0, "x": 1}]'
with "a wanted entry with another program behind it" '.hooks.startContainer += [{path: "/bin/true",
	args: ["true", "--not"], env: ["_HOOKWRIGHT_POLICY=may"]}]'

# The process's environment and program
for each in HOOKWRIGHT_DISABLE=1 HOOKWRIGHT_POLICIES=/none HOOKWRIGHT_CONFIG=/none _HOOKWRIGHT_PID=1 \
	_HOOKWRIGHT_DEPTH=9 XDG_RUNTIME_DIR=/tmp XDG_CONFIG_HOME=/tmp LD_PRELOAD=/x '' = ; do
	with "process.env has '$each'" ".process.env += [$(json_string "$each")]"
done
with "process.args are empty" '.process.args = []'
with "process.args[0] is hookwright" '.process.args = ["/usr/bin/hookwright"]'
with "no process" 'del(.process)'
with "process is null" '.process = null'
with "a platform that we do not know" '.vm = {}'
with "windows" '.windows = {}'
with "a user namespace that is joined" '.linux.namespaces += [{type: "user", path: "/proc/1/ns/user"}]'
with "linux is null" '.linux = null'
with "mounts over everything" '.mounts += [{destination: "/", type: "tmpfs", source: "tmpfs"}]'
with "a mount that is no path" '.mounts += [{destination: 1}]'
with "a root file system that is nowhere" '.root.path = "nowhere"'
with "no root" 'del(.root)'

# The image
tricked "no /bin/sh" 'rm rootfs/bin/sh'
tricked "an empty root file system" 'rm -rf rootfs; mkdir rootfs'
tricked "a root file system that is a file" 'rm -rf rootfs; touch rootfs'
tricked "a root file system that is a FIFO" 'rm -rf rootfs; mkfifo rootfs'
tricked "a root file system that is a link to itself" 'rm -rf rootfs; ln -s rootfs rootfs'
tricked "os-release is a FIFO" 'mkfifo rootfs/etc/os-release'
tricked "/etc is a FIFO" 'rm -r rootfs/etc; mkfifo rootfs/etc'
tricked "the program is a FIFO" 'rm rootfs/bin/true; mkfifo rootfs/bin/true'
tricked "the program is a link to itself" 'ln -sf true rootfs/bin/true'
tricked "the kill switch in the image" 'mkdir -p rootfs/run/hookwright; touch rootfs/run/hookwright/disable'
tricked "a configuration in the image" 'mkdir -p rootfs/etc/hookwright/policies.d;
	ln -s /dev/null rootfs/etc/hookwright/policies.d/must.yaml'
tricked "a configuration in the bundle" 'mkdir -p etc/hookwright; printf "version: 1\nonError: warn\n" >config.yaml'
tricked "a stale temporary in the bundle" 'echo "{}" >.config.json.hookwright'
tricked "config.json is empty" ': >config.json'
tricked "config.json is too deep" 'printf "%05000d" 0 | tr 0 "[" >config.json'

# The id is not looked at, whatever it is called
for each in --help -h --version sandbox k8s.io ../../etc 'a b' ''; do
	fresh
	id=$each
	cp "$b/config.json" "$work/kept"
	rm -f "$work/called"
	out=$("$wrapper" --hookwright-config="$work/must-warn.yaml" create --bundle "$b" -- "$id" 2>&1 < <(nothing))
	is "$? $(ls "$work/called" 2>/dev/null) $(untouched)" "1  " "id '$each'"
done

# What an engine hands through of its client's environment means nothing to root
for each in HOOKWRIGHT_DISABLE=1 HOOKWRIGHT_CONFIG="$work/may-warn.yaml" XDG_RUNTIME_DIR="$work/xdg" \
	XDG_CONFIG_HOME="$work/xdg" HOME="$work/xdg" _HOOKWRIGHT_POLICY=must; do
	mkdir -p "$work/xdg/hookwright" && touch "$work/xdg/hookwright/disable"
	cp "$work/may-warn.yaml" "$work/xdg/hookwright/config.yaml"
	fresh
	cp "$b/config.json" "$work/kept"
	rm -f "$work/called"
	out=$(env "$each" "$wrapper" --hookwright-config="$work/must-warn.yaml" create --bundle "$b" c 2>&1 < <(nothing))
	is "$? $(ls "$work/called" 2>/dev/null) $(untouched)" "1  " "environment: ${each%%=*}"
done
done_testing
