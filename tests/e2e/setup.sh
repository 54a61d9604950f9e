#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 'hookwright setup': every snippet is read by a real parser of its format and has the keys that its
# engine wants. tests/engines/setup-*.sh feed them to the engines that are there; usage and --check are
# in tests/cases/setup.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

python=/usr/bin/python3
bin=$work/bin
mkdir "$bin" "$work/fakes" "$work/home" "$work/xdg" "$work/xdg/hookwright" "$work/xdg/hookwright/policies.d"
cp "$HOOKWRIGHT" "$bin/hookwright"
cp "$HOOKWRIGHT-runtime" "$bin/hookwright-runtime"
for name in hookwright-runc hookwright-crun; do
	ln -s hookwright-runtime "$bin/$name"
done
cp "$top/policies/ldconfig-on-start.yaml" "$work/xdg/hookwright/policies.d/"
printf '\n  # begins with blanks: "x"\nversion: 1\nhook: { path: /bin/true }' \
	>"$work/xdg/hookwright/policies.d/odd.yaml"
chmod -R go+rX "$work"
chmod 755 "$work"

# As a user who is not root, whose policies can be chosen.
as_user=()
[ "$(id -u)" != 0 ] || as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)

setup() { # ARG...: sets status, out and err
	"${as_user[@]}" env -i "PATH=$work/fakes:/usr/bin:/bin" "HOME=$work/home" \
		"XDG_CONFIG_HOME=${xdg-$work/xdg}" ${run_dir+"XDG_RUNTIME_DIR=$run_dir"} \
		"$bin/hookwright" setup "$@" \
		>"$work/out" 2>"$work/err" < <(nothing)
	status=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

want_setup() { # STATUS ARG...
	local wanted=$1
	shift
	setup "$@"
	want "status of: setup $*" "$status" "$wanted"
}

# python CODE: with the last output as 'text'; what it prints is a complaint
python() {
	local said
	said=$($python -c "import sys; text = open('$work/out').read(); bin = '$bin'
def want(got, wanted):
    if got != wanted: print(got, 'instead of', wanted)
$1" 2>&1)
	[ -z "$said" ] || complain "$said"
}

# ---- each format ----

docker_json() {
	want_setup 0 docker
	want_has "the explanation" "$err" "/etc/docker/daemon.json"
	python 'import json
runtimes = json.loads(text)["runtimes"]
want(runtimes["hookwright"], {"path": bin + "/hookwright-runtime"})
want(runtimes["hookwright-ldconfig"]["runtimeArgs"], ["--hookwright-request=ldconfig-on-start"])'
}
check "docker: JSON" docker_json

precreate_json() {
	want_setup 0 podman --form precreate
	want_has "the explanation" "$err" "hooks.d"
	python 'import json
hook = json.loads(text)
want(hook["version"], "1.0.0")
want(hook["hook"], {"path": bin + "/hookwright", "args": ["hookwright", "filter"]})
want(hook["when"], {"always": True})
want(hook["stages"], ["precreate"])'
}
check "podman precreate: JSON" precreate_json

tomls() {
	want_setup 0 podman
	python 'import tomllib
engine = tomllib.loads(text)["engine"]
want(engine["runtimes"]["hookwright-crun"], [bin + "/hookwright-crun"])
for name in engine["runtimes"]: want(name in engine["runtime_supports_json"], True)'
	want_setup 0 containerd --form 1.7
	python 'import tomllib
doc = tomllib.loads(text)
want(doc["version"], 2)
runtimes = doc["plugins"]["io.containerd.grpc.v1.cri"]["containerd"]["runtimes"]
want(runtimes["runc"]["runtime_type"], "io.containerd.runc.v2")
want(runtimes["hookwright"]["pod_annotations"], ["io.hookwright.*"])
want(runtimes["hookwright"]["container_annotations"], ["io.hookwright.*"])
want(runtimes["hookwright"]["options"]["BinaryName"], bin + "/hookwright-runtime")'
	cp "$work/out" "$work/old"
	want_setup 0 containerd --form 2
	python "import tomllib
doc = tomllib.loads(text)
want(doc['version'], 3)
old = tomllib.load(open('$work/old', 'rb'))['plugins']['io.containerd.grpc.v1.cri']
want(doc['plugins'], {'io.containerd.cri.v1.runtime': old})"
	want_setup 0 crio
	python 'import tomllib
want(tomllib.loads(text), {"crio": {"runtime": {"runtimes": {"hookwright": {
    "runtime_path": bin + "/hookwright-runtime", "runtime_type": "oci",
    "runtime_root": "/run/crio-hookwright"}}}}})'
	want_setup 0 buildkit
	python 'import tomllib
worker = tomllib.loads(text)["worker"]
want(worker["oci"], {"binary": bin + "/hookwright-runtime"})
want(worker["containerd"]["runtime"]["options"]["BinaryName"], bin + "/hookwright-runtime")'
}
if $python -c 'import tomllib' 2>/dev/null; then
	check "podman, containerd, crio, buildkit: TOML" tomls
else
	skip "podman, containerd, crio, buildkit: TOML" "no Python 3.11"
fi

quadlet_ini() {
	want_setup 0 podman --form quadlet
	python 'import configparser
unit = configparser.ConfigParser(interpolation=None)
unit.read_string(text)
want(unit["Container"]["Annotation"], "io.hookwright.policies=ldconfig-on-start")
want(unit["Container"]["PodmanArgs"], f"--runtime={bin}/hookwright-runtime")'
}
check "podman quadlet: a unit file" quadlet_ini

nerdctl_shell() {
	want_setup 0 nerdctl
	printf '#!/bin/sh\necho "fake nerdctl $*"\n' >"$work/fakes/nerdctl"
	chmod 755 "$work/fakes/nerdctl"
	printf 'shopt -s expand_aliases\n%s\nnerdctl ps -a\n' "$out" >"$work/rc.sh"
	want "what the alias does" "$(PATH=$work/fakes:/usr/bin:/bin bash "$work/rc.sh" 2>&1)" \
		"fake nerdctl ps -a"
	rm "$work/fakes/nerdctl"
}
check "nerdctl: an alias" nerdctl_shell

yamls() {
	local name
	want_setup 0 compose
	python 'import yaml
app = yaml.safe_load(text)["services"]["app"]
want(app["runtime"], "hookwright")
want(app["annotations"], {"io.hookwright.policies": "ldconfig-on-start"})'
	want_setup 0 kubernetes
	python "import yaml
docs = list(yaml.safe_load_all(text))
want([d['apiVersion'] + ' ' + d['kind'] for d in docs], ['node.k8s.io/v1 RuntimeClass',
    'v1 ConfigMap', 'apps/v1 DaemonSet', 'v1 Pod'])
for d in docs: want(isinstance(d['metadata']['name'], str), True)
klass, data, daemon, pod = docs
want(pod['spec']['runtimeClassName'], klass['metadata']['name'])
want(klass['handler'], 'hookwright')
want(pod['metadata']['annotations'], {'io.hookwright.policies': 'ldconfig-on-start'})
for name, value in data['data'].items():
    want(value.rstrip(), open('$work/xdg/hookwright/policies.d/' + name).read().rstrip())
want(sorted(data['data']), ['ldconfig-on-start.yaml', 'odd.yaml'])
spec = daemon['spec']['template']['spec']
want(daemon['spec']['selector']['matchLabels'], daemon['spec']['template']['metadata']['labels'])
want({v['name'] for v in spec['volumes']}, {m['name'] for m in spec['containers'][0]['volumeMounts']})
want([v['configMap']['name'] for v in spec['volumes'] if 'configMap' in v], [data['metadata']['name']])
want(data['metadata']['namespace'], daemon['metadata']['namespace'])
want(spec['containers'][0]['command'][:2], ['sh', '-ec'])"
	for name in runtimeclass daemonset pod; do
		want_setup 0 kubernetes --form "$name"
		cat "$work/out"
		[ "$name" = pod ] || echo ---
	done >"$work/parts"
	want_setup 0 kubernetes
	same "$work/out" "$work/parts"
	xdg=$work/home want_setup 0 kubernetes --form daemonset
	python 'import yaml
want(all(isinstance(d, dict) for d in yaml.safe_load_all(text)), True)'
}
check "compose, kubernetes: YAML" yamls

# The DaemonSet's script, with directories of ours for the node's root and the ConfigMap, and a chroot
# that only notes its words.
node_script() {
	local node=$work/node name
	mkdir "$node" "$work/configmap"
	want_setup 0 kubernetes --form daemonset
	python "import yaml
daemon = [d for d in yaml.safe_load_all(text) if d['kind'] == 'DaemonSet'][0]
open('$work/node.sh', 'w').write(daemon['spec']['template']['spec']['containers'][0]['command'][2])"
	cp "$work/xdg/hookwright/policies.d"/*.yaml "$work/configmap"
	printf '#!/bin/sh\necho "$@" >>%s/chroots\n' "$work" >"$work/fakes/chroot"
	printf '#!/bin/sh\necho >>%s/sleeps\n[ $(wc -l <%s/sleeps) -lt 2 ]\n' "$work" "$work" >"$work/fakes/sleep"
	chmod 755 "$work/fakes/chroot" "$work/fakes/sleep"
	sed "s|/node|$node|g; s|/policies/|$work/configmap/|g" "$work/node.sh" >"$work/node-here.sh"
	PATH=$work/fakes:$PATH timeout 20 sh -e "$work/node-here.sh" >"$work/said" 2>&1
	want "what it says" "$(cat "$work/said")" ""
	same "$node$bin/hookwright" "$bin/hookwright"
	same "$node$bin/hookwright-runtime" "$bin/hookwright-runtime"
	for name in runc crun; do
		want "link" "$(readlink "$node$bin/hookwright-$name")" hookwright-runtime
	done
	want "the policies" "$(cd "$node/etc/hookwright/policies.d" && stat -c '%a %n' -- * .new 2>/dev/null)" \
		$'644 ldconfig-on-start.yaml\n644 odd.yaml'
	same "$node/etc/hookwright/policies.d/odd.yaml" "$work/configmap/odd.yaml"
	want "it tries the program on the node" "$(sed "s|$node|/node|; s|$bin/||" "$work/chroots")" \
		"/node hookwright --version
/node hookwright policy check --quiet
/node hookwright policy check --quiet"
	rm "$work/fakes/chroot" "$work/fakes/sleep"
}
check "kubernetes: what the DaemonSet does on a node" node_script

# ---- the list ----

listed() {
	local engine form file n=0
	want_setup 0
	want "the first line" "${out%%$'\n'*}" "  ENGINE      --form        destination"
	while IFS= read -r line; do
		[ "${line:2:1}" = " " ] || engine=$(awk '{ print $1 }' <<<"$line")
		form=${line:14:13}
		form=${form%%[[:space:]]*}
		want_setup 0 "$engine" ${form:+--form "$form"}
		want_has "setup $engine $form" "$out" hookwright
		want_lacks "setup $engine $form" "$out" @
		n=$((n + 1))
	done < <(sed 1d <<<"$out")
	want_ok test "$n" -ge 13
}
check "setup alone lists every snippet" listed

# ---- --check ----

fake() { # NAME: standard input is its body
	{ echo '#!/bin/sh' && cat; } >"$work/fakes/$1"
	chmod 755 "$work/fakes/$1"
}

# checked ENGINE STATUS TEXT...
checked() {
	local engine=$1 wanted=$2
	shift 2
	want_setup "$wanted" --check "$engine"
	want stderr "$err" ""
	for text in "$@"; do want_has "setup --check $engine" "$out" "$text"; done
}

runtimes_there() { # hookwright's own rows are good only where a runtime is
	command -v runc >/dev/null || command -v crun >/dev/null
}

check_slow() {
	fake crio <<<"sleep 60 & wait"
	local before=$SECONDS
	checked crio 1 "?   in effect    crio does not answer"
	want_ok test $((SECONDS - before)) -lt 20
}

if runtimes_there; then
	check "--check: an engine that does not answer" check_slow
else
	skip "--check: an engine that does not answer" "no runc and no crun"
fi
done_testing
