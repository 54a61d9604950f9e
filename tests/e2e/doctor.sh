#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Containers that really die, and what 'hookwright doctor' says of what the runtime printed. Wordings
# of versions that are not here are in tests/unit/test-symptom.c.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

# doctor STATUS ARG...: with $pasted on standard input; sets out and err
doctor() {
	local wanted=$1
	shift
	"$HOOKWRIGHT" doctor "$@" <<<"$pasted" >"$work/hw.out" 2>"$work/hw.err"
	status=$?
	out=$(cat "$work/hw.out")
	err=$(cat "$work/hw.err")
	[ "$status" = "$wanted" ] ||
		complain "status $status instead of $wanted of: doctor $* <<<"$'\n'"$pasted"$'\n'"$out"$'\n'"$err"
}

# ---- a terminal ----

# Doctor on a terminal into which TEXT is typed; sets out and status
type_in() { # TEXT ARG...
	timeout 20 /usr/bin/python3 "$top/tests/e2e/progress.py" "type:$1" "$HOOKWRIGHT" doctor "${@:2}" \
		>"$work/terminal.out" || complain "doctor did not end: $1"
	out=$(sed '$d' "$work/terminal.out")
	status=$(tail -n 1 "$work/terminal.out" | jq .status)
}

on_terminal() {
	local message='exec user process caused: no such file or directory'
	type_in $'\nfirst line\n\n'"$message"$'\n\n'
	want "an empty line ends it, but none that is in the paste" \
		"$(tail -n 1 "$work/terminal.out" | jq -r '.raw | contains("An empty line ends it")')" true
	want status "$status" 0
	type_in $'nothing known\n\n'
	want "status of an unknown message" "$status" 1
	type_in $'\x04'
	want "status of nothing" "$status" 1
}
check "on a terminal a paste is read until an empty line" on_terminal

# ---- real deaths ----

first='.messages[0] | "\($row == "-" or (.rows | index($row) != null)) \(.causes[0].verdict) \(.causes[0].id)"'

# The first message must fit ROW; with the bundle the first cause is CAUSE; without it CAUSE is among
# the causes, and nothing is claimed.
expect_diagnosis() { # ROW VERDICT CAUSE
	doctor 0 --json -b "$work/b" -
	want "with the bundle, of: $pasted" "$(jq -r --arg row "$1" "$first" <<<"$out")" "true $2 $3"
	# What the bundle proves names the place.
	[ "$2" != confirmed ] || want "a finding" "$(jq '.messages[0].causes[0].findings[0].message | length > 9' <<<"$out")" true
	doctor 0 --json
	want "without the bundle" "$(jq -r --arg row "$1" --arg cause "$3" '.messages[0] |
		"\($row == "-" or (.rows | index($row) != null)) \([.causes[] | select(.id == $cause)] | length) \([.causes[].verdict] | unique | join(" "))"' \
		<<<"$out")" "true 1 open"
}

prepare() { # FILTER [COMMANDS]
	rm -rf "$work/b"
	mkdir "$work/b"
	cp -al "$work/template" "$work/b/rootfs"
	config_json "$work/b" /bin/echo MAIN-RAN
	jq "$1" "$work/b/config.json" >"$work/edited.json" && cp "$work/edited.json" "$work/b/config.json"
	[ $# -eq 1 ] || (cd "$work/b" && eval "$2") || complain "cannot prepare: $2"
}

dies_of() { # RUNTIME ROW VERDICT CAUSE
	local try
	for try in 1 2 3 4; do
		run_container "$1" "$work/b"
		[[ $1 = crun && $2 != crun-epipe && $out == *"writing to pipe: Broken pipe"* ]] || break
	done
	[[ $out != *MAIN-RAN* ]] || complain "$1 ran the container: $out"
	pasted=$out
	expect_diagnosis "$2" "$3" "$4"
}

# dies RUNTIME ROW VERDICT CAUSE FILTER [COMMANDS]: a container of the bundle that FILTER and COMMANDS
# make dies so
dies() {
	chosen "$1: $2: $3 $4" || return 0
	works "$1" || { skip "$1: $2: $4" "$why" && return; }
	complaints=
	prepare "${@:5}"
	dies_of "${@:1:4}"
	[ -z "$complaints" ]
	result $? "$1: $2: $3 $4" "${complaints%$'\n'}"
}

busybox_rootfs "$work/template"
hook() { printf '.hooks.startContainer=[%s]' "$1"; }
script() { printf 'mkdir rootfs/opt; printf "%%b" %q >rootfs/opt/x.sh; chmod %s rootfs/opt/x.sh' "$1" "${2:-755}"; }
sh_hook() { hook '{path:"/bin/sh",args:["sh","-c",'"$(json_string "cat >/dev/null; $1")"']}'; }
denies() { # ACTION CALL...
	printf '%s | .linux.seccomp={defaultAction:"SCMP_ACT_ALLOW",syscalls:[{names:[%s],action:"%s"}]}' \
		"$(hook '{path:"/bin/cat"}')" "$(json_strings "${@:2}")" "$1"
}
x=$(hook '{path:"/opt/x.sh"}') cat=$(hook '{path:"/bin/cat"}')
user='.process.user={uid:1000,gid:1000} | .process.capabilities={}'

# path and file
dies runc go-exec confirmed program-missing "$x"
dies crun crun confirmed program-missing "$x"
dies runc go-exec confirmed interpreter-missing "$x" "$(script '#!/bin/bash\n')"
dies crun crun confirmed interpreter-missing "$x" "$(script '#!/bin/bash\n')"
dies runc go-exec confirmed interpreter-missing "$x" "$(script '#!/bin/sh\r\n')"
dies runc go-exec confirmed not-executable "$x" "$(script '#!/bin/sh\n' 644)"
dies crun crun confirmed not-executable "$x" "$(script '#!/bin/sh\n' 644)"
dies runc go-exec confirmed unreachable "$x | $user" "$(script '#!/bin/sh\n'); chmod 700 rootfs/opt"
dies crun crun confirmed unreachable "$x | $user" "$(script '#!/bin/sh\n'); chmod 700 rootfs/opt"
dies runc go-exec confirmed not-a-file "$(hook '{path:"/bin"}')"
dies runc go-exec confirmed noexec "$x"' | .mounts+=[{destination:"/opt",type:"bind",source:"opt",options:["bind","noexec"]}]' \
	"$(script '#!/bin/sh\n'); mv rootfs/opt .; mkdir rootfs/opt"
dies runc go-exec confirmed path-broken "$(hook '{path:"/bin/sh/x"}')"
dies runc go-exec confirmed path-broken "$(hook '{path:"/loop"}')" 'ln -s loop rootfs/loop'
dies runc go-exec confirmed not-a-program "$x" "$(script 'exit 3\n')"
dies crun crun possible not-a-program "$x" "$(script 'exit 3\n')"
dies crun crun possible not-a-program "$x" "$(script 'no-such-command\n')"
dies runc go-no-command confirmed path-missing "$(hook '{args:["x"]}')"
dies crun crun-hook-path confirmed path-missing "$(hook '{args:["x"]}')"
dies runc go-exec confirmed string-invalid "$(hook '{path:"/bin/cat"}')" \
	'sed -i "s,/bin/cat,/bin/c\\\\u0000t," config.json'
dies crun crun confirmed unreachable "$(hook '{path:"/bin/sh/x"}')"

# what the program does
dies runc go-status open own-failure "$(sh_hook 'echo "an \"error\"" >&2; exit 7')"
dies crun crun open own-failure "$(sh_hook 'exit 7')"
dies runc said-not-found open command-missing "$(sh_hook 'no-such-command')"
dies crun crun open command-missing "$(sh_hook 'exit 127')"
dies runc go-status open command-unusable "$(sh_hook 'exit 126')"
dies crun crun open command-unusable "$(sh_hook 'exit 126')"
dies runc go-signal open crashed "$(sh_hook 'kill -SEGV $$')"
dies crun crun open crashed "$(sh_hook 'kill -SEGV $$')"
dies runc go-signal open killed "$(sh_hook 'kill -KILL $$')"
dies crun crun open killed "$(sh_hook 'kill -KILL $$')"
dies runc go-signal open seccomp-own "$(sh_hook 'kill -SYS $$')"
dies crun crun open seccomp-own "$(sh_hook 'kill -SYS $$')"
dies runc go-signal open crashed "$(sh_hook 'kill -ABRT $$')"
dies crun crun open crashed "$(sh_hook 'kill -PIPE $$')"
dies runc said-script confirmed script-unreadable "$x | $user" "$(script '#!/bin/sh\n' 711)"
dies crun crun confirmed script-unreadable "$x | $user" "$(script '#!/bin/sh\n' 711)"
dies runc said-applet confirmed argv0 "$(hook '{path:"/bin/busybox",args:["nonsense"]}')"
dies runc said-read-only open cannot-write "$(sh_hook 'echo >/file')"' | .root.readonly=true'
dies runc runc-timeout open timeout-short "$(hook '{path:"/bin/sleep",args:["sleep","5"],timeout:1}')"
dies crun crun-timeout open timeout-short "$(hook '{path:"/bin/sleep",args:["sleep","5"],timeout:1}')"
dies runc runc-timeout-0 confirmed timeout-invalid "$(hook '{path:"/bin/cat",timeout:0}')"
dies runc runc-timeout-less confirmed timeout-invalid "$(hook '{path:"/bin/cat",timeout:-1}')"
dies crun crun-timeout confirmed timeout-invalid "$(hook '{path:"/bin/cat",timeout:-1}')"

# room
dies runc go-exec confirmed pids "$cat"' | .linux.resources.pids.limit=1'
dies crun crun-fork confirmed pids "$cat"' | .linux.resources.pids.limit=1'
dies runc go-exec confirmed nproc "$cat | $user"' | .process.rlimits=[{type:"RLIMIT_NPROC",hard:1,soft:1}]'
dies runc go-exec confirmed seccomp "$(denies SCMP_ACT_ERRNO clone clone3 fork vfork)"
dies crun crun-fork confirmed seccomp "$(denies SCMP_ACT_ERRNO clone clone3 fork vfork)"
dies runc go-pipe confirmed seccomp "$(denies SCMP_ACT_ERRNO pipe pipe2)"
dies crun crun-pipe confirmed seccomp "$(denies SCMP_ACT_ERRNO pipe pipe2)"
dies crun crun-wait confirmed seccomp "$(denies SCMP_ACT_ERRNO wait4 waitid)"
dies crun crun confirmed cwd "$cat | $user"' | .process.cwd="/priv"' 'mkdir -m 700 rootfs/priv'

# config.json
dies runc go-hook-member confirmed number-invalid "$(hook '{path:"/bin/cat",timeout:1.5}')"
dies crun crun-timeout-value confirmed number-invalid "$(hook '{path:"/bin/cat",timeout:1.5}')"
dies crun crun-timeout-value confirmed timeout-invalid "$(hook '{path:"/bin/cat",timeout:2147483648}')"
dies runc go-hook-member confirmed member-wrong "$(hook '{path:"/bin/cat",args:"x"}')"
dies runc go-stage confirmed hooks-wrong '.hooks.startContainer={}'
dies runc go-hooks confirmed hooks-wrong '.hooks=[]'
exponent='sed -i "s/\"linux\": {/\"linux\": {\"resources\":{\"memory\":{\"limit\":9.2233720368547758e+18}},/" config.json'
dies runc go-number confirmed number-invalid . "$exponent"
dies crun crun-value confirmed number-invalid . "$exponent"
dies runc go-member confirmed config-invalid '.process.args="x"'
dies runc go-syntax confirmed not-json . 'sed -i "2s/,//" config.json'
dies crun crun-syntax confirmed not-json . 'sed -i "2s/,//" config.json'
dies runc go-eof confirmed not-json . 'truncate -s 100 config.json'
dies runc runc-no-process confirmed config-invalid 'del(.process)'
dies crun crun-no-process-old confirmed config-invalid 'del(.process)'
dies runc runc-no-root confirmed config-invalid 'del(.root)'
dies crun crun-no-root confirmed config-invalid 'del(.root)'
dies runc runc-no-config confirmed config-unreadable . 'rm config.json'
dies crun crun-no-config confirmed config-unreadable . 'rm config.json'
dies crun crun-version possible version-refused '.ociVersion="1.2.0"'

# the container
dies runc runc-workload confirmed workload-missing '.process.args=["/nope"]'
dies crun crun-workload confirmed workload-missing '.process.args=["/nope"]'
dies runc runc-workload confirmed workload-missing '.process.args=["nope"]'
dies runc runc-workload confirmed workload-missing '.process.args=["/etc/passwd"]'
dies crun crun-workload-mode confirmed workload-missing '.process.args=["/etc/passwd"]'
dies runc runc-rootfs confirmed rootfs-missing . 'rm -r rootfs'
dies crun crun-rootfs confirmed rootfs-missing . 'rm -r rootfs'
dies runc runc-root-symlink confirmed root-symlink . 'mv rootfs r; ln -s r rootfs'
mount='.mounts+=[{destination:"/x",type:"bind",source:"/nonexistent",options:["bind"]}]'
dies runc runc-mount confirmed mount-impossible "$mount"
dies crun crun-mount confirmed mount-impossible "$mount"
unmapped='.linux.namespaces+=[{type:"user"}] | .process.user.uid=5000 |
	.linux.uidMappings=[{containerID:0,hostID:0,size:1000}] | .linux.gidMappings=.linux.uidMappings'
dies runc runc-identity confirmed identity "$unmapped"
dies crun crun-identity confirmed identity "$unmapped"

# other stages
dies runc runc-create confirmed program-missing '.hooks.createRuntime=[{path:"/nonexistent/x"}]'
dies crun crun confirmed program-missing '.hooks.createContainer=[{path:"/nonexistent/x"}]'
dies runc runc-poststart open own-failure '.hooks.poststart=[{path:"/bin/false"}]'
if [ -e /lib64/ld-linux-x86-64.so.2 ]; then
	glibc_rootfs "$work/template"
	ldconfig=$(hook '{path:"/sbin/ldconfig",args:["ldconfig"]}')' | .root.readonly=true'
	dies runc said-ldconfig confirmed ldconfig "$ldconfig"
	dies crun crun confirmed ldconfig "$ldconfig"
	library='cp -L "$(command -v env)" rootfs/bin/prog; rm rootfs/lib/x86_64-linux-gnu/libc.so.6'
	dies runc said-library confirmed library-missing "$(hook '{path:"/bin/prog"}')" "$library"
	dies crun crun confirmed library-missing "$(hook '{path:"/bin/prog"}')" "$library"
fi

# ---- newer runtimes ----

# Those that 'make runtimes' has put into HW_RUNTIMES/SUITE/bin. Which row reads their messages
# depends on their version; the cause does not.
newer() { # VERDICT CAUSE FILTER [COMMANDS]
	local runtime
	for runtime in runc crun; do
		dies "$runtime" - "$@"
	done
}

run_newer() {
	newer confirmed program-missing "$x"
	newer confirmed interpreter-missing "$x" "$(script '#!/bin/bash\n')"
	newer confirmed not-executable "$x" "$(script '#!/bin/sh\n' 644)"
	newer open killed "$(sh_hook 'kill -KILL $$')"
	newer open seccomp-own "$(sh_hook 'kill -SYS $$')"
	newer open processor "$(sh_hook 'kill -ILL $$')"
	newer open own-failure "$(sh_hook 'exit 7')"
	newer open command-unusable "$(sh_hook 'exit 126')"
	newer confirmed pids "$cat"' | .linux.resources.pids.limit=1'
	newer confirmed not-json . 'sed -i "2s/,//" config.json'
	newer confirmed config-invalid 'del(.process)'
	newer confirmed workload-missing '.process.args=["/nope"]'
	newer confirmed workload-missing '.process.args=["/etc/passwd"]'
	newer confirmed workload-missing '.process.args=["/etc"]'
	newer confirmed mount-impossible "$mount"
	newer confirmed rootfs-missing . 'rm -r rootfs'
	newer confirmed program-missing '.hooks.createRuntime=[{path:"/nonexistent/x"}]'
	newer confirmed program-missing '.hooks.createContainer=[{path:"/nonexistent/x"}]'
	dies runc go-status open command-missing "$(sh_hook 'no-such-command')"
	dies runc - open own-failure '.hooks.poststart=[{path:"/bin/false"}]'
}
for suite in ${HW_SUITES:-}; do
	directory=${HW_RUNTIMES:-}/$suite/bin
	path=$PATH
	if [ ! -x "$directory/runc" ] || [ ! -x "$directory/crun" ]; then
		skip "messages of $suite's runtimes" "they are not there; 'make runtimes' fetches them"
		continue
	fi
	PATH=$directory:$PATH
	run_newer
	PATH=$path
done

# ---- create and start report success ----

silent() { # RUNTIME STATUS
	prepare "$x"
	create_start "$1" "$work/b"
	want "create, start" "$create_status $start_status" "0 0"
	pasted=$out
	expect_diagnosis "$2" confirmed program-missing
	# All that the runtime itself says is that it stopped.
	pasted='{ "ociVersion": "1.0.2", "id": "x", "status": "stopped" }'
	expect_diagnosis state-stopped confirmed hook-silent
	pasted='x  localhost/x:1  /bin/sh  2 seconds ago  Exited (1) 1 second ago'
	expect_diagnosis status-1 confirmed hook-silent
}
for runtime in runc crun; do
	if works $runtime; then
		[ $runtime = runc ] && row=go-exec || row=crun
		check "$runtime: create and start succeed, and the container is stopped" silent $runtime "$row"
	else
		skip "$runtime: create and start succeed" "$why"
	fi
done

# crun 1.8 takes a hook that does not read its standard input for a failure, at random.
epipe() {
	local try
	prepare "$(hook '{path:"/bin/true"}')"
	for ((try = 0; try < 60; try++)); do
		run_container crun "$work/b"
		[[ $out != *"Broken pipe"* ]] || break
	done
	pasted=$out
	[[ $out == *"Broken pipe"* ]] || pasted='writing to pipe: Broken pipe'
	expect_diagnosis crun-epipe open stdin-unread
}
if works crun; then
	check "crun: a hook that does not read its standard input" epipe
fi

# A clone that kills leaves no message.
killed_silently() {
	prepare "$(denies SCMP_ACT_KILL_PROCESS clone clone3 fork vfork)"
	run_container runc "$work/b"
	want "status and output" "$status ${out// /}" "159 "
	pasted="x  localhost/x:1  /bin/sh  Exited ($status) 1 second ago"
	expect_diagnosis status-159 confirmed seccomp-kills
}
if works runc; then
	check "runc: a seccomp profile that kills" killed_silently
fi

# ---- our own messages ----

ours() {
	prepare '.process.user.uid=1'
	policy "$work/p.yaml" 'needs: { uid: 0 }' 'hook: { path: /bin/cat }'
	pasted=$(cd "$work/b" && "$HOOKWRIGHT" runtime --hookwright-policy="$work/p.yaml" \
		--hookwright-runtime=/bin/true create x 2>&1)
	doctor 0 --json -
	want diagnosis "$(jq -r --arg row own-refused "$first" <<<"$out")" "true open policy-refuses"
	pasted=$("$HOOKWRIGHT" apply -r no-such-policy "$work/b" 2>&1)
	doctor 0 --json -
	want diagnosis "$(jq -r --arg row own-unknown "$first" <<<"$out")" "true open policy-unknown"
	pasted=$(cd "$work/b" && echo '{' >config.json && "$HOOKWRIGHT" runtime \
		--hookwright-runtime=/bin/true create x 2>&1)
	doctor 0 --json -
	want diagnosis "$(jq -r --arg row own-stopped "$first" <<<"$out")" "true open hookwright-stopped"
}
check "hookwright's own messages" ours

# ---- what the bundle rules out ----

verdicts() { jq -r '.messages[0].causes[] | "\(.verdict) \(.id)"' <<<"$out"; }

excluded() {
	prepare "$x" "$(script '#!/bin/bash\n')"
	pasted='error running hook #0: fork/exec /opt/x.sh: no such file or directory'
	doctor 0 --json -b "$work/b" -
	want verdicts "$(verdicts)" $'confirmed interpreter-missing\nruled-out program-missing'
	doctor 0 -b "$work/b"
	want_has text "$out" "$work/b/config.json:"
	want_has text "$out" "interpreter /bin/bash of /opt/x.sh"
	want_has text "$out" "ruled out by the bundle: the hook's program does not exist"
	# What one finding shows is told once, and what cannot be seen in a bundle stays open.
	pasted='error executing hook `/opt/x.sh` (exit code: 1)'
	doctor 0 --json -b "$work/b" -
	want verdicts "$(verdicts | grep -v '^ruled-out')" \
		$'confirmed interpreter-missing\nopen own-failure\nopen library-unusable\nopen arguments-long\nopen text-busy'
	pasted='error running hook #0: fork/exec /opt/x.sh: no such file or directory'
	# The same words as lint's.
	hw lint --runtime runc --no-policies --no-settings "$work/b"
	want_has lint "$out" "$(cd "$work/b" && "$HOOKWRIGHT" doctor --json "$work/b" |
		jq -r '.messages[0].causes[0].findings[0].message')"
	# Nothing is wrong with it: then it was another one.
	chmod 755 "$work/b/rootfs/bin/sh"
	printf '#!/bin/sh\n' >"$work/b/rootfs/opt/x.sh"
	doctor 0 --json -b "$work/b"
	want verdicts "$(verdicts)" \
		$'open changed-since\nruled-out program-missing\nruled-out interpreter-missing'
	# A hook that the bundle does not have is not judged by it.
	pasted=${pasted/x.sh/other}
	doctor 0 --json -b "$work/b"
	want verdicts "$(verdicts)" $'open program-missing\nopen interpreter-missing'
	want "hook missing" "$(jq '.messages[0].hookMissing' <<<"$out")" true
	doctor 0 -b "$work/b"
	want_has text "$out" "the bundle does not have such a hook"
}
check "what the bundle rules out" excluded

# podman and others unmount the root file system of a container that is dead.
not_mounted() {
	prepare "$x" "$(script '#!/bin/bash\n')"
	pasted='error running startContainer hook #0: fork/exec /opt/x.sh: no such file or directory'
	doctor 0 --json -b "$work/b"
	want verdicts "$(verdicts)" $'confirmed interpreter-missing\nruled-out program-missing'
	rm -r "$work/b/rootfs" && mkdir "$work/b/rootfs"
	doctor 0 --json -b "$work/b"
	want "verdicts, unmounted" "$(verdicts)" $'open program-missing\nopen interpreter-missing'
	want "what is not mounted" "$(jq -r .rootfsNotMounted <<<"$out")" "$work/b/rootfs"
	doctor 0 -b "$work/b"
	want_has text "$out" "podman mount"
	want_lacks text "$out" "ruled out by the bundle"
	# It can be told where it is mounted.
	doctor 0 --json -b "$work/b" --rootfs "$work/template"
	want "verdicts, mounted elsewhere" "$(verdicts)" \
		$'confirmed program-missing\nopen interpreter-missing'
	# Storage drivers remove the directory, too.
	rmdir "$work/b/rootfs"
	jq '.root.path="/nowhere/merged"' "$work/b/config.json" >"$work/edited.json" &&
		cp "$work/edited.json" "$work/b/config.json"
	doctor 0 --json -b "$work/b"
	want "verdicts, removed" "$(verdicts)" $'open program-missing\nopen interpreter-missing'
	# One that is missing by itself is a cause.
	jq '.root.path="nowhere"' "$work/b/config.json" >"$work/edited.json" &&
		cp "$work/edited.json" "$work/b/config.json"
	pasted='invalid rootfs: stat nowhere: no such file or directory'
	doctor 0 --json -b "$work/b"
	want "verdicts, missing" "$(verdicts)" "confirmed rootfs-missing"
}
check "a root file system that is not mounted" not_mounted

# What is not known is said first, and is not what the bundle shows.
unknown() {
	prepare "$x"
	pasted='runc run failed: the moon is full'
	doctor 0 -b "$work/b"
	want "first line" "${out%%$'\n'*}" "  not recognised: the moon is full"
	want_has text "$out" "what the bundle shows by itself, $work/b:"
	want_has text "$out" "the bundle shows: [HW201]"
	want_lacks text "$out" "the bundle confirms it"
	pasted='all is well'
	doctor 0 -b "$work/b"
	want "first line" "${out%%$'\n'*}" "no message of a runtime or an engine was recognised"
	want_lacks text "$out" "the bundle confirms it"
	doctor 0 --json -b "$work/b"
	want JSON "$(jq -c '[.recognised, .found, (.messages | length), .messages[0].evidence]' <<<"$out")" \
		'[false,true,1,null]'
	doctor 1
	want "first line" "${out%%$'\n'*}" "no message of a runtime or an engine was recognised"
	pasted='runc run failed: the moon is full'
	doctor 1
	doctor 1 --json
	want JSON "$(jq -c '[.recognised, .messages[0].unrecognised, .messages[0].causes]' <<<"$out")" \
		'[false,"the moon is full",[]]'
}
check "what is not recognised" unknown

# A namespace of a process that is gone: what runs now cannot prove what was there.
namespace() {
	prepare '.linux.namespaces |= map(select(.type != "ipc")) + [{type:"ipc",path:"/proc/0/ns/ipc"}]'
	pasted='runc run failed: unable to create new parent process: namespace path: lstat /proc/0/ns/ipc: no such file or directory'
	doctor 0 --json -b "$work/b"
	want verdicts "$(verdicts)" "possible namespace-missing"
	doctor 0 -b "$work/b"
	want_has text "$out" "linux.namespaces joins '/proc/0/ns/ipc', which does not exist"
	want_hw 1 doctor "$work/b"
	want_has "text of the bundle alone" "$out" "linux.namespaces joins '/proc/0/ns/ipc'"
}
check "a namespace that is gone" namespace

# The stage of crun's message is not known, but the bundle's hook is.
whose() {
	prepare '.hooks.createRuntime=[{path:"/nonexistent/x"}]'
	pasted='error executing hook `/nonexistent/x` (exit code: 1)'
	doctor 0 --json
	want "without the bundle" "$(jq -r '.messages[0].whose' <<<"$out")" hook
	doctor 0 --json -b "$work/b"
	want "with the bundle" "$(jq -r '.messages[0] | "\(.whose) \(.causes[0].verdict)"' <<<"$out")" \
		"host-hook confirmed"
	# Without a hook's frame it is a program of the engine, unless the bundle has that hook.
	pasted='fork/exec /nonexistent/x: no such file or directory'
	doctor 0 --json
	want "without the bundle" "$(jq -r '.messages[0] | "\(.whose) \(.causes[0].id)"' <<<"$out")" \
		"helper helper-missing"
	doctor 0 --json -b "$work/b"
	want "with the bundle" "$(jq -r '.messages[0] | "\(.whose) \(.causes[0].id)"' <<<"$out")" \
		"host-hook program-missing"
	pasted='error running createRuntime hook #0: fork/exec /nonexistent/x: text file busy'
	doctor 0
	want_has hint "$out" "'fuser -v /nonexistent/x'"
	pasted='error running createRuntime hook #0: exit status 1, stdout: , stderr: no such device'
	doctor 0
	want_has text "$out" "the hook wrote: no such device"
}
check "whose program it is" whose

bundle_alone() {
	prepare "$x"
	want_hw 0 doctor "$work/b"
	want_has text "$out" "/opt/x.sh does not exist"
	want_hw 0 doctor "$work/b/config.json"
	prepare "$(hook '{path:"/bin/cat"}')"
	want_hw 1 doctor "$work/b"
	want_has text "$out" "it does not contain a cause that keeps a hook or the container from starting"
	echo '{' >"$work/b/config.json"
	want_hw 0 doctor "$work/b"
	want_has text "$out" "[HW102]"
	want_hw 3 doctor "$work/nowhere" </dev/null
	want_has stderr "$err" "$work/nowhere: cannot open: No such file or directory"
	want_hw 3 doctor -b "$work/nowhere"
	want_has stderr "$err" "nowhere"
}
check "a bundle without a message" bundle_alone

# ---- what is pasted ----

same_as_plain() { # TEXT
	pasted=$1
	doctor 0 --json
	want "diagnosis of $(printf %q "$1")" \
		"$(jq -r '.messages | length, .[0].rows[0], .[0].path, .[0].status' <<<"$out" | paste -sd ' ')" \
		"1 crun /bin/x 1"
}

wrapped() {
	local message='error executing hook `/bin/x` (exit code: 1)' text
	same_as_plain "$message"
	same_as_plain $'\e[31m\e]0;title\aerror executing \e[1mhook\e[0m `/bin/x` (exit code: 1)\e[0m\r'
	same_as_plain "{\"msg\":\"$message\",\"level\":\"error\"}"
	same_as_plain "Error: OCI runtime error: crun: {\"msg\":\"$message\"}"
	same_as_plain "time=\"2026\" level=error msg=\"$message\""
	text=$(jq -nc --arg m "time=\"2026\" level=error msg=\"$message\""$'\n' '{log: $m, stream: "stderr"}')
	same_as_plain "$text"
	same_as_plain "E1124 pod_workers.go] \"Error syncing pod\" err=\"failed: $message: unknown\""
	same_as_plain "$message"$'\n'"some other line"$'\n'"$message"
	same_as_plain $'\xff\xfe\0'"$message"
}
check "colours, JSON, logfmt, what engines put around it" wrapped

hostile() {
	head -c 1000000 /dev/urandom >"$work/binary"
	want_hw 1 doctor "$work/binary"
	want_hw 1 doctor /dev/null
	{ cat "$work/binary"; echo; echo 'writing to pipe: Broken pipe'; } >"$work/tail"
	want_hw 0 doctor "$work/tail"
	head -c 16777217 /dev/zero >"$work/large"
	want_hw 3 doctor "$work/large"
	want_has stderr "$err" "larger than 16777216 bytes"
	# Nothing of it drives the terminal.
	printf 'error executing hook `/b\x9b31m\xc2\x9b\x07x` (exit code: 3)\n' >"$work/escape"
	want_hw 0 doctor --color=never "$work/escape"
	want "control characters" "$(LC_ALL=C tr -d '\n -~' <"$work/hw.out" | wc -c)" 0
	# The worst for the search: beginnings without an end.
	yes 'fork/exec ' | tr -d '\n' | head -c 1000000 >"$work/slow"
	timeout 20 "$HOOKWRIGHT" doctor "$work/slow" >/dev/null
	want "status of a slow one" $? 1
	yes 'msg="' | tr -d '\n' | head -c 1000000 >"$work/slow"
	timeout 20 "$HOOKWRIGHT" doctor "$work/slow" >/dev/null
	want "status of many quotes" $? 1
}
check "binary, large and hostile output" hostile

usage() {
	local name
	want_hw 2 doctor a - b
	want_hw 2 doctor - -
	want_has stderr "$err" "'-' is a second output"
	want_hw 2 doctor -b "$work" "$work"
	want_has stderr "$err" "is a second bundle"
	want_hw 2 doctor --runtime nonesuch
	for name in -x ../x 'a b' '' a/b; do
		want_hw 2 doctor "--container=$name"
		want_has stderr "$err" "'$name' is not a valid name or id of a container"
	done
	want_hw 2 doctor --container a --engine nonesuch
	want_has stderr "$err" "--engine takes podman, docker, containerd or crictl"
	want_hw 2 doctor --engine podman
	want_hw 2 doctor --container a log
}
check "usage" usage
done_testing
