#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nothing hangs and nothing ends without a message: FIFOs where files should be, limits of the
# process, signals, closed descriptors, a full disk. And nothing is left behind.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

wrapper=$(dirname "$HOOKWRIGHT")/hookwright-runtime
bundle=$work/bundle
policies=$work/policies
config=$work/config.yaml

make_bundle "$bundle" /bin/true
mkdir "$policies"
policy "$policies/always.yaml" 'hook: { path: /bin/true }'
cp "$bundle/config.json" "$work/pristine.json"

# What is executed as the runtime: it records the config.json it was given, and how it was started.
cat >"$work/crun-recorder" <<END
#!/bin/sh
grep -c startContainer '$bundle/config.json' >'$work/seen'
grep -E '^Sig(Ign|Blk)' /proc/self/status >>'$work/seen'
ulimit -s >>'$work/seen'
END
chmod +x "$work/crun-recorder"
printf 'version: 1\nruntime: %s\npolicies: [%s]\n' "$work/crun-recorder" "$policies" >"$config"

fresh() {
	rm -rf "$bundle/config.json" "$work/seen"
	cp "$work/pristine.json" "$bundle/config.json"
}
# timed COMMAND...: $status is 124 if it hangs; $out has all of its output
timed() {
	out=$(timeout -k 1 20 "$@" 2>&1 < <(nothing))
	status=$?
}
# ended NAME [TEXT]: by itself, with a message
ended() {
	[ "$status" != 124 ] && [ "$status" != 137 ] && [ "$status" -lt 128 ] && [ -n "$out" ]
	result $? "$1" "status $status, output: $out"
	[ -z "${2-}" ] || has "$out" "$2" "... which says '$2'"
}
nothing_left() { # NAME
	is "$(find "$bundle" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | paste -sd' ')" \
		'config.json rootfs' "$1: nothing is left behind"
}

# --- FIFOs -------------------------------------------------------------------------------------

fresh
mkfifo "$work/fifo"
for at in "$work/fifo.yaml" "$work/fifo.json"; do cp -a "$work/fifo" "$at"; done

rm "$bundle/config.json" && mkfifo "$bundle/config.json"
for command in "apply -p $policies" "lint" "explain -p $policies" "apply --dry-run -p $policies"; do
	# shellcheck disable=SC2086
	timed "$HOOKWRIGHT" $command "$bundle"
	ended "a FIFO as config.json: $command" "FIFO"
done
timed "$wrapper" --hookwright-config "$config" create --bundle "$bundle" c
ended "a FIFO as config.json: the wrapper" "FIFO"
fresh
timed "$HOOKWRIGHT" apply -p "$work/fifo.yaml" "$bundle"
ended "a FIFO as a policy" "FIFO"
mkdir "$work/with-fifo" && cp -a "$work/fifo" "$work/with-fifo/a.yaml"
timed "$HOOKWRIGHT" apply -p "$work/with-fifo" "$bundle"
ended "a FIFO among policies" "FIFO"
timed "$HOOKWRIGHT" policy list -p "$work/with-fifo"
ended "a FIFO among policies that are listed"
timed "$HOOKWRIGHT" policy test "$work/with-fifo"
ended "a FIFO among policies that are tested"
timed "$wrapper" --hookwright-config "$work/fifo.yaml" create --bundle "$bundle" c
ended "a FIFO as configuration" "FIFO"
mkdir "$work/hooks.d" && cp -a "$work/fifo" "$work/hooks.d/a.json"
timed "$HOOKWRIGHT" apply --hooks-dir "$work/hooks.d" "$bundle"
ended "a FIFO in hooks.d" "FIFO"
timed "$HOOKWRIGHT" doctor "$bundle" "$work/fifo"
ended "a FIFO for doctor"
timed bash -c "'$HOOKWRIGHT' doctor <(echo 'error executing hook \`/bin/x\` (exit code: 1)')"
ended "a pipe for doctor is read" "failed with status 1"
mkdir "$work/settings" && cp -a "$work/fifo" "$work/settings/.hookwright.yaml"
timed env -C "$work/settings" "$HOOKWRIGHT" lint "$bundle"
ended "a FIFO as settings" "FIFO"
cp -a "$work/fifo" "$work/export-p.json.new"
mkdir "$work/export" && cp -a "$work/fifo" "$work/export/always.json.new"
timed "$HOOKWRIGHT" export hooks.d -p "$policies" --output "$work/export"
[ "$status" != 124 ]
result $? "a FIFO as the temporary of an export" "status $status: $out"
timed "$HOOKWRIGHT" lint --format json --output "$work/fifo" "$bundle"
ended "a FIFO that nobody reads as the output of lint" "cannot open"
fresh
printf 'log: { file: %s, level: info }\n' "$work/fifo" | cat "$config" - >"$work/log.yaml"
timed "$wrapper" --hookwright-config "$work/log.yaml" --log "$work/fifo" create --bundle "$bundle" c
is "$status" 0 "a FIFO as a log"
is "$(head -n 1 "$work/seen")" 1 "... and the runtime is executed"
mkdir -p "$bundle/rootfs/etc"
for at in os-release passwd ld.so.conf; do
	rm -f "$bundle/rootfs/etc/$at" && mkfifo "$bundle/rootfs/etc/$at"
done
timed "$HOOKWRIGHT" lint "$bundle"
[ "$status" != 124 ]
result $? "FIFOs in the rootfs"
rm "$bundle/rootfs/etc/os-release" "$bundle/rootfs/etc/passwd" "$bundle/rootfs/etc/ld.so.conf"

# config.json is exchanged for a FIFO all the time while it is applied to, and back.
fresh
mkfifo "$work/other"
(
	while [ ! -e "$work/enough" ]; do
		mv -fT --exchange "$work/other" "$bundle/config.json" 2>/dev/null && continue
		cp "$work/pristine.json" "$work/next" && mv -fT "$work/next" "$bundle/config.json"
		mkfifo "$work/next" && mv -fT "$work/next" "$bundle/config.json"
	done
) &
exchanger=$!
hung=0
for _ in {1..150}; do
	timed "$HOOKWRIGHT" apply -p "$policies" "$bundle"
	[ "$status" != 124 ] || hung=$((hung + 1))
done
touch "$work/enough"
wait $exchanger
is "$hung" 0 "config.json becomes a FIFO at any moment"
rm -f "$bundle/config.json"
fresh
nothing_left "a race with a FIFO"

# The bundle's lock is held by another, who may be any user that can read the directory.
(exec 9<"$bundle" && flock 9 && exec sleep 25) &
holder=$!
sleep 0.2
SECONDS=0
timed "$wrapper" --hookwright-config "$config" create --bundle "$bundle" c
ended "a lock held for ever" "has held the bundle's lock"
[ "$SECONDS" -le 14 ]
result $? "... for some seconds" "$SECONDS s"
[ ! -e "$work/seen" ]
result $? "... and the runtime is not executed"
kill $holder

# --- limits ------------------------------------------------------------------------------------

# limited ULIMIT COMMAND...
limited() {
	local limit=$1
	shift
	timed bash -c "ulimit $limit && exec \"\$@\"" - "$@"
}

# A file of more bytes than the limit of 1 KiB
fresh
jq '.annotations.long = ("x" * 3000)' "$work/pristine.json" >"$bundle/config.json"
cp "$bundle/config.json" "$work/long.json"
limited '-f 1' "$HOOKWRIGHT" apply -p "$policies" "$bundle"
ended "RLIMIT_FSIZE: apply" "ulimit -f"
cmp -s "$work/long.json" "$bundle/config.json"
result $? "... config.json is intact"
nothing_left "RLIMIT_FSIZE"
limited '-f 1' "$wrapper" --hookwright-config "$config" --log "$work/runtime.log" \
	create --bundle "$bundle" c
ended "RLIMIT_FSIZE: the wrapper" "ulimit -f"
has "$(cat "$work/runtime.log" 2>/dev/null)$out" "cannot replace" "... also in the engine's log"
[ ! -e "$work/seen" ]
result $? "... and the runtime is not executed"
nothing_left "RLIMIT_FSIZE: the wrapper"

# What is executed has the signals' dispositions that we had.
fresh
timed "$wrapper" --hookwright-config "$config" create --bundle "$bundle" c
# timeout(1) resets a SIGHUP that nohup(1) made the tests ignore.
timeout 5 sh -c "grep -E '^Sig(Ign|Blk)' /proc/self/status" >"$work/usual"
is "$(sed -n 2,3p "$work/seen")" "$(cat "$work/usual")" "the runtime ignores no signal that we ignored"
fresh
timed sh -c "trap '' XFSZ PIPE; exec \"\$@\"" - "$wrapper" --hookwright-config "$config" \
	create --bundle "$bundle" c
is "$(sed -n 2,3p "$work/seen")" \
	"$(trap '' XFSZ PIPE && timeout 5 sh -c "grep -E '^Sig(Ign|Blk)' /proc/self/status")" \
	"... and those that were ignored already it does"

# Nobody reads standard error: the engine's log has the message all the same.
fresh
policy "$work/refuse.yaml" 'hook: { path: /bin/nowhere }'
rm -f "$work/runtime.log"
(
	trap - PIPE
	"$wrapper" --hookwright-config "$config" --hookwright-policy "$work/refuse.yaml" \
		--log "$work/runtime.log" create --bundle "$bundle" c 2>&1 < <(nothing)
	echo $? >"$work/pipe.status"
) | true
is "$(cat "$work/pipe.status")" 1 "a closed pipe as standard error"
has "$(cat "$work/runtime.log")" "/bin/nowhere" "... does not keep the reason from the engine's log"

# A small stack works like any other. (A sanitizer needs more of it before main.)
sizes=(64 80 128 512)
[ -z "${HW_SAN-}" ] || sizes=()
for kb in ${sizes[@]+"${sizes[@]}"}; do
	fresh
	limited "-s $kb" "$HOOKWRIGHT" apply -p "$policies" "$bundle"
	is "$status" 0 "a stack of $kb KiB: apply"
	grep -q startContainer "$bundle/config.json"
	result $? "... which has written the hook" "$out"
	limited "-s $kb" "$HOOKWRIGHT" lint -j 2 "$bundle" "$bundle"
	[ "$status" -lt 3 ]
	result $? "a stack of $kb KiB: lint" "status $status: $out"
	limited "-s $kb" "$HOOKWRIGHT" explain -p "$policies" "$bundle"
	is "$status" 0 "a stack of $kb KiB: explain"
	fresh
	limited "-s $kb" "$wrapper" --hookwright-config "$config" create --bundle "$bundle" c
	is "$status" 0 "a stack of $kb KiB: the wrapper"
	is "$(sed -n 1p "$work/seen")" 1 "... has executed the runtime with an edited bundle"
	is "$(sed -n 4p "$work/seen")" "$kb" "... which has the same limit"
	limited "-s $kb" "$wrapper" --hookwright-config "$config" \
		--hookwright-policy "$work/refuse.yaml" --log "$work/runtime.log" \
		create --bundle "$bundle" c
	is "$status" 1 "a stack of $kb KiB: a refusal"
done

# With little memory, few descriptors or no processes: it works, or says why not, and never is the
# runtime executed with a bundle that nobody edited.
try_limit() { # ULIMIT
	fresh
	limited "$1" "$HOOKWRIGHT" apply -p "$policies" "$bundle"
	[ "$status" = 127 ] || [ "$status" = 126 ] || { [ "$status" -lt 126 ] && { [ "$status" = 0 ] || [ -n "$out" ]; }; }
	result $? "ulimit $1: apply" "status $status: $out"
	nothing_left "ulimit $1"
	fresh
	limited "$1" "$wrapper" --hookwright-config "$config" create --bundle "$bundle" c
	[ ! -e "$work/seen" ] || [ "$(sed -n 1p "$work/seen")" = 1 ]
	result $? "ulimit $1: the runtime sees an edited bundle or is not executed" "$out"
	[ "$status" -lt 128 ] && { [ "$status" = 0 ] || [ -n "$out" ]; }
	result $? "ulimit $1: the wrapper" "status $status: $out"
	limited "$1" "$HOOKWRIGHT" lint -j 4 "$bundle" "$bundle" "$bundle"
	[ "$status" -lt 128 ] && { [ "$status" = 0 ] || [ -n "$out" ]; }
	result $? "ulimit $1: lint" "status $status: $out"
}
if [ -z "${HW_SAN-}" ]; then
	for n in 4 5 6 7 8 9 10 12; do try_limit "-n $n"; done
	for n in 7000 8000 10000 12000 20000; do try_limit "-v $n"; done
	for n in 300 500 1000 2000; do try_limit "-d $n"; done
fi
try_limit '-u 0'

# --- descriptors and disks -----------------------------------------------------------------------

# A file opened as descriptor 1 or 2 must not get our messages.
for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
	fresh
	bash -c "exec $closed; exec \"\$@\"" - "$HOOKWRIGHT" apply -p "$policies" "$bundle" >/dev/null 2>&1
	jq -e '.hooks.startContainer | length == 1' "$bundle/config.json" >/dev/null
	result $? "closed $closed: config.json is whole" "$(cat "$bundle/config.json")"
	fresh
	bash -c "exec $closed; exec \"\$@\"" - "$wrapper" --hookwright-config "$config" \
		--hookwright-policy "$work/refuse.yaml" create --bundle "$bundle" c >/dev/null 2>&1
	is "$?" 1 "closed $closed: a refusal"
	cmp -s "$work/pristine.json" "$bundle/config.json"
	result $? "... leaves config.json alone"
	[ ! -e "$work/seen" ]
	result $? "... and the runtime is not executed"
done

fresh
printf 'log: { file: /dev/full, level: info }\n' | cat "$config" - >"$work/log.yaml"
timed "$wrapper" --hookwright-config "$work/log.yaml" --log /dev/full create --bundle "$bundle" c
is "$status" 0 "a full disk for the logs"
is "$(sed -n 1p "$work/seen")" 1 "... and the hook is there"

done_testing
