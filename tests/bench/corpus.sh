#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The share of unknown, and of wrong verdicts, over a corpus of real programs in real engines'
# documents. Ends with status 1 where a bound is passed. HW_CORPUS_RUNS=N starts no more than N.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/e2e/trees.bash
. "$(dirname "$0")/../e2e/trees.bash"

if [ "$(uname -m)" != x86_64 ] || [ "$(id -u)" != 0 ] || ! command -v debootstrap runc crun >/dev/null; then
	echo "corpus: needs root, debootstrap, runc and crun on x86-64; not measured" >&2
	exit 0
fi
make_trees || exit 1
# What a hook writes goes away; the trees are shared.
mkdir "$work/layers" "$work/root" && mount -t tmpfs tmpfs "$work/layers" && mkdir "$work/layers"/{upper,work} &&
	mount -t overlay -o "lowerdir=$trees/debian,upperdir=$work/layers/upper,workdir=$work/layers/work" \
		overlay "$work/root" || exit 1
chmod 755 "$work" "$work/layers"
mkdir "$work/corpus"
/usr/bin/python3 "$top/tests/bench/corpus.py" "$HOOKWRIGHT" "$top/tests/data/engines" "$work/root" "$work/corpus" \
	"${HW_CORPUS_RUNS:-1000000}"
status=$?
umount "$work/root" "$work/layers"
exit $status
