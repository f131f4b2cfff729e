#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What an image has beside its HVM state: judged for a target as a save file's
# is, never written where the target would not read it, and no cure is promised
# that does not mend it.
. "${srcdir:-.}/lib.sh"

good=$srcdir/../data/xen-4.17-hvm2.ctx
$XL_CONTEXT convert --xen=4.17 --target=4.9 --bare "$good" 9.img 2>/dev/null
$XL_CONTEXT convert --xen=4.17 --bare "$good" 17.img || exit 99

# with IMAGE RECORD: the image with RECORD, words for printf, after START.
with() {
    head -c 24 "$1"
    # shellcheck disable=SC2059 # it is a format
    printf "$2"
    head -c "$3" /dev/zero
    tail -c +25 "$1"
}
# tsc IMAGE MODE, an octal digit
tsc() {
    with "$1" "\003\0\0\0\0\0\0\0\030\0\0\0\0\0\0\0\00$2\0\0\0" 20
}

# -- the TSC modes ------------------------------------------------------------
tsc 9.img 3 >tsc3.img
tsc 9.img 2 >tsc2.img
tsc 17.img 3 >new3.img
gives "mode 3 of 4.9" 0 "" check tsc3.img
gives "for 4.11" 0 "" check --target=4.11 tsc3.img
run $XL_CONTEXT check --target=4.12 tsc3.img
is "not for 4.12" "$status" 4
says "by its id" out "[guest-tsc-mode]"
not_ok "nothing is said to mend it" grep -q 'context convert' out
gives "mode 2 for 4.12" 0 "" check --target=4.12 tsc2.img
run $XL_CONTEXT check new3.img
is "mode 3 of 4.17" "$status" 4
says "by its id" out "[tsc-info-mode]"
for to in image wrapped json; do
    gives "to 4.11, $to" 0 vmce-ext-assumed convert --target=4.11 --to=$to \
        tsc3.img o
    gives "not to 4.12, $to" 4 tsc-info-mode convert --target=4.12 --to=$to \
        tsc3.img o2
    gives "not with a loss either, $to" 4 tsc-info-mode convert \
        --target=4.12 --allow-loss --to=$to tsc3.img o2
    not_ok "nothing is written" test -e o2
    gives "forced, $to" 1 tsc-info-mode convert --target=4.12 --force \
        --to=$to tsc3.img o2
    rm -f o2
done
gives "what was made for 4.11" 0 "" check o
gives "a blob has no such record" 0 convert-left convert --target=4.12 \
    --to=hvm tsc3.img o

# -- cures --------------------------------------------------------------------
# SHARED_INFO, TSC_INFO, HVM_PARAMS and CPUID_POLICY of a wrong length
with 17.img '\002\0\0\0\0\0\0\0\144\0\0\0\0\0\0\0' 104 >shared.img
with 17.img '\003\0\0\0\0\0\0\0\020\0\0\0\0\0\0\0' 16 >tsc.img
with 17.img '\003\0\126\120\0\0\0\0\030\0\0\0\0\0\0\0\005' 23 >params.img
with 17.img '\005\0\126\120\0\0\0\0\035\0\0\0\0\0\0\0' 32 >cpuid.img
for image in shared tsc params cpuid; do
    for target in "" --target=4.17 --target=4.20; do
        # shellcheck disable=SC2086 # an option or none
        run $XL_CONTEXT check $target $image.img
        is "$image is faulty, $target" "$status" 4
        not_ok "no conversion is promised" grep -q 'context convert' out
    done
    for option in "" --allow-loss; do
        # shellcheck disable=SC2086 # an option or none
        run $XL_CONTEXT convert $option --target=4.17 $image.img o3
        is "$image is not converted, $option" "$status" 4
        not_ok "nothing is written" test -e o3
    done
done
# where one helps, it is still promised, and does
$XL_CONTEXT convert --xen=4.17 --target=4.22 "$good" 22.img 2>/dev/null
run $XL_CONTEXT check --target=4.17 22.img
says "what a conversion mends" out "convert --target=4.17 22.img NEW"
run $XL_CONTEXT convert --target=4.17 22.img NEW
ok "it does" test "$status" -lt 2
run $XL_CONTEXT check --target=4.17 NEW
ok "and loads" test "$status" -lt 2

done_testing
