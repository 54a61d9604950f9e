#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: compress-man.sh DIRECTORY
# Compresses the manual pages below DIRECTORY, and the links to them, as distributions have them.
set -eu
find "$1" -type f -name '*.[1-8]' -exec gzip -9n {} +
find "$1" -type l -name '*.[1-8]' | while read -r link; do
	ln -s "$(readlink "$link").gz" "$link.gz"
	rm "$link"
done
