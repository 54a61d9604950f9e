#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A container whose annotation chose another runtime stays with it, from create to delete.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private runc crun

# What crun wants to see of the host; the functions of tests/e2e/lib.sh do it before they run one.
prepare_cgroups
works runc || skip_all "runc: $why"
works crun || skip_all "crun: $why"

wrapper=$work/bin/hookwright-runtime
root=$work/state
bundle=$work/bundle
memory=/run/hookwright/runtimes

mkdir -p /etc/hookwright/policies.d
printf 'version: 1\nruntime: runc\nruntimes: {other: crun}\n' >/etc/hookwright/config.yaml
make_bundle "$bundle" /bin/sleep 60
edit_config "$bundle" '.annotations["io.hookwright.runtime"] = "other"'

call() { run "$wrapper" --root "$root" "$@"; }
# The container keeps its standard output open.
create() { "$wrapper" --root "$root" create --bundle "$bundle" "$1" >"$work/out" 2>&1 </dev/null; }

create one
is $? 0 "create with an annotation"
is "$(ls $memory)" "${root//\//!}@one" "its runtime is remembered"
is "$(readlink "$memory/${root//\//!}@one")" "$(type -P crun)" "by its path"
call state one
expect "state goes to crun" 0 '"status": "created"'
call start one
expect "start goes to crun" 0
call state one
expect "it runs" 0 '"status": "running"'
call exec one /bin/echo inside
expect "exec goes to crun" 0 inside
run "$wrapper" --root "$work/elsewhere" state one
expect "another --root is another container" failure "level=error"
call delete one
expect "what cannot be deleted yet is not forgotten" failure
call kill one KILL
expect "kill goes to crun" 0
call delete --force one
expect "delete goes to crun" 0
is "$(ls $memory)" "" "and its runtime is forgotten"

edit_config "$bundle" 'del(.annotations)'
create two
is $? 0 "create without an annotation"
is "$(ls $memory)" "" "needs no memory"
call state two
expect "state goes to runc" 0 '"bundle"' '"owner"'
call delete --force two
expect "delete goes to runc" 0

edit_config "$bundle" '.annotations["io.hookwright.runtime"] = "other"'
mkdir -p "$memory" && mount -t tmpfs -o ro tmpfs $memory
create three
is $? 1 "what cannot be remembered is not created"
has "$(cat "$work/out")" "cannot remember" "and says so"
umount $memory

done_testing
