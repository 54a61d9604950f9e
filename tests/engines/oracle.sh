#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The view against the kernel, on random mount tables: tests/engines/oracle.py. HW_TABLES says how many
# for each runtime (default 100; nightly 1000), HW_SEED which.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private runc crun
prepare_cgroups

oracle=$work/oracle
objects=()
for source in "$top"/lib/*/*.c "$top"/lib/*/*/*.c; do
	object=${source#"$top"/}
	objects+=("$HW_OBJECTS/${object%.c}.o")
done
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -iquote "$top/lib" -o "$oracle" "$top/tests/engines/oracle.c" \
	"${objects[@]}" -lcjson -lyaml 2>"$work/cc" || { cat "$work/cc" && exit 2; }

for runtime in runc crun; do
	works $runtime || { skip "$runtime" "$why" && continue; }
	out=$(/usr/bin/python3 "$top/tests/engines/oracle.py" "$oracle" "$runtime" "${HW_SEED:-1}" \
		"${HW_TABLES:-100}" "$work/$runtime" 2>&1)
	result $? "$runtime: the view is what the kernel shows" "$out"
	echo "# $runtime: $out"
done
done_testing
