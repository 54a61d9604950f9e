#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: tarball.sh STAGE OUT NAME
# Everything below STAGE as OUT/NAME.tar.gz, the same bytes for the same files. SOURCE_DATE_EPOCH is
# their date.
set -eu
stage=$1 out=$2 name=$3
mkdir -p "$out"
tar --sort=name --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
	--mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw,a-s \
	--transform="s|^\\.|$name|S" -C "$stage" -c . | gzip -9n >"$out/$name.tar.gz"
echo "$out/$name.tar.gz"
