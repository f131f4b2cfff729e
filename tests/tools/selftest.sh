#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# ctxedit does what the other tests rely on.
set -u
tools=$(cd "${srcdir:-.}" && pwd)
. "$tools/tap.sh"
ctxedit=$(pwd)/ctxedit
ctxfuzz=$(pwd)/ctxfuzz
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

bytes() {   # octal escapes to a file
    printf "$1" >"$2"
}

# A blob: HEADER of 24 bytes, TSC_ADJUST/1 of 8, END.
bytes '\001\000\000\000\030\000\000\000' blob
head -c 24 /dev/zero >>blob
bytes '\023\000\001\000\010\000\000\000ABCDEFGH' part
cat part >>blob
bytes '\000\000\000\000\000\000\000\000' part
cat part >>blob

# An image: START 4.17, HVM HEADER, END, DIGEST (wrong on purpose).
bytes '\001\0\0\0\0\0\0\0\010\0\0\0\0\0\0\0\004\0\0\0\021\0\0\0' image
bytes '\001\0\126\110\0\0\0\0\030\0\0\0\0\0\0\0' part
cat part >>image
head -c 24 /dev/zero >>image
head -c 16 /dev/zero >>image
bytes '\002\0\114\130\0\0\0\0\020\0\0\0\0\0\0\0\001\0\0\0\0\0\0\0' part
cat part >>image
head -c 8 /dev/zero >>image

cat >failing <<'END'
. "$0"
tap_show() { echo "#   shown"; }
ok good true
ok bad false
END
is "a failure shows what the program did" \
    "$(sh -c "$(cat failing)" "$tools/tap.sh")" \
    "ok 1 - good
not ok 2 - bad
#   shown"
(await test -e asked && : >came) &
: >asked
ok "what another process does is waited for" await test -e came
wait

is "list of a blob" "$($ctxedit blob list | tr '\n' ';')" \
    "HEADER/0 24;TSC_ADJUST/1 8;HVM_END/0 0;"
is "list of an image" "$($ctxedit image list | tr '\n' ';')" \
    "START/0 8;HEADER/0 24;END/0 0;DIGEST/0 16;"
"$ctxedit" blob copy
ok "a blob is copied as it is" cmp blob copy
"$ctxedit" image copy keepdigest
ok "an image is copied as it is with keepdigest" cmp image copy
"$ctxedit" image copy
not_ok "the digest is made anew otherwise" cmp image copy
is "get by offset" "$($ctxedit blob get TSC_ADJUST/1 0:2)" 0x4241
is "get by name" "$($ctxedit blob get TSC_ADJUST/1 tsc_adjust)" \
    0x4847464544434241
"$ctxedit" blob copy put TSC_ADJUST/1 tsc_adjust 0x10 or TSC_ADJUST/1 0:1 0xf
is "put and or" "$($ctxedit copy get TSC_ADJUST/1 0:8)" 0x1f
is "cmp names the record" "$($ctxedit blob cmp copy)" TSC_ADJUST/1
"$ctxedit" blob copy add TSC_ADJUST/0 0011223344556677 drop HVM_END
is "add keeps the saver's order, drop drops" \
    "$($ctxedit copy list | tr '\n' ';')" \
    "HEADER/0 24;TSC_ADJUST/0 8;TSC_ADJUST/1 8;"
not_ok "an unknown record is refused" "$ctxedit" blob copy drop CPU/3
not_ok "a field past the end is refused" \
    "$ctxedit" blob copy put TSC_ADJUST/1 8:1 0
mkdir one two other
"$ctxfuzz" blob one 20 7 >one.txt
"$ctxfuzz" blob two 20 7 >two.txt
"$ctxfuzz" blob other 20 8 >other.txt
ok "the same seed makes the same files" diff -r one two
ok "and says the same of them" cmp one.txt two.txt
not_ok "another seed makes others" diff -rq one other
is "a line for each file" "$(wc -l <one.txt)" 20
changed=0
for file in one/*; do
    cmp -s blob "$file" || changed=$((changed + 1))
done
ok "most of them differ from the blob" test "$changed" -ge 15
done_testing
