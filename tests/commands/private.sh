#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What libdomctx has for this very build's libxlcontext cannot be had from
# another build's libdomctx: the dynamic loader refuses the two together.
. "${srcdir:-.}/lib.sh"
: "${TOP_BUILD:?}"

library=$TOP_BUILD/convert/.libs/libdomctx.so.0
plugin=$TOP_BUILD/libxl-plugin/.libs/libxlcontext.so.0
program=$TOP_BUILD/xl-cmds/.libs/xl-context
tags() { # FILE
    readelf --version-info "$1" | grep -o 'DOMCTX_PRIVATE[0-9a-z_]*' | sort -u
}
[ -e "$library" ] && [ -e "$program" ] || skip_all "no shared libdomctx here"
[ -e "$plugin" ] || skip_all "no libxlcontext here"
command -v readelf >/dev/null || skip_all "no readelf here"

own=$(tags "$library")
is "one private tag, of a hash" \
    "$(echo "$own" | grep -cE '^DOMCTX_PRIVATE_[0-9a-f]{16}$')" 1
is "libxlcontext wants that very one" "$(tags "$plugin")" "$own"
is "xl-context needs none" "$(tags "$program")" ""

# The same library with another hash of the same length in its tags.
mkdir other
LC_ALL=C sed "s/$own/DOMCTX_PRIVATE_0123456789abcdef/g" "$library" \
    >other/libdomctx.so.0
status=0
LD_PRELOAD=$plugin LD_LIBRARY_PATH=$PWD/other "$program" \
    --version >out 2>&1 || status=$?
not_ok "another build's libdomctx is refused" test "$status" -eq 0
ok "by the dynamic loader, which names the tag" grep -qF "$own" out
status=0
LD_PRELOAD=$plugin LD_LIBRARY_PATH=$TOP_BUILD/convert/.libs "$program" \
    --version >out 2>&1 || status=$?
is "this build's is taken" "$status" 0

done_testing
