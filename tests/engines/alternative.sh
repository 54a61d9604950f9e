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
create() { "$wrapper" --root "$root" create --bundle "$bundle" "$1" >"$work/out" 2>&1 < <(nothing); }

remembered() { tr '\0' '\n' <"$memory/$1" | sed -n 2p; }
with() { edit_config "$bundle" '.annotations["io.hookwright.runtime"] = "other"'; }
without() { edit_config "$bundle" 'del(.annotations)'; }
name=${root//\//!}

create one
is $? 0 "create with an annotation"
is "$(ls $memory)" "$name@one" "its runtime is remembered"
is "$(remembered "$name@one")" "$(type -P crun)" "by its path"
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
run "$wrapper" --root "$root/./" state one
expect "another spelling of the --root is not" 0 '"status": "running"'
(cd "$work" && run "$wrapper" --root state state one && echo "$out") >"$work/out"
has "$(cat "$work/out")" '"status": "running"' "nor is a relative one"
call delete one
expect "what cannot be deleted yet is not forgotten" failure
create one
is $? 1 "it is not created again"
has "$(cat "$work/out")" "a container of this id exists" "which is reported"
without
create one
is $? 1 "also without the annotation"
call kill one KILL
expect "kill goes to crun" 0
with

# Words that are no id: a container of runc, with the name of a command in it.
without
create plain
is $? 0 "a container without an annotation"
is "$(ls $memory)" "$name@one" "needs no memory"
call start plain
expect "start goes to runc" 0
call exec plain /bin/echo one
expect "the word of a command is no id" 0 one
call kill plain one
expect "nor is that of a signal" failure "level=error"
call delete --force plain
expect "delete goes to runc" 0
with

wait_for 5 sh -c "'$wrapper' --root '$root' state one | grep -q stopped"
call delete one
expect "a plain delete goes to crun" 0
[ -e "$root/one" ]
is $? 1 "and deletes"
call state one
expect "then runc is asked" failure "level=error"
is "$(ls $memory)" "" "and its runtime is forgotten"

# The same id, in another container, which may not even have been made by us.
create two
is $? 0 "create with an annotation"
call start two
call delete --force two
expect "delete --force goes to crun" 0
without
runc --root "$root" create --bundle "$bundle" two >"$work/out" 2>&1 < <(nothing)
call start two
expect "a later container of the id, made by runc itself, is started by it" 0
call state two
expect "and asked for" 0 '"status": "running"' '"owner"'
call delete --force two
expect "and deleted" 0
[ -e "$root/two" ]
is $? 1 "it does not leak"

with
create three
call delete --force three
without
create three
is $? 0 "a later container of the id, without the annotation"
is "$(ls $memory)" "" "forgets at once"
call state three
expect "and is of runc" 0 '"owner"'
call delete --force three
expect "to the end" 0

# A create that fails
with
edit_config "$bundle" '.process.args = ["/bin/sleep", "60"] | .process.cwd = "/nowhere"'
edit_config "$bundle" '.linux.namespaces += [{"type": "network", "path": "/nowhere"}]'
create four
is $? 1 "a create by crun that fails"
without
edit_config "$bundle" 'del(.process.cwd) | .process.cwd = "/" |
	.linux.namespaces |= map(select(.path == null))'
runc --root "$root" create --bundle "$bundle" four >"$work/out" 2>&1 < <(nothing)
is $? 0 "then one by runc itself"
call start four
expect "misleads nobody" 0
call delete --force four
expect "delete goes to runc" 0
is "$(ls $memory)" "" "what failed is forgotten"

# Ids and roots that look alike
with
mkdir -p "$work/a/b" "$work/a!b"
"$wrapper" --root "$work/a/b" create --bundle "$bundle" five >"$work/out" 2>&1 < <(nothing)
is $? 0 "create below a/b"
run "$wrapper" --root "$work/a!b" state five
expect "a!b is another root" failure "level=error"
run "$wrapper" --root "$work/a/b" delete --force five
expect "delete below a/b" 0
for id in .. . a/b ../five "$(printf 'x%.0s' {1..300})" ''; do
	! create "$id"
	result $? "no container is called '${id:0:20}'" "$(cat "$work/out")"
	is "$(ls -I versions /run/hookwright)" runtimes "and nothing is written elsewhere for '${id:0:20}'"
done
rm -f $memory/*

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
