/* SPDX-License-Identifier: Apache-2.0 */
/* The configurations that setup prints, as text with placeholders. */
#include "setup/setup.h"

/* clang-format off */
const struct snippet snippets[] = {
{
.engine = "docker",
.file = "/etc/docker/daemon.json",
.notes =
"This is for /etc/docker/daemon.json; if that exists, add the member 'runtimes' to it. Then:\n"
"  systemctl reload docker && hookwright setup --check docker\n"
"With runtime 'hookwright' an annotation requests policies (docker 24 and later):\n"
"  hookwright docker run --oci-hook ldconfig-on-start --rm debian:12 ls -l /etc/ld.so.cache\n"
"Runtime 'hookwright-ldconfig' requests a policy itself, for any docker:\n"
"  docker run --rm --runtime hookwright-ldconfig debian:12 ls -l /etc/ld.so.cache\n"
"For all containers add '\"default-runtime\": \"hookwright\"'.\n",
.text =
"{\n"
"    \"runtimes\": {\n"
"        \"hookwright\": {\n"
"            \"path\": \"@RUNTIME@\"\n"
"        },\n"
"        \"hookwright-ldconfig\": {\n"
"            \"path\": \"@RUNTIME@\",\n"
"            \"runtimeArgs\": [\"--hookwright-request=ldconfig-on-start\"]\n"
"        }\n"
"    }\n"
"}\n",
},
{
.engine = "containerd",
.form = "2",
.file = "/etc/containerd/config.toml of containerd 2.x",
.text =
"# For /etc/containerd/config.toml of containerd 2.x ('--form 1.7' for 1.6 and 1.7). Then:\n"
"#   systemctl restart containerd && hookwright setup --check containerd\n"
"# Only Kubernetes needs this; ctr and nerdctl name the runtime themselves:\n"
"#   ctr run --runc-binary @RUNTIME@ \\\n"
"#     --annotation io.hookwright.policies=ldconfig-on-start IMAGE ID\n"
"version = 3\n"
"\n"
"# A file that names one runtime must name all: with the next section alone, pods without a\n"
"# runtimeClassName would find none. Omit this one if your file already has it.\n"
"[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]\n"
"  runtime_type = 'io.containerd.runc.v2'\n"
"\n"
"# The handler of RuntimeClass 'hookwright'. Without the two annotation lists pods cannot\n"
"# request policies.\n"
"[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.hookwright]\n"
"  runtime_type = 'io.containerd.runc.v2'\n"
"  pod_annotations = ['io.hookwright.*']\n"
"  container_annotations = ['io.hookwright.*']\n"
"  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.hookwright.options]\n"
"    BinaryName = '@RUNTIME@'\n"
"    # As in your runc section: true where kubelet uses the systemd cgroup driver.\n"
"    SystemdCgroup = false\n",
},
{
.engine = "containerd",
.form = "1.7",
.file = "/etc/containerd/config.toml of containerd 1.6 and 1.7",
.text =
"# For /etc/containerd/config.toml of containerd 1.6 and 1.7 ('--form 2' for 2.x). Then:\n"
"#   systemctl restart containerd && hookwright setup --check containerd\n"
"# Only Kubernetes needs this; ctr and nerdctl name the runtime themselves:\n"
"#   ctr run --runc-binary @RUNTIME@ \\\n"
"#     --annotation io.hookwright.policies=ldconfig-on-start IMAGE ID\n"
"version = 2\n"
"\n"
"# A file that names one runtime must name all: with the next section alone, pods without a\n"
"# runtimeClassName would find none. Omit this one if your file already has it.\n"
"[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n"
"  runtime_type = \"io.containerd.runc.v2\"\n"
"\n"
"# The handler of RuntimeClass 'hookwright'. Without the two annotation lists pods cannot\n"
"# request policies.\n"
"[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.hookwright]\n"
"  runtime_type = \"io.containerd.runc.v2\"\n"
"  pod_annotations = [\"io.hookwright.*\"]\n"
"  container_annotations = [\"io.hookwright.*\"]\n"
"  [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.hookwright.options]\n"
"    BinaryName = \"@RUNTIME@\"\n"
"    # As in your runc section: true where kubelet uses the systemd cgroup driver.\n"
"    SystemdCgroup = false\n",
},
{
.engine = "crio",
.file = "/etc/crio/crio.conf.d/50-hookwright.conf",
.text =
"# For /etc/crio/crio.conf.d/50-hookwright.conf. Then:\n"
"#   systemctl restart crio && hookwright setup --check crio\n"
"# The handler of RuntimeClass 'hookwright'; annotations of pods are passed on by default.\n"
"[crio.runtime.runtimes.hookwright]\n"
"runtime_path = \"@RUNTIME@\"\n"
"runtime_type = \"oci\"\n"
"runtime_root = \"/run/crio-hookwright\"\n",
},
{
.engine = "podman",
.form = "conf",
.file = "/etc/containers/containers.conf.d/50-hookwright.conf",
.text =
"# For /etc/containers/containers.conf.d/50-hookwright.conf, or ~/.config/containers/... for one\n"
"# user. Then:\n"
"#   hookwright setup --check podman\n"
"#   hookwright podman run --oci-hook ldconfig-on-start --rm debian:12 ls -l /etc/ld.so.cache\n"
"[engine]\n"
"# For all containers, not only those of --oci-hook or --runtime:\n"
"#runtime = \"hookwright-runtime\"\n"
"\n"
"# podman determines a runtime's features by its name. Each list replaces podman's own, and so\n"
"# includes it. The first enables errors as JSON, the second allows --cgroups=disabled.\n"
"runtime_supports_json = [\"crun\", \"runc\", \"kata\", \"runsc\", \"youki\", \"krun\",\n"
"  \"hookwright-runtime\", \"hookwright-runc\", \"hookwright-crun\"]\n"
"runtime_supports_nocgroup = [\"crun\", \"krun\", \"hookwright-crun\"]\n"
"\n"
"[engine.runtimes]\n"
"hookwright-runtime = [\"@RUNTIME@\"]\n"
"hookwright-runc = [\"@RUNC@\"]\n"
"hookwright-crun = [\"@CRUN@\"]\n",
},
{
.engine = "podman",
.form = "precreate",
.file = "/usr/share/containers/oci/hooks.d/hookwright.json",
.notes =
"This is for /usr/share/containers/oci/hooks.d/hookwright.json, or any directory that --hooks-dir or\n"
"'hooks_dir' of containers.conf names (rootless podman does not read others). It filters the\n"
"configuration of every container; no other runtime is needed. Then:\n"
"  podman run --rm --annotation io.hookwright.policies=ldconfig-on-start debian:12 ls -l /etc/ld.so.cache\n",
.text =
"{\n"
"    \"version\": \"1.0.0\",\n"
"    \"hook\": {\n"
"        \"path\": \"@PROGRAM@\",\n"
"        \"args\": [\"hookwright\", \"filter\"]\n"
"    },\n"
"    \"when\": { \"always\": true },\n"
"    \"stages\": [\"precreate\"]\n"
"}\n",
},
{
.engine = "podman",
.form = "quadlet",
.file = "/etc/containers/systemd/NAME.container",
.text =
"# For /etc/containers/systemd/hookwright-demo.container (podman 4.4 and later). Your own units\n"
"# need the lines Annotation= and PodmanArgs=. Then:\n"
"#   systemctl daemon-reload && systemctl start hookwright-demo && journalctl -u hookwright-demo\n"
"[Unit]\n"
"Description=A container with a hook by hookwright\n"
"\n"
"[Container]\n"
"Image=docker.io/library/debian:12\n"
"Exec=ls -l /etc/ld.so.cache\n"
"Annotation=io.hookwright.policies=ldconfig-on-start\n"
"PodmanArgs=--runtime=@RUNTIME@\n",
},
{
.engine = "nerdctl",
.file = "~/.bashrc",
.text =
"# For ~/.bashrc; nerdctl itself does not need configuration. Then:\n"
"#   nerdctl run --oci-hook ldconfig-on-start --rm debian:12 ls -l /etc/ld.so.cache\n"
"# which is the same as:\n"
"#   nerdctl run --rm --runtime @RUNTIME@ \\\n"
"#     --annotation io.hookwright.policies=ldconfig-on-start debian:12 ls -l /etc/ld.so.cache\n"
"alias nerdctl='@PROGRAM@ nerdctl'\n",
},
{
.engine = "buildkit",
.file = "/etc/buildkit/buildkitd.toml",
.text =
"# For /etc/buildkit/buildkitd.toml. Then restart buildkitd and: hookwright setup --check buildkit\n"
"# Build steps do not have annotations: only policies with 'activation: always' apply to them.\n"
"[worker.oci]\n"
"  binary = \"@RUNTIME@\"\n"
"\n"
"# The same for the containerd worker:\n"
"[worker.containerd.runtime]\n"
"  name = \"io.containerd.runc.v2\"\n"
"  options = { BinaryName = \"@RUNTIME@\" }\n",
},
{
.engine = "compose",
.file = "compose.yaml",
.text =
"# For compose.yaml of docker: a service needs the keys 'runtime' and 'annotations'. The runtime is\n"
"# the one that 'hookwright setup docker' registers. Then: docker compose run --rm app\n"
"services:\n"
"  app:\n"
"    image: debian:12\n"
"    command: [ls, -l, /etc/ld.so.cache]\n"
"    runtime: hookwright\n"
"    annotations:\n"
"      io.hookwright.policies: ldconfig-on-start\n",
},
{
.engine = "kubernetes",
.form = "runtimeclass",
.file = "kubectl apply -f -; without --form all three",
.text =
"# Pods select it by runtimeClassName. The nodes' containerd or CRI-O must know its handler: see\n"
"# 'hookwright setup containerd' and 'hookwright setup crio'.\n"
"apiVersion: node.k8s.io/v1\n"
"kind: RuntimeClass\n"
"metadata:\n"
"  name: hookwright\n"
"handler: hookwright\n",
},
{
.engine = "kubernetes",
.form = "daemonset",
.file = "the program and the policies on every node",
.text =
"# The policies that are installed here, and a DaemonSet that puts them and the program on every node\n"
"# and keeps them there. Build the image from the release that the nodes run, with:\n"
"#   make install, and the package libcjson1 (libyaml-0-2 as well after make YAML=shared)\n"
"# The nodes need it as well; otherwise the pod fails and its log has the reason.\n"
"# A policy removed from the ConfigMap stays on the nodes; an empty one there is disabled.\n"
"apiVersion: v1\n"
"kind: ConfigMap\n"
"metadata:\n"
"  name: hookwright-policies\n"
"  namespace: kube-system\n"
"data:\n"
"@POLICIES@"
"---\n"
"apiVersion: apps/v1\n"
"kind: DaemonSet\n"
"metadata:\n"
"  name: hookwright\n"
"  namespace: kube-system\n"
"spec:\n"
"  selector:\n"
"    matchLabels: { app: hookwright }\n"
"  template:\n"
"    metadata:\n"
"      labels: { app: hookwright }\n"
"    spec:\n"
"      tolerations: [ { operator: Exists } ]\n"
"      priorityClassName: system-node-critical\n"
"      containers:\n"
"        - name: install\n"
"          image: registry.example.com/hookwright:@VERSION@\n"
"          command:\n"
"            - sh\n"
"            - -ec\n"
"            # A file is moved to its place when it is complete, so that a container that is being\n"
"            # created meanwhile sees the old one or the new one.\n"
"            - |\n"
"              umask 022\n"
"              bin=/node@DIRECTORY@ policies=/node/etc/hookwright/policies.d\n"
"              mkdir -p \"$bin\" \"$policies\"\n"
"              for program in @PROGRAM@ @RUNTIME@; do\n"
"                cp \"$program\" \"$bin/.hookwright\"\n"
"                mv \"$bin/.hookwright\" \"$bin/${program##*/}\"\n"
"              done\n"
"              for name in runc crun; do\n"
"                ln -sfn hookwright-runtime \"$bin/hookwright-$name\"\n"
"              done\n"
"              chroot /node @PROGRAM@ --version\n"
"              while :; do\n"
"                for policy in /policies/*.yaml; do\n"
"                  new=$policies/${policy##*/}\n"
"                  cmp -s \"$policy\" \"$new\" && continue\n"
"                  cp \"$policy\" \"$policies/.new\"\n"
"                  mv \"$policies/.new\" \"$new\"\n"
"                done\n"
"                chroot /node @PROGRAM@ policy check --quiet || :\n"
"                sleep 60\n"
"              done\n"
"          volumeMounts:\n"
"            - { name: node, mountPath: /node }\n"
"            - { name: policies, mountPath: /policies }\n"
"      volumes:\n"
"        - { name: node, hostPath: { path: / } }\n"
"        - { name: policies, configMap: { name: hookwright-policies } }\n",
},
{
.engine = "kubernetes",
.form = "pod",
.file = "a pod to try it",
.text =
"# Then: kubectl logs hookwright-demo shows a cache that is as old as the pod.\n"
"apiVersion: v1\n"
"kind: Pod\n"
"metadata:\n"
"  name: hookwright-demo\n"
"  annotations:\n"
"    io.hookwright.policies: ldconfig-on-start\n"
"spec:\n"
"  runtimeClassName: hookwright\n"
"  restartPolicy: Never\n"
"  containers:\n"
"    - name: demo\n"
"      image: debian:12\n"
"      command: [ls, -l, /etc/ld.so.cache]\n",
},
};
/* clang-format on */

const size_t n_snippets = sizeof(snippets) / sizeof(snippets[0]);
