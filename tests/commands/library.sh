#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The examples of libdomctx(3), compiled against the library and run.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
data=$srcdir/../data/xen-4.17-hvm2.ctx

# what show prints of it
$XL_CONTEXT show --field=rip "$data" 2>/dev/null |
    awk '{ sub(/.*\//, "", $1); print "vCPU " $1 ": " $3 }' >wanted
ok "there are two vCPUs to look at" test "$(wc -l <wanted)" -eq 2
$XL_CONTEXT convert --to=wrapped "$data" w.ctx 2>/dev/null
$XL_CONTEXT convert --to=json "$data" j.json 2>/dev/null
"$MKSAVE" -c "$data" s.save || exit 99
for file in "$data" w.ctx j.json s.save; do
    run "$TOP_BUILD/tests/commands/rip" "$file"
    judge "rip.c reads ${file##*/}" 0
    ok "and prints what show does" cmp out wanted
done
run "$TOP_BUILD/tests/commands/rip" /dev/null
judge "rip.c says what is wrong" 1 kind-empty
run "$TOP_BUILD/tests/commands/rip" nosuch
judge "and of what is not there" 1 file-open

run "$TOP_BUILD/tests/commands/set" w.ctx CPU/1.rip=0x1234 CPU/0.cr4+=UMIP
judge "set.c changes fields" 0
cp out new.ctx
gives "diff sees them" 1 "" diff w.ctx new.ctx
is "those, and the digest" "$(grep -c '^CPU/' out)" 2
says "one by its value" out "0x0000000000001234"
says "and one by its bit" out "UMIP"
run "$TOP_BUILD/tests/commands/set" w.ctx CPU/1.ripp=1
is "a misspelt one changes nothing" "$status" 1
says "and is named" err "ripp"
is "nothing is written" "$(wc -c <out)" 0

# -- check and convert ----------------------------------------------------
# what the command says of a file for a release, without what is behind it
said() {
    # shellcheck disable=SC2086 # the program is words
    $XL_CONTEXT check --target="$2" "$1" 2>/dev/null |
        sed -n '1s/.*: Xen [0-9.]*: //; 1s/ (.*//; 1p'
}
run "$TOP_BUILD/tests/commands/judge" s.save 4.20
judge "judge.c judges a save file" 0
is "as the command does" "$(head -n 1 out)" "$(said s.save 4.20)"
says "which is" out loads
run "$TOP_BUILD/tests/commands/judge" s.save 4.4
judge "and for a release that reads no such stream" 1
is "as the command does, too" "$(head -n 1 out)" "$(said s.save 4.4)"
says "with the reason" out "[container-"
run "$TOP_BUILD/tests/commands/judge" s.save 4.44
is "a release that never was is refused" "$status" 1
says "by its id" out "[release-"

for file in "$data" w.ctx j.json s.save; do
    run "$TOP_BUILD/tests/commands/convert" "$file" 4.20
    judge_bad=$status
    cp out new.ctx
    ok "convert.c takes ${file##*/}" test "$judge_bad" -eq 0
    gives "which Xen 4.20 loads" 0 "" check --target=4.20 new.ctx
    $XL_CONTEXT convert --target=4.20 --bare "$file" a.ctx 2>/dev/null
    $XL_CONTEXT convert --bare new.ctx b.ctx 2>/dev/null
    ok "and which is what the command makes" cmp a.ctx b.ctx
done
# -- fix ------------------------------------------------------------------
for target in 4.17 4.20; do
    run "$TOP_BUILD/tests/commands/fix" s.save $target n$target.save
    is "fix.c makes a save file for $target" "$status" 0
    gives "which loads there" 0 "" check --target=$target n$target.save
    $XL_CONTEXT convert --target=$target --into=s.save s.save c$target.save \
        2>/dev/null
    ok "and is what the command makes" cmp n$target.save c$target.save
done
run "$TOP_BUILD/tests/commands/fix" s.save 4.4 n4.4.save
is "where the container cannot be read it fails" "$status" 1
not_ok "and leaves no file" test -e n4.4.save
run "$TOP_BUILD/tests/commands/fix" w.ctx 4.20 nw.save
is "no save file is none to fix" "$status" 1

run "$TOP_BUILD/tests/commands/convert" s.save 3.1
is "what cannot be converted is not written" "$(wc -c <out)" 0
is "and the program fails" "$status" 1
done_testing
