#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A staged install, a program built on it, and its removal.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
cd "$top" || exit 2

stage=$work/stage
# The job server of an outer make is not ours.
MAKEFLAGS=$(printf '%s' "${MAKEFLAGS-}" | sed -E 's/(^| )(-j[0-9]*|--jobserver-[a-z]*=[^ ]*)//g')
export MAKEFLAGS

staged_make() { # TARGET PREFIX [DESTDIR]
	# shellcheck disable=SC2086 # a command with arguments
	${HW_MAKE:-make} --no-print-directory "$1" DESTDIR="${3-$stage}" PREFIX="$2"
}

installed() { # every file with its mode, below the stage
	(cd "$stage" && find . -type f -printf '%m %P\n' | sort -k 2)
}

pkg() { # PREFIX ARG...: pkg-config that knows the library installed there
	PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config "${@:2}" hookwright
}

# The files are where the .pc says, so this is what a user's build does.
# shellcheck disable=SC2046 # flags are words
build_consumer() {
	"${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror -o "$work/consumer" \
		tests/install/consumer.c $(pkg "$work/opt" --cflags --libs --static)
}

# The header alone, without anything before it, in the strictest dialects.
header_compiles() { # COMPILER STANDARD LANGUAGE
	echo '#include <hookwright.h>' | "$1" -std="$2" -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
		-I "$stage/usr/include" -x "$3" -
}

exported() { nm -g --defined-only "$stage/usr/lib/libhookwright.a" | awk 'NF == 3 { print $3 }'; }

completes() { # WORDS...: what bash would offer for the last one
	# shellcheck disable=SC2016 # expanded by the inner bash
	PATH=$stage/usr/bin:$PATH bash -c '
		. "$1" && shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_hookwright
		printf "%s\n" "${COMPREPLY[@]}"' - \
		"$stage/usr/share/bash-completion/completions/hookwright" "$@" | sort | paste -sd ' '
}

ok "make install" staged_make install /usr
want="755 usr/bin/hookwright
755 usr/bin/hookwright-runtime
644 usr/include/hookwright.h
644 usr/lib/libhookwright.a
644 usr/lib/pkgconfig/hookwright.pc
755 usr/libexec/hookwright/in/run
644 usr/share/bash-completion/completions/hookwright
644 usr/share/doc/hookwright/rules.md
644 usr/share/fish/vendor_completions.d/hookwright.fish
$(cd policies && printf '644 usr/share/hookwright/policies.d/%s\n' *.yaml | grep -v '\.test\.yaml$')
$(cd cmd/man && printf '644 usr/share/man/man1/%s\n' *.1)
$(cd cmd/man && printf '644 usr/share/man/man5/%s\n' *.5)
$(cd cmd/man && printf '644 usr/share/man/man7/%s\n' *.7)
644 usr/share/zsh/site-functions/_hookwright"
is "$(installed)" "$want" "what is installed, with its modes"
for link in runc crun; do
	is "$(readlink "$stage/usr/bin/hookwright-$link")" hookwright-runtime \
		"hookwright-$link is a link to hookwright-runtime"
done
is "$("$stage/usr/bin/hookwright" --version)" "hookwright $HW_VERSION" "the program runs"
is "$("$stage/usr/bin/hookwright-runtime" --hookwright-runtime=/bin/echo state x)" "state x" \
	"the wrapper runs"
run=$stage/usr/libexec/hookwright/in/run
is "$(ls "${run%/*}")" run "what containers get to see is alone in its directory"
lacks "$(readelf -lW "$run")" INTERP "... and static"
lacks "$(readelf -SW "$run")" .symtab "... and stripped"
if command -v musl-gcc >/dev/null; then
	is "$(($(stat -c %s "$run") < 65536))" 1 "... and smaller than 64 KB"
else
	skip "... and smaller than 64 KB" "no musl-gcc"
fi
is "$(nothing | "$run" -- /bin/echo echo it runs)" "it runs" "... and runs a program"
# Of an older version, whose wrapper was a link.
rm "$stage/usr/bin/hookwright-runtime" && ln -s hookwright "$stage/usr/bin/hookwright-runtime"
ok "make install over an older version" staged_make install /usr
is "$(installed)" "$want" "... leaves the same files"
is "$("$stage/usr/bin/hookwright" --version)" "hookwright $HW_VERSION" "... and the program"

is "$(pkg "$stage/usr" --modversion)" "$HW_VERSION" "pkg-config knows the version"
is "$(pkg "$stage/usr" --variable prefix)" /usr "pkg-config knows the prefix"
is "$(pkg "$stage/usr" --print-requires-private | awk '{ print $1 }' | paste -sd ' ')" \
	"libcjson yaml-0.1" "pkg-config knows what a static link needs"
is "$(exported | grep -v '^hw_')" "" "the archive exports hw_ names only"
is "$(exported | sort)" \
	"$(sed -n 's/^HW_API .*[ *]\(hw_[a-z_]*\)(.*/\1/p' lib/hookwright.h | sort)" \
	"the archive exports every function of the header"
ok "make install without a stage" staged_make install "$work/opt" ""
is "$(pkg "$work/opt" --variable prefix)" "$work/opt" "the prefix is the one of the install"
ok "a consumer builds against the installed files" build_consumer
is "$("$work/consumer")" "$HW_VERSION" "the consumer runs, with names of its own"
make_bundle "$work/b"
policy "$work/p.yaml" 'hook: { path: /bin/true }'
is "$("$work/consumer" "$work/b" "$work/p.yaml")" "$HW_VERSION"$'\nwould change' \
	"the consumer applies a policy"
is "$("$work/consumer" "$work/b" "$work/p.yaml" apply | tail -n 1)" "lock free" \
	"the bundle's lock ends before the result does"
ok "the header compiles as C99" header_compiles "${CC:-cc}" c99 c
if cxx=$(command -v c++ || command -v clang++); then
	ok "the header compiles as C++11" header_compiles "$cxx" c++11 c++
else
	skip "the header compiles as C++11" "no C++ compiler"
fi

is "$(completes hookwright '')" "apply docker doctor explain filter help lint nerdctl oci-hook podman policy revert runtime schema setup version" "completion of commands"
is "$(completes hookwright policy '')" "check export list new schema show test" "completion of policy commands"
is "$(completes hookwright apply --d)" "--diff --dry-run" "completion of options"
is "$(completes hookwright explain --color '')" "always auto never" "completion of values"
is "$(completes hookwright apply --runtime '')" "any crun kata runc runsc youki" "completion of runtimes"
is "$(completes hookwright lint --runtime-v)" "--runtime-version" "completion of lint's options"
is "$(completes hookwright lint --fail-on '')" "error note warning" "completion of severities"
is "$(completes hookwright lint --explain HW20 | wc -w)" 9 "completion of rules by their ids"
is "$(completes hookwright lint --ignore program-miss)" program-missing "... and names"
is "$(completes hookwright lint --arch a)" "amd64 arm arm64" "completion of machines"
is "$(completes hookwright setup p)" "podman" "completion of engines"
is "$(completes hookwright setup containerd --form '')" "1.7 2" "completion of their snippets"
is "$(completes hookwright podman container run --o)" "--oci-hook" "completion of --oci-hook"
is "$(completes hookwright podman exec --o)" "" "... after run and create only"

ok "make uninstall" staged_make uninstall /usr
is "$(installed)" "" "uninstall removes every file"
done_testing
