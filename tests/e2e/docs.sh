#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What README.md and the man pages show is executed; what they list is what there is.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

readme=$top/README.md
man1=$top/cmd/man/hookwright.1
man5=$top/cmd/man/hookwright-policy.5
man7=$top/cmd/man/hookwright-rules.7

# ---- README.md ----

# block LANGUAGE N: the N-th fenced block of that language
block() {
	awk -v fence="\`\`\`$1" -v n="$2" '$0 == fence { i++; inside = i == n; next }
		/^```/ { inside = 0 } inside' "$readme"
}

# block_with LANGUAGE TEXT: the fenced block of that language that has this text
block_with() {
	local n
	for ((n = 1; n < 20; n++)); do
		if block "$1" "$n" | grep -qF "$2"; then
			block "$1" "$n"
			return
		fi
	done
	complain "README.md has no $1 block with $2"
}

readme_targets() {
	local target targets
	targets=$("${MAKE:-make}" -s -C "$top" help) || complain "make help fails"
	for target in $(block sh 1 | awk '$1 == "make" { print $2 }'); do
		want_ok grep -qE "^ +$target " <<<"$targets"
	done
	want "targets shown" "$(block sh 1 | grep -c '^make ')" 2
}
check "README: the make targets exist" readme_targets

readme_policy() {
	local name
	name=$(block yaml 1 | sed -n '1s/^# //p')
	mkdir "$work/readme"
	block yaml 1 >"$work/readme/$name"
	want_hw 0 policy check "$work/readme/$name"
	bare_bundle "$work/policy-bundle"
	mkdir -p "$work/policy-bundle/rootfs/var/cache"
	chmod 777 "$work/policy-bundle/rootfs/var/cache" # who runs the tests may not be root
	cp "$work/policy-bundle/rootfs/bin/busybox" \
		"$work/policy-bundle/rootfs/usr/bin/refresh-cache"
	want_hw 0 apply -q -p "$work/readme" -r "${name%.yaml}" "$work/policy-bundle"
	want hooks "$(hooks_of "$work/policy-bundle")" \
		"_HOOKWRIGHT_POLICY=${name%.yaml} /usr/bin/refresh-cache"
}
check "README: the policy" readme_policy

# The shell commands, where policies are installed: in a mount namespace of our own.
glibc_bundle() {
	mkdir -p "$1"
	glibc_rootfs "$1/rootfs"
	cp "$(command -v env)" "$1/rootfs/bin/env.glibc"
	config_json "$1" /bin/echo MAIN-RAN
}

in_shell() { # BUNDLE COMMANDS: with hookwright and runc as a reader would have them
	PATH=$work/bin:$PATH BUNDLE=$1 bash -euc "
		sudo() { \"\$@\"; }
		make() { :; }
		cd() { [ \"\$1\" = /path/to/bundle ]; builtin cd \"\$BUNDLE\"; }
		runc() { command runc --root '$work/run-runc' \"\$@\"; }
		podman() { [ \"\$1\" = logs ] && cat log; }
		$2"
}

# The tour, typed as it stands: make is done, and runc gets a root directory of its own.
readme_tour() {
	local said tour
	tour=$(block sh 2)
	works runc || tour=$(grep -v '^sudo runc run' <<<"$tour")
	cp "$(command -v busybox)" "$work/bin/busybox"
	mkdir "$work/tour"
	said=$(in_shell "$work/tour" "builtin cd '$work/tour'; cd() { builtin cd \"\$1\"; }
		runc() { [ \"\$1\" = spec ] || set -- --root '$work/run-runc' \"\$@\"; command runc \"\$@\"; }
		${tour//\/bin\/busybox /$work\/bin\/busybox }" 2>&1) || complain "failed:"$'\n'"$said"
	want_has "explain" "$said" "started"
	! works runc || want_has "the date that the hook wrote" "$said" "$(date +%Y)"
	want_has "lint" "$said" "startContainer hook /bin/sh cannot run: /bin/sh does not exist"
	! works runc || want_has "runc's message" "$said" "no such file or directory"
	want "hooks after revert" "$(hooks_of "$work/tour/tour")" ""
}

installed=no
if [ -n "${HW_NAMESPACE-}" ] && [ -d /usr/local/share ] &&
	[ -e /lib64/ld-linux-x86-64.so.2 ] && mount -t tmpfs tmpfs /usr/local/share; then
	installed=yes
	mkdir -p /usr/local/share/hookwright/policies.d "$work/bin"
	cp "$top"/policies/*.yaml /usr/local/share/hookwright/policies.d
	ln -s "$HOOKWRIGHT" "$work/bin/hookwright"
	check "README: the tour" readme_tour
else
	skip "README: the tour" "needs root, and glibc of x86-64"
fi

# ---- README.md, In CI ----

# Run commands of a job there, with what installs things left out. Sets ci_status and ci_out.
in_ci() {
	mkdir -p "$work/ci-bin"
	ln -sf "$HOOKWRIGHT" "$work/ci-bin/hookwright"
	ci_out=$(cd "$work/ci" && PATH=$work/ci-bin:$PATH HOOKWRIGHT_REPOSITORY=none bash -euc "
		sudo() { \"\$@\"; }
		make() { :; }
		apt-get() { :; }
		git() { :; }
		$1" 2>&1)
	ci_status=$?
}

ci_shell() {
	in_ci "$(block_with sh 'lint --recursive')"
	want status "$ci_status" 1
	want_has output "$ci_out" "bundles/bad/config.json:"
	mv "$work/ci/bundles/bad" "$work/ci/bad"
	in_ci "$(block_with sh 'lint --recursive')"
	want "status without the bad bundle" "$ci_status" 0
	mv "$work/ci/bad" "$work/ci/bundles/bad"
}

# What the action does is tested by integrations.sh.
ci_github() {
	local with
	block_with yaml '.github/workflows' >"$work/github.yml"
	want action "$(yaml_of '.jobs.lint.steps[1].uses' <"$work/github.yml")" \
		"OWNER/hookwright/.github/actions/lint@main"
	for with in $(yaml_of '.jobs.lint.steps[1].with | keys[]' <"$work/github.yml"); do
		want_ok grep -q "^  $with:" "$top/.github/actions/lint/action.yml"
	done
	want "what is uploaded" "$(yaml_of '.jobs.lint.steps[2].with.sarif_file' <"$work/github.yml")" \
		"$(yaml_of '.inputs.sarif.default' <"$top/.github/actions/lint/action.yml")"
}

ci_settings() {
	block_with yaml '# .hookwright.yaml' >"$work/ci/.hookwright.yaml"
	in_ci 'hookwright lint'
	want status "$ci_status" 1
	want_has output "$ci_out" "bundles/bad/config.json:"
	in_ci 'hookwright lint --ignore HW201:reason'
	want "status when it is ignored" "$ci_status" 0
	rm "$work/ci/.hookwright.yaml"
}
make_repository "$work/ci"
check "README: the shell line for CI" ci_shell
check "README: the job for GitHub Actions" ci_github
check "README: the settings file" ci_settings

readme_program() {
	local archive=${HW_OBJECTS:-$top/build}/libhookwright.a
	sed -n '/^\.Sh THE LIBRARY/,/^\.Ed/p' "$man1" | sed '1,/^\.Bd/d; /^\.Ed/d' |
		sed 's/\\-/-/g; s/\\e/\\/g; s/^\\&//' |
		sed "s|/path/to/bundle|$work/c-bundle|" >"$work/program.c"
	# shellcheck disable=SC2046 # a list of words
	want_ok "${CC:-cc}" -Wall -Wextra -Werror -I"$top/lib" -o "$work/program" "$work/program.c" \
		"$archive" $(pkg-config --libs libcjson yaml-0.1)
	glibc_bundle "$work/c-bundle"
	want_ok "$work/program"
	want hooks "$(hooks_of "$work/c-bundle")" \
		"_HOOKWRIGHT_POLICY=ldconfig-on-start /sbin/ldconfig"
	# Its complaints, too.
	sed -i 's|"root"|"roof"|' "$work/c-bundle/config.json"
	want complaint "$("$work/program" 2>&1)" "$work/c-bundle/config.json: \
not a Linux container: 'root' is missing"
}
if [ $installed = yes ] && [ -e "${HW_OBJECTS:-$top/build}/libhookwright.a" ] &&
	"${CC:-cc}" --version >/dev/null 2>&1; then
	check "hookwright(1): the C program" readme_program
else
	skip "hookwright(1): the C program" "needs root, a C compiler and libhookwright.a"
fi

readme_tables() {
	local command
	for command in apply explain revert; do
		want_ok grep -qF "| \`hookwright $command [BUNDLE]\` |" "$readme"
	done
	want_ok grep -qF '| `hookwright lint [BUNDLE...]` |' "$readme"
	for command in check test list show schema export; do
		want_ok grep -qE "policy [a-z\\|]*$command" "$readme"
		want_hw 0 policy "$command" --help
	done
	want_ok grep -qF 'Apache-2.0' "$readme"
}
check "README: the commands" readme_tables

# ---- hookwright(1) ----

if command -v mandoc >/dev/null; then
	lint() {
		want "mandoc -T lint" "$(mandoc -T lint -W warning "$1" 2>&1)" ""
	}
	check "hookwright(1): mandoc has nothing to say" lint "$man1"
	check "hookwright-policy(5): mandoc has nothing to say" lint "$man5"
	check "hookwright-rules(7): mandoc has nothing to say" lint "$man7"
	check "hookwright-engines(7): mandoc has nothing to say" lint "$top/cmd/man/hookwright-engines.7"
	check "hookwright-security(7): mandoc has nothing to say" lint "$top/cmd/man/hookwright-security.7"
else
	skip "mandoc on the man pages" "mandoc is not installed"
fi

# options_in FILE...: the long options of --help output, one a line
options_in() {
	grep -oE '^ +(-[a-z], )? *--[a-z-]+' "$@" | grep -oE -- '--[a-z-]+' | sort -u
}

commands=(apply explain lint doctor revert filter oci-hook setup 'policy check' 'policy test' 'policy new' 'policy list' 'policy show' 'policy schema' 'policy export' schema)

options() {
	local command
	: >"$work/help"
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # two words
		want_hw 0 $command --help
		cat "$work/hw.out" >>"$work/help"
	done
	# In the list of options each is an item.
	want "options in the man page that --help does not know, and the other way round" "$(diff \
		<(sed -n 's/^\.It .*Fl \\-\([a-z\\-]*\).*/--\1/p' "$man1" | tr -d '\134' | sort -u) \
		<(options_in "$work/help"))" ""
}
check "hookwright(1) and --help list the same options" options

# synopsis COMMAND: its long options by the SYNOPSIS; a letter stands for its long name
synopsis() {
	awk -v command="$1" '/^\.Sh DESCRIPTION/ { exit } /^\.Nm/ { inside = 0 } { gsub(/\\-/, "-") }
		/^\.Cm / && substr($0, 5) == command { inside = 1 } inside' "$man1" |
		grep -oE 'Fl [^ |]+' | while read -r _ word; do
		case $word in
		-*) echo "-$word" ;;
		*) for ((i = 0; i < ${#word}; i++)); do
			sed -nE "s/^ +-${word:i:1}, (--[a-z-]+).*/\\1/p" "$work/one.help"
		done ;;
		esac
	done | sort -u
}

synopses() {
	local command
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # two words
		want_hw 0 $command --help
		cp "$work/hw.out" "$work/one.help"
		want "options of '$command' in the SYNOPSIS" "$(synopsis "$command")" \
			"$(options_in "$work/one.help" | grep -vx -- --help)"
	done
}
check "hookwright(1): the SYNOPSIS has each command's options" synopses

members() {
	local member
	bare_bundle "$work/json-bundle"
	policy "$work/json.yaml" 'when: { uid: 0 }' 'needs: { uid: 7 }' 'otherwise: warn' \
		'hook: { path: /bin/true }'
	mkdir "$work/json-hooks"
	echo '{"version": "1.0.0", "hook": {"path": "/bin/sh"}, "when": {"always": true},
		"stages": ["poststop"]}' >"$work/json-hooks/a.json"
	want_hw 0 explain --json --hooks-dir "$work/json-hooks" -p "$work/json.yaml" "$work/json-bundle"
	for member in $(jq -r '[paths | map(strings)[]] | unique[]' <<<"$out"); do
		want_ok grep -qE "^\\.Em $member( |\$)" "$man1"
	done
	want_hw 0 policy list --json -p "$work/json.yaml"
	for member in $(jq -r '[paths | map(strings)[]] | unique[]' <<<"$out"); do
		want_ok grep -qE "^\\.Em $member( |\$)" "$man1"
	done
}
check "hookwright(1): every member of --json is documented" members

doctor_members() {
	local member
	bare_bundle "$work/doctor-bundle"
	edit_config "$work/doctor-bundle" '.hooks.startContainer = [{ path: "/none" }]'
	echo 'error running hook #0: fork/exec /none: no such file or directory' >"$work/doctor-log"
	want_hw 0 doctor --json "$work/doctor-bundle" "$work/doctor-log"
	want "a finding" "$(jq '[.messages[].causes[].findings[]] | length' <<<"$out")" 1
	for member in $(jq -r '[paths | map(strings)[]] | unique[]' <<<"$out"); do
		want_ok grep -qE "^\\.Em $member( |\$)" "$man1"
	done
}
check "hookwright(1): every member of doctor --json is documented" doctor_members

readme_doctor() {
	local line n=0
	while read -r line; do
		n=$((n + 1))
		line=${line//'/path/to/bundle'/"$work/doctor-bundle"}
		line=$(cd "$work" && cp doctor-log log && PATH=$work/doctor-bin:$PATH bash -euc "
			podman() { cat log; }
			$line" < <(nothing) 2>&1) || complain "line $n failed:"$'\n'"$line"
		want_has "line $n" "$line" "hint: "
	done < <(block console 1 | sed -n 's/^\$ //p')
	want lines "$n" 3
}
mkdir "$work/doctor-bin"
ln -s "$HOOKWRIGHT" "$work/doctor-bin/hookwright"
check "README: doctor" readme_doctor

lint_members() {
	local member
	bare_bundle "$work/lint-bundle"
	edit_config "$work/lint-bundle" '.hooks.startContainer = [{ path: "/none" }] |
		.annotations["io.hookwright.ignore.HW118"] = "because"'
	want_hw 1 lint -f json --inline-ignore "$work/lint-bundle"
	for member in $(jq -r '[paths | map(strings)[]] | unique[]' <<<"$out"); do
		want_ok grep -qE "^\\.Em $member( |\$)" "$man1"
	done
	want_has "what is looked at" "$out" '"inline": true'
	want_hw 0 lint --explain HW203 -f json
	for member in $(jq -r '[paths | map(strings)[]] | unique[]' <<<"$out"); do
		want_ok grep -qE "^\\.Em $member( |\$)" "$man1"
	done
}
check "hookwright(1): every member of lint's JSON is documented" lint_members

# Every key that the loader knows is in the table, and every row a key.
settings_keys() {
	local key
	printf 'version: 1\nfrobnicate: 1\n' >"$work/settings.yaml"
	want_hw 3 lint --settings "$work/settings.yaml"
	want "keys in the man page that the loader does not know, and the other way round" "$(diff \
		<(sed -n '/^\.Ss Settings file/,/^\.El/s/^\.It Cm \([A-Za-z]*\) Ta.*/\1/p' "$man1" | sort) \
		<(sed -n 's/.*known are //p' <<<"$err" | tr -d ',' | tr ' ' '\n' | sort))" ""
	sed -n '/^# \.hookwright\.yaml/,/^\.Ed/p' "$man1" | sed '/^\./d' >"$work/settings.yaml"
	mkdir "$work/bundles"
	make_bundle "$work/bundles/one"
	edit_config "$work/bundles/one" '.mounts = [{ destination: "/proc", type: "proc", source: "proc" }]'
	want_hw 0 lint --settings "$work/settings.yaml"
	want_ok grep -q '^failOn: warning' "$work/settings.yaml"
}
check "hookwright(1): the settings file" settings_keys

# ---- hookwright-rules(7) ----

fresh() {
	want_hw 0 lint --rules -f json
	cp "$work/hw.out" "$work/rules.json"
	want_hw 0 lint --runtimes -f json
	/usr/bin/python3 "$top/tests/manual/rules.py" "$work/rules.json" "$work/hw.out" >"$work/rules.7"
	same "$man7" "$work/rules.7"
	/usr/bin/python3 "$top/tests/manual/rules-page.py" "$work/rules.json" >"$work/rules.md"
	same "$top/cmd/man/rules.md" "$work/rules.md"
}
fresh_policies() {
	(cd "$top" && awk -f tests/manual/policies.awk policies/*-start.yaml) >"$work/policies.7"
	same "$top/cmd/man/hookwright-policies.7" "$work/policies.7"
	want sections "$(sed -n 's/^\.Ss //p' "$work/policies.7")" \
		"$(cd "$top/policies" && printf '%s\n' *.yaml | sed '/\.test\./d; s/\.yaml$//')"
	if command -v mandoc >/dev/null; then
		lint "$work/policies.7"
	fi
}
check "hookwright-policies(7) says what the policies say; else run 'make manual'" fresh_policies

# Every key of examples is in the manual, and every item a key.
example_keys() {
	want_hw 0 policy schema --test
	want "keys in the man page that the schema does not know, and the other way round" "$(diff \
		<(sed -n '/^Each of$/,/^\.El/s/^\.It Cm \([A-Za-z]*\) :.*/\1/p' "$man5" | sort) \
		<(jq -r '.definitions.example.properties | keys[]' <<<"$out" | sort))" ""
	for key in $(jq -r '.definitions.example.properties.facts.properties | keys[]' <<<"$out"); do
		want_ok grep -qE "^\.Cm .*\b$key\b" "$man5"
	done
}
check "hookwright-policy(5): every key of examples is there" example_keys
check "hookwright-rules(7) says what the table of the rules says; else run 'make manual'" fresh

man_examples() {
	local line n=0
	glibc_bundle "$work/man-bundle"
	mkdir -p "$work/man-bundle/bundle"
	cp -r "$work/man-bundle/rootfs" "$work/man-bundle/config.json" "$work/man-bundle/bundle"
	policy "$work/man-bundle/my-policy.yaml" 'hook: { path: /bin/true }'
	echo 'error executing hook `/x` (exit code: 1)' >"$work/man-bundle/log"
	while read -r line; do
		n=$((n + 1))
		works runc || line=${line/&& runc run demo/}
		line=$(cd "$work/man-bundle" && in_shell "$work/man-bundle" "$line" < <(nothing) 2>&1) ||
			complain "example $n failed:"$'\n'"$line"
	done < <(sed -n 's/^\.Dl \$ //p' "$man1" | sed 's/\\-/-/g')
	want_ok test "$n" -ge 4
}
if [ $installed = yes ]; then
	check "hookwright(1): the examples" man_examples
else
	skip "hookwright(1): the examples" "needs root, and glibc of x86-64"
fi

# ---- hookwright-policy(5) ----

# The literal displays that begin with the name of a file, each as $work/man5/PATH.
literals() {
	mkdir -p "$work/man5"
	sed -e "s/\\\\(aq/'/g" -e 's/\\e/\\/g' -e 's/\\-/-/g' "$man5" |
		awk -v dir="$work/man5" '/^\.Bd -literal/ { inside = 1; next } /^\.Ed/ { inside = 0 }
			inside == 1 { name = $2; gsub("/", "_", name); inside = 2 }
			inside == 2 { print >(dir "/" name) }'
}

policy_examples() {
	local file name n=0
	literals
	for file in "$work/man5"/*.yaml; do
		[[ $file != *_config.yaml && $file != *.test.yaml ]] || continue
		name=${file##*_}
		name=${name##*/}
		mkdir -p "$work/man5/p"
		cp "$file" "$work/man5/p/$name"
		want_hw 0 policy check "$work/man5/p/$name"
		n=$((n + 1))
	done
	want_ok test "$n" -ge 3
	want_ok test -e "$work/man5/_etc_hookwright_config.yaml"
	cp "$work/man5/ldconfig.test.yaml" "$work/man5/p/"
	want_hw 0 policy test "$work/man5/p/ldconfig.yaml"
}
check "hookwright-policy(5): the policies are sound" policy_examples

config_example() {
	mkdir -p "$work/srv/policies.d"
	cp "$work/man5/p"/*.yaml "$work/srv/policies.d"
	sed "s|/srv/|$work/srv/|; s|/usr/share/|/usr/local/share/|; s|/usr/local/bin/runc|$HOOKWRIGHT|" \
		"$work/man5/_etc_hookwright_config.yaml" >"$work/config.yaml"
	want_hw 0 policy list --config "$work/config.yaml"
	want_has list "$out" "$work/srv/policies.d/"
	want_has list "$out" "/usr/local/share/hookwright/policies.d/ldconfig-on-start.yaml"
}
if [ $installed = yes ]; then
	check "hookwright-policy(5): the configuration" config_example
else
	skip "hookwright-policy(5): the configuration" "needs root, and glibc of x86-64"
fi

# Every key that the loader knows is an item, and every item a key.
policy_keys() {
	want_hw 0 policy schema
	want "keys in the man page that the schema does not know, and the other way round" "$(diff \
		<(sed -n '/^\.Ss Keys/,/^\.Ss Expressions/s/^\.It Cm \([A-Za-z]*\) :.*/\1/p' "$man5" | sort -u) \
		<(jq -r '.. | .properties? // empty | keys[]' <<<"$out" |
			grep -vxE 'id|versionId' | sort -u))" ""
}
check "hookwright-policy(5): every key is there" policy_keys
done_testing
