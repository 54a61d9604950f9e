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

fresh_copy() {
	rm -rf "${copy:?}/tree"
	mkdir "$copy/tree"
	tar -c --exclude=corpus --exclude=data .ci cmd lib policies tests Makefile | tar -x -C "$copy/tree"
}

layers() { (cd "$1" && tests/lint/check-layers tests/lint/layers lib/*.[ch] cmd/*.[ch]); }
layers_with() { # FILE LINE...
	local file=$1
	shift
	fresh_copy
	printf '%s\n' "$@" >>"$copy/tree/$file"
	layers "$copy/tree"
}

purity_with() { # MODULE CODE
	rm -rf "${copy:?}/objects"
	cp -r "$HW_OBJECTS/lib" "$copy/objects"
	fresh_copy
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
		>>"$copy/tree/lib/runtime-table.h"
	"$lint/check-source" proof "$copy/tree"
}

unlisted() {
	fresh_copy
	echo '/* nothing */' >"$copy/tree/lib/newcomer.c"
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
sees "layers: an upward include is seen" "text (layer 1) may not include run (layer 12)" \
	layers_with lib/text.c '#include "run.h"'
sees "layers: an include of a sibling is seen" "plan (layer 9) may not include program (layer 9)" \
	layers_with lib/plan.c '#include "program.h"'
sees "layers: a header is checked too" "json (layer 4) may not include spec (layer 5)" \
	layers_with lib/json.h '# include "spec.h"'
sees "layers: a command that looks inside is seen" "a command may use the public API only" \
	layers_with cmd/main.c '#include "plan.h"'
holds "layers: a command may use tools.h" layers_with cmd/lint-walk.c '#include "tools.h"'
sees "layers: a module without a rank is seen" "module newcomer is not listed" unlisted

holds "purity: pure modules do no I/O" "$lint/check-purity" "$lint/pure" "$HW_OBJECTS/lib"
sees "purity: a call of open(2) is seen" "plan is not pure, it calls: open" \
	purity_with plan $'#include <fcntl.h>\nint seeded(void);\nint seeded(void) { return open("/", 0); }'
sees "purity: a call of an impure peer is seen" "edit is not pure, it calls: fs_remove_stale" \
	purity_with edit $'#include "fs.h"\nvoid seeded(void);\nvoid seeded(void) { fs_remove_stale(0, ""); }'
sees "purity: printing is seen" "report is not pure, it calls: puts" \
	purity_with report $'#include <stdio.h>\nvoid seeded(void);\nvoid seeded(void) { puts("x"); }'
sees "purity: reading the environment is seen" "cond is not pure, it calls: getenv" \
	purity_with cond $'#include <stdlib.h>\nchar *seeded(void);\nchar *seeded(void) { return getenv("A"); }'

holds "every source file names its licence" "$lint/check-source" spdx .
sees "a C file without a licence is seen" "lib/text.c: no SPDX" source_with spdx lib/text.c '#include "text.h"'
sees "a script without a licence is seen" "tests/e2e/new.sh: no SPDX" \
	source_with spdx tests/e2e/new.sh '#!/bin/sh'
holds "nothing is marked as unfinished" "$lint/check-source" marks .
sees "a mark is seen" "lib/text.c:1: a mark" source_with marks lib/text.c "/* TO""DO later */"
holds "every public function is documented" "$lint/check-source" api .
sees "an undocumented function is seen" "(hw_secret): a public function" undocumented

holds "what runtimes do is asked in one place" "$lint/check-source" runtime .
sees "a comparison with a kind of runtime is seen" "lib/text.c:1: it names a runtime" \
	source_with runtime lib/text.c 'int f(struct runtime r) { return r.kind == RUNTIME_CRUN; }'
sees "a comparison of kinds is seen" "lib/text.c:1: it names a runtime" \
	source_with runtime lib/text.c 'int f(struct judge *j) { return j->runtime.kind == kinds[0]; }'
sees "a comparison with a name is seen" "lib/text.c:1: it names a runtime" \
	source_with runtime lib/text.c 'int f(const char *s) { return strcmp(s, "crun") == 0; }'
sees "a comparison of versions is seen" "lib/text.c:1: it names a runtime" \
	source_with runtime lib/text.c 'int f(struct l *l) { return l->runtime.version[1] < 28; }'
holds "no code looks for words in a message" "$lint/check-source" words .
sees "a search in a message is seen" "lib/text.c:1: it looks for words" \
	source_with words lib/text.c 'int f(struct hw_error *e) { return strstr(e->message, "no such"); }'
sees "a comparison of a reason is seen" "lib/text.c:1: it looks for words" \
	source_with words lib/text.c 'int f(const char *reason) { return streq(reason, "gone"); }'
holds "each row of the runtimes has its proof" "$lint/check-source" proof .
sees "a row with a proof that is not there is seen" '"no such case": no such case' without_proof

holds "no test gives a runtime the null device" "$lint/check-source" null .
sees "a null device for a runtime is seen" "tests/e2e/bind.sh:1: /dev/null as standard input" \
	source_with null tests/e2e/bind.sh 'runc run x </de''v/null'
sees "a null device in Python is seen" "tests/engines/oracle.py:1: /dev/null as standard input" \
	source_with null tests/engines/oracle.py 'subprocess.run(["crun"], stdin=subprocess.DEV''NULL)'

if command -v pmccabe >/dev/null; then
	holds "functions are short and plain" "$lint/check-budget" lib/*.c cmd/*.c
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
