#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every row of the tables of rules is on the page about them.
set -u
src=${srcdir:-.}/../..
. "$src/tests/tools/tap.sh"

docs=../../docs
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-rules.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# "TABLE RECORD ID FIELD" for each row, sorted, of the page: changes have an
# item with the fields and a paragraph for each direction, loaders a head for
# the record, an item for the id and a paragraph with the fields.
on_page() {
    awk '
        /^=head2 The changes/ { part = "change" }
        /^=head1/ { part = "" }
        /^=head1 FRAMING/ { part = "frame"; id = "" }
        /^=head1 WHAT A LOADER REFUSES/ { part = "load"; record = "" }
        /^=head2/ && part == "frame" { part = "" }
        /^=head2/ && part == "load" { record = $2 }
        /^=item/ && part == "change" {
            record = $2
            sub(/:$/, "", record)
            if ($2 == "any") record = "any record"
            n = split($0, words, /[ ,:]+/)
            fields = 0
            for (i = 3; i <= n; i++)
                if (words[i] ~ /^[a-z]/ && words[i] != "record" &&
                    $0 !~ /: (MSR|[A-Z]|all)/)
                    field[++fields] = words[i]
        }
        /^=item B</ && part != "change" {
            id = $2; gsub(/B<|>/, "", id)
        }
        part == "change" && /^(Upwards|Downwards|Both ways): / {
            id = "-"
            if (match($0, /B<[a-z0-9-]+>/))
                id = substr($0, RSTART + 2, RLENGTH - 3)
            n = fields ? fields : 1
            for (i = 1; i <= n; i++) print "change", record, id
        }
        part == "frame" && id != "" && / in [0-9]/ { print "frame -", id }
        part == "load" && record != "" && / in [0-9n]/ && !/^=/ {
            n = gsub(/C<< /, "")
            for (i = 0; i < (n ? n : 1); i++) print "load", record, id
        }' "$1" | sort
}

"$docs/rules-page" "$src/docs/xl-context-rules.pod.in" >"$work/page.pod"
"$docs/rules-page" --rows | sed 's/ [^ ]*$//' | sort >"$work/rows"
on_page "$work/page.pod" >"$work/page"
is "there are rows" "$(wc -l <"$work/rows" | awk '{ print ($1 > 200) }')" 1
ok "each row is on the page, and no other" diff "$work/rows" "$work/page"
awk 'gone || !/^Refused, ENXIO/ { print; next } { gone = 1 }' \
    "$work/page.pod" >"$work/less.pod"
on_page "$work/less.pod" >"$work/less"
not_ok "one that is lost would be noticed" cmp -s "$work/rows" "$work/less"
done_testing
