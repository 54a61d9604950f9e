#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rules of the source, and for each rule a violation in a copy that it must see.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 2
lint=$top/tests/lint
HW_OBJECTS=${HW_OBJECTS:-$top/build}
copy=$(mktemp -d) && trap 'rm -rf "$copy"' EXIT
n=0

report() {
	local how=$1 name=$2
	n=$((n + 1))
	[ "$how" = 0 ] || printf '%s\n' "$output" | sed 's/^/# /'
	[ "$how" = 0 ] && echo "ok $n - $name" || echo "not ok $n - $name"
}

# holds NAME COMMAND...: the rule holds for the real sources
holds() {
	local name=$1
	shift
	output=$("$@" 2>&1)
	report $? "$name"
}

# sees NAME TEXT COMMAND...: the rule fails and its output has TEXT
sees() {
	local name=$1 text=$2 how=0
	shift 2
	if output=$("$@" 2>&1); then
		how=1 output="not seen"
	elif [[ $output != *"$text"* ]]; then
		how=1
	fi
	report $how "$name"
}

fresh_copy() { # [PATH...]: default all
	rm -rf "${copy:?}/tree"
	mkdir "$copy/tree"
	[ $# -gt 0 ] || set -- .ci cmd lib policies tests Makefile
	tar -c --exclude=corpus --exclude=data "$@" | tar -x -C "$copy/tree"
}

layers() {
	# shellcheck disable=SC2046 # names of sources have no blanks
	(cd "$1" && tests/lint/check-layers tests/lint/layers $(find lib cmd -name '*.[ch]' | sort))
}
layers_with() { # FILE LINE...
	local file=$1
	shift
	fresh_copy cmd lib tests/lint
	printf '%s\n' "$@" >>"$copy/tree/$file"
	layers "$copy/tree"
}

purity_with() { # MODULE CODE
	rm -rf "${copy:?}/objects"
	cp -r "$HW_OBJECTS/lib" "$copy/objects"
	fresh_copy lib
	printf '%s\n' "$2" >>"$copy/tree/lib/$1.c"
	# shellcheck disable=SC2046 # flags are words
	(cd "$copy/tree" && ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -DHW_VERSION='""' -O2 -fPIC -iquote lib \
		$(pkg-config --cflags libcjson yaml-0.1) -c -o "$copy/objects/$1.o" "lib/$1.c") &&
		"$lint/check-purity" "$lint/pure" "$copy/objects"
}

source_with() { # RULE FILE LINE: the line goes before the file's first
	fresh_copy
	[ ! -f "$copy/tree/$2" ] || sed 1,2d "$copy/tree/$2" >"$copy/rest"
	{ printf '%s\n' "$3"; cat "$copy/rest" 2>/dev/null; } >"$copy/tree/$2"
	rm -f "$copy/rest"
	"$lint/check-source" "$1" "$copy/tree"
}

budget_with() { # CODE
	printf '%s\n' "$1" >"$copy/budget.c"
	"$lint/check-budget" "$copy/budget.c"
}

undocumented() {
	fresh_copy
	echo 'HW_API int hw_secret(int a);' >>"$copy/tree/lib/hookwright.h"
	"$lint/check-source" api "$copy/tree"
}

without_proof() {
	fresh_copy
	printf 'ROW(VERSION_IS_NEEDED, CRUN, EVER, EVER,\n    "no such case")\n' \
		>>"$copy/tree/lib/runtime/behaviour-table.h"
	"$lint/check-source" proof "$copy/tree"
}

layers_circle() {
	fresh_copy cmd lib tests/lint
	sed -i 's/^format .*/& plan/' "$copy/tree/tests/lint/layers"
	layers "$copy/tree"
}

twice() { # HEADER
	fresh_copy cmd lib tests/lint
	mkdir -p "$copy/tree/cmd/${1%/*}"
	echo '/* nothing */' >"$copy/tree/cmd/$1"
	echo "#include \"$1\"" >>"$copy/tree/cmd/main.c"
	layers "$copy/tree"
}

map() { (cd "$1" && tests/lint/check-map tests/lint/layers lib/README.md); }
map_with() { # FILE SED
	fresh_copy cmd lib tests/lint
	sed -i "$2" "$copy/tree/$1"
	map "$copy/tree"
}

added() { # FILE
	fresh_copy cmd lib tests/lint
	mkdir -p "$copy/tree/${1%/*}"
	echo '/* nothing */' >"$copy/tree/$1"
	layers "$copy/tree"
}

# The first and the last source of compile_commands.json compile.
commands_compile() {
	local command
	MAKEFLAGS='' ${HW_MAKE:-make} -s O="$copy/commands" compile_commands.json || return
	jq -r '.[0, -1] | .command' "$copy/commands/compile_commands.json" >"$copy/commands/two" || return
	while read -r command; do
		bash -c "$command" || return
	done <"$copy/commands/two"
	[ "$(wc -l <"$copy/commands/two")" = 2 ]
}

long_function() {
	echo 'int f(int a)'
	echo '{'
	for _ in $(seq 61); do echo '	a++;'; done
	echo '	return a;'
	echo '}'
}

twisted_function() {
	echo 'int f(int a)'
	echo '{'
	for i in $(seq 16); do echo "	if (a == $i) a++;"; done
	echo '	return a;'
	echo '}'
}

holds "layers: includes point downwards only" layers .
sees "layers: an upward include is seen" "base may not include apply: lib/apply/result.h" \
	layers_with lib/base/buffer.c '#include "apply/result.h"'
sees "layers: an include of a sibling is seen" "view may not include policy: lib/policy/policy.h" \
	layers_with lib/view/open.c '#include "policy/policy.h"'
sees "layers: a header is checked too" "format may not include oci: lib/oci/spec.h" \
	layers_with lib/format/json.h '# include "oci/spec.h"'
sees "layers: what is a folder's own is seen" "lib/view/internal.h is for the files of view only" \
	layers_with lib/lint/lint.c '#include "view/internal.h"'
sees "layers: the own header of one file is seen" "lib/format/re2-internal.h is for the files of format" \
	layers_with lib/policy/export.c '#include "format/re2-internal.h"'
sees "layers: a folder in a folder is its own" "lib/program/ld/cache.h is for the files of program only" \
	layers_with lib/plan/plan.c '#include "program/ld/cache.h"'
sees "layers: an include without its folder is seen" "spec.h is not FOLDER/NAME.h" \
	layers_with lib/oci/edit.c '#include "spec.h"'
sees "layers: a file without a folder is seen" "lib/newcomer.c:1: a file of lib/ belongs into a folder" \
	added lib/newcomer.c
sees "layers: an unknown folder is seen" "folder attic is not listed" added lib/attic/newcomer.c
sees "layers: an unknown folder of commands is seen" "folder cmd/attic is not listed" \
	added cmd/attic/newcomer.c
sees "layers: a list with a circle is seen" "plan is not listed above format" \
	layers_circle
sees "layers: a folder that is listed twice is seen" "format is listed twice" \
	layers_with tests/lint/layers 'format plan'
sees "layers: a command that looks inside is seen" "a command may use the public API only" \
	layers_with cmd/main.c '#include "plan/plan.h"'
sees "layers: a command that looks into what is internal is seen" "a command may use the public API only" \
	layers_with cmd/lint/lint.c '#include "lint/internal.h"'
sees "layers: a command that shares another's header is seen" "a command may use the public API only" \
	layers_with cmd/lint/lint.c '#include "helper/protocol.h"'
sees "layers: what runs in containers shares one header only" "a command may use the public API only" \
	layers_with cmd/run/main.c '#include "helper/record.h"'
sees "layers: a circle of commands is seen" "cmd/cli may not include cmd/lint: cmd/lint/cmd-lint.h" \
	layers_with cmd/cli/input.c '#include "lint/cmd-lint.h"'
sees "layers: commands that know each other are seen" "cmd/front may not include cmd/wrapper" \
	layers_with cmd/front/front.c '#include "wrapper/wrapper.h"'
sees "layers: a header of one name in lib/ and cmd/ is seen" "view/view.h is in lib/, too" \
	twice view/view.h
holds "layers: a command may use tools.h" layers_with cmd/lint/walk.c '#include "tools.h"'

holds "map: lib/README.md has the folders of tests/lint/layers" map .
sees "map: a folder that may include more is seen" "differs from tests/lint/layers in: oci format runtime" \
	map_with tests/lint/layers 's/^oci .*/& policy/'
sees "map: a folder that is not in the table is seen" "differs from tests/lint/layers in: render doctor" \
	map_with lib/README.md '/^| `render`/d'
sees "map: a source that is not there is seen" "view/gone.c is not there" \
	map_with lib/README.md 's|view/node.c|view/gone.c|'
sees "map: a function that is not there is seen" "file_lose() is not there" \
	map_with lib/README.md 's|file_find()|file_lose()|'

holds "purity: pure modules do no I/O" "$lint/check-purity" "$lint/pure" "$HW_OBJECTS/lib"
sees "purity: a call of open(2) is seen" "plan/plan is not pure, it calls: open" \
	purity_with plan/plan $'#include <fcntl.h>\nint seeded(void);\nint seeded(void) { return open("/", 0); }'
sees "purity: a call of an impure peer is seen" "oci/edit is not pure, it calls: fs_remove_stale" \
	purity_with oci/edit $'#include "base/fs.h"\nvoid seeded(void);\nvoid seeded(void) { fs_remove_stale(0, ""); }'
sees "purity: printing is seen" "apply/explain is not pure, it calls: puts" \
	purity_with apply/explain $'#include <stdio.h>\nvoid seeded(void);\nvoid seeded(void) { puts("x"); }'
sees "purity: reading the environment is seen" "policy/cond is not pure, it calls: getenv" \
	purity_with policy/cond $'#include <stdlib.h>\nchar *seeded(void);\nchar *seeded(void) { return getenv("A"); }'

holds "every source file names its licence" "$lint/check-source" spdx .
sees "a C file without a licence is seen" "lib/base/buffer.c: no SPDX" source_with spdx lib/base/buffer.c '#include "base/buffer.h"'
sees "a script without a licence is seen" "tests/e2e/new.sh: no SPDX" \
	source_with spdx tests/e2e/new.sh '#!/bin/sh'
holds "nothing is marked as unfinished" "$lint/check-source" marks .
sees "a mark is seen" "lib/base/buffer.c:1: a mark" source_with marks lib/base/buffer.c "/* TO""DO later */"
holds "every public function is documented" "$lint/check-source" api .
sees "an undocumented function is seen" "(hw_secret): a public function" undocumented

holds "what runtimes do is asked in one place" "$lint/check-source" runtime .
sees "a comparison with a kind of runtime is seen" "lib/base/buffer.c:1: it names a runtime" \
	source_with runtime lib/base/buffer.c 'int f(struct runtime r) { return r.kind == RUNTIME_CRUN; }'
sees "a comparison of kinds is seen" "lib/base/buffer.c:1: it names a runtime" \
	source_with runtime lib/base/buffer.c 'int f(struct judge *j) { return j->runtime.kind == kinds[0]; }'
sees "a comparison with a name is seen" "lib/base/buffer.c:1: it names a runtime" \
	source_with runtime lib/base/buffer.c 'int f(const char *s) { return strcmp(s, "crun") == 0; }'
sees "a comparison of versions is seen" "lib/base/buffer.c:1: it names a runtime" \
	source_with runtime lib/base/buffer.c 'int f(struct l *l) { return l->runtime.version[1] < 28; }'
holds "no code looks for words in a message" "$lint/check-source" words .
sees "a search in a message is seen" "lib/base/buffer.c:1: it looks for words" \
	source_with words lib/base/buffer.c 'int f(struct hw_error *e) { return strstr(e->message, "no such"); }'
sees "a comparison of a reason is seen" "lib/base/buffer.c:1: it looks for words" \
	source_with words lib/base/buffer.c 'int f(const char *reason) { return streq(reason, "gone"); }'
holds "every C file says what it is for" "$lint/check-source" head .
sees "a file without a head is seen" "lib/base/buffer.c: no comment" \
	source_with head lib/base/buffer.c $'/* SPDX-License-Identifier: Apache-2.0 */\n#include "text.h"'
sees "a head that says nothing is seen" "lib/base/buffer.c: no comment" \
	source_with head lib/base/buffer.c $'/* SPDX-License-Identifier: Apache-2.0 */\n/* ---- text ---- */'
holds "messages are in plain English" "$lint/check-source" phrases .
sees "a phrase of the table is seen" 'lib/base/buffer.c:1 ("is no f": write "is not a")' \
	source_with phrases lib/base/buffer.c 'const char *const s = "it is no file";'
sees "a phrase across two literals is seen" 'lib/base/buffer.c:1 ("may not ": write "cannot' \
	source_with phrases lib/base/buffer.c $'const char *const s = "uid 1 may "\n\t"not read it";'
holds "a comment and plain English are not phrases" source_with phrases lib/base/buffer.c \
	$'/* "it is no file" */\nconst char *const s = "there is no file";'
holds "each row of the runtimes has its proof" "$lint/check-source" proof .
sees "a row with a proof that is not there is seen" '"no such case": no such case' without_proof

holds "no test gives a runtime the null device" "$lint/check-source" null .
sees "a null device for a runtime is seen" "tests/e2e/bind.sh:1: /dev/null as standard input" \
	source_with null tests/e2e/bind.sh 'runc run x </de''v/null'
sees "a null device in Python is seen" "tests/engines/oracle.py:1: /dev/null as standard input" \
	source_with null tests/engines/oracle.py 'subprocess.run(["crun"], stdin=subprocess.DEV''NULL)'

if command -v pmccabe >/dev/null; then
	holds "functions are short and plain" "$lint/check-budget" lib/*/*.c lib/*/*/*.c cmd/*.c cmd/*/*.c
	sees "a long function is seen" "f: 65 lines, at most 60" budget_with "$(long_function)"
	sees "a twisted function is seen" "f: cyclomatic complexity 17" budget_with "$(twisted_function)"
else
	for name in "functions are short and plain" "a long function is seen" \
		"a twisted function is seen"; do
		n=$((n + 1))
		echo "ok $n - $name # SKIP no pmccabe"
	done
fi

holds "compile_commands.json compiles" commands_compile
echo "1..$n"
