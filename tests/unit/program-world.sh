#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: program-world.sh DIRECTORY - make DIRECTORY/rootfs for test-program: real programs and
# libraries, and others that are broken in one way each. Programs name a loader of our own name, so
# that no message depends on the host's.
set -eu
cd "$1"
exec 2>&1
r=rootfs
mkdir -p $r/bin $r/etc $r/lib $r/proc $r/closed $r/x $r/h $r/l
chmod 700 $r/closed

compile() { # OUTPUT [FLAG...] <SOURCE
	output=$1
	shift
	# shellcheck disable=SC2086 # flags are words
	${CC:-cc} -w -o "$output" -x c - -x none "$@"
}
main='int main(void) { return 0; }'
uses_foo='int foo(void); int main(void) { return foo(); }'
uses_bar='int bar(void); int main(void) { return bar(); }'
foo='int foo(void) { return 0; }'
ours=-Wl,--dynamic-linker,/lib/ld-linux-test.so.2

# --- programs
echo "$main" | compile $r/h/static -static
echo "$main" | compile $r/h/static-pie -static-pie
echo "$main" | compile $r/h/dynamic $ours
echo "$main" | compile $r/h/no-loader -Wl,--dynamic-linker,/lib/ld-linux-none.so.2
echo "$main" | compile $r/h/no-musl -Wl,--dynamic-linker,/lib/ld-musl-none.so.1
echo "$main" | compile $r/h/other-loader -Wl,--dynamic-linker,/h/static
echo "$main" | compile plain
cp "$(ldd plain | awk '/ld-linux|ld64|ld\.so/ { print $1 }')" $r/lib/ld-linux-test.so.2
libc=$(ldd plain | awk '/libc\.so/ { print $3 }')
mkdir -p "$r${libc%/*}"
cp "$libc" "$r$libc"

# --- libraries: in /l/NAME is a libfoo.so.1 of that kind
echo "$foo" | compile libfoo.so -shared -fPIC -Wl,-soname,libfoo.so.1
echo 'int foo(void); int bar(void) { return foo(); }' |
	compile libbar.so -shared -fPIC -Wl,-soname,libbar.so.1 libfoo.so
echo 'V_1 { global: foo; local: *; };' >v1
echo 'V_2 { global: foo; local: *; };' >v2
echo "$foo" | compile v1.so -shared -fPIC -Wl,-soname,libfoo.so.1,--version-script,v1
echo "$foo" | compile v2.so -shared -fPIC -Wl,-soname,libfoo.so.1,--version-script,v2
for kind in good bar old garbage closed loop program static cut lib; do mkdir $r/l/$kind; done
mkdir -p $r/l/hw/glibc-hwcaps/x86-64-v2 $r/l/directory/libfoo.so.1
cp libfoo.so $r/l/good/libfoo.so.1
cp libfoo.so $r/l/hw/glibc-hwcaps/x86-64-v2/libfoo.so.1
mkdir -p $r/l/hw-garbage/tls
cp libfoo.so $r/l/hw-garbage/libfoo.so.1
echo garbage >$r/l/hw-garbage/tls/libfoo.so.1
cp libbar.so $r/l/bar/libbar.so.1
cp v1.so $r/l/old/libfoo.so.1
echo garbage >$r/l/garbage/libfoo.so.1
cp libfoo.so $r/l/closed/libfoo.so.1
chmod 600 $r/l/closed/libfoo.so.1
ln -s libfoo.so.1 $r/l/loop/libfoo.so.1
cp plain $r/l/program/libfoo.so.1
cp $r/h/static $r/l/static/libfoo.so.1
head -c 4096 libfoo.so >$r/l/cut/libfoo.so.1

echo "$uses_foo" | compile $r/h/foo $ours libfoo.so
echo "$uses_bar" | compile $r/h/bar $ours -Wl,--allow-shlib-undefined libbar.so
echo "$uses_foo" | compile $r/h/version $ours v2.so
echo "$uses_foo" | compile $r/h/nodefaultlib $ours -Wl,-z,nodefaultlib libfoo.so
with_path() { # NAME new|old PATH
	flag=--enable-new-dtags
	[ "$2" = new ] || flag=--disable-new-dtags
	echo "$uses_foo" | compile "$r/h/$1" $ours "-Wl,$flag,-rpath,$3" libfoo.so
	echo "$uses_bar" | compile "$r/h/$1-bar" $ours "-Wl,$flag,-rpath,$3" \
		-Wl,--allow-shlib-undefined libbar.so
}
with_path runpath new /l/bar:/l/good
with_path rpath old /l/bar:/l/good
# shellcheck disable=SC2016 # the loader expands it
with_path origin new '$ORIGIN/../l/good'
# shellcheck disable=SC2016
with_path braces new '${ORIGIN}/../l/good'
# shellcheck disable=SC2016
with_path platform new '/l/$PLATFORM'
# shellcheck disable=SC2016
with_path unknown-token new '$NOTHING:/l/good'

# shellcheck disable=SC2016
with_path joined new '$ORIGINx'
mkdir $r/hx $r/l/inherit $r/l/both
cp libfoo.so $r/hx/libfoo.so.1
with_path inherit old /l/inherit:/l/good
echo 'int foo(void); int bar(void) { return foo(); }' | compile $r/l/inherit/libbar.so.1 -shared \
	-fPIC -Wl,-soname,libbar.so.1 libfoo.so -Wl,--enable-new-dtags,-rpath,/nope
# shellcheck disable=SC2016
echo 'int foo(void); int bar(void) { return foo(); }' | compile $r/l/both/libbar.so.1 -shared \
	-fPIC -Wl,-soname,libbar.so.1 libfoo.so -Wl,-rpath,'$ORIGIN'
cp libfoo.so $r/l/both/libfoo.so.1
mkdir $r/l/odd $r/l/alias $r/l/many
cp libfoo.so $r/l/odd/libfoo.so.1
echo "$foo" | compile $r/l/alias/plain.so -shared -fPIC
ln -s plain.so $r/l/alias/one
ln -s plain.so $r/l/alias/two
i=0
while [ $((i += 1)) -le 520 ]; do ln $r/l/alias/plain.so $r/l/many/$i; done
cp $r/lib/ld-linux-test.so.2 $r/x/strange
echo "$main" | compile $r/h/strange -Wl,--dynamic-linker,/x/strange
echo "$foo" | compile $r/h/library-entry -shared -fPIC -Wl,-e,foo -Wl,--no-as-needed
cp $r/h/dynamic $r/h/set-user-id
echo x >$r/x/sh
# Strings like those that name the directories compiled into a loader, but not such.
printf '\0/a/\0/b/\0/c/\0/d/\0/e/\0/f/\0/g/\0/lib1\0/lib2\0/lib3\0/lib4\0/lib5\0/lib6\0' \
	>>$r/lib/ld-linux-test.so.2

# --- musl
if command -v musl-gcc >/dev/null; then
	CC="musl-gcc"
	musl=-Wl,--dynamic-linker,/lib/ld-musl-test.so.1
	echo "$main" | compile $r/h/musl $musl
	echo "$main" | compile musl
	cp "$(readelf -l musl | sed -n 's/.*interpreter: \(.*\)]/\1/p')" $r/lib/ld-musl-test.so.1
	echo "$foo" | compile musl.so -shared -fPIC -Wl,-soname,libfoo.so.1
	mkdir $r/l/musl $r/l/musl-class
	cp musl.so $r/l/musl/libfoo.so.1
	cp musl.so $r/l/musl-class/libfoo.so.1
	echo "$uses_foo" | compile $r/h/musl-foo $musl musl.so
	echo "$uses_foo" | compile $r/h/musl-runpath $musl musl.so -Wl,--enable-new-dtags,-rpath,/l/musl
	echo "$uses_foo" | compile $r/h/musl-rpath $musl musl.so -Wl,--disable-new-dtags,-rpath,/l/musl
	# shellcheck disable=SC2016
	echo "$uses_foo" | compile $r/h/musl-origin $musl musl.so -Wl,-rpath,'$ORIGIN/../l/musl'
	# shellcheck disable=SC2016
	echo "$uses_foo" | compile $r/h/musl-token $musl musl.so -Wl,-rpath,'$LIB:/l/musl'
fi

# --- damage
poke() { # FILE OFFSET BYTES
	# shellcheck disable=SC2059 # the bytes are the format
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
cp $r/h/static $r/h/foreign
poke $r/h/foreign 18 '\053\053'
cp $r/h/static $r/h/object
poke $r/h/object 16 '\001\000'
[ "$(od -An -tu1 -j5 -N1 $r/h/static | tr -d ' ')" = 1 ] || poke $r/h/object 16 '\000\001'
[ ! -d $r/l/musl-class ] || poke $r/l/musl-class/libfoo.so.1 4 '\001'
poke $r/l/odd/libfoo.so.1 7 '\011'
cp $r/h/static $r/h/forged-class
poke $r/h/forged-class 4 '\001'
cp $r/h/static $r/h/forged-order
poke $r/h/forged-order 5 '\002'
{
	printf '\177ELF\001\001\001\000\000\000\000\000\000\000\000\000\002\000\003\000\001\000\000\000'
	printf '\000\000\001\000\064\000\000\000\000\000\000\000\000\000\000\000\064\000\040\000\001\000'
	printf '\000\000\000\000\000\000'
	printf '\001\000\000\000\000\000\000\000\000\000\001\000\000\000\001\000\124\000\000\000'
	printf '\124\000\000\000\005\000\000\000\000\020\000\000'
} >$r/h/i386
head -c 40 $r/h/static >$r/h/short
head -c 4096 $r/h/static >$r/h/cut
cp libfoo.so $r/h/library
: >$r/h/empty
echo 'echo hello' >$r/h/text
printf '\001\002' >$r/h/two
echo x >$r/h/plain
mkfifo $r/h/fifo
echo x >"$r/h/$(printf '\033[31m')"

# --- what the loader asks for $ORIGIN
mkdir -p $r/proc/self
ln -s /h/static $r/proc/self/exe

# --- scripts
script() { # NAME FORMAT
	# shellcheck disable=SC2059
	printf "$2" >$r/h/"$1"
}
script good '#!/bin/sh\n'
script secret '#!/bin/sh\n'
script crlf '#!/bin/sh\r\n'
script crlf-option '#!/bin/sh -e\r\n'
script crlf-perl '#!/h/static -w\r\n'
script nameless '#!\n'
script relative '#!h/static\n'
script missing '#!/bin/bash\n'
script via-plain '#!/h/plain\n'
script option '#!/bin/sh -e\n'
script two-options '#!/bin/sh -e -x\n'
ln -s static $r/h/zsh
ln -s static $r/h/yash
script zsh-two-options '#!/h/zsh -e -x\n'
script zsh-crlf '#!/h/zsh -e\r\n'
script yash-long-option '#!/h/yash -o errexit\n'
script blank-end '#!/bin/sh '
script long "#!/$(printf '%0300d' 0)\\n"
script env '#!/bin/env sh\n'
script env-missing '#!/bin/env python3\n'
script env-two '#!/bin/env python3 -u\n'
script env-split '#!/bin/env -S A=1 sh -e\n'
script env-options '#!/bin/env -i\n'
script env-nothing '#!/bin/env\n'
script env-loop '#!/bin/env env-loop\n'
script env-script '#!/bin/env good\n'
script env-broken '#!/bin/env missing\n'
script env-passes '#!/bin/env secret-sh\n'
script secret-sh '#!/bin/sh\n'
script busybox '#!/x/busybox\n'
script busybox-sh '#!/x/busybox sh\n'
script busybox-env '#!/x/env python3\n'
script in-proc '#!/proc/self/exe\n'
script chain1 '#!/bin/sh\n'
for i in 2 3 4 5 6; do script chain$i "#!/h/chain$((i - 1))\\n"; done

chmod 755 $r/h/*
chmod 644 $r/h/plain
chmod 711 $r/h/secret
chmod 4755 $r/h/set-user-id
cp $r/h/static $r/bin/sh
cp $r/h/static $r/bin/env
cp $r/h/static $r/x/busybox
ln -s busybox $r/x/env
cp $r/h/missing $r/x/secret-sh
chmod 755 $r/x/secret-sh
ln -s /h/good $r/h/link
ln -s /h/nowhere $r/h/dangling
ln -s round $r/h/round
