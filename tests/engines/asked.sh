#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A hook that was asked for and is left out: who asked is told, on the terminal by 'hookwright podman',
# and in the journal of the host, with the real podman and the real journald.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon runc crun python3
cgroups_are_writable || skip_all "cgroups cannot be written"

hookwright=$work/bin/hookwright
set_podman overlay "$hookwright" podman
image=localhost/hw:1
left="hookwright podman: warning: /etc/hookwright/policies.d/warns-asked.yaml:5:3: hook of 'warns-asked' \
left out: it needs 'uid: 7', but process.user.uid is 0"

in_podman() { # OPTION... -- COMMAND...
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	run "${podman[@]}" run "${options[@]}" "${flags[@]}" "$image" "$@"
}

# Nobody who waits for the output, or for the shell, waits for the process that listens.
listeners() { pgrep -fc "^$hookwright podman" || true; }

terminal() {
	in_podman --oci-hook warns-asked --rm -- echo payload ran
	expect "podman run: what 'warn' leaves out is on the terminal" 0 "$left" \
		"  hint: run the container as that user" "payload ran"
	in_podman --oci-hook ignores-asked --rm -- echo payload ran
	expect "podman run: 'ignore' too" 0 "hook of 'ignores-asked' left out" "payload ran"
	in_podman --oci-hook touch-asked --rm -- sh -c "$in_container"
	is "$status $out" "0 found /asked"$'\n'"payload ran" "podman run: else there is nothing to tell"
	in_podman --oci-hook warns-asked -d --name one -- sleep 60
	expect "podman run -d" 0 "$left"
	run "${podman[@]}" logs one
	is "$status $out" "0 " "the container's log has none of it"
	is "$(listeners)" 0 "no process is left behind"
	run "${podman[@]}" rm -f -t 0 one
	expect "podman rm" 0
	in_podman --oci-hook warns-asked --no-such-option -- true
	expect "an engine that fails does not hang" failure "no-such-option"
}

# What a terminal shows when podman has made it raw: each line begins at its left edge.
raw_terminal() {
	run python3 -c 'import os, pty, sys
seen = bytearray()
def read(fd):
    got = os.read(fd, 4096)
    seen.extend(got)
    return got
status = pty.spawn(sys.argv[1:], read)
sys.stdout.flush()
print("bare line breaks:", seen.replace(b"\r\n", b"").count(b"\n"))' \
		"${podman[@]}" run --oci-hook warns-asked --rm -it "${flags[@]}" "$image" echo payload ran
	expect "podman run -it" 0 "$left" "payload ran" "bare line breaks: 0"
}

other_ways() {
	turn_off
	in_podman --oci-hook touch-asked --rm -- sh -c "$in_container"
	expect "the kill switch" 0 "warning: switched off by $kill_switch" "!found /asked"
	turn_on
	# Nobody may speak in the wrapper's place: not another user, and not with another's token.
	run python3 -c 'import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
try: s.sendto(b"x", b"\0hookwright/" + b"0" * 32)
except ConnectionRefusedError: print("nobody listens")'
	expect "there is no other address" 0 "nobody listens"
}

journal() {
	local said
	start_journal ||
		{ skip "the journal" "journald does not start here: $(tail -n 1 "$work/journald.log")"; return; }
	run "$hookwright" setup --check podman
	expect "setup --check shows where" any \
		"ok  messages     a hook that a policy leaves out is reported in the journal: journalctl -t hookwright"
	in_podman --annotation io.hookwright.policies=warns-asked --runtime "$work/bin/hookwright-runtime" \
		--rm -- echo payload ran
	expect "the annotation alone" 0 "payload ran" "!left out"
	wait_for 10 in_journal "hook of 'warns-asked' left out: it needs 'uid: 7'"
	result $? "the journal has it, without a configured log" "$(journalctl -t hookwright -o short 2>&1)"
	"$hookwright" filter --request ignores-asked --bundle "$work/oci" \
		<<<'{"ociVersion":"1.0.2","root":{"path":"/"},"process":{"user":{"uid":0,"gid":0},"args":["x"],"cwd":"/"}}' \
		>/dev/null 2>"$work/filter.err"
	wait_for 10 in_journal "hook of 'ignores-asked' left out"
	result $? "so it has what the filter says" "$(cat "$work/filter.err")"
	said=$(journalctl -t hookwright -p warning --no-pager -o cat | wc -l)
	is "$((said >= 2))" 1 "at level warning"
}
in_journal() { journalctl -t hookwright --no-pager -o cat 2>/dev/null | grep -qF "$1"; }

make_image && make_config || exit 2
printf 'version: 1\nruntime: [runc, crun]\n' >/etc/hookwright/config.yaml
for word in warn ignore; do
	printf 'version: 1\nactivation: requested\notherwise: %s\nneeds:\n  uid: 7\nhook: { path: /bin/true }\n' \
		$word >"/etc/hookwright/policies.d/${word}s-asked.yaml"
done
run "${podman[@]}" load -q -i "$work/image.tar"
expect "the image loads" 0
terminal
raw_terminal
other_ways
if [ -x /lib/systemd/systemd-journald ]; then
	journal
else
	skip "the journal" "systemd-journald is not installed"
fi
done_testing
