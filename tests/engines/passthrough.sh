#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the low-level runtime is given: the wrapper must be as if it had not been there, except for
# one variable. And what it says itself when it is the wrapper that ends a create.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private strace runc script "${CC:-cc}"

real=$work/real/runc # a dump of what it was given, under a name of a known dialect
launch=$work/real/launch
conf=/etc/hookwright/config.yaml
bundle=$work/bundle
log=$work/log
wrapper=$work/bin/hookwright-runtime
# A small environment, so that a difference is easy to read
clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ DUMP="$work/dump" LANG=xx_XX.nonsense
	HOOKWRIGHT_CONFIG=/nowhere HOOKWRIGHT_RUNTIME=/nowhere HOOKWRIGHT_DISABLE=1)

make_runtime() {
	mkdir "$work/real" && : >"$work/empty"
	# shellcheck disable=SC2086 # CC may be words
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O1 -o "$real" "$top/tests/engines/dump.c" || return 1
	cp "$real" "$launch" && cp "$real" "$work/real/crun" && cp "$real" "$work/real/other"
}

set_config() { # LINE...: after the version and the runtime
	printf 'version: 1\nruntime: %s\n' "$real" >$conf
	[ $# = 0 ] || printf '%s\n' "$@" >>$conf
}

make_bundle() {
	rm -rf "$bundle"
	mkdir -p "$bundle/rootfs/bin"
	cp "$(command -v busybox)" "$bundle/rootfs/bin/busybox"
	ln -s busybox "$bundle/rootfs/bin/sh"
	(cd "$bundle" && runc spec) && cp "$bundle/config.json" "$work/spec.json"
}

# bundle_with FILTER: a config.json with that change, of jq
bundle_with() {
	rm -f "$bundle/config.json"
	jq "$1" "$work/spec.json" >"$bundle/config.json"
	stat -c '%i %y %s' "$bundle/config.json" >"$work/stat"
	rm -f "$log" "$work/dump"
}
# concerned_by VALUE: one that the policies of that HW_TEST concern
concerned_by() { bundle_with ".process.env += [\"HW_TEST=$1\"]"; }
hooks() { jq -c '[.hooks.startContainer[]?.path]' "$bundle/config.json"; }

# same NAME ARG...: the runtime at $path gets from the wrapper at $via what it gets without one;
# $prefix are options of the wrapper's own
same() {
	local name=$1 got
	shift
	"${clean[@]}" "$launch" "$path" "$@" <"$work/empty" >"$work/out" 2>&1
	mv "$work/dump" "$work/dump-direct"
	"${clean[@]}" "$launch" "$via" "${prefix[@]}" "$@" <"$work/empty" >"$work/out" 2>&1
	got=$?
	if [ "$got" != 42 ]; then
		result 1 "$name" "status $got" "$(cat "$work/out")"
		return
	fi
	pid=$(sed -n 's/^pid //p' "$work/dump")
	is "$(diff <(sed 1d "$work/dump-direct") <(sed 1d "$work/dump") |
		grep '^[<>]')" "> env \"_HOOKWRIGHT_PID=$pid\"" "$name"
}

unchanged() {
	local via=$wrapper path=$real prefix=()
	same "state" state x
	same "no argument"
	same "--version" --version
	same "features" features
	same "odd arguments" exec c '' ' ' $'new\nline' $'\xff\xfe' '"' '*' -- --hookwright-config x
	same "an option of ours among the container's arguments" exec c --hookwright-config /nowhere
	concerned_by none
	same "create, nothing to do" create --bundle "$bundle" --pid-file "$work/pid" c
	concerned_by touch
	same "create, with a hook to add" --log "$log" create --bundle "$bundle" c
	is "$(hooks)" '["/bin/sh"]' "create: the hook is there"
	concerned_by touch
	same "run" --root "$work/r" run -d -b "$bundle" c
	is "$(hooks)" '["/bin/sh"]' "run: the hook is there"
	turn_off
	same "create, turned off" create --bundle "$bundle" c
	turn_on
	set_config 'restore: pass'
	same "restore, which the configuration allows" restore --bundle /nowhere c
	set_config
	cp $conf "$work/other.yaml"
	prefix=(--hookwright-config "$work/other.yaml")
	same "own options are removed" state x
	prefix=("--hookwright-config=$work/other.yaml")
	same "own options are removed, both forms" --root r state x
	prefix=()
	in_terminal "on a terminal" state x
	via=$work/bin/hookwright prefix=(runtime)
	same "hookwright runtime" state x
	via=$work/bin/hookwright-runc prefix=()
	# Engines hand a client's environment through: root does not listen to its PATH.
	clean+=("PATH=$work/real:/usr/bin:/bin")
	run "${clean[@]}" "$via" --version
	expect "hookwright-runc does not take runc from root's PATH" 0 "runc version"
	unset 'clean[-1]'
}

# A terminal of its own for each run; its number may differ.
in_terminal() {
	local name=$1 each
	shift
	for each in direct wrapped; do
		[ $each = direct ] && command=("$launch" "$path") || command=("$launch" "$via")
		"${clean[@]}" script -qec "$(printf '%q ' "${command[@]}" "$@")" /dev/null \
			<"$work/empty" >/dev/null 2>&1
		sed '1d; s|/dev/pts/[0-9]*|/dev/pts/N|; /^PPid\|^group/d' "$work/dump" >"$work/dump-$each"
	done
	is "$(diff "$work/dump-direct" "$work/dump-wrapped" | grep '^[<>]' |
		sed 's/=[0-9]*"/=N"/')" '> env "_HOOKWRIGHT_PID=N"' "$name"
	run grep -c '"/dev/pts/N"' "$work/dump-wrapped"
	expect "$name: the three descriptors are the terminal" 0 3
}

# What the caller has closed stays closed for the runtime, and no file of ours comes in its place.
closed_descriptors() {
	local each
	for each in state create; do
		concerned_by touch
		"${clean[@]}" "$real" $each --bundle "$bundle" c <&- >&- 2>&-
		grep '^fd' "$work/dump" | sort >"$work/direct"
		"${clean[@]}" "$wrapper" $each --bundle "$bundle" c <&- >&- 2>&-
		is "$? $(grep '^fd' "$work/dump" | sort | diff "$work/direct" -)" "42 " \
			"$each: closed descriptors stay closed"
	done
	is "$(hooks)" '["/bin/sh"]' "and config.json is what it should be"
}

no_environment() {
	run env -i "$work/bin/hookwright-runc" --version
	expect "without any environment: hookwright-runc" 0 "runc version"
	run env -i "$wrapper" --hookwright-version
	expect "the wrapper's own version" 0 "hookwright-runtime $HW_VERSION"
	run env -i "$wrapper" --hookwright-version create x
	expect "its version is asked for alone" 1 "unknown option '--hookwright-version'" \
		"or alone --hookwright-version"
	run env -i "$wrapper" --hookwright-confg=/x state x
	expect "a misspelt option of ours" 1 "unknown option '--hookwright-confg'" \
		"did you mean '--hookwright-config'?"
	run env -i "$wrapper" --hookwright-policy
	expect "an option of ours without its value" 1 "--hookwright-policy needs a value"
	rm -f "$log"
	run env -i "$wrapper" --hookwright-requests=x --log "$log" --log-format json create c
	expect "a misspelt option, the engine's log" 1 "did you mean '--hookwright-request'?"
	run_last
	expect "... has the reason" 0 "unknown option '--hookwright-requests'"
	run env -i "$work/bin/hookwright-crun" --version
	expect "without any environment: hookwright-crun" 0 "crun version"
	concerned_by touch
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
	expect "HOOKWRIGHT_ variables change nothing for root" 42
	is "$(hooks)" '["/bin/sh"]' "HOOKWRIGHT_ variables: the hook is there"
}

# refused NAME TEXT... of the last run: by us, and the bundle is as it was
refused() {
	local name=$1
	shift
	expect "$name" 1 "$@"
	is "$(stat -c '%i %y %s' "$bundle/config.json")" "$(cat "$work/stat")" \
		"$name: the file is untouched"
	ok "$name: the runtime is not run" test ! -e "$work/dump"
}

# run_last: the last line of a JSON log
run_last() { run jq -rs 'last | .level, .msg' "$log"; }

refusals() {
	concerned_by refuse
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
	refused "refused, no log" "${refusal[@]}"
	concerned_by refuse
	echo '{"level":"info","msg":"earlier"}' >"$log"
	run "${clean[@]}" "$wrapper" --log "$log" --log-format json create --bundle "$bundle" c
	refused "refused, JSON log" "${refusal[@]}"
	run_last
	expect "refused, JSON log: the last line has the reason" 0 error "${refusal[@]}"
	run jq -es 'length == 2 and (.[1] | has("time")) and .[0].msg == "earlier"' "$log"
	expect "refused, JSON log: one line was added" 0 true
	concerned_by refuse
	run "${clean[@]}" "$wrapper" "--log=$log" --log-format=json run --bundle "$bundle" c
	run_last
	expect "refused, JSON log, the other option form" 0 error "${refusal[@]}"
	concerned_by refuse
	run "${clean[@]}" "$wrapper" --log "$log" create --bundle "$bundle" c
	refused "refused, text log" "${refusal[@]}"
	run tail -n 1 "$log"
	expect "refused, text log: the last line has the reason" 0 'time="' ' level=error ' ' msg="' \
		"${refusal[@]}"
	concerned_by refuse
	run "${clean[@]}" "$wrapper" --log /nowhere/log create --bundle "$bundle" c
	refused "refused, a log that cannot be written" "${refusal[@]}"
	bundle_with '.annotations["io.hookwright.policies"] = "no\"such\npol\u0007icy"'
	run "${clean[@]}" "$wrapper" --log "$log" --log-format json create --bundle "$bundle" c
	refused "refused, hostile text" "io.hookwright.policies" '!'$'\a'
	run jq -es 'length == 1 and .[0].level == "error"' "$log"
	expect "refused, hostile text: the log is one line of JSON" 0 true

	echo '{' >"$bundle/config.json"
	stat -c '%i %y %s' "$bundle/config.json" >"$work/stat"
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
	refused "a broken config.json" "config.json:"
}

warnings() {
	concerned_by warn
	run "${clean[@]}" "$wrapper" --log "$log" --log-format json create --bundle "$bundle" c
	is "$status $out" "42 " "a warning is not on stderr"
	run_last
	expect "a warning is in the runtime's log" 0 warning warns-missing /no/such/warned
	concerned_by warn
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
	is "$status $out" "42 " "without a log a warning is not on stderr either"

	turn_off
	concerned_by touch
	run "${clean[@]}" "$wrapper" --log "$log" create --bundle "$bundle" c
	is "$status $out $(hooks)" "42  []" "turned off: quiet"
	run tail -n 1 "$log"
	expect "turned off: the log says so" 0 "level=warning" "$kill_switch"
	turn_on

	echo 'version: 2' >/etc/hookwright/policies.d/broken.yaml
	concerned_by touch
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
	refused "a broken policy stops a create" "broken.yaml:1:"
	run "${clean[@]}" "$wrapper" state c
	expect "a broken policy does not stop what needs none" 42
	set_config 'onError: warn'
	concerned_by touch
	run "${clean[@]}" "$wrapper" --log "$log" create --bundle "$bundle" c
	is "$status $out" "42 " "onError: warn: the container starts"
	run tail -n 1 "$log"
	expect "onError: warn: the log has the error" 0 "level=warning" "broken.yaml:1:"
	rm /etc/hookwright/policies.d/broken.yaml
	set_config
}

own_log() {
	set_config 'log:' '  level: info' "  file: $work/own.log"
	concerned_by touch
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" container-1
	run "${clean[@]}" "$wrapper" state container-1
	concerned_by warn
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" container-2
	run cat "$work/own.log"
	expect "our log: a line for each create" 0 container-1 "$bundle" touch-hooked container-2 \
		warns-missing
	is "$(grep -c container-1 "$work/own.log")" 1 "our log: one line for each create"
	set_config
}

loops() {
	local other=$work/real/wrapper
	printf '#!/bin/sh\nexec %s "$@"\n' "$wrapper" >"$other" && chmod 755 "$other"
	for path in "$wrapper" "$work/bin/hookwright" "$work/bin/hookwright-runc" "$other"; do
		printf 'version: 1\nruntime: %s\ndialect: runc\n' "$path" >$conf
		run "${clean[@]}" "$wrapper" state x
		expect "a runtime that leads back: ${path##*/}" 1 "hookwright"
	done
	for path in "$wrapper" "$work/bin/hookwright-crun" "$work/bin/hookwright"; do
		printf 'version: 1\nruntime: %s\ndialect: runc\n' "$path" >$conf
		concerned_by touch
		run "${clean[@]}" "$wrapper" --log "$log" create --bundle "$bundle" c
		expect "a create that leads back: ${path##*/}" 1 "$path leads back to hookwright" \
			"name the real runtime by 'runtime'"
		run tail -n 1 "$log"
		expect "... and the log says so" 0 "leads back to hookwright"
		is "$(hooks)" '[]' "... before the bundle is touched"
	done
	# A script that hands our options on: both logs hear of it all the same.
	printf '#!/bin/sh\nexec %s --hookwright-config=%s "$@"\n' "$wrapper" "$work/loop.yaml" \
		>"$other"
	printf 'version: 1\nruntime: %s\ndialect: runc\nlog: { file: %s }\n' "$other" "$work/own.log" \
		>"$work/loop.yaml"
	rm -f "$log" "$work/own.log"
	run "${clean[@]}" "$wrapper" --hookwright-config="$work/loop.yaml" --log "$log" state x
	expect "a script that hands our options on" 1 "leads back to hookwright" "called again as $wrapper"
	run tail -n 1 "$log"
	expect "... the runtime's log says so" 0 "level=error" "leads back to hookwright"
	run tail -n 1 "$work/own.log"
	expect "... and our own" 0 " error hookwright" "leads back to hookwright"
	rm -f "$work/own.log"
	ln "$work/bin/hookwright" "$work/real/hard-link"
	printf 'version: 1\nruntime: %s\ndialect: runc\n' "$work/real/hard-link" >$conf
	run "${clean[@]}" "$wrapper" state x
	expect "a runtime that leads back: a hard link" 1 "hookwright"
	set_config
	run "${clean[@]}" _HOOKWRIGHT_PID=1 "$wrapper" state x
	expect "another process's _HOOKWRIGHT_PID means nothing" 42
	run grep _HOOKWRIGHT_PID "$work/dump"
	is "$out" "env \"_HOOKWRIGHT_PID=$(sed -n 's/^pid //p' "$work/dump")\"" "and is replaced"
}

choices() {
	printf 'version: 1\nruntime: [/nowhere/runc, %s]\n' "$work/real/crun" >$conf
	run "${clean[@]}" "$wrapper" state x
	run grep ^exe "$work/dump"
	is "$out" "exe \"$work/real/crun\"" "the first candidate that exists"
	printf 'version: 1\nruntime: [/nowhere/runc, no-such-runtime]\n' >$conf
	run "${clean[@]}" "$wrapper" state x
	expect "no candidate exists" 1 /nowhere/runc no-such-runtime

	set_config 'runtimes:' "  second: $work/real/crun"
	bundle_with '.annotations["io.hookwright.runtime"] = "second"'
	run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
	run grep ^exe "$work/dump"
	is "$out" "exe \"$work/real/crun\"" "the annotation chooses a named runtime"
	for value in third "$work/real/crun" ../crun crun; do
		bundle_with ".annotations[\"io.hookwright.runtime\"] = \"$value\""
		run "${clean[@]}" "$wrapper" create --bundle "$bundle" c
		refused "the annotation cannot choose '$value'" io.hookwright.runtime
	done
	set_config
}

# root in the initial user namespace looks at no place that comes from the environment.
users_directories() {
	local config trace=(strace -f -qq -o "$work/trace" -e trace=%file)
	mkdir -p "$work/users/hookwright/runtimes"
	touch "$work/users/hookwright/disable"
	ln -s "$work/real/crun" "$work/users/hookwright/runtimes/@d"
	cp $conf "$work/other.yaml"
	echo 'policies: /etc/hookwright/policies.d' >>"$work/other.yaml"
	for config in '' "--hookwright-config=$work/other.yaml"; do
		concerned_by touch
		run "${trace[@]}" "${clean[@]}" "XDG_RUNTIME_DIR=$work/users" "$wrapper" ${config:+"$config"} \
			create --bundle "$bundle" c
		is "$status $(hooks)" '42 ["/bin/sh"]' "root passes by a user's kill switch ${config%%=*}"
		is "$(grep -c "$work/users" "$work/trace")" 0 "... and does not look for it"
		run "${trace[@]}" "${clean[@]}" "XDG_RUNTIME_DIR=$work/users" "$wrapper" ${config:+"$config"} state d
		run grep ^exe "$work/dump"
		is "$out" "exe \"$real\"" "root passes by what a user remembers ${config%%=*}"
		is "$(grep -c "$work/users" "$work/trace")" 0 "... and does not look for it"
	done
}

# Who asks for little is answered soon: what the system calls say.
calls() {
	strace -f -qq -o "$work/trace" -e trace=%file,%desc "${clean[@]}" "$wrapper" state x >/dev/null 2>&1
	run grep -c "policies.d\|config\.json" "$work/trace"
	is "$out" 0 "a state reads neither policies nor bundle"
	concerned_by touch
	strace -f -y -qq -o "$work/trace" -e trace=%file,%desc,fork,vfork,clone,clone3 "${clean[@]}" \
		"$wrapper" create --bundle "$bundle" c >/dev/null 2>&1
	sed -i "/execve(\"${real//\//\\/}\"/,\$d" "$work/trace"
	is "$(grep -c 'clone\|fork' "$work/trace")" 0 "a create makes no process"
	is "$(grep -c 'fsync\|fdatasync\|syncfs' "$work/trace")" 0 "a create does not sync"
	is "$(grep -c "write(.*<$bundle" "$work/trace")" 1 "a create writes once"
	is "$(grep -o 'open[a-z0-9]*(.*policies.d/[a-z-]*\.yaml>$' "$work/trace" |
			sed 's/.*<//' | sort | uniq -d)" \
		"" "a create reads each policy once"
	is "$(grep -c 'open[a-z0-9]*(.*policies.d/[a-z-]*\.yaml>$' "$work/trace")" \
		"$(find /etc/hookwright/policies.d -name '*.yaml' | wc -l)" "a create reads every policy"
}

make_runtime && make_config && make_bundle && set_config || exit 2
unchanged
closed_descriptors
no_environment
refusals
warnings
own_log
loops
choices
users_directories
calls
done_testing
