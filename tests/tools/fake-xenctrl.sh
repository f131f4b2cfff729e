#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# fake-xenctrl.sh FOLDER: build, in the folder, the libxenctrl that lets the
# host's own xen-hvmctx print a file:
#   HVMCTX_BLOB=FILE LD_LIBRARY_PATH=FOLDER PROGRAM 0
# Prints PROGRAM.  Ends with 77 and the reason where there is none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=4.17
program=/usr/lib/xen-$version/bin/xen-hvmctx

if [ ! -x $program ]; then
    echo "no xen-hvmctx of Xen $version (Debian: xen-utils-$version)"
    exit 77
fi
# the name that the program looks for, and the version of its symbols
echo "VERS_$version.0 { global: xc_*; local: *; };" >"$1/xenctrl.map"
"${CC:-cc}" -O2 -fPIC -shared -o "$1/libxenctrl.so.$version" \
    -Wl,-soname,libxenctrl.so.$version \
    -Wl,--version-script="$1/xenctrl.map" "$here/fake-xenctrl.c"
echo $program
