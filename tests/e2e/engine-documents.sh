#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# config.json as engines write it (tests/data/engines): what lint, explain and apply say of it with three
# policies, for the runtime that the engine calls. tests/golden/engines has the answers, written anew
# with HW_GOLDEN=update; nothing in them may be unknown but what is listed here with its reason.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$top/tests/golden/engines
documents=$top/tests/data/engines
host=$work/host

if [ "$(uname -m)" != x86_64 ]; then
	skip "what engines write" "the documents are of x86-64"
	done_testing
fi

# ENGINE RUNTIME VERSION: what was installed beside it where the document was captured
engines='
podman-4.3 crun 1.8.1
podman-5.4 crun 1.21
podman-5.8 crun 1.28
docker-20.10 runc 1.1.5
docker-26.1 runc 1.1.15
docker-28.5 runc 1.3.6
ctr-1.6 runc 1.1.5
ctr-1.7 runc 1.1.15
ctr-2.1 runc 1.3.6
cri-1.6 runc 1.1.5
cri-1.7 runc 1.1.15
cri-2.1 runc 1.3.6
nerdctl-1.7 runc 1.1.15
nerdctl-2.1 runc 1.3.6
crio-1.33 crun 1.21
'

# What may be unknown, by a pattern of its line, and why that is right.
accepted=(
)

mkdir -p "$work/policies" "$work/bin" "$host"
cp "$top/policies/ldconfig-on-start.yaml" "$work/policies/"
cat >"$work/policies/touch.yaml" <<'END'
version: 1
needs: { writable: /etc }
hook: { path: /bin/touch, args: [touch, /etc/touched] }
END
# Only where the image has it: after a hook that may create it nobody knows.
cat >"$work/policies/where-it-is.yaml" <<'END'
version: 1
when: { hookExists: true }
hook: { path: /usr/bin/refresh-cache }
END
cp "$(command -v busybox)" "$work/bin/nerdctl"

# bundle NAME: the document with its host's paths below this directory, and what it names there
bundle() {
	local dir=$work/$1 root source
	mkdir "$dir"
	sed "s|/HOST|$host|g; s|/usr/local/bin/nerdctl|$work/bin/nerdctl|g" "$documents/$1.json" \
		>"$dir/config.json"
	root=$(jq -r .root.path "$dir/config.json")
	[ "$root" = rootfs ] && root=$dir/rootfs
	glibc_rootfs "$root"
	jq -r '.mounts[] | select(.source | startswith("'"$host"'")) | .destination + " " + .source' \
		"$dir/config.json" | while read -r destination source; do
		mkdir -p "${source%/*}"
		if [ "$destination" = /dev/shm ]; then mkdir -p "$source"; else : >"$source"; fi
	done
}

answers() { # NAME RUNTIME VERSION
	local dir=$work/$1 options=(-p "$work/policies" -r ldconfig-on-start --runtime "$2" --runtime-version "$3")
	echo "lint --runtime $2 --runtime-version $3"
	"$HOOKWRIGHT" lint --host-mounts --follow "${options[@]}" "$dir" 2>&1
	echo "status $?" && echo
	echo "explain"
	"$HOOKWRIGHT" explain "${options[@]}" "$dir" 2>&1
	echo "status $?" && echo
	echo "apply"
	"$HOOKWRIGHT" apply "${options[@]}" "$dir" 2>&1
	echo "status $?"
	jq -c '.hooks | to_entries[] | [.key, (.value[] | .path)]' "$dir/config.json"
}

unknowns() { # FILE: its lines that leave something open, without those that are accepted
	local patterns=() each
	for each in "${accepted[@]}"; do patterns+=(-e "$each"); done
	grep -nE 'unknown|absent now|cannot be judged|may not' "$1" |
		if [ "${#patterns[@]}" = 0 ]; then cat; else grep -v "${patterns[@]}"; fi
}

mkdir -p "$golden"
while read -r name runtime version; do
	[ -n "$name" ] || continue
	bundle "$name"
	cp "$work/$name/config.json" "$work/$name.json"
	answers "$name" "$runtime" "$version" | sed "s|$work|WORK|g" >"$work/$name.txt"
	[ "${HW_GOLDEN-}" != update ] || cp "$work/$name.txt" "$golden/$name.txt"
	diff -u "$golden/$name.txt" "$work/$name.txt" >"$work/diff"
	result $? "$name: what is said of it" "$(cat "$work/diff")"
	open=$(unknowns "$work/$name.txt")
	[ -z "$open" ]
	result $? "$name: nothing is unknown" "$open"
	"$HOOKWRIGHT" revert -q "$work/$name"
	cmp -s "$work/$name.json" "$work/$name/config.json"
	result $? "$name: revert brings the document back"
done <<<"$engines"
for each in "$documents"/*.json; do
	each=$(basename "$each" .json)
	[[ $engines == *$'\n'"$each "* ]]
	result $? "$each is in the list"
done
done_testing
