#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 'hookwright docker|nerdctl|podman': what the engine is given. The engines here are fakes that print
# their words; tests/engines/front.sh has real ones.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

bin=$work/bin
fakes=$work/fakes
mkdir "$bin" "$fakes" "$work/home" "$work/xdg" "$work/xdg/hookwright" "$work/xdg/hookwright/policies.d"
cp "$HOOKWRIGHT" "$bin/hookwright"
ln -s hookwright "$bin/hookwright-runtime"
ln -s hookwright "$bin/hookwright-crun"

# A fake engine: "--version" prints what the file VERSION has, all else each word in brackets.
fake() { # NAME VERSION
	echo "$2" >"$fakes/$1.version"
	cat >"$fakes/$1" <<-END
		#!/bin/bash
		[ "\$*" != --version ] || exec cat "$fakes/$1.version"
		printf '[%s]' "\${0##*/}" "\$@"
		exit "\${FAKE_STATUS-0}"
	END
	chmod 755 "$fakes/$1"
}
fake docker "Docker version 28.2.2, build e6534b4"
fake nerdctl "nerdctl version 2.1.6"
fake podman "podman version 4.3.1"

for name in ldconfig-on-start mark other; do
	policy "$work/xdg/hookwright/policies.d/$name.yaml" 'activation: requested' \
		'hook: { path: /bin/true }'
done
printf 'version: 1\nruntimes: { kata: /usr/bin/kata-runtime }\n' >"$work/xdg/hookwright/config.yaml"
chmod -R go+rX "$work"
chmod 755 "$work"

# As a user who is not root, whose configuration and policies can be chosen.
as_user=()
[ "$(id -u)" != 0 ] || as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)

front() { # VARIABLE=VALUE... ENGINE ARG...
	local -a env=()
	while [[ $1 == [A-Z]*=* ]]; do env+=("$1") && shift; done
	out=$("${as_user[@]}" env -i "PATH=$bin:$fakes:/usr/bin:/bin" "HOME=$work/home" \
		"XDG_CONFIG_HOME=$work/xdg" "${env[@]}" "$bin/hookwright" "$@" 2>"$work/err" </dev/null)
	status=$?
	err=$(cat "$work/err")
}

# passes LINE WANTED: the words of LINE, as in a shell, become the words WANTED; nothing is said
passes() {
	local -a words wanted
	eval "words=($1)" && eval "wanted=($2)"
	front "${words[@]}"
	want status "$status" 0
	want "the engine's words" "$out" "$(printf '[%s]' "${wanted[@]}")"
	want stderr "$err" ""
}

ours="--runtime $bin/hookwright-runtime --annotation io.hookwright.policies=mark"
dours="--runtime hookwright --annotation io.hookwright.policies=mark"
rows=(
	# recognised
	"nerdctl run --oci-hook mark IMAGE" "nerdctl run $ours IMAGE"
	"nerdctl run --oci-hook=mark IMAGE" "nerdctl run $ours IMAGE"
	"nerdctl create --oci-hook mark IMAGE a b" "nerdctl create $ours IMAGE a b"
	"nerdctl container run --oci-hook mark IMAGE" "nerdctl container run $ours IMAGE"
	"nerdctl container create --oci-hook mark IMAGE" "nerdctl container create $ours IMAGE"
	"docker run --oci-hook mark IMAGE" "docker run $dours IMAGE"
	"podman run --oci-hook mark IMAGE" "podman run $ours IMAGE"
	"podman run --oci-hook mark -it --rm -e 'A=b c' '' IMAGE sh -c 'x y' ''"
	"podman run $ours -it --rm -e 'A=b c' '' IMAGE sh -c 'x y' ''"
	"podman run --oci-hook mark --oci-hook=other IMAGE"
	"podman run --runtime $bin/hookwright-runtime --annotation 'io.hookwright.policies=mark other' IMAGE"
	# the engine's own options before the subcommand
	"podman --root /r --log-level=debug --noout run --oci-hook mark I"
	"podman --root /r --log-level=debug --noout run $ours I"
	"podman --root run container run --oci-hook mark I" "podman --root run container run $ours I"
	"nerdctl -n run --debug run --oci-hook mark I" "nerdctl -n run --debug run $ours I"
	"nerdctl -nk8s.io -H /run/x run --oci-hook mark I" "nerdctl -nk8s.io -H /run/x run $ours I"
	"docker -l debug -H unix:///run/x create --oci-hook mark I"
	"docker -l debug -H unix:///run/x create $dours I"
	"docker --context default run --oci-hook mark I" "docker --context default run $dours I"
	# the user's own annotation and runtime
	"podman run --oci-hook mark --annotation io.hookwright.policies=a,b I"
	"podman run --runtime $bin/hookwright-runtime --annotation 'io.hookwright.policies=a,b mark' I"
	"podman run --oci-hook mark --annotation=io.hookwright.policies=a --oci-hook other I"
	"podman run --runtime $bin/hookwright-runtime --annotation 'io.hookwright.policies=a mark other' I"
	"podman run --oci-hook mark --annotation other=x I" "podman run $ours --annotation other=x I"
	"podman run --oci-hook mark --runtime kata I"
	"podman run $ours --annotation io.hookwright.runtime=kata I"
	"docker run --oci-hook mark --runtime=kata I"
	"docker run $dours --annotation io.hookwright.runtime=kata I"
	"podman --runtime kata --root /r run --oci-hook mark I"
	"podman --root /r run $ours --annotation io.hookwright.runtime=kata I"
	"podman --runtime=kata run --oci-hook mark I"
	"podman run $ours --annotation io.hookwright.runtime=kata I"
	"podman --runtime $bin/hookwright-crun run --oci-hook mark I"
	"podman run --runtime $bin/hookwright-crun --annotation io.hookwright.policies=mark I"
	"podman run --oci-hook mark --runtime hookwright-crun I"
	"podman run --runtime hookwright-crun --annotation io.hookwright.policies=mark I"
	"docker run --oci-hook mark --runtime hookwright-runc I"
	"docker run --runtime hookwright-runc --annotation io.hookwright.policies=mark I"
	# what belongs to the container is nobody's business, whatever it is
	"docker run --oci-hook mark IMAGE prog --runtime x --annotation io.hookwright.policies=y"
	"docker run $dours IMAGE prog --runtime x --annotation io.hookwright.policies=y"
	"docker run --oci-hook mark --rm=true IMAGE --runtime x" "docker run $dours --rm=true IMAGE --runtime x"
	"docker run --oci-hook mark -i -- IMAGE --runtime x" "docker run $dours -i -- IMAGE --runtime x"
	"docker run --oci-hook mark IMAGE --oci-hook other" "docker run $dours IMAGE --oci-hook other"
)
for line in "" "ps -a" "--help" "--version --help" "-v" "run" "create" "container" "container run" \
	"run IMAGE" "run IMAGE --oci-hook mark" "run -e=a IMAGE --oci-hook mark" "run -- --oci-hook mark" \
	"run --oci-hooks mark" "run --oci-hoo mark" "exec c run --oci-hook mark" "exec run --oci-hook mark" \
	"start run --oci-hook mark" "container exec run --oci-hook mark" "container container run --oci-hook x" \
	"compose run --oci-hook mark" "--debug exec run --oci-hook mark" "--debug run run --oci-hook mark" \
	"--nonsense value run --oci-hook mark" "-- run --oci-hook mark" "--oci-hook mark run IMAGE" \
	"'' run --oci-hook mark" "pod create --oci-hook mark"; do
	for engine in docker nerdctl podman; do
		rows+=("$engine $line" "$engine $line")
	done
done
rows+=("podman --root exec exec c run --oci-hook x" "podman --root exec exec c run --oci-hook x"
	"docker -H" "docker -H" "docker --host unix:/x" "docker --host unix:/x")
for ((i = 0; i < ${#rows[@]}; i += 2)); do
	check "${rows[i]}" passes "${rows[i]}" "${rows[i + 1]}"
done

misplaced() {
	local line
	for line in "run -it --oci-hook mark I" "create --runtime x --oci-hook=mark I" "run --rm --name x --oci-hook mark"; do
		# shellcheck disable=SC2086 # words
		front podman $line
		want status "$status" 0
		want "the engine's words" "$out" "[podman][${line// /][}]"
		want stderr "$err" "hookwright podman: note: --oci-hook is not directly after 'run' or \
'create', and so podman's own affair"
	done
}
check "at the wrong place it passes on, with a note" misplaced

statuses() {
	front FAKE_STATUS=42 docker ps
	want "the engine's status" "$status" 42
	front FAKE_STATUS=42 docker run --oci-hook mark I
	want "the engine's status" "$status" 42
}
check "the status is the engine's" statuses

# misused STATUS LINE MESSAGE: the engine is not called
misused() {
	local -a words
	eval "words=($2)"
	front "${words[@]}"
	want status "$status" "$1"
	want stdout "$out" ""
	want stderr "$err" "$3"
}

known="  known: ldconfig-on-start, mark, other"
lacks="option '--oci-hook' needs an argument
  hint: --oci-hook NAME names a policy, see 'hookwright policy list'"
stray="would override the settings of --oci-hook
  hint: put it directly after --oci-hook; if it belongs to the container, write '--' before the image"
errors=(
	"docker run --oci-hook" "hookwright docker: $lacks"
	"docker run --oci-hook mark --oci-hook" "hookwright docker: $lacks"
	"podman run --oci-hook mark --runtime" "hookwright podman: ${lacks/oci-hook\'/runtime\'}"
	"podman run --oci-hook ldconfig-on-strat I" "hookwright podman: policy 'ldconfig-on-strat' does not exist
  hint: did you mean 'ldconfig-on-start'?
$known"
	"podman run --oci-hook mark --oci-hook=nonsense I"
	"hookwright podman: policy 'nonsense' does not exist
$known"
	"nerdctl run --oci-hook= I" "hookwright nerdctl: policy '' does not exist
$known"
	"nerdctl run --oci-hook -it I" "hookwright nerdctl: policy '-it' does not exist
$known"
	"docker run --oci-hook mark -it --runtime kata I" "hookwright docker: '--runtime' $stray"
	"docker run --oci-hook mark -it --runtime=kata I" "hookwright docker: '--runtime=kata' $stray"
	"docker run --oci-hook mark -e A --runtime kata I" "hookwright docker: '--runtime' $stray"
	"podman run --oci-hook mark -it --annotation io.hookwright.policies=a I"
	"hookwright podman: '--annotation' $stray"
	"podman run --oci-hook mark -it --annotation=a=b,io.hookwright.policies=a I"
	"hookwright podman: '--annotation=a=b,io.hookwright.policies=a' $stray"
	"podman run --oci-hook mark --runtime runc I"
	"hookwright podman: --oci-hook sets the runtime, and 'runc' is not one of the configuration's 'runtimes'
  hint: omit --runtime, or add 'runtimes: { NAME: PATH }' to /etc/hookwright/config.yaml and use --runtime NAME"
	"podman --runtime /usr/bin/runc run --oci-hook mark I"
	"hookwright podman: --oci-hook sets the runtime, and '/usr/bin/runc' is not one of the configuration's 'runtimes'
  hint: omit --runtime, or add 'runtimes: { NAME: /usr/bin/runc }' to /etc/hookwright/config.yaml and use --runtime NAME"
)
for ((i = 0; i < ${#errors[@]}; i += 2)); do
	check "${errors[i]}" misused 2 "${errors[i]}" "${errors[i + 1]}"
done

nothing_installed() {
	misused 2 "XDG_CONFIG_HOME=$work/home docker run --oci-hook mark I" \
		"hookwright docker: policy 'mark' does not exist
  no policy is installed; see 'FILES' in hookwright-policy(5)"
}
# Where hookwright is installed, there are policies.
if [ -z "$("$bin/hookwright" policy list 2>/dev/null)" ]; then
	check "no policy at all" nothing_installed
else
	skip "no policy at all" "this host has policies"
fi

broken_policy() {
	mkdir -p "$work/broken/hookwright/policies.d"
	echo 'version: 7' >"$work/broken/hookwright/policies.d/bad.yaml"
	chmod -R go+rX "$work/broken"
	front XDG_CONFIG_HOME="$work/broken" docker run --oci-hook mark I
	want status "$status" 3
	want stdout "$out" ""
	want_has stderr "$err" "$work/broken/hookwright/policies.d/bad.yaml:1:"
	passes "XDG_CONFIG_HOME=$work/broken docker run I" "docker run I"
}
check "a broken policy stops --oci-hook, and nothing else" broken_policy

unreadable_policy() {
	mkdir -p "$work/closed/hookwright/policies.d"
	echo 'version: 1' >"$work/closed/hookwright/policies.d/shut.yaml"
	chmod -R go+rX "$work/closed"
	chmod 0 "$work/closed/hookwright/policies.d/shut.yaml"
	front XDG_CONFIG_HOME="$work/closed" docker run --oci-hook mark I
	want "the engine's words" "$out" "[docker][run][--runtime][hookwright][--annotation][io.hookwright.policies=mark][I]"
	want_has stderr "$err" "hookwright docker: warning: the policies cannot be read here: "
}
check "policies that this user may not read are a warning" unreadable_policy

# ---- remote engines ----

# remotely LINE WANTED: an unknown name is a warning only
remotely() {
	local -a words wanted
	eval "words=($1)" && eval "wanted=($2)"
	front "${words[@]}"
	want status "$status" 0
	want "the engine's words" "$out" "$(printf '[%s]' "${wanted[@]}")"
	want_has stderr "$err" ": warning: policy 'elsewhere' does not exist"
	want_has stderr "$err" "the engine is on another host"
}
far="--runtime hookwright --annotation io.hookwright.policies=elsewhere"
pfar="--annotation io.hookwright.policies=elsewhere"
hook="run --oci-hook elsewhere"
mkdir "$work/context" && echo '{"currentContext": "far"}' >"$work/context/config.json"
mkdir "$work/default" && echo '{"currentContext": "default"}' >"$work/default/config.json"
mkdir "$work/home/.docker" && echo '{"auths": {}' >"$work/home/.docker/config.json"
chmod -R go+rX "$work/context" "$work/default" "$work/home"
remotes=(
	"DOCKER_HOST=ssh://far docker $hook I" "docker run $far I"
	"DOCKER_CONTEXT=far docker $hook I" "docker run $far I"
	"DOCKER_CONFIG=$work/context docker $hook I" "docker run $far I"
	"DOCKER_HOST=unix:///x docker -H tcp://far $hook I" "docker -H tcp://far run $far I"
	"docker --host=ssh://far $hook I" "docker --host=ssh://far run $far I"
	"docker -Hssh://far $hook I" "docker -Hssh://far run $far I"
	"docker -c far $hook I" "docker -c far run $far I"
	"CONTAINER_HOST=ssh://far podman $hook I" "podman run $pfar I"
	"CONTAINER_CONNECTION=far podman $hook I" "podman run $pfar I"
	"podman --remote $hook I" "podman --remote run $pfar I"
	"podman -r --url ssh://far $hook I" "podman -r --url ssh://far run $pfar I"
	"podman -c far $hook I" "podman -c far run $pfar I"
)
for ((i = 0; i < ${#remotes[@]}; i += 2)); do
	check "remote: ${remotes[i]}" remotely "${remotes[i]}" "${remotes[i + 1]}"
done

near=(
	"DOCKER_HOST=unix:///run/user/1/docker.sock docker $hook I"
	"DOCKER_HOST=unix:///x DOCKER_CONTEXT=far docker $hook I"
	"DOCKER_HOST= DOCKER_CONTEXT=default docker $hook I"
	"DOCKER_HOST=ssh://far docker -H unix:///x $hook I"
	"DOCKER_CONFIG=$work/default docker $hook I"
	"DOCKER_HOST=ssh://far podman $hook I"
	"CONTAINER_HOST=ssh://far docker $hook I"
	"DOCKER_HOST=ssh://far nerdctl -H /run/x $hook I"
	"podman --root /r $hook I"
)
local_error() {
	local -a words
	eval "words=($1)"
	front "${words[@]}"
	want status "$status" 2
	want stdout "$out" ""
}
for line in "${near[@]}"; do
	check "not remote: $line" local_error "$line"
done

remote_runtime() {
	front DOCKER_HOST=ssh://far docker run --oci-hook mark --runtime gvisor I
	want "the engine's words" "$out" \
		"[docker][run][--runtime][hookwright][--annotation][io.hookwright.policies=mark][--annotation][io.hookwright.runtime=gvisor][I]"
	want_has stderr "$err" "warning: --oci-hook sets the runtime"
	front podman --remote run --oci-hook mark I
	want_has stderr "$err" "podman's remote client cannot select a runtime"
}
check "a remote engine's runtimes are its own business" remote_runtime

# ---- versions of docker ----

versions() {
	local version
	for version in "Docker version 20.10.24+dfsg1, build 297e128" "Docker version 23.0.6, build ef23cbc" \
		"Docker version 1.13.1, build 0"; do
		echo "$version" >"$fakes/docker.version"
		misused 2 "docker run --oci-hook mark I" "hookwright docker: this docker does not have \
--annotation, which requests a policy: ${version%%,*}
  hint: it was added in version 24; for older versions register a runtime for each policy, as \
'hookwright setup docker' shows"
		passes "docker run I" "docker run I"
	done
	for version in "Docker version 24.0.0, build 1" "Docker version 100.1" "Docker of our own"; do
		echo "$version" >"$fakes/docker.version"
		passes "docker run --oci-hook mark I" "docker run $dours I"
	done
	echo "podman version 4.3.1" >"$fakes/docker.version"
	passes "docker run --oci-hook mark I" "docker run $ours I"
	fake docker "Docker version 28.2.2, build e6534b4"
}
check "docker before 24 has no annotations; podman's docker is podman" versions

# ---- finding the engine ----

absent() {
	front "PATH=$work/default" docker ps
	want status "$status" 3
	want stderr "$err" "hookwright docker: cannot find 'docker' in PATH"
}
check "an engine that is not installed" absent

itself() {
	local each
	mkdir "$work/links"
	for each in docker podman; do ln -s "$bin/hookwright" "$work/links/$each"; done
	passes "PATH=$work/links:$fakes:/usr/bin:/bin docker ps" "docker ps"
	front "PATH=$work/links" docker ps
	want stderr "$err" "hookwright docker: cannot find 'docker' in PATH"
}
check "a link of an engine's name to hookwright is not the engine" itself

loops() {
	local line
	mkdir "$work/loop"
	for line in "exec $bin/hookwright docker" "$bin/hookwright docker"; do
		printf '#!/bin/sh\n%s "$@"\n' "$line" >"$work/loop/docker"
		chmod 755 "$work/loop" "$work/loop/docker"
		front "PATH=$work/loop:$fakes:/usr/bin:/bin" docker ps
		want status "$status" 3
		want stderr "$err" "hookwright docker: $work/loop/docker executes hookwright again
  hint: put the directory of the real program first in PATH"
	done
}
check "a script that leads back to hookwright is told, not followed for ever" loops

no_links() {
	mkdir "$work/bare" && cp "$HOOKWRIGHT" "$work/bare/hookwright" && chmod -R go+rX "$work/bare"
	bin=$work/bare misused 3 "podman run --oci-hook mark I" \
		"hookwright podman: 'hookwright-runtime' does not exist in the directory of this program
  hint: 'make install' creates the links"
	bin=$work/bare passes "docker run --oci-hook mark I" "docker run $dours I"
}
check "without the links there is no runtime to name" no_links

as_alias() {
	cat >"$work/alias.sh" <<-'END'
		shopt -s expand_aliases
		alias podman='hookwright podman'
		podman run --oci-hook mark I
		podman ps
	END
	want "an alias" "$("${as_user[@]}" env -i "PATH=$bin:$fakes:/usr/bin:/bin" "HOME=$work/home" \
		"XDG_CONFIG_HOME=$work/xdg" bash "$work/alias.sh" 2>&1)" \
		"$(printf '[%s]' podman run --runtime "$bin/hookwright-runtime" --annotation \
			io.hookwright.policies=mark I podman ps)"
}
check "as an alias" as_alias
done_testing
