#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Build the fake libraries with the sonames and symbol versions of the
# host's own:  CC CFLAGS and the rest in the environment, sources in $1,
# libraries into $2.
set -eu
src=$1
out=$2
mkdir -p "$out"

library() {   # pkg-config module, source, library whose soname it takes
    libdir=$("${PKG_CONFIG:-pkg-config}" --variable=libdir "$1")
    so=$(readelf -d "$libdir/$3.so" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
    # Each symbol under the version that the real library gives it.
    symbols=$(sed -n 's/^[a-z].*[ *]\([a-z_0-9]*\)(.*/\1/p' "$src/$2")
    readelf -W --dyn-syms "$libdir/$3.so" |
        awk -v wanted="$symbols" '
            BEGIN { n = split(wanted, w, "\n")
                    for (i = 1; i <= n; i++) want[w[i]] = 1 }
            { split($8, part, "@@") }
            part[1] in want { by[part[2]] = by[part[2]] " " part[1] ";" }
            END { for (v in by) if (v != "")
                    print v " { global:" by[v] " local: *; };" }' \
        >"$out/$3.map"
    # shellcheck disable=SC2086
    $CC $CPPFLAGS $CFLAGS -fPIC -shared $LDFLAGS -Wl,-soname,"$so" \
        -Wl,--version-script,"$out/$3.map" -o "$out/$so" "$src/$2" \
        -L"$out" -lfakexen
}

# shellcheck disable=SC2086
$CC $CPPFLAGS $CFLAGS -fPIC -shared $LDFLAGS -Wl,-soname,libfakexen.so \
    -o "$out/libfakexen.so" "$src/world.c" "$src/guest.c" "$src/save.c" \
    "$src/load.c" "$src/correct.c" "$src/lines.c"
library xencontrol xenctrl.c libxenctrl
library xenlight xenlight.c libxenlight
library xenguest xenguest.c libxenguest
library xenforeignmemory xenforeignmemory.c libxenforeignmemory
for preloaded in "$src/../../tools/clock.c" "$src/pausewatch.c"; do
    name=${preloaded##*/}
    # shellcheck disable=SC2086
    $CC $CPPFLAGS $CFLAGS -fPIC -shared $LDFLAGS \
        -o "$out/lib${name%.c}.so" "$preloaded"
done
