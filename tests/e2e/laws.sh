#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The laws of the edit, on a corpus of styles, with Python's json as an independent reader: identity,
# locality, correctness, convergence, revert, determinism.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

oracle() {
	want_ok /usr/bin/python3 "$top/tests/e2e/oracle.py" "$@"
}

mkdir -p "$work/both" "$work/one" "$work/changed" "$work/corpus"
busybox_rootfs "$work/corpus/rootfs"
/usr/bin/python3 "$top/tests/e2e/oracle.py" corpus "$work/corpus" ||
	{ echo "Bail out! no corpus"; exit 1; }

# What a JSON printer gets wrong: quotes, escapes, control characters, other planes.
policy "$work/both/alpha.yaml" 'hook:' '  path: /bin/true' \
	'  args: ["true", "a\"b\\c/d", "\t\n\r\x01\x7f", "é😀\u2028</script>", ""]' '  timeout: 7'
policy "$work/both/beta.yaml" 'hook: { path: /bin/true, env: { X: "y z" } }'
cp "$work/both/alpha.yaml" "$work/one"
cp "$work/both/alpha.yaml" "$work/changed"
policy "$work/changed/beta.yaml" 'hook: { path: /bin/false }' 'order: 10'

path='"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"'
alpha='{"path":"/bin/true","args":["true","a\"b\\c/d","\t\n\r\u0001\u007f","é😀\u2028</script>",""],'
alpha+="\"env\":[\"_HOOKWRIGHT_POLICY=alpha\",$path],\"timeout\":7}"
beta="{\"path\":\"/bin/true\",\"args\":[\"/bin/true\"],\
\"env\":[\"_HOOKWRIGHT_POLICY=beta\",$path,\"X=y z\"]}"
changed_beta="{\"path\":\"/bin/false\",\"args\":[\"/bin/false\"],\
\"env\":[\"_HOOKWRIGHT_POLICY=beta\",$path]}"
echo "[$alpha, $beta]" >"$work/both.json"
echo "[$alpha]" >"$work/one.json"
echo "[$changed_beta, $alpha]" >"$work/changed.json"
echo '[]' >"$work/none.json"

# step BUNDLE POLICIES: apply them; the oracle agrees, and doing it again writes nothing
step() {
	local config=$1/config.json before
	cp "$config" "$work/step"
	want_hw 0 apply -q --no-sync -p "$work/$2" "$1"
	want stderr "$err" ""
	oracle applied "$work/step" "$config" "$work/$2.json"
	before=$(identity "$config")
	want_hw 0 apply -q --no-sync -p "$work/$2" "$1"
	want "identity after the second apply" "$(identity "$config")" "$before"
}

obeys() { # BUNDLE
	local config=$1/config.json before
	cp -p "$config" "$work/original"
	before=$(identity "$config")
	case $1 in
	*/ours-*) ;; # a policy that is not loaded has its hook there
	*)
		want_hw 0 apply -q -p /dev/null "$1"
		want "identity when nothing is wanted" "$(identity "$config")" "$before"
		;;
	esac
	step "$1" both
	cp "$config" "$work/both.result"
	# The same again from the middle of a life.
	step "$1" changed
	step "$1" both
	same "$config" "$work/both.result"
	want_hw 0 revert -q --no-sync "$1"
	case $1 in
	*/ours-*) oracle applied "$work/original" "$config" "$work/none.json" ;;
	*) same "$config" "$work/original" ;;
	esac
	before=$(identity "$config")
	want_hw 0 revert -q "$1"
	want "identity after the second revert" "$(identity "$config")" "$before"
	cat "$work/original" >"$config"
}

for bundle in "$work/corpus"/*/; do
	bundle=${bundle%/}
	[ -e "$bundle/config.json" ] || continue
	check "laws: ${bundle##*/}" obeys "$bundle"
done

# And what runc itself writes.
of_runc() {
	mkdir "$work/runc"
	(cd "$work/runc" && runc spec) || complain "runc spec failed"
	ln -s ../corpus/rootfs "$work/runc/rootfs"
	sed -i 's|"rootfs"|"../corpus/rootfs"|' "$work/runc/config.json"
	obeys "$work/runc"
	want_hw 0 apply -q -p "$work/one" "$work/runc"
	want "lines lost" "$(diff "$work/original" "$work/runc/config.json" | grep -c '^<')" 0
}
if command -v runc >/dev/null; then
	check "laws: what 'runc spec' writes" of_runc
else
	skip "laws: what 'runc spec' writes" "runc is not installed"
fi

# ---- determinism ----

# all_of NAME COMMAND...: run apply and explain by COMMAND on a copy; the results are in $work/NAME
all_of() {
	local name=$1 b=$work/det
	shift
	mkdir -p "$work/$name"
	cp "$work/corpus/foreign-tabs/config.json" "$b/config.json"
	"$@" "$HOOKWRIGHT" apply -p "$dir" "$b" >"$work/$name/summary" 2>&1
	cp "$b/config.json" "$work/$name/config"
	"$@" "$HOOKWRIGHT" explain -p "$dir" "$b" >"$work/$name/explain" 2>&1
	"$@" "$HOOKWRIGHT" explain --json -p "$dir" "$b" >"$work/$name/json" 2>&1
	[ "$name" = first ] || same_results "$name"
}

same_results() {
	local file
	for file in config summary explain json; do same "$work/first/$file" "$work/$1/$file"; done
}

deterministic() {
	local i
	mkdir -p "$work/det" "$work/shuffle" "$work/locale"
	dir=$work/shuffle
	for i in {1..40}; do
		policy "$dir/i$i.yaml" "order: $((i % 3))" \
			'when: { os: { id: .* } }' 'otherwise: warn' 'hook: { path: /bin/true }'
	done
	printf 'ID=debian\n' >"$work/corpus/rootfs/etc/os-release"
	all_of first env LC_ALL=C
	want hooks "$(hooks_of "$work/det" | grep -c HOOKWRIGHT)" 40
	# In Turkish, I is not the capital of i.
	if localedef -i tr_TR -f UTF-8 "$work/locale/tr_TR.UTF-8" 2>/dev/null; then
		all_of turkish env LC_ALL=tr_TR.UTF-8 LOCPATH="$work/locale" LANGUAGE=tr TZ=Asia/Tokyo
	fi
	all_of elsewhere env -C / LC_ALL=POSIX HOME=/nonexistent
	# Other places in the directory.
	mkdir "$work/other"
	find "$dir" -name '*.yaml' | sort -R | xargs mv -t "$work/other"
	find "$work/other" -name '*.yaml' | sort -R | xargs mv -t "$dir"
	all_of shuffled env LC_ALL=C
}
check "locale, time zone, directory and its order change nothing" deterministic

relative() {
	cd "$work/det" || return
	cp "$work/corpus/foreign-tabs/config.json" .
	want_hw 0 apply -q -p ../shuffle
	same config.json "$work/first/config"
	cp "$work/corpus/foreign-tabs/config.json" .
	want_hw 0 apply -q -p ../shuffle ../det/.
	same config.json "$work/first/config"
	cd "$OLDPWD" || return
}
check "relative paths change nothing" relative
done_testing
