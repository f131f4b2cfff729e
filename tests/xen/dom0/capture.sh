# SPDX-License-Identifier: LGPL-2.1-or-later
# What this Xen writes of its guests, as files.  A script of
# tests/xen/captures.
. /job/conf
. /job/dom0/lib.sh
set -e
OUT=$RESULTS/out
mkdir -p "$OUT"
for name in p2 h2; do
    KEEP_CONTEXT="$OUT/$name.hvm" \
        LD_PRELOAD=/usr/local/lib/keep_context.so \
        "$XENBIN/xen-hvmctx" "$(domid "$name")" >/dev/null
    hostxl unpause "$name"
    rm -f "/tmp/parked.$name"
    counters_advance "$name" 300
    hostxl save "$name" "/var/tmp/$name.save"
    # mostly zeros
    gzip -1 <"/var/tmp/$name.save" >"$OUT/$name.save.gz"
    rm "/var/tmp/$name.save"
    ls -l "$OUT"
done
