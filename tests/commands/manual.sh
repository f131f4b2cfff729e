#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The first example of the manual: what it types gives what it shows.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx

# The guest of the example: of Xen 4.22, with two vCPUs.
$XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.21 "$data" long.ctx \
    2>/dev/null
$MKSAVE -x 4.22 -c long.ctx old.save

sed -n '/^My guest does not come back/,/^Then restore it there/s/^ //p' \
    "$srcdir/../../docs/xl-context.pod" >shown
is "the manual types three commands" "$(grep -c '^\$ ' shown)" 3

# Lines are broken to fit the page, so words alone count.
words() { tr -s ' \n' '\n\n' | grep .; }
words <shown >shown.words

sed -n 's/^\$ xl context-//p' shown >typed
while read -r arguments; do
    echo "\$ xl context-$arguments"
    $XL_CONTEXT $arguments 2>&1 |
        sed 's/\(type\|about it\): xl-context /\1: xl context-/'
done <typed | words >said.words
if command -v diff >/dev/null; then
    diff shown.words said.words | sed 's/^/# /' | head -n 20
fi
ok "what it shows is what comes" cmp shown.words said.words
done_testing
