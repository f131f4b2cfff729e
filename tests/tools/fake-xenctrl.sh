#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# fake-xenctrl.sh FOLDER: build, in the folder, the libxenctrl that lets the
# host's own xen-hvmctx print a file:
#   HVMCTX_BLOB=FILE LD_LIBRARY_PATH=FOLDER PROGRAM 0
# It brings the libraries along that the real one does, if they are there: to
# load them is part of what the program costs on a host.  Prints PROGRAM.
# Ends with 77 and the reason where there is none.
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
libraries=
for library in toollog call evtchn gnttab foreignmemory devicemodel; do
    soname=libxen$library.so.1
    if "${CC:-cc}" -shared -o "$1/probe.so" -l:$soname 2>/dev/null; then
        libraries="$libraries -l:$soname"
    fi
done
rm -f "$1/probe.so"
# shellcheck disable=SC2086 # a list
"${CC:-cc}" -O2 -fPIC -shared -o "$1/libxenctrl.so.$version" \
    -Wl,-soname,libxenctrl.so.$version \
    -Wl,--version-script="$1/xenctrl.map" "$here/fake-xenctrl.c" \
    -Wl,--no-as-needed $libraries
echo $program
