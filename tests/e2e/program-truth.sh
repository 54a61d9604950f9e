#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Law "truth": what the program check says of a hook equals what happens to it, with real runs of
# runc and crun, row by row. Two kinds of rows are no equality, and say so: "unsure" ones, of which
# the verdict must be unknown, and "sh" ones, which crun hands to /bin/sh and we refuse.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$work" || exit 2
if ! works runc && ! works crun; then
	skip "all rows" "$why"
	done_testing
fi

driver=$work/program-driver
objects=${HW_OBJECTS:-$top/build}
ar rcs "$work/objects.a" "$objects"/lib/*.o
# shellcheck disable=SC2086 # flags are words
ok "the driver builds" ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -iquote "$top/lib" -o "$driver" \
	"$top/tests/e2e/program-driver.c" "$work/objects.a"

# --- one bundle for all rows -------------------------------------------------------------------

b=$work/b
root=$b/rootfs
mkdir "$b"
glibc_rootfs "$root"
config_json "$b" /bin/echo MAIN-RAN
# All system calls of a hook are to be those of the table: no filter, no limit.
cp "$b/config.json" "$work/base.json"
mkdir -p "$root"/{h,l/{a,b,c,d,e,f,nox,hw/glibc-hwcaps/x86-64-v2},x/lib,closed}
chmod 700 "$root/closed"
ln -s busybox "$root/bin/env"
h=$root/h

compile() { # OUTPUT [FLAG...] <SOURCE
	local to=$1
	shift
	# shellcheck disable=SC2086 # flags are words
	${compiler:-${CC:-cc}} -w -o "$to" -x c - -x none "$@" || result 1 "$to compiles"
}
# A hook reads its input: crun 1.8 now and then fails those that do not.
reader='#include <unistd.h>
	int drain(void) { char b[4096]; while (read(0, b, sizeof b) > 0); return 0; }'
main="$reader int main(void) { return drain(); }"
uses_foo="$reader int foo(void); int main(void) { return drain() + foo(); }"
poke() { # FILE OFFSET BYTES: overwrite, as printf(1) writes them
	# shellcheck disable=SC2059 # the bytes are the format
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
script() { # NAME FORMAT [ARG...]: as printf(1), the reader's body after it
	local name=$1
	shift
	# shellcheck disable=SC2059
	printf "$@" >"$h/$name"
	printf 'cat >/dev/null\n' >>"$h/$name"
	chmod 755 "$h/$name"
}
raw() { # NAME FORMAT
	# shellcheck disable=SC2059
	printf "$2" >"$h/$1"
	chmod 755 "$h/$1"
}

compile "$h/static" -static <<<"$main"
compile "$h/static-pie" -static-pie <<<"$main"
compile "$h/dynamic" <<<"$main"

# --- rows --------------------------------------------------------------------------------------

# row NAME HOOK [CHANGE]: HOOK is a path under /h or the hook's JSON, CHANGE a jq filter
row() {
	local name=$1 hook=$2 change=${3-.} runtime said ran all='' want
	[[ $hook == \{* || $hook == \[* ]] || hook="{path: \"/h/$hook\"}"
	[[ $hook == \[* ]] || hook="[$hook]"
	jq ".hooks.startContainer = $hook | $change" "$work/base.json" >"$b/config.json" ||
		result 1 "$name: filter"
	for runtime in runc crun; do
		works $runtime || { skip "$runtime: $name" "$why"; continue; }
		eval "${before:-:}"
		said=$("$driver" "$b" $runtime 2>&1)
		[[ $hook != \[*'}, {'* ]] || said=$(sed -n '/^[a-z]/h; /^[a-z]/!H; $!d; x; p' <<<"$said")
		run_container $runtime "$b"
		[[ $out == *MAIN-RAN* ]] && ran=yes || ran=no
		want=$ran
		[[ " ${unsure-} " != *" $runtime "* ]] || want=unknown
		if [ -n "${sh-}" ] && [ $runtime = crun ]; then
			is "$ran" yes "crun: $name: it is handed to /bin/sh"
			want=no
		fi
		all+=$want
		[ "${said%%:*}" = $want ]
		result $? "$runtime: $name" "verdict, want $want:" "$said" "container:" "${out:0:300}"
	done
	said=$("$driver" "$b" '' 2>&1)
	case $all in
	yesyes) want=yes ;;
	nono) want=no ;;
	*) return ;;
	esac
	[[ $hook == \[*'}, {'* || ${said%%:*} = "$want" ]]
	result $? "no runtime named: $name" "verdict, want $want:" "$said"
}
user='.process.user = {uid: 1000, gid: 1000} | .process.capabilities = {}'

# --- the file itself ---------------------------------------------------------------------------
row 'static' static
row 'static-pie' static-pie
row 'dynamic' dynamic
row 'a missing file' nope
row 'a directory' .
cp "$h/static" "$h/plain-mode"; chmod 644 "$h/plain-mode"
row 'no execute bit' plain-mode
mkfifo -m 755 "$h/fifo"
row 'a FIFO' fifo
row 'a masked file' static '.linux.maskedPaths = ["/h/static"]'
row 'a noexec mount' static \
	'.mounts += [{destination: "/h", type: "bind", source: "rootfs/h", options: ["rbind", "noexec"]}]'
cp "$h/static" "$h/execute-only"; chmod 711 "$h/execute-only"
row 'executable, not readable, for uid 1000' execute-only "$user"

# The kernel refuses capabilities that the container may not have, and ld.so then ignores the
# environment of all but root. Whether a nosuid mount spares the file is not looked at.
cp "$h/static" "$h/capable"; cp "$h/dynamic" "$h/capable-dynamic"
if setcap cap_sys_admin+ep "$h/capable" 2>/dev/null; then
	unsure='runc crun' row 'file capabilities beyond the bounding set' capable
	unsure='runc crun' row 'file capabilities beyond the bounding set, uid 1000' capable "$user"
	setcap cap_sys_admin+p "$h/capable"
	row 'file capabilities that may be missing' capable "$user"
	setcap cap_chown+ep "$h/capable" "cap_chown+ep" "$h/capable-dynamic"
	row 'file capabilities within the bounding set' capable
	row 'file capabilities of a dynamic program, root' capable-dynamic
	unsure='runc crun' row 'file capabilities of a dynamic program, uid 1000' capable-dynamic \
		'.process.user = {uid: 1000, gid: 1000}'
else
	skip 'file capabilities' 'no setcap, or no file system with capabilities'
fi

# --- what the kernel makes of the bytes --------------------------------------------------------
truncate -s 0 "$h/empty"; chmod 755 "$h/empty"
sh=1 row 'an empty file' empty
raw garbage '\001\002\003\004garbage\n'
row 'garbage' garbage
sh=1
raw no-shebang 'cat >/dev/null\n'
row 'a script without #!' no-shebang
sh=
cp "$h/static" "$h/foreign"; poke "$h/foreign" 18 '\267\000'
row 'ELF for aarch64' foreign
cp "$h/static" "$h/object"; poke "$h/object" 16 '\001\000'
row 'ELF object file' object
head -c 40 "$h/static" >"$h/short-header"; chmod 755 "$h/short-header"
row 'ELF truncated in its header' short-header
head -c 4096 "$h/static" >"$h/short-body"; chmod 755 "$h/short-body"
row 'ELF truncated in its body' short-body
cp "$h/static" "$h/no-headers"; poke "$h/no-headers" 56 '\000\000'
row 'ELF without program headers' no-headers
cp "$h/static" "$h/far-headers"; poke "$h/far-headers" 32 '\000\000\000\000\000\001\000\000'
row 'ELF with program headers past the end' far-headers
cp "$h/static" "$h/no-entry"; poke "$h/no-entry" 24 '\000\000\000\000\000\000\000\000'
row 'ELF without an entry point' no-entry
cp "$h/static" "$h/forged-class"; poke "$h/forged-class" 4 '\001'
unsure='runc crun' row 'ELF with a forged class' forged-class
cp "$h/static" "$h/forged-order"; poke "$h/forged-order" 5 '\002'
unsure='runc crun' row 'ELF with a forged byte order' forged-order
compile "$h/library-entry" -shared -fPIC -Wl,-e,foo,--no-as-needed <<<'int foo(void) { return 0; }'
row 'a library with an entry point' library-entry
compile "$h/library" -shared -fPIC <<<'int foo(void) { return 0; }'
row 'a library as a program' library

# --- scripts -----------------------------------------------------------------------------------
script good '#!/bin/sh\n'
row 'a script' good
script blanks '#! \t /bin/sh \t \n'
row 'blanks around the interpreter' blanks
script option '#!/bin/sh -e\n'
row 'one option' option
script two-options '#!/bin/sh -e -x\n'
row 'two options are one argument' two-options
script crlf '#!/bin/sh\r\n'
row 'Windows line ends' crlf
script missing-interpreter '#!/bin/nope\n'
row 'a missing interpreter' missing-interpreter
script plain-interpreter '#!/h/plain-mode\n'
row 'an interpreter that is not executable' plain-interpreter
script directory-interpreter '#!/bin\n'
row 'a directory as interpreter' directory-interpreter
script nameless '#!\n'
sh=1 row 'an empty #! line' nameless
raw bare '#!'
row 'nothing but #!' bare
raw unended '#!/h/static'
row 'no newline after the interpreter' unended
raw blank-end '#!/h/static '
unsure='runc crun' row 'a blank and no newline: an empty argument' blank-end
raw nul '#!/h/static\000junk'
row 'a NUL after the interpreter' nul
script relative '#!bin/sh\n'
row 'a relative interpreter, cwd /' relative
row 'a relative interpreter, cwd /tmp' relative '.process.cwd = "/tmp"'
long=$(printf '/%.0s' {1..243})
script line-251 "#!${long}bin/sh\n"
row 'a first line of 251 bytes' line-251
script line-254 "#!$long///bin/sh\n"
row 'a first line of 254 bytes' line-254
script line-255 "#!$long////bin/sh\n"
row 'a first line of 255 bytes' line-255
script line-256 "#!$long/////bin/sh\n"
sh=1 row 'a first line of 256 bytes' line-256
script long-argument '#!/bin/sh -e%s\n' "$(printf 'e%.0s' {1..300})"
row 'a long argument is cut' long-argument
script chain1 '#!/bin/sh\n'
for i in 2 3 4 5 6; do script "chain$i" "#!/h/chain$((i - 1))\n"; done
row 'a script of scripts, five deep' chain5
row 'a script of scripts, six deep' chain6
cp "$h/good" "$h/unreadable"; chmod 711 "$h/unreadable"
row 'a script that its user may not read' unreadable "$user"
row 'a script, uid 1000' good "$user"
script env-sh '#!/bin/env sh\n'
row 'env and sh' env-sh
script env-two '#!/bin/env sh -e\n'
row 'env and two words are one name' env-two
script no-env '#!/nope/env sh\n'
row 'no env' no-env
unsure='runc crun' row "env of busybox, PATH of the hook without it" \
	'{path: "/h/env-sh", env: ["PATH=/nope"]}'
cp "$(command -v env)" "$root/x/env"
script real-env '#!/x/env sh\n'
row 'env, and PATH of the hook without it' '{path: "/h/real-env", env: ["PATH=/nope"]}'
script real-env-missing '#!/x/env nope\n'
row 'env and a missing program' real-env-missing
script real-env-split '#!/x/env -S sh -e\n'
row 'env -S' real-env-split
script env-split '#!/bin/env -S sh -e\n'
unsure='runc crun' row 'env -S of busybox' env-split
row 'env, and PATH of the hook' '{path: "/h/env-sh", env: ["PATH=/nope:/bin"]}'
script env-script '#!/bin/env good\n'
row 'env and a script' '{path: "/h/env-script", env: ["PATH=/h:/bin"]}'

# --- the interpreter of a dynamic program ------------------------------------------------------
loader() { # NAME LOADER
	compile "$h/$1" -Wl,--dynamic-linker,"$2" <<<"$main"
}
loader loader-missing /lib/nope.so
row 'a missing loader' loader-missing
loader loader-plain /h/plain-mode
row 'a loader that is not executable' loader-plain
head -c 200 /dev/zero >"$h/zeros"; chmod 755 "$h/zeros"
loader loader-zeros /h/zeros
row 'garbage as loader' loader-zeros
raw five hello
loader loader-five /h/five
row 'a file of five bytes as loader' loader-five
loader loader-foreign /h/foreign
row 'a loader for aarch64' loader-foreign
loader loader-script /h/good
row 'a script as loader' loader-script
real=$(cd "$root" && echo lib64/ld-linux* lib/ld-linux*)
real=${real%% *}
loader loader-relative "$real"
row 'a relative loader, cwd /' loader-relative
row 'a relative loader, cwd /tmp' loader-relative '.process.cwd = "/tmp"'

# --- libraries, glibc --------------------------------------------------------------------------
compile foo.so -shared -fPIC -Wl,-soname,libfoo.so <<<'int foo(void) { return 0; }'
compile "$h/foo" foo.so <<<"$uses_foo"
with() { printf '{path: "/h/%s", env: ["LD_LIBRARY_PATH=%s"]}' "$1" "$2"; }
row 'a missing library' foo
cp foo.so "$root/l/a/libfoo.so"
row 'LD_LIBRARY_PATH' "$(with foo /l/a)"
row 'LD_LIBRARY_PATH of process.env, no env of the hook' foo '.process.env += ["LD_LIBRARY_PATH=/l/a"]'
row 'LD_LIBRARY_PATH of process.env, an env of the hook' '{path: "/h/foo", env: ["A=B"]}' \
	'.process.env += ["LD_LIBRARY_PATH=/l/a"]'
row 'an empty item is the current directory' "$(with foo /nope:)" '.process.cwd = "/l/a"'
chmod 644 "$root/l/a/libfoo.so"
row 'a library needs no execute bit' "$(with foo /l/a)"
head -c 100 /dev/zero >"$root/l/b/libfoo.so"
row 'garbage shadows the library' "$(with foo /l/b:/l/a)"
cp "$root/l/b/libfoo.so" "$root/l/c/libc.so.6"
row 'garbage shadows libc' dynamic '.process.env += ["LD_LIBRARY_PATH=/l/c"]'
ln -sf /nope "$root/l/b/libfoo.so"
row 'a dangling link is passed over' "$(with foo /l/b:/l/a)"
row 'a dangling link only' "$(with foo /l/b)"
ln -sf libfoo.so "$root/l/b/libfoo.so"
row 'a link to itself ends the list' "$(with foo /l/b:/l/a)"
rm "$root/l/b/libfoo.so"; mkdir "$root/l/b/libfoo.so"
row 'a directory of that name' "$(with foo /l/b:/l/a)"
rmdir "$root/l/b/libfoo.so"
cp foo.so "$root/l/b/libfoo.so"; poke "$root/l/b/libfoo.so" 4 '\001'
row 'another class is passed over' "$(with foo /l/b:/l/a)"
row 'another class only' "$(with foo /l/b)"
cp foo.so "$root/l/b/libfoo.so"; poke "$root/l/b/libfoo.so" 18 '\267\000'
row 'another machine is passed over' "$(with foo /l/b:/l/a)"
cp foo.so "$root/l/b/libfoo.so"; poke "$root/l/b/libfoo.so" 5 '\002'
row 'another byte order ends it' "$(with foo /l/b:/l/a)"
head -c 4096 foo.so >"$root/l/b/libfoo.so"
row 'a truncated library' "$(with foo /l/b:/l/a)"
cp foo.so "$root/l/b/libfoo.so"; chmod 600 "$root/l/b/libfoo.so"
row 'a library that uid 1000 may not read is passed over' "$(with foo /l/b:/l/a)" "$user"
row 'a library that uid 1000 may not read' "$(with foo /l/b)" "$user"
row 'the same as root' "$(with foo /l/b)"
row 'a library on a noexec mount' "$(with foo /l/nox)" \
	'.mounts += [{destination: "/l/nox", type: "bind", source: "rootfs/l/a", options: ["rbind", "noexec"]}]'
row 'a library by a mount' "$(with foo /l/nox)" \
	'.mounts += [{destination: "/l/nox", type: "bind", source: "rootfs/l/a", options: ["rbind"]}]'

compile "$h/runpath" foo.so -Wl,--enable-new-dtags,-rpath,/l/a <<<"$uses_foo"
row 'DT_RUNPATH' runpath
compile "$h/rpath" foo.so -Wl,--disable-new-dtags,-rpath,/l/a <<<"$uses_foo"
row 'DT_RPATH' rpath
compile "$h/origin" foo.so -Wl,-rpath,"\$ORIGIN/../l/a" <<<"$uses_foo"
row "\$ORIGIN" origin
ln -s ../h/origin "$root/x/origin"
row "\$ORIGIN through a link" '{path: "/x/origin"}'
compile "$h/token" foo.so -Wl,-rpath,"/x/\$LIB" <<<"$uses_foo"
mkdir -p "$root/x/lib/x86_64-linux-gnu"
cp foo.so "$root/x/lib/x86_64-linux-gnu/libfoo.so"
row "\$LIB" token
compile bar.so -shared -fPIC -Wl,-soname,libbar.so foo.so <<<'int foo(void); int bar(void) { return foo(); }'
cp bar.so "$root/l/a/libbar.so"
uses_bar=${uses_foo//foo/bar}
compile "$h/rpath-below" bar.so -Wl,--allow-shlib-undefined,--disable-new-dtags,-rpath,/l/a <<<"$uses_bar"
row 'DT_RPATH is inherited' rpath-below
compile "$h/runpath-below" bar.so -Wl,--allow-shlib-undefined,--enable-new-dtags,-rpath,/l/a <<<"$uses_bar"
row 'DT_RUNPATH is not' runpath-below
cp foo.so "$root/l/d/libfoo.so.by-path"
compile path.so -shared -fPIC <<<'int foo(void) { return 0; }'
mkdir -p l/d && cp path.so l/d/foo.so && cp path.so "$root/l/d/foo.so"
compile "$h/slash" l/d/foo.so <<<"$uses_foo"
row 'a name with a slash, cwd /' slash
row 'a name with a slash, cwd /tmp' slash '.process.cwd = "/tmp"'

cp foo.so "$root/l/hw/glibc-hwcaps/x86-64-v2/libfoo.so"
unsure='runc crun' row 'only where some processors look' "$(with foo /l/hw)"

cp foo.so "$root/l/e/libfoo.so"
rm -f "$root/etc/ld.so.cache"
echo /l/e >"$root/etc/ld.so.conf"
row 'in ld.so.conf, no cache' foo
# shellcheck disable=SC2016 # expanded there
before='rm -f $root/etc/ld.so.cache' unsure='runc crun' row 'in ld.so.conf, after ldconfig' \
	'[{path: "/sbin/ldconfig", args: ["ldconfig"]}, {path: "/h/foo"}]'
ldconfig -r "$root"
row 'in the cache' foo
echo /l/hw >"$root/etc/ld.so.conf"
ldconfig -r "$root"
unsure='runc crun' row 'in the cache for some processors' foo
echo /l/e >"$root/etc/ld.so.conf"
ldconfig -r "$root"
rm "$root/l/e/libfoo.so"
row 'in the cache, and gone' foo
cp foo.so "$root/l/e/libfoo.so"; poke "$root/etc/ld.so.cache" 0 'X'
row 'a damaged cache is none' foo
rm "$root/etc/ld.so.cache"
cp foo.so "$root/lib/libfoo.so"
row 'in a default directory' foo
rm "$root/lib/libfoo.so"

cat >versions <<'END'
FOO_1 { global: foo; local: *; };
END
compile v1.so -shared -fPIC -Wl,-soname,libfoo.so,--version-script,versions <<<'int foo(void) { return 0; }'
sed 's/FOO_1/FOO_2/' versions >versions2
compile v2.so -shared -fPIC -Wl,-soname,libfoo.so,--version-script,versions2 <<<'int foo(void) { return 0; }'
compile "$h/version" v2.so <<<"$uses_foo"
cp v1.so "$root/l/f/libfoo.so"
row 'a version that is not there' "$(with version /l/f)"
# Once a symbol is bound there, an assertion of ld.so fails; before, it only warns.
unsure='runc crun' row 'a library without versions' "$(with version /l/a)"
compile "$root/l/f/libfoo.so" -shared -fPIC -Wl,-soname,libfoo.so \
	<<<'#include <unistd.h>
	int foo(void) { return getpid() < 0; }'
row 'a library without versions of its own' "$(with version /l/f)"
cp v2.so "$root/l/f/libfoo.so"
row 'a version that is there' "$(with version /l/f)"
row 'LD_PRELOAD of garbage is left out' '{path: "/h/dynamic", env: ["LD_PRELOAD=/h/zeros"]}'
row 'LD_PRELOAD that needs what is missing' '{path: "/h/dynamic", env: ["LD_PRELOAD=/l/a/libbar.so"]}'
echo '/l/a/libbar.so # comment' >"$root/etc/ld.so.preload"
row 'ld.so.preload that needs what is missing' dynamic
rm "$root/etc/ld.so.preload"

row 'LD_PRELOAD of a missing library is left out' '{path: "/h/dynamic", env: ["LD_PRELOAD=/nope.so:nope2.so"]}'

# --- symbols -----------------------------------------------------------------------------------
compile two.so -shared -fPIC -Wl,-soname,libtwo.so <<<'int foo(void) { return 0; } int gone; int *other = &gone;'
mkdir -p "$root/l/sym" "$root/l/one"
cp two.so "$root/l/sym/libtwo.so"
compile "$root/l/one/libtwo.so" -shared -fPIC -Wl,-soname,libtwo.so <<<'int bar(void) { return 0; }'
uses_gone="$reader extern int gone; int main(void) { return drain() + gone; }"
for now in lazy now; do
	compile "$h/call-$now" two.so -Wl,-z,$now <<<"$uses_foo"
	compile "$h/data-$now" two.so -Wl,-z,$now -fPIE -pie <<<"$uses_gone"
	compile "$h/copy-$now" two.so -Wl,-z,$now -no-pie -fno-pie <<<"$uses_gone"
	compile "$h/weak-$now" two.so -Wl,-z,$now,--no-as-needed \
		<<<"$reader __attribute__((weak)) int foo(void); int main(void) { return drain() + (foo ? foo() : 0); }"
	compile "$h/sysv-$now" two.so -Wl,-z,$now,--hash-style=sysv <<<"$uses_foo"
	for each in call data copy weak sysv; do
		row "symbol, $each, $now, there" "$(with $each-$now /l/sym)"
		case $each-$now in
		call-lazy | sysv-lazy) unsure='runc crun' ;;
		*) unsure= ;;
		esac
		row "symbol, $each, $now, not there" "$(with $each-$now /l/one)"
		unsure=
	done
done
row 'symbol, call, LD_BIND_NOW' '{path: "/h/call-lazy", env: ["LD_LIBRARY_PATH=/l/one", "LD_BIND_NOW=1"]}'
unsure='runc crun' row 'symbol, call, LD_BIND_NOW empty' \
	'{path: "/h/call-lazy", env: ["LD_LIBRARY_PATH=/l/one", "LD_BIND_NOW="]}'
row 'symbol, by LD_PRELOAD' \
	'{path: "/h/call-now", env: ["LD_LIBRARY_PATH=/l/one", "LD_PRELOAD=/l/sym/libtwo.so"]}'
compile "$root/l/one/libneeds.so" -shared -fPIC -Wl,-z,now,-soname,libneeds.so \
	<<<'int nowhere(void); int needs(void) { return 0; } int never(void) { return nowhere(); }'
compile "$h/below" "$root/l/one/libneeds.so" -Wl,--allow-shlib-undefined <<<"${uses_foo//foo/needs}"
row 'symbol of a library of a library' "$(with below /l/one)"
compile "$h/exports" two.so "$root/l/one/libneeds.so" -rdynamic -Wl,--allow-shlib-undefined \
	<<<"${uses_foo//foo/needs} int nowhere(void) { return 0; }"
row 'symbol that the program has' "$(with exports /l/one:/l/sym)"

# --- libraries, musl ---------------------------------------------------------------------------
if command -v musl-gcc >/dev/null; then
	compiler=musl-gcc
	compile "$h/musl" <<<"$main"
	compile mfoo.so -shared -fPIC -Wl,-soname,libfoo.so <<<'int foo(void) { return 0; }'
	compile "$h/mfoo" mfoo.so <<<"$uses_foo"
	compile "$h/mrunpath" mfoo.so -Wl,-rpath,"\$ORIGIN/../x/m" <<<"$uses_foo"
	compile "$h/mtoken" mfoo.so -Wl,-rpath,"\$LIB:/x/m" <<<"$uses_foo"
	compiler=
	row 'musl: no loader' musl
	loader=$(readelf -l "$h/musl" | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	cp -L "$loader" "$root$loader"
	row 'musl' musl
	row 'musl: a missing library' mfoo
	mkdir -p "$root/x/m"
	cp mfoo.so "$root/x/m/libfoo.so"
	row 'musl: LD_LIBRARY_PATH' "$(with mfoo /x/m)"
	row "musl: \$ORIGIN" mrunpath
	head -c 100 /dev/zero >"$root/l/b/libfoo.so"
	row 'musl: garbage shadows the library' "$(with mfoo /l/b:/x/m)"
	row "musl: a list with \$LIB is left out" mtoken
	cp "$h/static" "$root/l/b/libfoo.so"
	row 'musl: a static program shadows the library' "$(with mfoo /l/b:/x/m)"
	cp mfoo.so "$root/l/b/libfoo.so"; poke "$root/l/b/libfoo.so" 16 '\001'
	row 'musl: an object file shadows the library' "$(with mfoo /l/b:/x/m)"
	row 'musl: an empty item is nothing' "$(with mfoo :/nope)" '.process.cwd = "/x/m"'
	compile_musl() { compiler=musl-gcc compile "$@"; }
	compile_musl mtwo.so -shared -fPIC -Wl,-soname,libtwo.so <<<'int foo(void) { return 0; }'
	mkdir -p "$root/x/one" "$root/x/two"
	cp mtwo.so "$root/x/two/libtwo.so"
	compile_musl "$root/x/one/libtwo.so" -shared -fPIC -Wl,-soname,libtwo.so <<<'int bar(void) { return 0; }'
	compile_musl "$h/msymbol" mtwo.so -Wl,-z,lazy <<<"$uses_foo"
	row 'musl: a symbol' "$(with msymbol /x/two)"
	row 'musl: a missing symbol' "$(with msymbol /x/one)"
	arch=${loader##*/ld-musl-}
	printf '/nope\n/x/m\n' >"$root/etc/ld-musl-${arch%%.*}.path"
	row 'musl: its path file' mfoo
	chmod 0 "$root/etc/ld-musl-${arch%%.*}.path"
	row 'musl: its path file, unreadable' mfoo "$user"
	rm "$root/etc/ld-musl-${arch%%.*}.path"
	cp mfoo.so "$root/usr/local/lib/libfoo.so" 2>/dev/null ||
		{ mkdir -p "$root/usr/local/lib" && cp mfoo.so "$root/usr/local/lib/libfoo.so"; }
	row 'musl: its default directories' mfoo
else
	skip "musl" "musl-gcc is not installed"
fi

# --- room to run -------------------------------------------------------------------------------
for limit in 1 2 5 16; do
	row "pids.limit $limit" static ".linux.resources.pids.limit = $limit"
done
nproc() { printf '.process.rlimits = [{type: "RLIMIT_NPROC", soft: %d, hard: %d}]' "$1" "$1"; }
row 'RLIMIT_NPROC 1, root' static "$(nproc 1)"
# The limit is on all processes of that user on this host: take one that nobody else is.
lonely="$user | .process.user.uid = $((300000 + $$))"
row 'RLIMIT_NPROC 1, no root' static "$(nproc 1) | $lonely"
row 'RLIMIT_NPROC 2, no root' static "$(nproc 2) | $lonely"
row 'RLIMIT_NPROC 1, no root, CAP_SYS_ADMIN' static "$(nproc 1) | $lonely |
	.process.capabilities = ({} | .bounding = [\"CAP_SYS_ADMIN\"] | .effective = .bounding |
		.permitted = .bounding)"
limit() { # NAME SOFT [HARD]
	printf '.process.rlimits = [{type: "RLIMIT_%s", soft: %s, hard: %s}]' "$1" "$2" "${3-$2}"
}
for each in 'NOFILE 0' 'NOFILE 3' 'NOFILE 3 1024' 'NOFILE 64' 'AS 0' 'AS 4096' 'AS 2147483648' 'STACK 0' \
	'STACK 4096' 'STACK 8388608' 'DATA 0' 'DATA 4096' 'DATA 268435456' 'FSIZE 65536' \
	'CPU 1' 'CORE 0' 'MEMLOCK 0' 'LOCKS 0' 'NOFILE 64 32' 'FOO 64' 'CORE 1 0'; do
	# shellcheck disable=SC2086 # words
	row "RLIMIT_$each" static "$(limit $each)"
done
unsure=runc row 'RLIMIT_FSIZE 0' static "$(limit FSIZE 0)"
unsure=crun row 'RLIMIT_NOFILE 10' static "$(limit NOFILE 10)"
unsure='runc crun' row 'RLIMIT_AS 1 MiB' static "$(limit AS 1048576)"
unsure='runc crun' row 'RLIMIT_AS 16 MiB' static "$(limit AS 16777216)"
unsure=runc row 'RLIMIT_AS 256 MiB' static "$(limit AS 268435456)"
unsure=runc row 'RLIMIT_DATA 8 MiB' static "$(limit DATA 8388608)"
unsure='runc crun' row 'RLIMIT_STACK 16 KiB' static "$(limit STACK 16384)"
unsure='runc crun' row 'RLIMIT_DATA 1 MiB' static "$(limit DATA 1048576)"
row 'a limit twice' static '.process.rlimits = [range(2) | {type: "RLIMIT_NOFILE", soft: 64, hard: 64}]'
row 'a limit lowered' static '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 64, hard: 64},
	{type: "RLIMIT_NOFILE", soft: 3, hard: 3}]'
row 'a limit without hard' static '.process.rlimits = [{type: "RLIMIT_CORE", soft: 64}]'
row 'a limit without soft' static '.process.rlimits = [{type: "RLIMIT_CORE", hard: 64}]'
deny() { # NAME...
	printf '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [{names: [%s], action: "SCMP_ACT_ERRNO"}]}' "$(json_strings "$@")"
}
for each in 'clone clone3' 'clone3' 'fork vfork' 'pipe pipe2' 'pipe' 'dup3' 'wait4 waitid' \
	'waitid' 'execve' 'chdir' 'getcwd' 'read' 'futex' 'rt_sigaction' 'close_range prlimit64 getpid'; do
	# shellcheck disable=SC2086 # names are words
	row "seccomp denies $each" static "$(deny $each)"
done
# The hook runs, with something else for its standard input than the container's state.
unsure='crun' row 'seccomp denies dup2' static "$(deny dup2)"
row 'seccomp kills at clone' static \
	'.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [{names: ["clone", "clone3"], action: "SCMP_ACT_KILL_PROCESS"}]}'
row 'seccomp denies clone for new namespaces only' static \
	'.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["clone"],
		action: "SCMP_ACT_ERRNO", args: [{index: 0, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_GT"}]}]}'
row 'effective capabilities that are not permitted' static \
	'.process.capabilities = {effective: ["CAP_CHOWN"], bounding: ["CAP_CHOWN"]}'
row 'effective capabilities that crun alone knows, not permitted' static \
	'.process.capabilities = {effective: ["cap_chown"], bounding: ["CAP_CHOWN"]}'
row 'inheritable capabilities beyond the bounding set' static \
	'.process.capabilities = {inheritable: ["CAP_CHOWN"], permitted: ["CAP_CHOWN"]}'
row 'ambient capabilities that are not permitted' static "$user |
	.process.capabilities = {ambient: [\"CAP_CHOWN\"], bounding: [\"CAP_CHOWN\"]}"
for each in h/static/x loop "$(printf 'n%.0s' {1..256})" dev proc proc/self h/nope; do
	ln -sfn loop "$root/loop"
	row "maskedPaths /${each:0:20}" static ".linux.maskedPaths = [\"/$each\"]"
	[ "${each#proc}" != "$each" ] || row "readonlyPaths /${each:0:20}" static ".linux.readonlyPaths = [\"/$each\"]"
done
row 'the current directory is closed to uid 1000' static "$user | .process.cwd = \"/closed\""

done_testing
