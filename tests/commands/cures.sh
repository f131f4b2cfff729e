#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is wrong in several places is mended by what check says to type, typed
# as it stands, one line after the other: none begins again with the user's
# file and drops what the one before has done.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

od -An -v -tu1 "$srcdir/../data/xen-4.17-hvm2.ctx" >17.txt
awk -v n=2 -f "$srcdir/../tools/manyvcpus.awk" 17.txt >two.17
for n in 24 64; do
    awk -v n=$n -f "$srcdir/../tools/manyvcpus.awk" 17.txt >many.$n
done
mv many.24 many.17
for kind in two many; do
    $XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.22 $kind.17 $kind.22
done

# altered FILE OF ASSIGNMENT...: another context with other values in FILE.
altered() {
    altered_file=$1 altered_of=$2
    shift 2
    rm -f "$altered_file"
    run $XL_CONTEXT edit --force "$@" "$altered_of" "$altered_file"
}

# an editor that gives each field what a processor can have there
cat >ed <<'EOS'
#!/bin/sh
sed -i -e 's/\("apic_base_msr": \).*/\1"0xfee00900",/' \
    -e 's/\("msr_efer": \).*/\1"0x500",/' \
    -e 's/\("caps": \).*/\1"0x2",/' \
    -e 's/\("dr7": "0x\)[0-9a-f]*\([0-9a-f]\{8\}"\)/\100000000\2/' "$1"
EOS
chmod +x ed
EDITOR=$work/ed
export EDITOR

# from_text, from_json: the commands that it has, in the file typed.
from_text() {
    sed -n -e 's/    ([^()]*)$//' -e 's/^ *what to type: //p' \
        -e 's/^  and then: //p' out >typed
}
from_json() {
    sed -n '/"commands": \[/,/\]/p' out |
        sed -n 's/^ *"\(xl-context .*\)",*$/\1/p' >typed
}

# type_all: what is in the file typed, line by line; a look ends a round.
type_all() {
    rm -f NEW
    while read -r type_line; do
        case $type_line in "xl-context check "*) continue ;; esac
        run sh -c "$(echo "$type_line" |
            sed "s|xl-context|$XL_CONTEXT|g")" </dev/null
        ok "  $type_line" test "$status" -le 1 # what is left is a warning
    done <typed
}

# cured WHAT TARGET FILE EDITS: the edits that it takes; typed in rounds of
# what check says, NEW loads on the target; text and JSON say the same.
cured() {
    cured_file=$3 cured_n=0
    rm -f next.*
    run $XL_CONTEXT check --target=$2 "$3"
    ok "$1 for $2: is refused" test "$status" -ge 3
    while [ $cured_n -lt 4 ] && [ "$status" -ge 3 ]; do
        from_text
        cp typed text
        run $XL_CONTEXT check --target=$2 --json "$cured_file"
        from_json
        is "$1 for $2: a program is told the same" "$(cat typed)" \
            "$(cat text)"
        [ $cured_n -gt 0 ] ||
            is "$1 for $2: edits" "$(grep -c 'edit ' typed)" "$4"
        type_all
        cured_n=$((cured_n + 1)) cured_file=next.$cured_n
        mv -f NEW $cured_file 2>/dev/null
        run $XL_CONTEXT check --target=$2 $cured_file
    done
    ok "$1 for $2: loads then" test "$status" -le 1
}

wide=--set=CPU/0.dr7=0x100000400
caps=--set=VMCE_VCPU/1.caps=0x10000000002
speaker=--set=PIT/0.pad0=5
base=--set=LAPIC/1.apic_base_msr=0xfee00400
altered values.ctx two.17 $wide $caps $speaker
# own N BEFORE BEHIND: of N vCPUs each a value of its own: its number between
# the two, from 1 on
own() {
    seq 0 $(($1 - 1)) | while read -r own_n; do
        printf -- "$2%x$3 " $own_n $((own_n + 1))
    done
}
dr7s='--set=CPU/%d.dr7=0x' capss='--set=VMCE_VCPU/%d.caps=0x'
altered own.ctx two.17 $(own 2 $dr7s 00000400) $(own 2 $capss 0000000002)
altered owns.ctx two.17 $base $(own 2 $dr7s 00000400)
altered line.ctx many.17 $(own 24 $dr7s 00000400) \
    $(own 24 $capss 0000000002)
altered editor.ctx many.64 $base $(own 64 $dr7s 00000400)
altered both.ctx two.17 $wide $base $caps
altered alike.ctx two.17 $wide --set=CPU/1.dr7=0x100000400 $caps
altered long.ctx two.22 $caps
altered longer.ctx many.22 --set=VMCE_VCPU/11.caps=0x10000000002 \
    --set=CPU/20.dr7=0x100000400 --set=LAPIC/5.apic_base_msr=0xfee00400
for to in 4.18.0 4.20.0; do
    cured "values of three records" $to values.ctx 1
    cured "two records for an editor" $to editor.ctx 1
    cured "values of each vCPU's own" $to own.ctx 1
    cured "such values, and a record for an editor" $to owns.ctx 2
    cured "more such values than a line has room for" $to line.ctx 2
    cured "values, and a record for an editor" $to both.ctx 2
    cured "a record of both vCPUs" $to alike.ctx 1
done
for to in 4.17.7 4.18.0; do
    cured "a value, and a conversion" $to long.ctx 1
done
cured "many vCPUs, and a conversion" 4.18.0 longer.ctx 1
$MKSAVE -x 4.17 -c both.ctx both.save
$MKSAVE -x 4.22 -c long.ctx long.save
$MKSAVE -x 4.22 -k 2 -c long.ctx points.save
cured "a save file" 4.18.0 both.save 2
cured "a save file that fix converts" 4.17.7 long.save 1
cured "checkpoints beside it" 4.17.7 points.save 1

# what lacks its END, too, gets that with the first edit
for layer in xl libxl libxc; do
    $MKSAVE -l $layer -x 4.17 -c both.ctx whole.save
    for by in 1 8; do
        head -c -$by whole.save >ends.save
        cured "$layer without $by bytes of its END" 4.18.0 ends.save 2
        is "$layer without $by bytes: in one round" $cured_n 1
        is "$layer without $by bytes: as long as a whole one" \
            "$(wc -c <next.1)" "$(wc -c <whole.save)"
    done
done
head -c -8 both.save >ends.save
gives "it is damaged" 3 "" check --target=4.18.0 ends.save
says "by name" out "ends.save: Xen 4.18.0: damaged (3 errors"
says "what is missing" out "[source-cut-end]"
is "there is one way" "$(grep -c 'context[- ]fix' out)" 0
gives "for several it is no more" 3 "" check --target=4.18.0 \
    --target=4.20.0 ends.save
is "with nothing to edit" "$(grep -c 'edit' out)" 0
cp ends.save ends.old
rm -f NEW
gives "a rehearsal" 1 source-end-missing -N edit \
    --set=CPU/0.dr7=0x400 ends.save NEW
not_ok "writes nothing" test -e NEW
cp ends.save place.save
run $XL_CONTEXT edit --force --set=CPU/0.dr7=0x400 place.save
run $XL_CONTEXT show --field=dr7 place.save
is "in its place: what is set" "$(grep -c 100000400 out)" 0
ok "in its place: it has its END" cmp -n 8 -i "$(($(wc -c <both.save) - 8))" \
    both.save place.save
ok "the file is as it was" cmp ends.save ends.old
head -c -9 both.save >rest.save
gives "what lacks more is not edited" 3 source-rest-cut \
    edit --set=CPU/0.dr7=0x400 rest.save NEW
not_ok "nothing is written" test -e NEW
head -c -8 long.save >ends.save
cured "a conversion, without END" 4.17.7 ends.save 1

# one alone stands where it was found
altered one.ctx two.17 $caps
run $XL_CONTEXT check --target=4.20.0 one.ctx
says "one edit stands at its finding" out \
    "    what to type: xl-context edit --set=VMCE_VCPU/1.caps=0x2 one.ctx NEW"
not_ok "with nothing behind it" grep -q "and then" out
# values of one field are in one command up to 1024 bytes of options
for n in 36 37; do
    altered bound.ctx many.64 $(own $n $capss 0000000002)
    run $XL_CONTEXT check --target=4.20.0 bound.ctx
    from_text
    is "$n values" "$(grep -o -e '--[rs]e[^ =]*=VMCE_VCPU' typed | sort |
        uniq -c | tr -s ' ')" " $([ $n = 36 ] && echo 36 --set ||
        echo 1 --record)=VMCE_VCPU"
done
# what one vCPU has is nothing for another
run $XL_CONTEXT check --target=4.20.0 own.ctx
from_text
is "each has its own value" "$(grep -o 'set=[^ ]*' typed | sort)" \
    "set=CPU/0.dr7=0x400
set=CPU/1.dr7=0x400
set=VMCE_VCPU/0.caps=0x2
set=VMCE_VCPU/1.caps=0x2"
altered apart.ctx two.17 --set=VMCE_VCPU/0.caps=0x10000000003 \
    --set=VMCE_VCPU/1.caps=0x20000000005
run $XL_CONTEXT check --target=4.20.0 apart.ctx
from_text
says "of each the rest is kept" typed \
    "--set=VMCE_VCPU/0.caps=0x3 --set=VMCE_VCPU/1.caps=0x5 apart.ctx NEW"
for verb in convert fix; do
    file=both.ctx
    [ $verb = convert ] || file=both.save
    rm -f x
    gives "$verb" 4 load-mce-caps $verb --target=4.18.0 $file x
    cp err out
    from_text
    is "$verb says the same two" "$(cut -d' ' -f2 typed | tr '\n' ' ')" \
        "edit edit "
    type_all
    run $XL_CONTEXT check --target=4.18.0 NEW
    ok "$verb: NEW loads" test "$status" -le 1
done
# a fold that has no room for the cure of each finding has all cures below
run $XL_CONTEXT check --target=4.18.0 longer.ctx
says "many vCPUs: the cure below" out "  what to type: xl-context edit --set="
ok "many vCPUs: on a screen" test "$(grep -c . out)" -le 20
done_testing
