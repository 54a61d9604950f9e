#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Which policies there are: as root, as a user and in a user namespace, with the real paths, in a
# mount namespace where they are empty. The rest of the rules is in tests/unit/test-config.c.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

tests_here=(
	"root: /usr/share, /usr/local/share, /run and /etc, in rising precedence"
	"root: neither HOME nor XDG_CONFIG_HOME nor PATH counts"
	"root: a policy that a user could change is refused, and named it is not"
	"root: the configuration file, and --config instead of it"
	"user: the own directory comes first, and HOME stands for XDG_CONFIG_HOME"
	"user: another user's policy is refused"
	"user namespace: the host's root is trusted in /etc, the user at home"
	"user namespace: what is above the home may be the host's root's"
)
skip_all() {
	local name
	for name in "${tests_here[@]}"; do
		skip "$name" "$1"
	done
	done_testing
}
[ "$(id -u)" = 0 ] || skip_all "not root"
[ -n "${HW_NAMESPACE-}" ] || skip_all "no mount namespace"

# The program as everybody may run it, and nothing of ours in the system's directories.
cp "$HOOKWRIGHT" "$work/hookwright"
mkdir "$work/etc"
cp -a /etc/. "$work/etc" 2>/dev/null
rm -rf "$work/etc/hookwright"
mkdir -p /usr/local/share
mount --bind "$work/etc" /etc || skip_all "cannot mount"
for dir in /run /usr/share /usr/local/share; do
	mount -t tmpfs -o mode=755 tmpfs $dir || skip_all "cannot mount"
done

user=65533
run_as_user() { setpriv --reuid "$user" --regid "$user" --clear-groups "$@"; }
as_root() { "$work/hookwright" "$@"; }
as_user() { run_as_user "$work/hookwright" "$@"; }
as_mapped() { run_as_user unshare -Ur "$work/hookwright" "$@"; }

put() { # FILE [LINE...]
	mkdir -p "${1%/*}"
	policy "$1" 'hook: { path: /sbin/x }' "${@:2}"
}

list() { # AS ARG...: the paths of the policies, in order
	local as=$1 said
	shift
	said=$("$as" policy list --json "$@" 2>&1) || {
		echo "$said"
		return
	}
	jq -r '.policies[].path' <<<"$said"
}
say() { # AS ARG...: what is said by a list that fails
	local as=$1
	shift
	"$as" policy list "$@" 2>&1
}

precedence() {
	local dir
	put /usr/share/hookwright/policies.d/usr.yaml
	for dir in /usr/share /usr/local/share /run /etc; do
		put "$dir/hookwright/policies.d/p.yaml"
		want "the policies" "$(list as_root)" "$dir/hookwright/policies.d/p.yaml
/usr/share/hookwright/policies.d/usr.yaml"
	done
	ln -s /dev/null /etc/hookwright/policies.d/usr.yaml
	want "the policies" "$(list as_root)" "/etc/hookwright/policies.d/p.yaml"
}
check "${tests_here[0]}" precedence

root_ignores_the_environment() {
	mkdir -p "$work/bin"
	printf '#!/bin/sh\n' >"$work/bin/my-runtime"
	chmod 755 "$work/bin/my-runtime"
	put "$work/home/hookwright/policies.d/home.yaml"
	put "$work/home/.config/hookwright/policies.d/home.yaml"
	want "the policies" "$(HOME=$work/home XDG_CONFIG_HOME=$work/home list as_root)" \
		"/etc/hookwright/policies.d/p.yaml"
	printf 'version: 1\nruntime: my-runtime\n' >/etc/hookwright/config.yaml
	want message "$(PATH=$work/bin:$PATH say as_root)" \
		"/etc/hookwright/config.yaml: 'runtime' does not name a program that exists: my-runtime
  hint: install one of them, or correct 'runtime'"
	want "as a user" "$(HOME=/dev/null PATH=$work/bin:$PATH list as_user)" \
		"/etc/hookwright/policies.d/p.yaml"
	rm /etc/hookwright/config.yaml
}
check "${tests_here[1]}" root_ignores_the_environment

untrusted() {
	local file=/etc/hookwright/policies.d/p.yaml
	chown "$user" "$file"
	want message "$(say as_root)" "$file: user $user owns it and could change it
  hint: give it to root, or name it with -p"
	want "named" "$(list as_root -p "$file")" "$file"
	chown 0 "$file"
	chmod 777 /run/hookwright
	want message "$(say as_root)" \
		"/run/hookwright: other users can write to it (mode 0777)
  hint: remove the permission: chmod go-w"
	chmod 755 /run/hookwright
}
check "${tests_here[2]}" untrusted

configuration() {
	put "$work/d/d.yaml"
	printf 'version: 1\npolicies: %s\n' "$work/d" >/etc/hookwright/config.yaml
	want "the policies" "$(list as_root)" "$work/d/d.yaml"
	printf 'version: 1\n' >"$work/config.yaml"
	want "with --config" "$(list as_root --config "$work/config.yaml")" \
		"/etc/hookwright/policies.d/p.yaml"
	want "with -p" "$(list as_root -p "$work/d/d.yaml")" "$work/d/d.yaml"
	printf 'version: 1\npolices: x\n' >/etc/hookwright/config.yaml
	want message "$(say as_root)" "/etc/hookwright/config.yaml:2:1: unknown key 'polices'
  hint: did you mean 'policies'?"
	rm /etc/hookwright/config.yaml
}
check "${tests_here[3]}" configuration

home=$work/user
mkdir -m 700 "$work/closed"
own_directory() {
	put "$home/.config/hookwright/policies.d/p.yaml"
	put "$home/.config/hookwright/policies.d/own.yaml"
	put "$home/xdg/hookwright/policies.d/xdg.yaml" 'order: 99'
	chown -R "$user:$user" "$home"
	want "with HOME" "$(HOME=$home XDG_CONFIG_HOME='' list as_user)" \
		"$home/.config/hookwright/policies.d/own.yaml
$home/.config/hookwright/policies.d/p.yaml"
	want "with XDG_CONFIG_HOME" "$(HOME=$home XDG_CONFIG_HOME=$home/xdg list as_user)" \
		"/etc/hookwright/policies.d/p.yaml
$home/xdg/hookwright/policies.d/xdg.yaml"
	# The XDG Base Directory Specification has relative paths ignored.
	want "with a relative one" \
		"$(cd "$home" && HOME=/dev/null XDG_CONFIG_HOME=xdg list as_user)" \
		"/etc/hookwright/policies.d/p.yaml"
	# What docker run --user leaves in HOME is nobody's configuration.
	want "somebody else's home" "$(HOME=$work/closed XDG_CONFIG_HOME='' list as_user)" \
		"/etc/hookwright/policies.d/p.yaml"
	mkdir -p "$home/shut/hookwright"
	chmod 700 "$home/shut/hookwright"
	want "a directory in the own one" "$(XDG_CONFIG_HOME=$home/shut say as_user)" \
		"$home/shut/hookwright/config.yaml: cannot open: Permission denied
  hint: correct HOME or XDG_CONFIG_HOME"
	printf 'version: 1\npolicies: %s\n' "$home/xdg/hookwright/policies.d/xdg.yaml" \
		>"$home/xdg/hookwright/config.yaml"
	chown -R "$user:$user" "$home"
	want "with a configuration" "$(XDG_CONFIG_HOME=$home/xdg list as_user)" \
		"$home/xdg/hookwright/policies.d/xdg.yaml"
	rm "$home/xdg/hookwright/config.yaml"
}
check "${tests_here[4]}" own_directory

another_users() {
	chown 12345 "$home/xdg/hookwright/policies.d/xdg.yaml"
	want message "$(XDG_CONFIG_HOME=$home/xdg say as_user)" \
		"$home/xdg/hookwright/policies.d/xdg.yaml: user 12345 owns it and could change it
  hint: give it to root, or name it with -p"
	# Who is nobody here is not the host's root shown as nobody.
	chown 65534 "$home/xdg/hookwright/policies.d/xdg.yaml"
	want message "$(XDG_CONFIG_HOME=$home/xdg say as_user)" \
		"$home/xdg/hookwright/policies.d/xdg.yaml: user 65534 owns it and could change it
  hint: give it to root, or name it with -p"
	chown "$user" "$home/xdg/hookwright/policies.d/xdg.yaml"
}
check "${tests_here[5]}" another_users

if ! run_as_user unshare -Ur true 2>/dev/null; then
	skip "${tests_here[6]}" "no user namespaces for users"
	skip "${tests_here[7]}" "no user namespaces for users"
	done_testing
fi

in_user_namespace() {
	want "the policies" "$(XDG_CONFIG_HOME=$home/xdg list as_mapped)" \
		"/etc/hookwright/policies.d/p.yaml
$home/xdg/hookwright/policies.d/xdg.yaml"
	# What /etc names is the host's root's word.
	printf 'version: 1\npolicies: %s\n' "$work/d" >/etc/hookwright/config.yaml
	want "what /etc names" "$(XDG_CONFIG_HOME=$home/none list as_mapped)" "$work/d/d.yaml"
	rm /etc/hookwright/config.yaml
}
check "${tests_here[6]}" in_user_namespace

above_the_home() {
	want "owner of /" "$(run_as_user unshare -Ur stat -c %u /)" \
		"$(</proc/sys/kernel/overflowuid)"
	chown 0 "$home/xdg/hookwright/policies.d/xdg.yaml"
	want message "$(XDG_CONFIG_HOME=$home/xdg say as_mapped)" \
		"$home/xdg/hookwright/policies.d/xdg.yaml: user 65534 owns it and could change it
  hint: give it to root, or name it with -p"
	chown "$user" "$home/xdg/hookwright/policies.d/xdg.yaml"
	# The user's own configuration may not list what might be anybody's.
	printf 'version: 1\npolicies: %s\n' "$work/d" >"$home/xdg/hookwright/config.yaml"
	chown "$user" "$home/xdg/hookwright/config.yaml"
	want message "$(XDG_CONFIG_HOME=$home/xdg say as_mapped)" \
		"$work/d: user 65534 owns it and could change it
  hint: give it to root, or name it with -p"
}
check "${tests_here[7]}" above_the_home

done_testing
