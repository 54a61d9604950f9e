#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Which bundle does an argv name? The real runc and the real crun are asked, by what they open, and
# hookwright must open the same file: nothing where they open nothing.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private strace runc crun

cwd=$work/cwd

# Every directory that some reading of some row names is there, so that the answer is one file.
make_bundles() {
	local at
	mkdir -p "$cwd" "$work/real" "$work/policies"
	for at in . A B =A = =B undle ndle run -b --bundle 'a b' A/C; do
		mkdir -p "$cwd/$at" && echo '{}' >"$cwd/$at/config.json" || return 1
		echo '{}' >"$cwd/$at/other.json"
	done
	ln -s A "$cwd/link"
	for at in runc crun other; do
		cp "$(type -P true)" "$work/real/$at" || return 1
	done
	printf 'version: 1\nhook:\n  path: /bin/true\n' >"$work/policies/always.yaml"
	for at in runc crun other; do
		configure "$at" >"$work/$at.yaml"
	done
}

configure() { # RUNTIME
	printf 'version: 1\nruntime: %s\npolicies: [%s]\n' "$work/real/$1" "$work/policies"
}

# opened PROGRAM ARG...: the files *.json below the cwd that it opens, seen from there
opened() {
	(cd "$cwd" && timeout -k 5 30 strace -f -y -qq --seccomp-bpf -e trace=open,openat,openat2,execve \
		-o "$work/trace" "$@" >"$work/printed" 2>&1 < <(nothing))
	echo $? >"$work/status"
	sed -n "s|.* = [0-9]*<$cwd/\(.*\.json\)>.*|\1|p" "$work/trace" | sort -u | paste -sd' '
}

# ours RUNTIME ARG...: likewise; "lost" if it neither becomes the runtime nor says why not
ours() {
	local runtime=$1
	shift
	opened "$work/bin/hookwright-runtime" --hookwright-config "$work/$runtime.yaml" "$@"
	grep -q "execve(\"$work/real/$runtime\".* = 0" "$work/trace" ||
		{ [ "$(cat "$work/status")" = 1 ] && [ -s "$work/printed" ]; } || echo lost
}

# One argv in each line, as in a shell; each goes to both.
rows() {
	cat <<-'END'
		create c
		run c
		create --bundle A c
		create --bundle=A c
		create -b A c
		create -b=A c
		create -bA c
		create -bundle A c
		create -bundle=A c
		create --b A c
		create --bun A c
		create --bun=A c
		create --bundles A c
		create --bundle ./A/C/../ c
		create --bundle link c
		create --bundle "$PWD/A" c
		create --bundle 'a b' c
		create --bundle '' c
		create --bundle= c
		create -b '' c
		create -b= c
		create -b = c
		create --bundle A/ c
		create --bundle nowhere c
		create --bundle
		create -b
		create --bundle A
		create
		create ''
		create c d
		create c --bundle A
		create c --bundle=A
		create c -b A
		create c -bA
		create --bundle A -b B c
		create -b B --bundle A c
		create --bundle A --bundle B c
		create -b A -b B c
		create --bundle A c --bundle B
		create -b A c d
		create -b A create
		create create
		run run
		run create
		create run
		create --bundle create c
		create --bundle run run
		create -b run c
		create -b -b c
		create -b --bundle c
		create --bundle --bundle A c
		create -- c
		create -b A -- c
		create --bundle=A -- c
		create -- -b A c
		create -- --bundle A
		create c -- -b A
		create -- --bundle=A
		create --pid-file p -b A c
		create --pid-file -b A c
		create --pid-file --bundle A c
		create --pid-file=create -b A c
		create --pid-file create c
		create --console-socket -b c
		create --console-socket s --bundle A c
		create --preserve-fds 1 -b A c
		create --preserve-fds=1 -b A c
		create --no-pivot -b A c
		create -b A --no-pivot c
		create --no-pivot c -b A
		create c --no-pivot -b A
		create --no-pivot=false -b A c
		create --no-pivot false -b A c
		create --no-new-keyring --no-pivot --bundle A c
		create --nonsense -b A c
		create -b A --nonsense c
		create -b A c --nonsense
		create -x A c
		create --help -b A c
		create -b A --help
		create -h -b A c
		create -b A c -h
		create - -b A
		create -b A -
		create -b - c
		create -f A/other.json c
		create -fA/other.json c
		create -f other.json -b A c
		create -b A -f other.json c
		create --config A/other.json c
		create --config=other.json -b A c
		create --conf other.json -b A c
		create -f "$PWD/B/other.json" -b A c
		create -f other.json -f config.json -b A c
		create -f=other.json -b A c
		run --bundle A c
		run -b A c
		run -b=A c
		run -bA c
		run -d -b A c
		run -db A c
		run -dbA c
		run -bdA c
		run --detach --bundle=A c
		run --detach=true -b A c
		run -d c -b A
		run c -d -b A
		run c sh -b A
		run --no-subreaper -b A c
		run --pid-file -b -b A c
		--root create create -b A c
		--root=create create -b A c
		--root run state c
		-root create create -b A c
		-root=create create -b A c
		--roo create create -b A c
		--log create create -b A c
		--log /dev/null --log-format json create --bundle A c
		--log=/dev/null --log-format=json create --bundle A c
		--log-format text --root r create --bundle A c
		--log create --log-format json state c
		--log
		--root
		--root create
		--debug create -b A c
		-debug create -b A c
		--debug=true create -b A c
		--debug true create -b A c
		--systemd-cgroup create -b A c
		--rootless true create -b A c
		--rootless=auto create -b A c
		--cgroup-manager disabled create -b A c
		--cgroup-manager=cgroupfs create -b A c
		--criu create create -b A c
		--nonsense create -b A c
		--nonsense=create create -b A c
		-x create -b A c
		-b A create c
		--bundle A create c
		--bundle=A create -b B c
		-- create -b A c
		-- state c
		--version create -b A c
		-v create -b A c
		--help create -b A c
		-h create -b A c
		help create
		create help
		cre -b A c
		CREATE -b A c
		create= -b A c
		' create' -b A c
		state create
		state --help create
		delete create
		delete -f create
		start create
		kill create 9
		kill create -b A
		pause create
		list create
		ps create
		ps create -b A
		exec c create
		exec c create -b A x
		exec c run --bundle A x
		exec -d c create --bundle A c
		exec --process create c
		exec --cwd create c run -b A x
		exec -- c create -b A x
		--root create delete x
		--root create state run
		--root=run --log run kill create
		--log create exec c run -b A x
		update create -b A
		features
		--version
		create -h=false c
		create --help=false -b A c
		create --help=0 c
		create -h=F -b A c
		create --help=f c
		create --help=FALSE c
		create --help=False c
		create -h=true -b A c
		create --help=T c
		create --help=x c
		create --help= c
		create --help=FaLsE c
		create --help=no c
		create -h=false -h -b A c
		create -h -h=false -b A c
		create -h=false --help -b A c
		create --help=false --help=true c
		create --help=true --help=0 c
		create c -h=false
		create c -h=false -b A
		create -h false -b A c
		-h=false create -b A c
		--help=0 create -b A c
		--help=1 create -b A c
		--help=x create -b A c
		-v=false create -b A c
		--version=F create -b A c
		--version=t create -b A c
		--version=maybe create -b A c
		-v -v=false create -b A c
		-v=false --version=false create -b A c
		-v=false --help create -b A c
		-v=false -h=false create -b A c
		-h -h=false create c
		--debug=x create -b A c
		--debug=false create -b A c
		--systemd-cgroup=false create -b A c
		create --no-pivot=x -b A c
		create --no-pivot= -b A c
		create --no-new-keyring=0 -b A c
		run --detach=false -b A c
		run --detach=nope -b A c
		run -d=false --detach -b A c
		run -d -d -b A c
		run --keep=T --no-subreaper=F -b A c
		create --hel -b A c
		--vers create -b A c
		--hel create -b A c
		create --usage -b A c
		--usage create -b A c
		--usag create -b A c
		create --us=x -b A c
		-? create -b A c
		create -? -b A c
		create -?b A c
		create -b A -? c
		-V create c
		-vV create c
		create -V c
		create --version c
		--program-name create create -b A c
		--program-name=x create -b A c
		--pro create create -b A c
		--p x create -b A c
		create --program-name x -b A c
		create --pro x -b A c
		create --p x -b A c
		--HANG=0 create -b A c
		--HANG=0 state create
		create --HANG=0 -b A c
		create --HANG=0 -b A
		create c --
		create --
		create -b A c --
		create -b -- c
		create c -b -- A
		create --bundle -x c
		create c --bundle -x
		create c --no-pivot -x
		create -x c
		create ---bundle A c
		create ---bundle=A c
		create -=x c
		create --=x c
		create =c
		create -b A =c
		--- create -b A c
		-=x create -b A c
	END
	printf '\n' # no argument at all
}

# What reads config.json by itself but is none of our business.
never() {
	cat <<-'END'
		restore --bundle A c
		restore -b A create
		spec --bundle A
		checkpoint create
		events create
		resume create
	END
}

# Which forms an unknown runtime reads how, nobody knows.
for_unknown() {
	cat <<-'END'
		A/config.json|create --bundle A c
		A/config.json|create --bundle=A c
		A/config.json|create -b A c
		config.json|create c
		A/config.json|--root create create --bundle A c
		|state create
		|--root create delete x
	END
}
ambiguous() {
	cat <<-'END'
		create -b=A c
		create -bA c
		create -bundle A c
		create --bun A c
		create --bundle A -b B c
		create c --bundle A
		--criu x create -b A c
		--program-name x create -b A c
		--cgroup-manager=cgroupfs create -b A c
		--debug=false create -b A c
		-h=false create -b A c
		-h create -b A c
		-V create c
		create -h=false c
	END
}

# Neither knows what it is; a runtime that does would see an unedited bundle.
unknown_to_both() {
	cat <<-'END'
		--nonsense create -b A c
		--nonsense=x run c
		--debug=x run -b A c
		-x create c
	END
}

compare() { # RUNTIME
	local row theirs mine said
	while read -r row; do
		(cd "$cwd" && eval "printf '%s\0' $row") >"$work/argv"
		mapfile -d '' argv <"$work/argv"
		[ -n "$row" ] || argv=()
		theirs=$(opened "$1" "${argv[@]}")
		said=$(head -n 1 "$work/printed")
		rm -rf "$cwd/create" "$cwd/r" "$cwd/p" # its logs and directories
		mine=$(ours "$1" "${argv[@]}")
		rm -rf "$cwd/create" "$cwd/r" "$cwd/p"
		[ "$theirs" = "$mine" ]
		result $? "$1: $row: ${theirs:-none}" "$1 opens ${theirs:-none} ($said)" \
			"hookwright opens ${mine:-none} ($(head -n 1 "$work/printed"))"
	done < <(rows; random_rows "$1" "${HW_RANDOM_ROWS:-60}")
	while read -r row; do
		read -ra argv <<<"$row"
		is "$(ours "$1" "${argv[@]}")" "" "$1: $row: passes through"
	done < <(never)
}

# Command lines that nobody wrote down, alike in each run of one seed.
random_rows() { # RUNTIME N
	awk -v seed="${HW_SEED:-11}" -v runtime="$1" -v n="$2" '
	function pick(list,   a, k) { k = split(list, a, " "); return a[1 + int(rand() * k)] }
	function maybe(p, text) { return rand() < p ? " " text : "" }
	function value() { return pick("A B c create run -b --bundle -- -x --help =A x false true 0 \047\047") }
	function bool() { return pick("0 1 t T f F true false TRUE FALSE True False x \047\047 yes") }
	function flag(list,   f, r) {
		f = pick(list); r = rand()
		return r < 0.45 ? f : r < 0.7 ? f "=" bool() : r < 0.85 ? f "=" value() : f " " value()
	}
	BEGIN {
		srand(seed)
		global = "--debug --systemd-cgroup --help -h --version -v --root --hel --vers --usage --program-name -? -V"
		verbs = "-b --bundle -bundle --bun --pid-file --console-socket --no-pivot --no-new-keyring --detach -d -h --help --hel --usage -f --config -? --program-name -bA -dbA"
		while (n-- > 0) {
			line = ""
			for (i = int(rand() * 3); i > 0; i--) line = line maybe(0.5, flag(global))
			line = line maybe(0.1, "--log /dev/null") maybe(0.1, "--log-format=json") maybe(0.05, value()) " " pick("create create create run run state") maybe(0.02, value())
			for (i = int(rand() * 5); i > 0; i--) line = line maybe(0.7, flag(verbs))
			line = line maybe(0.1, "--") maybe(0.9, "c")
			for (i = int(rand() * 3); i > 0; i--) line = line maybe(0.3, flag(verbs))
			print substr(line maybe(0.08, value()), 2)
		}
	}' < <(nothing)
}

# The id of the container of which the runtime wants the state, by what it opens
looked_for() { # FILTER PROGRAM ARG...
	local filter=$1
	shift
	(cd "$cwd" && timeout -k 5 30 strace -f -qq -e trace=%file -o "$work/trace" "$@" \
		>"$work/printed" 2>&1 < <(nothing))
	sed -nE "$filter" "$work/trace" | sort -u | paste -sd' '
}

naming() {
	cat <<-'END'
		state A
		state A B
		start A
		start -- A
		kill A 9
		kill A KILL
		kill -a A 9
		kill --all A 9
		kill -a=false A
		delete A
		delete -f A
		delete --force A
		delete A --force
		delete --force=true A
		delete --force=0 A
		pause A
		resume A
		ps A
		ps -f json A
		ps --format json A
		ps --format=json A
		exec A B
		exec A sh -c B
		exec -d A B
		exec --detach --process p.json A
		exec --process p.json --pid-file B A
		exec -p A B c
		exec --cwd B A sh
		exec -e B=A -u 0 A sh
		exec --env B A sh
		exec --console-socket B A sh
		exec --tty A B
		exec -t A B
		exec -t=A B c
		exec -tB A c
		exec --user 1 A sh
		exec --cap B A sh
		exec -c B A sh
		exec --cgroup B A sh
		exec --preserve-fds 1 A sh
		exec --apparmor B A sh
		exec --no-new-privs A B
		exec A -d B
		exec -- A B
		update --memory 1 A
		update --resources B/other.json A
		update -r B/other.json A
		update A --memory 1
		update --cpu-share=5 A
		--root r state A
		--root=r delete --force A
		--log /dev/null exec A sh
		--debug kill A B
		delete
		exec
		kill
		state --help A
		delete -h A
		list
		--version
	END
}

# Whose memory is asked for is whose state the runtime looks for; never a word elsewhere.
same_container() { # RUNTIME
	local row theirs mine
	mkdir -p /run/hookwright/runtimes
	while read -r row; do
		(cd "$cwd" && eval "printf '%s\0' $row") >"$work/argv"
		mapfile -d '' argv <"$work/argv"
		theirs=$(looked_for 's/.*"[^"]*\/([^/"]*)\/(state\.json|status)".*/\1/p' \
			"$1" "${argv[@]}")
		said=$(head -n 1 "$work/printed")
		mine=$(looked_for 's/.*"\/run\/hookwright\/runtimes\/[^@"]*@([^"]*)".*/\1/p' \
			"$work/bin/hookwright-runtime" --hookwright-config "$work/$1.yaml" "${argv[@]}")
		[ "$theirs" = "$mine" ]
		result $? "$1: $row: of ${theirs:-nothing}" "$1 looks for ${theirs:-nothing} ($said)" \
			"hookwright for ${mine:-nothing} ($(head -n 1 "$work/printed"))"
	done < <(naming)
	rm -rf "$cwd/r" "$cwd/B/"*.log /run/hookwright
}

unknown_runtime() {
	local row want
	while IFS='|' read -r want row; do
		read -ra argv <<<"$row"
		is "$(ours other "${argv[@]}")" "$want" "unknown runtime: $row"
	done < <(for_unknown)
	while read -r row; do
		read -ra argv <<<"$row"
		cd "$cwd" || exit 2
		run "$work/bin/hookwright-runtime" --hookwright-config "$work/other.yaml" "${argv[@]}"
		expect "unknown runtime: $row: refused" 1 "dialect"
	done < <(ambiguous)
	while read -r row; do
		read -ra argv <<<"$row"
		run "$work/bin/hookwright-runtime" --hookwright-config "$work/other.yaml" "${argv[@]}"
		expect "unknown runtime: $row: refused" 1 "hookwright:"
	done < <(unknown_to_both)
	# Told its dialect, it is known.
	{ configure other && echo 'dialect: crun'; } >"$work/other.yaml"
	is "$(ours other create -bA c)" A/config.json "dialect: crun: -bA"
	{ configure other && echo 'dialect: runc'; } >"$work/other.yaml"
	is "$(ours other create -b=A c)" A/config.json "dialect: runc: -b=A"
}

make_bundles || exit 2
cd "$cwd" || exit 2
for each in runc crun; do
	compare "$each"
	same_container "$each"
done
unknown_runtime
done_testing
