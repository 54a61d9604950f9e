# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Bundles for the end-to-end scripts and for the cases of tests/cases: sourced by lib.sh, and by the
# shell that runs a case. Nothing happens when it is read.

json_string() {
	local s=${1//\\/\\\\}
	s=${s//\"/\\\"}
	s=${s//$'\n'/\\n}
	printf '"%s"' "${s//$'\t'/\\t}"
}

json_strings() {
	local comma='' each
	for each in "$@"; do
		printf '%s%s' "$comma" "$(json_string "$each")"
		comma=', '
	done
}

# busybox_rootfs DIR: a root file system whose every command is the static busybox
busybox_rootfs() {
	local applet
	mkdir -p "$1"/{bin,sbin,etc,lib,usr/bin,usr/sbin,proc,sys,dev,tmp,root,var}
	cp "$(command -v busybox)" "$1/bin/busybox"
	for applet in sh true false echo cat ls id env sleep touch test mkdir rm ln stat head wc; do
		ln -sf busybox "$1/bin/$applet"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}

# glibc_rootfs DIR: as busybox_rootfs, and the host's loader, C library and ldconfig
glibc_rootfs() {
	local ldconfig=/sbin/ldconfig file
	busybox_rootfs "$1"
	# Some distributions ship a wrapper script around the program.
	[ ! -e /sbin/ldconfig.real ] || ldconfig=/sbin/ldconfig.real
	cp -L "$ldconfig" "$1/sbin/ldconfig"
	for file in $(ldd "$(command -v env)" | grep -o '/[^ ]*'); do
		mkdir -p "$1${file%/*}"
		cp -L "$file" "$1$file"
	done
}

# config_json DIR ARG...: a config.json for rootfs, laid out as 'runc spec' does. The variables
# MOUNTS and HOOKS hold more JSON: ', {mount}' and ', "hooks": {...}'.
config_json() {
	local dir=$1
	shift
	cat >"$dir/config.json" <<JSON
{
  "ociVersion": "1.0.2",
  "process": {
    "terminal": false,
    "user": {
      "uid": 0,
      "gid": 0
    },
    "args": [$(json_strings "$@")],
    "env": [
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    ],
    "cwd": "/",
    "capabilities": {
      "bounding": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL"],
      "effective": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL"],
      "permitted": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL"]
    },
    "noNewPrivileges": true
  },
  "root": {
    "path": "rootfs",
    "readonly": false
  },
  "mounts": [
    {
      "destination": "/proc",
      "type": "proc",
      "source": "proc"
    },
    {
      "destination": "/dev",
      "type": "tmpfs",
      "source": "tmpfs",
      "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]
    }${MOUNTS-}
  ],
  "linux": {
    "namespaces": [
      { "type": "pid" },
      { "type": "ipc" },
      { "type": "uts" },
      { "type": "mount" }
    ]
  }${HOOKS-}
}
JSON
}

# make_bundle DIR [ARG...]: a busybox bundle; ARG... is process.args, by default /bin/true
make_bundle() {
	local dir=$1
	shift
	mkdir -p "$dir"
	busybox_rootfs "$dir/rootfs"
	config_json "$dir" "${@:-/bin/true}"
}

# edit_config DIR FILTER: change its config.json with jq
edit_config() {
	local edited
	edited=$(jq "$2" "$1/config.json") && printf '%s\n' "$edited" >"$1/config.json"
}

# hooks_of BUNDLE: the first of env and the path of each startContainer hook
hooks_of() {
	jq -r '.hooks.startContainer // [] | .[] | "\(.env[0] // "-") \(.path)"' "$1/config.json"
}

# bare_config DIR: the least that is read
bare_config() {
	mkdir -p "$1"
	cat >"$1/config.json" <<-'JSON'
	{
		"ociVersion": "1.0.2",
		"process": {
			"user": { "uid": 0, "gid": 0 },
			"args": [ "/bin/sh" ],
			"env": [ "PATH=/bin" ],
			"cwd": "/"
		},
		"root": { "path": "rootfs" }
	}
	JSON
}

# bare_bundle DIR: that, and a busybox rootfs; no runtime runs it
bare_bundle() {
	bare_config "$1"
	busybox_rootfs "$1/rootfs"
}
