#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The numbers that were promised, beside those of this machine. Measures; does not judge a build:
# the status is 0 unless something could not be measured.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/bench/common.bash
. "$(dirname "$0")/common.bash"

make_bundle "$fast/b" /bin/sh -c 'exec sleep 1'
# As large as what 'runc spec' and engines write: about 3 KB.
HOOKS=",
	\"annotations\": { \"org.example.note\": \"$(printf '%01950d' 0)\" }" \
	config_json "$fast/b" /bin/sh -c 'exec sleep 1'
cp "$fast/b/config.json" "$fast/original"
policy "$fast/one.yaml" 'hook: { path: /bin/true }'
/usr/bin/python3 "$top/tests/bench/make-inputs.py" "$fast/original" "$fast/big" "$fast/policies" || exit 1
mkdir "$fast/big-bundle"
ln -s ../b/rootfs "$fast/big-bundle/rootfs"
cp "$fast/big" "$fast/big-bundle/config.json"
apply="$HOOKWRIGHT apply --no-sync -q"
echo "config.json: $(stat -c %s "$fast/original") bytes, on $(stat -f -c %T "$fast");" \
	"$(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg)"
printf '%-48s %8s %8s %8s\n' "" target median best

runs=400
{
	read -r true_time true_best _
	read -r change_time change_best _
} < <(times "$fast/original" "$fast/b/config.json" /bin/true "$apply $fast/b -p $fast/one.yaml")
row "apply, one policy, writes; against /bin/true" 2.2 "$(calc .2f "$change_time / $true_time")" \
	"$(calc .2f "$change_best / $true_best")" times

$apply "$fast/b" -p "$fast/one.yaml" || exit 1
{
	read -r true_time true_best _
	read -r same_time same_best _
} < <(times - - /bin/true "$apply $fast/b -p $fast/one.yaml")
row "apply, nothing to change; against /bin/true" 2.2 "$(calc .2f "$same_time / $true_time")" \
	"$(calc .2f "$same_best / $true_best")" times

runs=30
{
	read -r same_time same_best _
	read -r many_time many_best _
} < <(times - - "$apply $fast/b -p $fast/one.yaml" \
	"$apply $fast/b -p $fast/one.yaml -p $fast/policies")
row "1,000 policies more, each" 60 "$(calc .1f "($many_time - $same_time) * 1000")" \
	"$(calc .1f "($many_best - $same_best) * 1000")" us

runs=10
read -r big_time big_best _ < <(times "$fast/big" "$fast/big-bundle/config.json" \
	"$apply $fast/big-bundle -p $fast/one.yaml")
row "apply, config.json of $(calc .1f "$(stat -c %s "$fast/big") / 1000000") MB" 0.5 \
	"$(calc .3f "$big_time")" "$(calc .3f "$big_best")" s

cp "$fast/original" "$fast/b/config.json"
# shellcheck disable=SC2086 # a command with arguments
peak=$("$work/peak" $apply "$fast/b" -p "$fast/one.yaml") || exit 1
peak=$(calc .2f "$peak / 1024")
row "apply, one policy: peak memory" 6 "$peak" "$peak" MiB

# --- as an engine's runtime: /bin/true stands for runc ---

mkdir "$fast/ten"
for i in 0 1 2 3 4 5 6 7 8 9; do
	policy "$fast/ten/policy-$i.yaml" 'hook: { path: /bin/true }'
done
printf 'version: 1\nruntime: /bin/true\npolicies: %s\n' "$fast/ten" >"$fast/config.yaml"
HOOKS=",
	\"annotations\": { \"org.example.note\": \"$(printf '%09000d' 0)\" }" \
	config_json "$fast/b" /bin/sh -c 'exec sleep 1'
cp "$fast/b/config.json" "$fast/ten-kilobytes"
own="--hookwright-config $fast/config.yaml"
create="--root /r create --bundle $fast/b --pid-file /p x"

runs=1000
{
	read -r true_time true_best _
	read -r state_time state_best _
	read -r create_time create_best _
	read -r whole_state_time whole_state_best _
	read -r whole_create_time whole_create_best _
} < <(times "$fast/ten-kilobytes" "$fast/b/config.json" /bin/true "$HOOKWRIGHT-runtime $own state x" \
	"$HOOKWRIGHT-runtime $own $create" "$HOOKWRIGHT runtime $own state x" \
	"$HOOKWRIGHT runtime $own $create")
against_true() { # WHAT TARGET MEDIAN BEST
	row "$1" "$2" "$(calc .2f "$3 / $true_time")" "$(calc .2f "$4 / $true_best")" times
}
against_true "runtime, state passed through; against /bin/true" 2.2 "$state_time" "$state_best"
against_true "runtime, create, ten policies, 10 KB; the same" 3.2 "$create_time" "$create_best"
against_true "'hookwright runtime', state; not promised" - "$whole_state_time" "$whole_state_best"
against_true "'hookwright runtime', create; not promised" - "$whole_create_time" "$whole_create_best"
