#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What hookwright-run costs a hook, beside the number that was promised.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/bench/common.bash
. "$(dirname "$0")/common.bash"

run=${HW_RUN:-$top/build/in/run}
cd "$top" || exit 2
echo 'int main(void) { return 0; }' | "${CC:-cc}" -O2 -static -x c -o "$work/static" - || exit 1
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O2 -iquote lib -o "$work/records" tests/e2e/records.c lib/helper/record.c || exit 1
"$work/records" "$work/s" 1000000 >"$work/heard" &
reader=$!
for ((i = 0; i < 100; i++)); do [ ! -S "$work/s" ] || break; sleep 0.02; done

echo "hookwright-run: $(stat -c %s "$run") bytes; $(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg)"
printf '%-48s %8s %8s %8s\n' "" target median best
runs=1000
{
	read -r alone_time alone_best _
	read -r plain_time plain_best _
	read -r limit_time limit_best _
	read -r log_time log_best _
} < <(times - - "$work/static" "$run -- $work/static hook" "$run --timeout=5 --policy=p -- $work/static hook" \
	"$run --timeout=5 --policy=p --log=$work/s -- $work/static hook" < <(nothing))
kill $reader
beyond() { # WHAT TARGET MEDIAN BEST
	row "$1" "$2" "$(calc .3f "($3 - $alone_time) * 1000")" "$(calc .3f "($4 - $alone_best) * 1000")" ms
}
row "a static hook alone" - "$(calc .3f "$alone_time * 1000")" "$(calc .3f "$alone_best * 1000")" ms
beyond "... through hookwright-run, more" 1.3 "$plain_time" "$plain_best"
beyond "... with a limit, more" 1.3 "$limit_time" "$limit_best"
beyond "... with a limit and a log, more" 1.3 "$log_time" "$log_best"
