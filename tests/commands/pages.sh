#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The manual page of each verb: made of the one source, with its own lines of
# SYNOPSIS, examples, options that are those of the program, and nothing that
# xl-context(1) has as well.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${TOP_BUILD:?}"
docs=$srcdir/../../docs
awk=${AWK:-awk}

run $XL_CONTEXT help
sed -n '/^verbs:/,/^$/s/^ \([a-z]*\) .*/\1/p' out >verbs
mv out help
page() { # VERB or nothing
    LC_ALL=C.UTF-8 $awk -v verb="$1" -f "$docs/verb-pages.awk" \
        "${2:-help}" "$docs/xl-context.pod"
}
# chapter NAME PAGE
chapter() { sed -n "/^=head1 $1\$/,/^=head1/p" "$2" | sed '1d;/^=head1/d'; }
# options FILE: those in it, each once.
options() { grep -oE -e '--[a-z][a-z0-9-]*' "$1" | sort -u; }

page "" >common
ok "there are verbs" test -s verbs
ok "the common page lists their pages" grep -q 'xl-context-show(1)' common
is "and has none of their chapters" "$(grep -c '^=head2 show' common)" 0
is "no link leads nowhere" "$(grep -ohE 'L<(/|xl-context\(1\)/)[^>]*>' \
    common | sed 's/^L<.*\///; s/>$//; s/"//g' | sort -u |
    while read -r name; do
        grep -qx "=head1 $name" common || echo "$name"
    done)" ""
page none >/dev/null 2>err
is "a verb that is none has no page" "$(cat err)" \
    "verb-pages.awk: no verb none"

while read -r verb; do
    [ "$verb" != help ] || continue
    ok "$verb has a page" sh -c "test -s '$TOP_BUILD/docs/xl-context-$verb.1' \
        || ! grep -q '^POD2MAN = .' '$TOP_BUILD/docs/Makefile'"
    page "$verb" >"$verb.pod"
    is "$verb: the chapters" \
        "$(sed -n 's/^=head1 //p' "$verb.pod" | grep -v '^OPTIONS' |
            tr '\n' ' ')" "NAME SYNOPSIS EXAMPLES DESCRIPTION SEE ALSO "
    chapter EXAMPLES "$verb.pod" >examples
    ok "$verb: an example of it" \
        grep -qE "^ [#\$] xl (-N )?context-$verb" examples
    $XL_CONTEXT $verb --help >said
    ok "$verb: --help names the page" \
        grep -q "man xl-context-$verb\$" said
    # what all verbs have is told of in xl-context(1)
    sed '/^examples/d' said >said.options
    options said.options | grep -vx -e --help -e --no-sandbox >program
    chapter OPTIONS "$verb.pod" | awk -v RS= '/^=item/' >items
    options items >manual
    is "$verb: each option is told of" "$(comm -23 program manual)" ""
    is "$verb: and there is no other" "$(comm -13 program manual)" ""
    chapter SYNOPSIS "$verb.pod" >synopsis
    sed -n '1,/^$/p' said >usage
    options usage >program
    options synopsis >manual
    is "$verb: usage has the options of SYNOPSIS" \
        "$(comm -3 program manual | tr -d '\t')" ""
done <verbs

# each option of an example is one
grep -hE '^ [#$] xl (-N )?context-' *.pod | sort -u |
    sed 's/^ [#$] xl -N /xl /; s/^ [#$] //; s/[|;].*//' >typed
ok "examples are typed" test -s typed
while read -r _ verb rest; do
    verb=${verb#context-}
    $XL_CONTEXT $verb --help >said
    for option in $(echo "$rest" | grep -oE -e '(^| )--[a-z0-9-]+'); do
        ok "$verb takes $option" grep -qE -e "$option([= ]|\[=|\$)" said
    done
done <typed

if command -v man >/dev/null && command -v groff >/dev/null &&
    [ -e "$TOP_BUILD/docs/xl-context.1" ]; then
    for manual in "$TOP_BUILD"/docs/*.[1357]; do
        is "${manual##*/} is set without a warning" \
            "$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
                man --warnings -E UTF-8 -l -Tutf8 -Z "$manual" 2>&1 \
                >/dev/null)" ""
    done
    printf '.TH A 1\n.SH NAME\n.nosuch request\n' >bad.1
    is "a wrong page would be noticed" \
        "$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings \
            -E UTF-8 -l -Tutf8 -Z ./bad.1 2>&1 >/dev/null |
            grep -c nosuch)" 1
else
    skip "pages are set without a warning" "no man, groff or pages here"
fi
done_testing
