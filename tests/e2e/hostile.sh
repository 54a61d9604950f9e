#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Images that mean harm: every look ends soon, stays inside and says what is wrong.
# shellcheck disable=SC2317,SC2016 # functions that check calls, texts that eval expands
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

plain=${HW_PLAIN:-$HOOKWRIGHT} # sanitizers do not like strace
b=$work/b
r=$b/rootfs
mkdir "$b"
[ -z "${HW_NAMESPACE-}" ] || mount -t tmpfs tmpfs "$b" # fast
bare_bundle "$b"
cp -p "$b/config.json" "$work/original"
cp -a "$r" "$work/rootfs"
# What a link that leaves the rootfs would find.
busybox_rootfs "$work/outside"
echo 'ID=outside' >"$work/outside/etc/os-release"
strace=
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then strace=yes; fi
esc=$'\033'

fresh() {
	rm -rf "$r"
	cp -a "$work/rootfs" "$r"
	cat "$work/original" >"$b/config.json"
}

# limited ARG...: hookwright with 5 seconds; what it prints is harmless
limited() {
	timed 5 "$HOOKWRIGHT" "$@"
}

# The same, and every call is in $work/trace.
traced() {
	rm -f "$work/trace"
	if [ -n "$strace" ]; then
		timed 15 strace -f -y -o "$work/trace" "$plain" "$@"
	else
		limited "$@"
	fi
}

timed() { # SECONDS COMMAND...
	timeout -k 1 "$@" >"$work/hw.out" 2>"$work/hw.err" < <(nothing)
	status=$?
	echo "$status" >"$work/hw.status"
	out=$(tr '\0' '@' <"$work/hw.out")
	err=$(tr '\0' '@' <"$work/hw.err")
	[ "$status" -le 3 ] || complain "status $status of: $*"$'\n'"$err"
	if grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$work/hw.out" "$work/hw.err"; then
		complain "control characters in the output of: $*"
	fi
}

# Nothing beside the rootfs is touched, not even by a stat.
looks_inside() {
	[ -n "$strace" ] || return
	# What a link says is read; where it leads is not.
	want "looks outside" "$(grep -F "$work/outside" "$work/trace" |
		grep -v "readlinkat([0-9]*<${r}[^>]*>, \"\"" | head -n 3)" ""
	# A way up would not be seen above if it led elsewhere.
	want "ways up" "$(grep -E '(openat2?|statx|newfstatat|readlinkat|faccessat2?)\([^"]*"([^"]*/)?\.\.(/[^"]*)?"' \
		"$work/trace" | head -n 3)" ""
	# Only regular files are opened for reading. What is opened as a path is harmless.
	want "files opened in the rootfs by name" \
		"$(grep -E "openat2?\\([0-9]+<$r" "$work/trace" | grep -v O_PATH | head -n 3)" ""
}

# verdict SETUP STATUS PART LINE...: after SETUP in the rootfs, apply with the policy of these lines
# ends with this status and a message that has this part
verdict() {
	local setup=$1 wanted=$2 part=$3
	shift 3
	fresh
	(cd "$r" && eval "$setup") || complain "cannot set up: $setup"
	policy "$work/p.yaml" "$@"
	limited apply -n -p "$work/p.yaml" "$b"
	want status "$status" "$wanted"
	want_has "stdout and stderr" "$out$err" "$part"
	limited explain --json -p "$work/p.yaml" "$b"
	jq . "$work/hw.out" >/dev/null || complain "explain --json is no JSON"
	traced explain -p "$work/p.yaml" "$b"
	looks_inside
}

# program NAME SETUP STATUS PART: of hook.path /bin/x
program() {
	check "program: $1" verdict "$2" "$3" "$4" 'hook: { path: /bin/x }'
}

added="would have added"
# A script, because busybox takes a link's name for that of an applet.
export chain='printf "#!/bin/sh\n" >bin/ok; chmod 755 bin/ok; for i in $(seq $n); do ln -s "l$((i - 1))" "bin/l$i"; done; ln -s ok bin/l0'

program "a link to itself" 'ln -s x bin/x' 1 "symbolic link loop"
program "two links in a circle" 'ln -s y bin/x; ln -s x bin/y' 1 "symbolic link loop"
program "a circle of directories" 'ln -s /loop/a loop; ln -s /loop/x bin/x' 1 \
	"symbolic link loop"
program "20 links" 'n=18; eval "$chain"; ln -s l18 bin/x' 0 "$added"
program "21 links" 'n=19; eval "$chain"; ln -s l19 bin/x' 1 "21 symbolic links on the way to /bin/x"
program "40 links" 'n=38; eval "$chain"; ln -s l38 bin/x' 1 "40 symbolic links on the way to /bin/x"
program "41 links" 'n=39; eval "$chain"; ln -s l39 bin/x' 1 "more than 40 symbolic links"
program "an absolute link out of the rootfs" 'ln -s "$work/outside/bin/true" bin/x' 1 \
	"does not exist"
program "a relative link out of the rootfs" 'ln -s ../../../outside/bin/true bin/x' 1 \
	"does not exist"
program "a way up that ends inside" 'n=0; eval "$chain"; ln -s ../../../../../../bin/ok bin/x' 0 "$added"
program "a directory that is a link out" \
	'rm -r bin; ln -s "$work/outside/bin" bin' 1 "does not exist"
program "a link into /proc" 'ln -s /proc/self/root/bin/true bin/x' 1 "does not exist"
program "a directory" 'mkdir bin/x' 1 "is a directory"
program "a link to /" 'ln -s / bin/x' 1 "is a directory"
program "a file as directory" 'rm -r bin; echo >bin' 1 "/bin is not a directory"
program "a FIFO" 'mkfifo bin/x' 1 "is not a regular file"
program "a socket" \
	'/usr/bin/python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\"bin/x\")"' 1 "is not a regular file"
program "an empty file" ': >bin/x; chmod 755 bin/x' 1 "empty"
program "garbage" 'head -c 4096 /dev/urandom | tr "#\\177" ab >bin/x; chmod 755 bin/x' 1 "neither"
program "a script without interpreter" 'printf "#!\n" >bin/x; chmod 755 bin/x' 1 "interpreter"
program "a script that is its own interpreter" 'printf "#!/bin/x\n" >bin/x; chmod 755 bin/x' 1 \
	"interpreter"
program "an interpreter that is a FIFO" \
	'mkfifo bin/i; printf "#!/bin/i\n" >bin/x; chmod 755 bin/x' 1 "is not a regular file"
program "an interpreter of 100 KB" \
	'{ printf "#!/"; head -c 100000 /dev/zero | tr "\\0" a; } >bin/x; chmod 755 bin/x' 1 "255 bytes"
program "an interpreter with escape sequences" \
	'printf "#!/bin/\033[31mred\007\n" >bin/x; chmod 755 bin/x' 1 "interpreter"
program "a link to a name with a newline and escape sequences" \
	'ln -s "$(printf "ev\033]0;owned\007il\nok 999 - forged")" bin/x' 1 "does not exist"
program "an 8 TB file" 'truncate -s 8T bin/x || truncate -s 1T bin/x; chmod 755 bin/x' 1 "neither"
program "an 8 TB script" \
	'truncate -s 8T bin/x || truncate -s 1T bin/x; chmod 755 bin/x
	 printf "#!/bin/sh\n" | dd of=bin/x conv=notrunc 2>/dev/null' 0 "$added"
if [ "$(id -u)" = 0 ] && mknod "$work/null" c 1 3 2>/dev/null; then
	program "a character device" 'mknod bin/x c 1 5' 1 "is not a regular file"
	program "a block device" 'mknod bin/x b 7 0' 1 "is not a regular file"
else
	skip "program: a character device" "mknod does not work here"
	skip "program: a block device" "mknod does not work here"
fi

# ---- ELF files that lie ----

# elf FILTER: bin/x is the busybox, changed by Python code that sees it as a bytearray d
elf() {
	/usr/bin/python3 - "$r/bin/busybox" "$r/bin/x" "$1" <<-'PY'
	import os, struct, sys
	d = bytearray(open(sys.argv[1], "rb").read())
	def put(at, form, *values):
	    struct.pack_into("<" + form, d, at, *values)
	phoff, = struct.unpack_from("<Q", d, 32)
	def header(i, type, flags, offset, vaddr, filesz, memsz, align):
	    put(phoff + 56 * i, "IIQQQQQQ", type, flags, offset, vaddr, vaddr, filesz, memsz, align)
	exec(sys.argv[3])
	open(sys.argv[2], "wb").write(d)
	os.chmod(sys.argv[2], 0o755)
	PY
}

lies() { # NAME CODE [PART]
		check "ELF: $1" verdict 'elf "$code"' 1 "${3:-/bin/x}" 'hook: { path: /bin/x }'
}

max=0xffffffffffffffff
while IFS='|' read -r name code part; do
	lies "$name" "$code" "$part"
done <<END
ends in the header|d = d[:40]
ends after the magic number|d = d[:4]
program headers at the end of the address space|put(32, "Q", $max)
program headers behind the file|put(32, "Q", len(d))
program headers that wrap around|put(32, "Q", $max - 55)
65,535 program headers|put(56, "H", 65535)
no program headers|put(56, "H", 0)
program headers of no size|put(54, "H", 0)
program headers of another size|put(54, "H", 57)
of another machine|put(18, "H", 183)|aarch64
of 32 bits|d[4] = 1
of no class|d[4] = 7
of the other byte order|d[5] = 2
an object file|put(16, "H", 1)
a segment behind the file|header(0, 1, 5, 1 << 60, 0x400000, 4096, 4096, 4096)
a segment that wraps around|header(0, 1, 5, $max - 10, 0x400000, 4096, 4096, 4096)
an interpreter behind the file|header(0, 3, 4, 1 << 60, 0, 20, 20, 1)
an interpreter that wraps around|header(0, 3, 4, $max - 1, 0, $max - 1, 20, 1)
an interpreter of 4 GB|header(0, 3, 4, 0, 0, 1 << 32, 1 << 32, 1)
an interpreter of no bytes|header(0, 3, 4, 0, 0, 0, 0, 1)
an interpreter without end|header(0, 3, 4, 0, 0, 4, 4, 1)
an interpreter with escape sequences|header(0, 3, 4, len(d), 0, 9, 9, 1); d += b"/a\x1b[1mb\n\0"
END
program "an ELF file cut in the middle" \
	'head -c 100000 bin/busybox >bin/x; chmod 755 bin/x' 1 "/bin/x"

# dynamic NAME CODE: a program with a dynamic section of our own. The code sets entries, strings and
# what is more; base is the address at which all that lies one after the other.
dynamic() {
	local code="
base = 0x700000
strings = b'\0libevil.so\0'
more = b''
$2
raw = b''.join(struct.pack('<QQ', t & $max, v & $max) for t, v in entries)
blob = raw + strings + more
at = (len(d) + 4095) // 4096 * 4096
loader = b'/lib64/ld-linux-x86-64.so.2\0'
d += bytes(at - len(d)) + blob + loader
header(0, 3, 4, at + len(blob), 0, len(loader), len(loader), 1)
header(1, 1, 4, at, base, len(blob), len(blob), 4096)
header(2, 2, 4, at, base, len(raw), len(raw), 8)
"
	check "ELF: $1" dynamic_verdict "$code"
}

dynamic_verdict() {
	local code=$1
	fresh
	(cd "$r" && elf "$code") || complain "cannot make it"
	policy "$work/p.yaml" 'hook: { path: /bin/x }'
	limited apply -n -p "$work/p.yaml" "$b"
	want status "$status" 1
	want_has message "$err" /bin/x
	traced explain -p "$work/p.yaml" "$b"
	looks_inside
}

# ---- other files that are read ----

# each_kind NAME PATH LINE...: the file at PATH is in turn everything that it should not be
each_kind() {
	local name=$1 path=$2 kind
	local -A kinds=(
		[FIFO]="mkfifo $path"
		['8 TB']="truncate -s 8T $path || truncate -s 1T $path"
		[empty]=": >$path"
		[directory]="mkdir $path"
		['a circle']="ln -s ${path##*/} $path"
		['a link out']="ln -s ../../../outside/etc/os-release $path"
		['an absolute link out']="ln -s $work/outside/etc/os-release $path"
		[garbage]="head -c 100000 /dev/urandom >$path"
		['a link to a device']="ln -s /dev/zero $path"
	)
	shift 2
	for kind in "${!kinds[@]}"; do
		check "$name: $kind" harmless "mkdir -p $(dirname "$path"); rm -rf $path; ${kinds[$kind]}" "$@"
	done
}

harmless() { # SETUP LINE...: whatever the verdict is
	local setup=$1
	shift
	fresh
	(cd "$r" && eval "$setup") || complain "cannot set up: $setup"
	policy "$work/p.yaml" "$@"
	limited apply -n -p "$work/p.yaml" "$b"
	traced explain -p "$work/p.yaml" "$b"
	want_lacks explain "$out" "ID is 'outside'"
	looks_inside
}

when='when: { os: { id: outside } }'
each_kind os-release etc/os-release "$when" 'hook: { path: /bin/true }'
each_kind "os-release of /usr" usr/lib/os-release "$when" 'hook: { path: /bin/true }'
each_kind /bin/sh bin/sh 'when: { libc: [glibc, musl] }' 'hook: { path: /bin/true }'
each_kind /etc etc 'needs: { writable: /etc/x }' 'hook: { path: /bin/true }'
each_kind "process.args[0]" bin/sh 'when: { arch: s390x }' 'hook: { path: /bin/true }'

# The cache of the dynamic loader, read for a program that needs libraries.
if [ -e /lib64/ld-linux-x86-64.so.2 ]; then
	glibc_rootfs "$work/glibc"
	cp "$(command -v env)" "$work/glibc/bin/env.glibc"
	cp -a "$work/rootfs" "$work/busybox-rootfs"
	rm -rf "$work/rootfs"
	cp -a "$work/glibc" "$work/rootfs"
	control() {
		verdict : 0 "$added" 'hook: { path: /bin/env.glibc, args: [env.glibc] }'
	}
	check "ld.so.cache: none" control
	check "ld.so.cache: a FIFO stops every program" verdict 'mkfifo etc/ld.so.cache' 1 \
		"/etc/ld.so.cache is a FIFO: the loader waits there for ever" \
		'hook: { path: /bin/env.glibc, args: [env.glibc] }'
	each_cache() {
		each_kind ld.so.cache etc/ld.so.cache \
			'hook: { path: /bin/env.glibc, args: [env.glibc] }'
	}
	each_cache
	cache() { # the new format's magic, then counts that lie
		harmless 'printf "glibc-ld.so.cache1.1\377\377\377\377\377\377\377\377" >etc/ld.so.cache
			head -c 4096 /dev/zero | tr "\\0" "\\377" >>etc/ld.so.cache' \
			'hook: { path: /bin/env.glibc, args: [env.glibc] }'
	}
	check "ld.so.cache: counts that lie" cache

	dynamic "a dynamic section without end" 'entries = [(1, 1)] * 300'
	dynamic "a million needed libraries" \
		'entries = [(5, base + 16 * 1000003), (10, 12)] + [(1, 1)] * 1000000 + [(0, 0)]'
	dynamic "names behind the string table" 'entries = [(5, base + 80), (10, 12), (1, 1 << 40), (15, 1 << 62), (0, 0)]'
	dynamic "a string table nowhere" "entries = [(5, $max), (10, $max), (1, $max - 1), (0, 0)]"
	dynamic "version needs in a circle" 'entries = [(5, base + 96), (10, 12), (1, 1), (0x6ffffffe, base + 108), (0x6fffffff, (1 << 64) - 1), (0, 0)]; more = struct.pack("<HHIII", 1, 65535, 1, 0, 0) * 4'
	dynamic "version needs that go back" 'entries = [(5, base + 96), (10, 12), (1, 1), (0x6ffffffe, base + 108), (0x6fffffff, 1 << 40), (0, 0)]; more = struct.pack("<HHIII", 1, 65535, 1, 16, 0xffffffff) * 4'
	dynamic "a program that needs itself" 'strings = b"\0x\0"; entries = [(5, base + 64), (10, 3), (1, 1), (29, 1), (0, 0)]'
	rm -rf "$work/rootfs"
	mv "$work/busybox-rootfs" "$work/rootfs"
else
	skip "ld.so.cache" "no glibc of x86-64 here"
fi

# ---- size and depth ----

check "a directory with 100,000 entries" verdict \
	'mkdir lib64; cd lib64; seq 100000 | xargs touch; rm ../bin/sh; cp ../bin/busybox ../bin/sh' \
	0 "$added" 'when: { none: [ { libc: glibc } ] }' 'hook: { path: /bin/true }'

deep_path=$(printf '/d%.0s' {1..2000})
deep() {
	verdict '/usr/bin/python3 -c "
import os
for i in range(2100):
    os.mkdir(\"d\")
    os.chdir(\"d\")
"' 0 "$added" "needs: { exists: $deep_path }" 'hook: { path: /bin/true }'
	policy "$work/p.yaml" "needs: { exists: $deep_path$deep_path }" 'hook: { path: /bin/true }'
	limited apply -n -p "$work/p.yaml" "$b"
	want status "$status" 3
	want_has message "$err" "at most 4095 are allowed"
}
check "2,000 directories in each other" deep

closed() {
	fresh
	mkdir "$r/closed"
	cp "$r/bin/busybox" "$r/closed/x"
	chmod 700 "$r/closed"
	edit_config "$b" '.process.user = { uid: 54321, gid: 54321 }'
	policy "$work/p.yaml" 'hook: { path: /closed/x }'
	limited apply -n -p "$work/p.yaml" "$b"
	want status "$status" 1
	want_has message "$err" "/closed"
	want_has message "$err" "uid 54321"
}
check "a directory that the user may not search" closed

# ---- config.json ----

many_mounts() {
	fresh
	edit_config "$b" '.mounts = [range(3000) | { destination: "/m/\(. % 50)/\(.)", type: "bind",
		source: "rootfs/bin", options: ["bind"] }]'
	policy "$work/p.yaml" 'hook: { path: /m/1/2951/true }'
	limited apply -n -p "$work/p.yaml" "$b"
	limited explain -p "$work/p.yaml" "$b"
}
check "3,000 mounts" many_mounts

odd_mounts() {
	fresh
	ln -s loop "$r/loop"
	ln -s "$work/outside" "$r/out"
	mkfifo "$b/fifo"
	edit_config "$b" '.mounts = [
		{ destination: "/loop/x", type: "tmpfs" },
		{ destination: "/out/bin", type: "tmpfs" },
		{ destination: "/../../../../outside/etc", type: "bind", source: "fifo", options: ["bind"] },
		{ destination: "relative", type: "bind", source: "/", options: ["rbind"] },
		{ destination: "", type: "bind", source: "", options: ["bind"] },
		{ destination: "/", type: "tmpfs" },
		{ destination: "/bin/sh/x", type: "tmpfs" },
		{ destination: "/p", type: "bind", source: "/nowhere", options: ["bind"] },
		{ destination: ("/x" * 3000), type: "tmpfs" } ]'
	policy "$work/p.yaml" 'hook: { path: /bin/true }'
	limited apply -n -p "$work/p.yaml" "$b"
	traced explain -p "$work/p.yaml" "$b"
	looks_inside
	rm "$b/fifo"
}
check "mounts without sense" odd_mounts

values() {
	fresh
	edit_config "$b" '.annotations = { long: ("a" * 100000), esc: "\u001b[31m\nok 1 - forged",
		"io.hookwright.policies": ("x," * 50000) }
		| .process.args = ["/bin/\u001b]0;x\u0007sh\n"] | .process.env = ["A=\u001b[1m"]'
	policy "$work/p.yaml" 'when: { annotations: { long: "(a*)*b", esc: "x" } }' \
		'hook: { path: /bin/true }'
	limited explain -p "$work/p.yaml" "$b"
	want status "$status" 1 # "x" is requested, and there is no such policy
	edit_config "$b" 'del(.annotations."io.hookwright.policies")'
	for when in '{ annotations: { long: "(a*)*b" } }' '{ annotations: { esc: x } }' \
		'{ command: x }' '{ env: { A: x } }'; do
		policy "$work/p.yaml" "when: $when" 'hook: { path: /bin/true }'
		limited explain -p "$work/p.yaml" "$b"
		want_lacks explain "$out" "$esc"
		want "forged lines" "$(grep -c '^ok 1' <<<"$out")" 0
	done
}
check "values that are long or full of escape sequences" values

# user_time COMMAND...: its milliseconds of user time in $spent, and $status, $out and $err
user_time() {
	local TIMEFORMAT=%U
	spent=$({ time timed 20 "$@" 2>/dev/null; } 2>&1)
	spent=$((10#${spent/./}))
	status=$(<"$work/hw.status")
	out=$(<"$work/hw.out") err=$(<"$work/hw.err")
}

# in_time COMMAND...: in less than a second; sanitizers are slower
in_time() {
	local limit=1000
	[ -z "${HW_SAN-}" ] || limit=10000
	user_time "$@"
	[ "$spent" -lt "$limit" ] || complain "$spent ms of user time: $*"
}

# long_values LETTERS: config.json gets a hundred annotations, each with 32,000 of the letters by chance
long_values() {
	awk -v letters="$1" 'BEGIN {
		srand(1)
		n = split(letters, letter, "")
		for (i = 0; i < 32000; i++)
			printf "%s", letter[1 + int(rand() * n)]
	}' >"$work/value"
	jq --rawfile v "$work/value" \
		'.annotations = ([range(100) | {key: "a\(.)", value: $v}] | from_entries)' \
		"$work/original" >"$b/config.json"
}

# The admin's expressions may be the worst, and the container's values: together they take no second.
expressions() {
	local worst=('(a|a){900}b' '(?:a?){1000}b' '[ab]*a[ab]{900}b?' '(.*a.{20}){40}' '(?:\w\W?){700}'
		'[ab]{0,1000}c|[ab]{0,1000}d') i name
	fresh
	rm -rf "$work/many" "$work/hooks"
	mkdir -p "$work/many" "$work/hooks"
	for i in {0..99}; do
		name=$(printf 'p%02d' "$i")
		policy "$work/many/$name.yaml" "when: { annotations: { a$i: '${worst[i % 6]}' } }" \
			'otherwise: warn' 'hook: { path: /bin/true }'
		printf '{"version": "1.0.0", "hook": {"path": "/bin/true"}, "stages": ["startContainer"],
			"when": {"annotations": {"^a": "%s"}}}' "${worst[i % 6]//\\/\\\\}" >"$work/hooks/$name.json"
	done
	for letters in 'aaaa' 'abab' ' aé'; do
		long_values "$letters"
		in_time "$HOOKWRIGHT" apply -p "$work/many" --dry-run "$b"
		want "status of apply" "$status" 0
		in_time "$HOOKWRIGHT" explain -p "$work/many" "$b"
		in_time "$HOOKWRIGHT" lint -p "$work/many" "$b"
		in_time "$HOOKWRIGHT" apply -p /dev/null --hooks-dir "$work/hooks" --dry-run "$b"
		want "status of apply with a directory" "$([ "$status" -le 1 ] && echo decided)" decided
	done
	# What could not be paid for is unknown, and 'otherwise' decides.
	sed -i 's/otherwise: warn/otherwise: fail/' "$work"/many/*.yaml
	long_values abab
	in_time "$HOOKWRIGHT" apply -p "$work/many" "$b"
	want "status of a refusal" "$status" 1
	want_has "the reason" "$err" "more than the limit of 2000000 steps"
	in_time "$HOOKWRIGHT" apply -p /dev/null --hooks-dir "$work/hooks" "$b"
	want "status with a directory" "$status" 1
	want_has "the reason" "$err" "refused: it is unknown whether this hook applies to the container: 'annotations: ^a: ${worst[5]}': this container needs more than the limit of 2000000 steps"
}
check "the worst expressions against the longest values" expressions

# Many values instead of long ones.
many_values() {
	local i
	fresh
	rm -rf "$work/many"
	mkdir "$work/many"
	for i in {0..99}; do
		policy "$work/many/p$i.yaml" "when: { annotations: { a$i: x, b$i: x }, env: { A$i: x, B$i: x } }" \
			'otherwise: warn' 'hook: { path: /bin/true }'
	done
	edit_config "$b" '.annotations = ([range(150000) | {key: "k\(.)", value: "x"}] | from_entries)
		| .process.env = [range(150000) | "K\(.)=x"]'
	in_time "$HOOKWRIGHT" apply -p "$work/many" --dry-run "$b"
}
check "many annotations and variables" many_values

request_hidden() {
	fresh
	edit_config "$b" '.annotations."io.hookwright.policies" = "../../etc/passwd,a\u001b[31m\nb"'
	policy "$work/p.yaml" 'hook: { path: /bin/true }'
	limited apply -n -p "$work/p.yaml" "$b"
	want status "$status" 1
	want_has message "$err" "policy '../../etc/passwd' was requested by annotation io.hookwright.policies, but does not exist"
}
check "an annotation that is no policy's name" request_hidden
done_testing
