#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 'hookwright podman' and 'hookwright docker', with the real ones: what --oci-hook asks for happens in
# the container. nerdctl has no package; tests/e2e/front.sh shows what it would be given.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
fetch_docker
enter_private podman conmon runc crun docker
cgroups_are_writable || skip_all "cgroups cannot be written"

hookwright=$work/bin/hookwright
set_podman overlay "$hookwright" podman
image=localhost/hw:1

# in_podman VERB... -- OPTION... -- COMMAND...: the options directly after the verb
in_podman() {
	local verb=() options=()
	while [ "$1" != -- ]; do verb+=("$1") && shift; done
	shift
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	# Once in some hundreds podman 4.3 loses what a short container printed.
	for _ in 1 2; do
		run "${podman[@]}" "${verb[@]}" "${options[@]}" "${flags[@]}" $image "$@"
		[ "$status$out" = 0 ] || break
	done
}

podman_hooks() {
	in_podman run -- --oci-hook touch-asked --rm -- sh -c "$in_container"
	is "$status $out" "0 found /asked"$'\n'"payload ran" "podman run --oci-hook"
	in_podman container run -- --oci-hook=touch-asked --oci-hook ldconfig-on-start --rm -- \
		sh -c "$in_container; $with_library"
	expect "podman container run, two hooks" 0 "found /asked" "library found"
	in_podman run -- --rm -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "podman run without --oci-hook"
	in_podman run -- --oci-hook touch-asked --annotation io.hookwright.policies=ldconfig-on-start \
		--rm -- sh -c "$in_container; $with_library"
	expect "podman run: the user's own annotation is kept" 0 "found /asked" "library found"
	in_podman run -- --rm -v "$work:/w" -e A=b --oci-hook touch-asked -- sh -c "$in_container"
	is "$status $out" "0 found /asked"$'\n'"payload ran" "podman run: behind its own options"
	in_podman run -- --oci-hook touch-asked --rm -- sh -c 'exit 42'
	expect "podman run: the status is the container's" 42
	in_podman run -- --oci-hook refuse-asked --rm -- sh -c "$in_container"
	expect "podman run: a refusal reaches the user" failure refuse-asked /no/such/asked "!payload ran"
	in_podman run -- --oci-hook touch-ask --rm -- sh -c "$in_container"
	expect "podman run: an unknown name" 2 "did you mean 'touch-asked'?" "!payload ran"
}

podman_life() {
	in_podman create -- --oci-hook touch-asked --name one -- sh -c "$in_container; sleep 60"
	expect "podman create --oci-hook" 0
	run "${podman[@]}" start one
	wait_for 10 sh -c "${podman[*]} logs one | grep -q payload"
	run "${podman[@]}" logs one
	expect "podman start, logs" 0 "found /asked"
	run "${podman[@]}" exec one sh -c "$in_container"
	expect "podman exec" 0 "found /asked"
	run "${podman[@]}" exec one echo run --oci-hook nonsense
	is "$status $out" "0 run --oci-hook nonsense" "podman exec: the container's words stay as they are"
	run "${podman[@]}" rm -f -t 0 one
	expect "podman rm" 0
}

# A runtime that the configuration allows to choose
podman_alternative() {
	printf '#!/bin/sh\n: >%s/chosen\nexec crun "$@"\n' "$work" >"$work/bin/chosen-crun"
	chmod 755 "$work/bin/chosen-crun"
	echo "runtimes: { other: $work/bin/chosen-crun }" >>/etc/hookwright/config.yaml
	in_podman run -- --oci-hook touch-asked --runtime other --rm -- sh -c "$in_container"
	expect "podman run --oci-hook --runtime NAME" 0 "found /asked"
	run ls "$work/chosen"
	expect "the runtime is the one chosen" 0
	in_podman run -- --oci-hook touch-asked --runtime crun --rm -- sh -c "$in_container"
	expect "any other runtime is refused" 2 "'crun' is not one of" "!payload ran"
}

# The service has hookwright as its runtime; the client can only request.
podman_remote() {
	printf '[engine]\nruntime = "hookwright-runtime"\n[engine.runtimes]\nhookwright-runtime = ["%s"]\n' \
		"$work/bin/hookwright-runtime" >"$work/remote.conf"
	CONTAINERS_CONF=$work/remote.conf start_server "$work/service.log" podman "${podman[@]:2}" \
		system service --time=0 "unix://$work/service"
	wait_for 20 test -S "$work/service" || { skip "podman --remote" "no service here"; return; }
	run "$hookwright" podman --remote --url "unix://$work/service" run --oci-hook touch-asked --rm \
		"${flags[@]}" $image sh -c "$in_container"
	expect "podman --remote: the annotation asks, and the user is warned" 0 "found /asked" \
		"remote client cannot select a runtime"
}

# Debian's docker is older than --annotation; that it gets what it should e2e/front.sh shows.
docker_hooks() {
	run "$hookwright" docker --version
	expect "docker --version" 0 "Docker version "
	if [ "$(sed -E 's/[^0-9]*([0-9]+).*/\1/' <<<"$out")" -lt 24 ]; then
		run "$hookwright" docker run --oci-hook touch-asked $image true
		expect "docker before 24 is told to have no annotations" 2 \
			"does not have --annotation" "hookwright setup docker"
	fi
	run "$hookwright" docker run --help
	expect "docker run without --oci-hook is docker's" 0 "--runtime string"
}

make_image && make_config || exit 2
printf 'version: 1\nactivation: requested\nhook: { path: /no/such/asked }\n' \
	>/etc/hookwright/policies.d/refuse-asked.yaml
run "${podman[@]}" load -q -i "$work/image.tar"
expect "the image loads" 0
podman_hooks
podman_life
podman_alternative
podman_remote
docker_hooks
done_testing
