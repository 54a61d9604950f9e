#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# hookwright-run by itself, on this host; e2e/run-containers.sh has the runtimes start it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# What others may execute, too.
run=$work/in/run
mkdir "$work/in"
cp "${HW_RUN:-$top/build/in/run}" "$run"
compile() { # PROGRAM ARG...
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -g -iquote lib -iquote cmd -o "$work/$1" "${@:2}" || exit 1
}
cd "$top" || exit 2
compile records tests/e2e/records.c lib/helper/record.c
socket=$work/socket
number=$$

# helper ARG...: runs it, with a state; sets status, out, err and took (milliseconds)
helper() {
	local begin=${EPOCHREALTIME/./}
	echo '{"id": "c1"}' | timeout -k 1 20 "$run" "$@" >"$work/out" 2>"$work/err"
	status=$?
	took=$(((${EPOCHREALTIME/./} - begin) / 1000))
	out=$(tr -d '\0' <"$work/out")
	err=$(sed -E 's/\[[0-9]+\.[0-9]{3} s\]/[]/' "$work/err")
}

# listen [ARG...]: somebody reads the socket; hear: until that one ends; heard WORD [SED]: prints what
# it got with these words
listen() {
	coproc READER { exec "$work/records" "$socket" "$@"; }
	exec {reader}<&"${READER[0]}"
	# shellcheck disable=SC2153 # coproc sets it
	reader_pid=$READER_PID
	read -r -u "$reader" _
}
hear() {
	cat <&"$reader" >"$work/heard"
	exec {reader}<&-
	wait "$reader_pid" 2>/dev/null
}
heard() { grep -aE "^($1): " "$work/heard" | sed -E "${2-}"; }
# logged ARG...: the helper with such a log, and what comes of it
logged() {
	listen
	helper --log="$socket" "$@"
	hear
}

# A command line that no other process has, to see whether it is gone: it sleeps for that long.
fresh() {
	number=$((number + 1))
	nap=1000$number
}
naps() { pgrep -fx "sleep $nap" | wc -l; }
wake() { pgrep -fx "sleep $nap" | xargs -r kill -KILL; }

# --- arguments ---

wrong() { # TEXT ARG...
	local text=$1
	shift
	helper "$@"
	is "$status $(head -c 16 "$work/err")" "125 hookwright-run: " "arguments: refused: $(printf '%.60q ' "$@")"
	has "$err" "$text" "... $text"
}
end='-- /bin/true true'
# shellcheck disable=SC2086 # $end is words
while IFS=$'\t' read -r text args; do
	wrong "$text" $args
done <<ROWS
a program is missing	
a program is missing	--timeout=1
a program is missing	--
a program is missing	-- /bin/true
is not an option of it	--timeout=1 /bin/true true
is not an option of it	--frobnicate $end
is not an option of it	--timeout 5 $end
is not an option of it	--timeouts=5 $end
is not an option of it	-t5 $end
--timeout is there twice	--timeout=1 --timeout=1 $end
write seconds above 0	--timeout=0 $end
write seconds above 0	--timeout=0.0 $end
write seconds above 0	--timeout=-1 $end
write seconds above 0	--timeout=+1 $end
write seconds above 0	--timeout= $end
write seconds above 0	--timeout=1e3 $end
write seconds above 0	--timeout=5s $end
write seconds above 0	--timeout=5. $end
write seconds above 0	--timeout=.5 $end
write seconds above 0	--timeout=1.2345 $end
write seconds above 0	--timeout=2147483648 $end
write seconds above 0	--timeout=99999999999999999999 $end
write seconds, like	--kill-after=x $end
write fail, warn or ignore	--on-failure=never $end
write fail, warn or ignore	--on-failure= $end
the absolute path of a socket	--log=run/log $end
the absolute path of a socket	--log=/$(printf '%0108d' 0) $end
a number of bytes	--log-bytes=-1 $end
a number of bytes	--log-rate=1k $end
a name without control characters	--policy= $end
a name without control characters	--policy=$(printf '%0256d' 0) $end
a name without control characters	--container=$(printf '%01025d' 0) $end
is not an absolute path	-- true true
ROWS
wrong "a name without control characters" $'--policy=a\nb' -- /bin/true true
helper --timeout=2147483647.999 --kill-after=0 --on-failure=fail --log=/none --log-bytes=0 \
	--log-rate=0 --policy=p --container=c -- /bin/true true
is "$status$err" 0 "arguments: all of them are taken"

# --- status ---

printf '#!/no/such/interpreter\n' >"$work/no-interpreter"
echo 'exit 0' >"$work/no-magic"
chmod 755 "$work/no-interpreter" "$work/no-magic"
touch "$work/no-x"
ends() { # STATUS REASON PROGRAM ARG...
	helper --policy=pol -- "$3" hook "${@:4}"
	is "$status" "$1" "status: $1: ${3#"$work/"} ${*:4}"
	is "$err" "${2:+hookwright: pol: [] $2}" "... and the reason"
}
absent="cannot be executed: No such file or directory: it, or the interpreter or loader that it names, is not in the container"
denied="cannot be executed: Permission denied: look at the file's owner and mode, and at the mount's options"
ends 0 '' /bin/true
ends 1 'the hook ended with status 1' /bin/false
ends 255 'the hook ended with status 255' /bin/sh -c 'exit 255'
ends 137 'the hook was killed by signal 9 (Killed)' /bin/sh -c 'kill -9 $$'
ends 139 'the hook was killed by signal 11 (Segmentation fault)' /bin/sh -c 'kill -SEGV $$'
ends 127 "'/no/such' $absent" /no/such
ends 127 "'$work/no-interpreter' $absent" "$work/no-interpreter"
ends 126 "'$work/no-x' $denied" "$work/no-x"
ends 126 "'/bin' $denied" /bin
ends 126 "'$work/no-magic' cannot be executed: Exec format error: it is not for this machine, or a script that does not begin with '#!'" "$work/no-magic"

fails() { # HOW STATUS REASON ARG...
	helper --policy=pol --on-failure="$1" "${@:4}"
	is "$status" "$2" "on-failure: $1: the status for ${*:4}"
	has "$err" "$3" "... and the reason"
	[ "$1" != ignore ] || is "$err" "" "... which nobody wants to know"
}
fails fail 3 'ended with status 3' -- /bin/sh sh -c 'exit 3'
fails fail 127 "'/no/such' cannot be executed" -- /no/such such
fails fail 124 'did not end within 0.05 s' --timeout=0.05 -- /bin/sleep sleep 60
for how in warn ignore; do
	fails $how 0 "$([ $how = ignore ] || echo 'ended with status 3')" -- /bin/sh sh -c 'exit 3'
	fails $how 0 "$([ $how = ignore ] || echo "'/no/such' cannot be executed")" -- /no/such such
	fails $how 0 "$([ $how = ignore ] || echo 'did not end within 0.05 s')" --timeout=0.05 -- /bin/sleep sleep 60
	fails $how 0 '' -- /bin/true true
done
helper --on-failure=ignore --frobnicate -- /bin/true true
is "$status" 125 "on-failure: arguments that are wrong are not ignored"

# --- what the hook gets ---

helper -- /usr/bin/printf printf '<%s>' '' 'a b' $'c\nd' --timeout=1 --
is "$out" $'<><a b><c\nd><--timeout=1><-->' "hook: its arguments are as given"
helper -- /bin/sh zero -c 'tr "\0" " " </proc/$$/cmdline; exit 3'
is "$out" "zero -c tr \"\\0\" \" \" </proc/\$\$/cmdline; exit 3 " "hook: its argv[0] as well"
out=$(nothing | env -i A=b LD_PRELOAD=/no/such.so GLIBC_TUNABLES=glibc.malloc.check=9 B= \
	"$run" -- "$(command -v busybox)" env 2>&1)
is "$out" $'A=b\nLD_PRELOAD=/no/such.so\nGLIBC_TUNABLES=glibc.malloc.check=9\nB=' \
	"hook: the environment is passed on, and nothing is read from it"

# As a runtime could leave them; the C library would not let us ignore all of these.
compile careless -x c - <<-'C'
	#include <sys/syscall.h>
	#include <unistd.h>
	int main(int argc, char **argv)
	{
		void *ignore[8] = { (void *)1 };
		unsigned long all = ~0ul;
		for (int signal = 1; signal <= 64; signal++)
			syscall(SYS_rt_sigaction, signal, ignore, 0, 8);
		syscall(SYS_rt_sigprocmask, 2, &all, 0, 8);
		return execv(argv[1], argv + (argc > 1));
	}
C
fields=(-E '^(SigBlk|SigIgn|NoNewPrivs):' /proc/self/status)
like "$(nothing | "$work/careless" /bin/grep "${fields[@]}")" $'SigBlk:\t[1-9a-f]+\nSigIgn:\t[1-9a-f]+' \
	"hook: if all signals are blocked and ignored"
is "$(nothing | "$work/careless" "$run" -- /bin/grep grep "${fields[@]}")" \
	$'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nNoNewPrivs:\t0' \
	"... none is in the hook, and it may gain privileges"
out=$(nothing | "$run" -- /bin/sh sh -c 'set -- /proc/$$/fd/*; echo "$@"' 7</etc/passwd 99</etc/group)
# The fourth is of the directory that the shell reads.
like "$out" '^/proc/[0-9]+/fd/0 /proc/[0-9]+/fd/1 /proc/[0-9]+/fd/2 /proc/[0-9]+/fd/3$' \
	"hook: has three descriptors, whatever was inherited"
helper -- /bin/sh sh -c 'set -- $(cat /proc/$$/stat); echo "$1 $5" | tr " " "\n" | uniq | wc -l'
is "$out" 1 "hook: leads a process group"
out=$("$run" -- /bin/sh sh -c 'cat; echo out; echo err >&2; exit 5' <&- >&- 2>&-)
is "$? $out" "5 " "hook: without any standard descriptors"

# --- the state ---

for size in 0 1 65536 65537 1048576; do
	head -c "$size" /dev/urandom >"$work/state"
	"$run" --log-bytes=2000000 --log-rate=2000000 -- /bin/cat cat <"$work/state" >"$work/out"
	ok "state: $size bytes arrive as they are" cmp "$work/state" "$work/out"
done
# crun fails, or is killed, when it cannot write all of it.
head -c 900000 /dev/zero 2>"$work/err" | "$run" -- /bin/sh sh -c 'exec <&-; exit 4' 2>"$work/err"
is "${PIPESTATUS[*]}" "0 4" "state: it is taken, also if the hook does not want it"
head -c 5000000 /dev/zero 2>"$work/err" | "$run" -- /bin/touch touch "$work/touched" 2>"$work/err"
is "${PIPESTATUS[*]}" "0 125" "state: one of 5 MB is taken and refused"
has "$(cat "$work/err")" "the container's state has more than 1048576 bytes: shorten its annotations" \
	"... with a remedy"
nok "... and the hook does not run" test -e "$work/touched"
out=$(sleep 2 | "$run" --timeout=0.2 -- /bin/touch touch "$work/touched" 2>&1; echo "${PIPESTATUS[1]}")
has "$out" "the runtime did not end the container's state on standard input in time" \
	"state: one that does not end is not waited for"
is "${out##*$'\n'}" 124 "... beyond the limit"

# --- the limit ---

# stops NAME SIGNAL SCRIPT: a hook that sleeps for $nap somehow is stopped, with all it started
stops() {
	local left
	fresh
	helper --policy=pol --timeout=0.4 --kill-after=0.2 -- /bin/bash bash -c "${3//NAP/$nap}"
	left=$(naps)
	[ "$left" = 0 ] || wake
	is "$status $left" "124 0" "limit: $1: stopped, nothing is left"
	has "$err" "within 0.4 s and was stopped by SIG$2" "... by SIG$2"
	is "$((took < 1500))" 1 "... in time ($took ms)"
}
bg='</dev''/null >/dev''/null 2>&1'
stops "one that sleeps" TERM 'exec sleep NAP'
stops "a child that sleeps" TERM 'sleep NAP; exit 1'
stops "a child in the background with its pipes" TERM 'sleep NAP &'
stops "one that ignores SIGTERM" KILL 'trap "" TERM; sleep NAP'
stops "one that is stopped" TERM 'sleep NAP & kill -STOP $! $$'
stops "one that is stopped, and ignores SIGTERM" KILL 'trap "" TERM; sleep NAP & kill -STOP $!; kill -STOP $$'
stops "a session of its own" TERM 'setsid sleep NAP; exit 1'
stops "an orphan in a session of its own" TERM "setsid sleep NAP $bg & exit 0"
stops "an orphan's orphan that ignores SIGTERM" KILL \
	"(setsid bash -c 'trap \"\" TERM; (setsid sleep NAP $bg &)' $bg &); exit 0"
stops "one that closed its pipes" TERM "exec $bg; sleep NAP; exit 1"
stops "one whose children make children" KILL \
	'trap "" TERM; f() { sleep NAP & [ $1 = 0 ] || f $(($1 - 1)); wait; }; for i in 1 2 3; do f 5 & done; wait'
stops "one that makes others when it is stopped" KILL \
	'trap "(trap \"\" TERM; setsid sleep NAP &)" TERM; sleep NAP & wait; wait; sleep NAP'
stops "one that writes all the time" TERM 'yes & exec sleep NAP'
stops "a name that looks like /proc/PID/stat" TERM \
	"cp /bin/sleep '$work/x) R 1 (' && exec -a 'sleep' setsid '$work/x) R 1 (' NAP"

helper --timeout=0.2 -- /bin/bash bash -c 'trap "echo bye; exit 0" TERM; while :; do sleep 0.05; done'
is "$status $out" "124 bye" "limit: SIGTERM leaves time to end, and to say so"
helper --policy=pol --timeout=0.2 -- /bin/bash bash -c 'sleep 60 & exit 0'
is "$err" "hookwright: pol: [] what the hook started, and left behind, did not end within 0.2 s and was stopped by SIGTERM: raise hook.timeout, or find out from its output what it waits for" \
	"limit: one that left something behind is told so"
helper --timeout=5 -- /bin/bash bash -c "setsid bash -c 'sleep 0.3; echo late' & exit 3"
is "$status $out" "3 late" "limit: what the hook started may take its time, too"
fresh
helper -- /bin/bash bash -c "sleep $nap & exit 3"
is "$status $(naps)" "3 1" "limit: without one, what the hook left behind goes on"
is "$((took < 1500))" 1 "... and nobody waits for its pipes"
wake

# Somebody else has its pipe, and is not one of those that are stopped.
rm -f "$work/hook"
(
	for ((i = 0; i < 100; i++)); do [ ! -s "$work/hook" ] || break; sleep 0.02; done
	exec sleep 5 >"/proc/$(cat "$work/hook")/fd/1" 2>&1
) &
holder=$!
helper --timeout=0.5 --kill-after=0 -- /bin/bash bash -c "trap '' TERM; echo \$\$ >'$work/hook'; while :; do sleep 1; done"
is "$status $(readlink "/proc/$holder/fd/1" | cut -d : -f 1)" "124 pipe" "limit: another process has the hook's pipe"
is "$((took < 3000))" 1 "... for which nobody waits ($took ms)"
kill $holder

# The hook ignores SIGTERM, so both times are spent. A machine that is busy can be late: the best of some.
best=99999
for ((i = 0; i < 10; i++)); do
	helper --timeout=0.5 --kill-after=0.2 -- /bin/sh sh -c 'trap "" TERM; while :; do sleep 1; done'
	[ "$took" -ge "$best" ] || best=$took
	[ "$best" -ge 750 ] || break
done
is "$((best >= 700 && best < 750))" 1 "limit: exact to 50 ms (700 ms are $best)"

# In a PID namespace, at whose end all is gone: whatever could not be found.
elsewhere() { # SCRIPT: prints and ends as it
	took=${EPOCHREALTIME/./}
	out=$(nothing | timeout -k 1 20 unshare -mpf --kill-child bash -c "$1" 2>&1)
	status=$?
	took=$(((${EPOCHREALTIME/./} - took) / 1000))
	out=$(sed -E 's/\[[0-9]+\.[0-9]{3} s\]/[]/' <<<"$out")
}
orphan="'$run' --timeout=1 --kill-after=0.1 -- /bin/bash bash -c 'setsid sleep 600 & sleep 0.3; exit 0'"
orphan="$orphan; status=\$?; exit \$status"
if unshare -mpf true 2>/dev/null; then
	for how in "mount -t tmpfs none /proc" "mkdir '$work/fake' && mount --bind '$work/fake' /proc" true; do
		elsewhere "$how && $orphan"
		is "$status" 124 "no /proc ($how): the limit holds"
		has "$out" "nor after SIGKILL: processes that left its group cannot be found without the container's /proc: mount it" \
			"... and it is said what was not found"
		is "$((took < 4000))" 1 "... in time ($took ms)"
	done
	# An image's directory that shows a process as one of the hook's.
	elsewhere "sleep 600 & victim=\$!; rm -rf '$work/fake'; mkdir -p '$work/fake/'\$victim && mount --bind '$work/fake' /proc && (
		echo \"\$victim (sleep) S \$BASHPID 0 0\" >/proc/\$victim/stat; ln -s \$BASHPID /proc/self
		exec ${orphan%; status*}); kill -0 \$victim && echo alive"
	has "$out" "without the container's /proc: mount it"$'\n'alive "no /proc: one that lies is not believed"
	elsewhere "mount -t tmpfs none /proc && ${orphan/setsid/}"
	is "$status" 124 "no /proc: the process group is found"
	has "$out" "stopped by SIGTERM" "... and stopped"
else
	skip "no /proc: the limit holds" "no PID namespace can be made"
fi

# --- asked to stop, or killed ---

begin() { # hookwright-run in the background, until its hook runs
	fresh
	nothing | "$run" -- /bin/bash bash -c "echo up; setsid sleep $nap & exec sleep $nap" >"$work/out" 2>"$work/err" &
	helper_pid=$!
	for ((i = 0; i < 100 && $(naps) < 2; i++)); do sleep 0.02; done
}
for signal in TERM INT HUP QUIT; do
	begin
	kill -$signal $helper_pid
	wait $helper_pid
	is "$? $(naps)" "$((128 + $(kill -l $signal))) 0" "SIG$signal stops the hook, and all that it started"
done
has "$(cat "$work/err")" "the hook was stopped, because hookwright-run got signal 3" "... with a reason"
begin
disown $helper_pid
kill -KILL $helper_pid
for ((i = 0; i < 100 && $(naps) > 1; i++)); do sleep 0.02; done
is "$(naps)" 1 "SIGKILL of the helper kills the hook's own process"
wake
{ sleep 1; echo "$?"; } | "$run" -- /bin/touch touch "$work/touched" 2>"$work/err" &
sleep 0.2
kill -TERM $!
wait $!
is "$?" 143 "SIGTERM while the state is read"
nok "... and the hook does not run" test -e "$work/touched"

# --- the log ---

text='printf "one\ntwo\n"; sleep 0.1; echo problem >&2; sleep 0.1; printf unended; exit 3'
logged --policy=pol --container=c0ffee --timeout=7 -- /bin/bash hook -c "$text"
is "$(heard '[a-z]*' '/^took/d')" "begin: pol c0ffee /bin/bash
out: one
out: two
err: problem
out: unended~
end: exited 3 left 0 written 23 omitted 0
reason: the hook ended with status 3" "log: lines and outcome go to the socket"
took=$(($(heard took 's/took: //') / 1000))
is "$((took >= 200 && took < 2000))" 1 "... with what it took"
is "$err" "hookwright: pol: [] one
hookwright: pol: [] two
hookwright: pol: [] unended
hookwright: pol: [] problem
hookwright: pol: [] the hook ended with status 3" "... and a failing hook's last lines, by streams, to standard error"
is "$out" "" "... nothing to standard output"

logged --policy=pol -- /bin/bash hook -c 'echo fine'
is "$(heard 'out|end|reason')$out$err" "out: fine
end: exited 0 left 0 written 5 omitted 0
reason: the hook ended with status 0" "log: nothing else of one that succeeds"

reported() { # WANT NAME ARG...
	logged "${@:3}"
	has "$(heard 'end|reason')" "$1" "log: $2"
}
reported 'end: signaled 9 left 0' "a signal" -- /bin/sh sh -c 'kill -9 $$'
reported 'end: timed-out 15 left 0' "a limit" --timeout=0.1 -- /bin/sleep sleep 60
reported 'end: timed-out 9 left 0' "a limit, after SIGKILL" --timeout=0.1 --kill-after=0 -- \
	/bin/bash bash -c 'trap "" TERM; sleep 60'
reported 'end: not-executed 2 left 0' "a program that is missing" -- /no/such such
reported 'end: exited 3 left 0' "a failure that is ignored" --on-failure=ignore -- /bin/sh sh -c 'exit 3'
is "$status$err" 0 "... is in the log only"
listen
head -c 2000000 /dev/zero | "$run" --log="$socket" -- /bin/true true 2>"$work/err"
hear
has "$(heard end)" "end: not-started 7 left 0" "log: a hook that is not started"

logged -- /bin/bash bash -c 'printf "%010000d\n" 7; printf "\0\1\377\n"'
is "$(heard out 's/0{1000,}/zeros/' | tr '\1\377' YZ | tr -d '\0')" "out: zeros~
out: zeros~
out: zeros7
out: YZ" "log: a line that is too long is cut, and any byte is taken"
is "$(heard lost)" "" "... and nothing is lost"

# Nobody is there.
helper --log="$work/none" --policy=pol -- /bin/bash bash -c 'echo one; echo two >&2; printf three'
is "$status $err" "0 hookwright: pol: [] one
hookwright: pol: [] two
hookwright: pol: [] three" "no log: lines go to standard error"
/usr/bin/python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(sys.argv[1])' "$work/dead"
helper --log="$work/dead" -- /bin/echo echo one
is "$err" "hookwright: [] the log '$work/dead' cannot be reached: Connection refused; lines go to standard error
hookwright: [] one" "no log: a reader that died is said to be"
touch "$work/file"
helper --log="$work/file" -- /bin/echo echo one
has "$err" "Connection refused" "no log: nor is a file one"
listen
helper --log="$socket" --policy=pol -- /bin/bash bash -c "echo one; sleep 0.1; kill $reader_pid; sleep 0.1; echo two"
hear
is "$(heard out) $err" "out: one hookwright: pol: [] two" "no log: one that ends meanwhile"

# A reader that sleeps for 3 seconds. The queue of a socket is short.
listen 1 2
helper --log="$socket" --timeout=4 -- /bin/bash bash -c 'for ((i = 0; i < 3000; i++)); do echo "line $i"; [ $((i % 20)) != 0 ] || sleep 0.0001; done'
is "$((status == 0 && took < 2900))" 1 "slow reader: waited for 2 seconds at most ($took ms)"
hear
listen 1 2
helper --log="$socket" --timeout=0.5 --kill-after=0.1 -- /bin/bash bash -c 'trap "" TERM; while :; do echo line; sleep 0.001; done'
is "$((status == 124 && took < 1800))" 1 "slow reader: the limit holds ($took ms)"
hear
out=$( (nothing | "$run" -- /bin/bash bash -c 'yes | head -c 300000; exit 3' 2>"$work/err"; echo $? >"$work/status") | { sleep 2.5; head -c 1; })
is "$(cat "$work/status")" 3 "slow reader: of standard output"

# --- bounds ---

# 10 MB, and at the end the reason.
chatter='yes "a line of this chatter" | head -c 10000000; echo; echo the reason >&2; exit 3'
logged --log-bytes=20000 --log-rate=1000000 -- /bin/bash bash -c "$chatter"
kept=$(heard 'out|err' | wc -c)
is "$((kept > 15000 && kept < 32000))" 1 "bounds: of 10 MB about 20,000 bytes are kept ($kept)"
is "$(heard err)" "err: the reason" "... and the last lines"
like "$(heard helper)" '^helper: 99[0-9]+ bytes of standard output are left out here: more than 20000 in all, or 1000000 in a second$' \
	"... and it is said that there were more"
like "$(heard end)" 'exited 3 left 0 written 10000012 omitted 99[0-9]{5}$' "... how much"
is "$((took < 3000))" 1 "... and it does not take long ($took ms)"
is "$(($(wc -c <"$work/err") < 16000))" 1 "... standard error gets the last lines only"
has "$err" "the reason" "... with the reason"
logged --log-rate=1200 -- /bin/bash bash -c \
	'for i in 1 2 3; do for j in 1 2 3; do printf "$i %0500d\n" $j; sleep 0.05; done; sleep 1; done'
is "$(heard out 's/0+//' | paste -sd ' ')" "out: 1 1 out: 1 2 out: 2 1 out: 2 2 out: 3 1 out: 3 2 out: 3 3" \
	"bounds: two lines of 503 bytes a second with a rate of 1,200, and the last one"
helper -- /bin/bash bash -c "$chatter"
is "$(($(wc -c <"$work/out") <= 262144)) $status" "1 3" "bounds: they hold without a log, too"
has "$err" "the reason" "... and the last lines are there"
helper -- /bin/bash bash -c 'echo out; echo err >&2'
is "$out $err" "out err" "bounds: below these, each stream stays what it was"
helper --log-bytes=0 -- /bin/bash bash -c 'echo out; echo err >&2'
is "$out $err" "out err" "bounds: with none, the last lines are kept"

# --- what it asks of the kernel ---

if command -v strace >/dev/null; then
	trace() { # ARG...: system calls of the helper itself, and what it opened
		strace -o "$work/trace" "$run" "$@" < <(echo state) >"$work/out" 2>"$work/err"
		calls=$(sed -nE 's/^([a-z0-9_]+)\(.*/\1/p' "$work/trace" | sort -u)
		opened=$(sed -nE 's/^open(at)?\(([^"]*, )?"([^"]*)".*/\3/p' "$work/trace" | sort -u)
	}
	documented=$(sed -n '/The system calls it makes/,/\*\//p' cmd/run/run.h | grep -oE '[a-z0-9_]+')
	# At their start the C libraries make more; that of sysinfo is glibc's qsort(3).
	startup="arch_prctl set_tid_address brk getrandom mprotect readlink rseq set_robust_list sysinfo"
	undocumented() { comm -23 <(echo "$calls") <(echo "$documented $startup" | tr ' ' '\n' | sort -u); }
	trace -- /bin/true true
	is "$opened" "" "strace: it opens nothing"
	is "$(undocumented)" "" "... and makes no other calls than run.h lists"
	lacks "$(grep -v execve "$work/trace")" "/bin/true" "... nor looks at the hook's program"
	listen
	trace --log="$socket" --timeout=5 --policy=p -- /bin/bash bash -c 'echo one; echo two >&2; exit 3'
	is "$opened$(undocumented)" "" "strace: nor with a log"
	hear
	trace --timeout=0.1 --kill-after=0.1 -- /bin/bash bash -c 'trap "" TERM; sleep 60'
	is "$(echo "$opened" | sed -E 's|^[0-9]+/stat$|PID/stat|' | sort -u)" $'/proc\nPID/stat' \
		"strace: to stop what it started, /proc and the processes in it"
	is "$(undocumented)" "" "... with no other calls"
	# A profile older than close_range(2).
	strace -f -o "$work/trace" -e inject=close_range:error=EPERM "$run" -- /bin/sh sh -c 'echo /proc/$$/fd/*' \
		< <(nothing) 7</etc/passwd >"$work/out" 2>"$work/err"
	is "$(wc -w <"$work/out")" 4 "strace: without close_range(2) descriptors are closed as well"
	for call in pipe2 clone; do
		helper_trouble=$(strace -o "$work/trace" -e inject="$call":error=EAGAIN "$run" --policy=p -- /bin/true true 2>&1 < <(nothing))
		is "$? $(sed '/^strace: /d; s/\[.*\]/[]/' <<<"$helper_trouble")" \
			"125 hookwright: p: [] the hook was not started: no more processes are allowed: raise pids.limit, or RLIMIT_NPROC" \
			"strace: $call that fails is reported"
	done
	# Each call fails, as a filter would have it, always or from its third time on.
	for call in $documented; do
		case $call in execve | exit_group | rt_sigreturn | read | write | arch_prctl | [0-9]* | *[^a-z0-9_]* | all) continue ;; esac
		strace -o /dev/null -e trace="$call" true 2>/dev/null || continue
		for when in 1+ 3+; do
			took=${EPOCHREALTIME/./}
			(ulimit -n 1024; exec timeout 20 strace -o "$work/trace" -e inject="$call":error=EPERM:when=$when "$run" \
				--timeout=0.3 --kill-after=0.1 --log="$work/none" -- /bin/bash bash -c 'echo; sleep 4 & exec sleep 4') \
				< <(echo x) >"$work/out" 2>"$work/err"
			status=$?
			took=$(((${EPOCHREALTIME/./} - took) / 1000))
			is "$((took < 3500 && status >= 124))" 1 \
				"strace: $call that fails does not hang ($when: $took ms, status $status)"
		done
	done
	timeout 10 strace -o "$work/trace" -e inject=ppoll:error=ENOSYS:when=3+ "$run" -- /bin/sleep sleep 60 < <(nothing) 2>"$work/err"
	is "$?" 137 "strace: a ppoll that fails does not hang"
else
	skip "strace: it opens nothing" "no strace"
fi

# --- its memory, and hostile bytes ---

# both ARG...: as built with sanitizers, and under valgrind where it is there
checked() { # NAME STATUS STATE ARG...
	printf '%s' "$3" | ASAN_OPTIONS=detect_leaks=0 "$work/sanitized" "${@:4}" >"$work/out" 2>"$work/err"
	is "${PIPESTATUS[1]}" "$2" "memory: $1: sanitizers"
	lacks "$(cat "$work/err")" "Sanitizer" "... find nothing"
	if command -v valgrind >/dev/null; then
		printf '%s' "$3" | valgrind -q --error-exitcode=99 --child-silent-after-fork=yes --track-fds=no \
			"$work/dynamic" "${@:4}" >"$work/out" 2>"$work/err"
		is "${PIPESTATUS[1]}" "$2" "memory: $1: valgrind"
		lacks "$(cat "$work/err")" "==" "... finds nothing"
	fi
}
compile dynamic cmd/run/*.c
compile sanitized -fsanitize=address,undefined -fno-sanitize-recover=all cmd/run/*.c
checked "a success" 0 state --policy=p -- /bin/cat cat
checked "a failure" 3 state --policy=p --timeout=5 -- /bin/sh sh -c 'echo x; echo y >&2; exit 3'
checked "a missing program" 127 state -- /no/such such
checked "a limit" 124 "" --timeout=0.2 --kill-after=0.1 -- /bin/bash bash -c 'trap "" TERM; setsid sleep 600 & sleep 600'
checked "wrong arguments" 125 "" --timeout="$(printf '%0600d' 0)" -- /bin/true true
checked "a name of any length" 126 "" --policy="$(printf '%0255d' 0)" --container="$(printf '%01024d' 0)" -- "/$(printf '%04000d/' 0)" x
checked "lines of any length" 0 "" --log="$work/none" --policy="$(printf '%0255d' 0)" -- /bin/bash bash -c \
	'for n in 1 4095 4096 4097 8192 9000; do printf "%0${n}d" 0; echo; done; printf x'
checked "a state that is too large" 125 "$(head -c 1100000 /dev/zero | tr '\0' x)" -- /bin/true true
listen 2
checked "a log" 3 state --log="$socket" --policy=p --container=c --log-bytes=5000 -- /bin/bash bash -c \
	'for ((i = 0; i < 3000; i++)); do echo "$i"; done; echo bad >&2; exit 3'
hear
is "$(heard err | sort -u)" "err: bad" "... as the host reads it"

same=0
for ((i = 1; i <= 30; i++)); do
	head -c $((RANDOM * i % 300000)) /dev/urandom >"$work/state"
	"$run" --log-bytes=2000000 --log-rate=2000000 -- /bin/cat cat <"$work/state" >"$work/out"
	cmp -s "$work/state" "$work/out" && same=$((same + 1))
done
is "$same" 30 "state: random bytes of any length arrive as they are"

done_testing
