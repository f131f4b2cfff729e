#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What an error says to type is the user's own file and call, and it works.
# lint-mends.sh wants one, or a reason, for every error.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

# types WHAT FILE STREAM: the command that STREAM has for FILE, put in.
types() {
    types_words=$(sed -n 's/^ *what to type: xl-context //p' "$3" | head -n 1)
    ok "$1: is the file's own" sh -c 'case " $1 " in *" $2 "*) ;;
        *) exit 1 ;; esac' - "$types_words" "$2"
    rm -f NEW NEW.json
    run $XL_CONTEXT $types_words
    ok "$1: makes something" test -e NEW -o -e NEW.json
}

{ start 4 17; tsc_info; tsc_info; end; } >twice.img
for verb in show check "convert --to=json"; do
    set -- twice.img
    case $verb in convert*) set -- "$1" x ;; esac
    run $XL_CONTEXT $verb "$@"
    is "$verb of one that is there twice" "$status" 3
    case $verb in check) stream=out ;; *) stream=err ;; esac
    types "$verb" twice.img $stream
    gives "$verb: what it makes is sound" 0 "" show NEW
done
blob 9 13 >small.hvm
gives "(an image)" 0 "" convert --xen=4.17 --bare small.hvm a.img
gives "(a wrapped one)" 0 "" convert --xen=4.17 --bare --to=wrapped \
    small.hvm b.img
size=$(wc -c <b.img)
{ head -c $((size - 16)) b.img; tail -c +25 a.img; } >both.img
gives "both forms" 3 image-both-forms show both.img
cp err told
types "both forms" both.img told
gives "what it makes is sound" 0 "" show --list NEW
says "and has one of them" out "wrapped"
blob 9 9 >twice.hvm
gives "a record of a blob that is there twice" 4 hvm-duplicate \
    convert --xen=4.17 twice.hvm x
cp err told
types "a blob" twice.hvm told
ok "is a text to edit" grep -q PCI_LINK NEW.json
status=0
head -c 40 small.hvm | $XL_CONTEXT show - >out 2>err || status=$?
judge "a pipe" 3 hvm-truncated
says "is named as one" err "show --damaged -'"
gives "what the system refuses" 2 file-open show nowhere
is "has one line" "$(grep -c . err)" 1

# -- what check says mends it is the whole command, and it does ---------------
# guest [OPTION]...: the captured context, changed (see manyvcpus.awk).
od -An -v -tu1 "$srcdir/../data/xen-4.17-hvm2.ctx" >17.txt
guest() { awk -v n=2 "$@" -f "$srcdir/../tools/manyvcpus.awk" 17.txt; }

# mended WHAT TARGET FILE WORDS: check has the words; the commands that it
# says, typed one after the other, bring a file that the target loads.
mended() {
    run $XL_CONTEXT check --target=$2 "$3"
    is "$1 for $2: is refused" "$status" 4
    says "$1 for $2: what to type" out "what to type: xl-context $4"
    mended_file=$3 mended_n=0
    while [ $mended_n -lt 3 ] && [ "$status" -eq 4 ]; do
        mended_words=$(sed -n 's/^ *what to type: xl-context //p' out |
            sed 's/    ([^()]*)$//; s/ NEW$//' | head -n 1)
        mended_n=$((mended_n + 1))
        rm -f mended.$mended_n
        # shellcheck disable=SC2086 # the command is words
        run $XL_CONTEXT $mended_words mended.$mended_n
        mended_file=mended.$mended_n
        run $XL_CONTEXT check --target=$2 "$mended_file"
    done
    ok "$1 for $2: loads then" test "$status" -le 1
}
: "${MKSAVE:?}"
guest -v msr="72 1024" >spec.ctx
guest -v msr="3489 1" >msr.ctx
# VMCE_VCPU caps with a bit of nobody; a synthetic timer with a count of 0
guest -v set="18 1 5 1" >caps.ctx
guest -v set="17 0 24 3 17 0 26 3 17 0 32 0" >timer.ctx
for kind in spec msr caps timer; do
    $MKSAVE -x 4.17 -c $kind.ctx $kind.save
done
for to in 4.14.6 4.16.5 4.17.3 4.18.1; do
    mended "bits that are unknown" $to spec.ctx "convert --allow-loss"
    says "says what it costs" out ": loads"
    mended "bits that are unknown, in a save file" $to spec.save \
        "fix --allow-loss --target=$to spec.save NEW"
done
for to in 4.5.0 4.9.0 4.14.6 4.17.7 4.22.0; do
    mended "an MSR that is unknown" $to msr.ctx \
        "convert --allow-loss --target=$to msr.ctx NEW"
done
$XL_CONTEXT convert --force --allow-loss --xen=4.17 --target=4.13 --to=hvm \
    caps.ctx caps-4.13.ctx 2>/dev/null
$MKSAVE -v 2 -x 4.13 -c caps-4.13.ctx caps-4.13.save
for file in 4.5.0:caps.ctx 4.9.0:caps.ctx 4.6.6:caps-4.13.save \
    4.9.0:caps-4.13.save; do
    to=${file%:*} file=${file#*:}
    mended "what a conversion does not mend, in $file," $to $file \
        "edit --set=VMCE_VCPU/1.caps=0x2 $file NEW"
    run $XL_CONTEXT check --target=$to $file
    says "is named, though its length is told first" out \
        "in its way: VMCE_VCPU of vCPU 1: a capability that no guest has"
    says "what comes then" out "  and then: xl-context check --target=$to"
    run $XL_CONTEXT check --json --target=$to $file
    says "for a program, too" out \
        "\"xl-context edit --set=VMCE_VCPU/1.caps=0x2 $file NEW\","
done
$MKSAVE -v 2 -x 4.13 -k 2 -c caps-4.13.ctx points.save
for to in 4.6.6 4.9.0; do
    mended "checkpoints beside it" $to points.save \
        "edit --set=VMCE_VCPU/1.caps=0x2 points.save NEW"
done
for to in 4.14.6 4.17.7 4.20.0; do
    mended "capabilities of nobody" $to caps.ctx \
        "edit --set=VMCE_VCPU/1.caps=0x2 caps.ctx NEW"
    mended "an MSR that is unknown, in a save file" $to msr.save \
        "fix --allow-loss --target=$to msr.save NEW"
    mended "capabilities of nobody, in a save file" $to caps.save \
        "edit --set=VMCE_VCPU/1.caps=0x2 caps.save NEW"
done
# -- a limit is no value to set -----------------------------------------------
# altered FILE ASSIGNMENT...: the captured context with other values in FILE.
altered() {
    altered_file=$1
    shift
    rm -f "$altered_file"
    run $XL_CONTEXT edit --force "$@" "$srcdir/../data/xen-4.17-hvm2.ctx" \
        "$altered_file"
}
# register FIELD TARGET: only the upper half goes.
register() {
    altered wide.ctx --set=CPU/1.$1=0x100000405
    mended "the upper half of $1" $2 wide.ctx \
        "edit --set=CPU/1.$1=0x405 wide.ctx NEW"
    gives "(what is left)" 0 "" show --record=CPU/1 --field=$1 $mended_file
    says "$1 for $2: the guest's own value is left" out \
        "$1 0x0000000000000405"
}
for to in 4.14.6 4.17.7 4.22.0; do
    register msr_tsc_aux $to
done
for to in 4.18.0 4.19.6 4.22.0; do
    register dr6 $to
    register dr7 $to
done
# limited RECORD.FIELD MOST: who decides which value is the user.
limited() {
    altered over.ctx --set=$1=$(($2 + 1))
    run $XL_CONTEXT check --target=4.19.6 over.ctx
    is "$1 of $(($2 + 1)): is refused" "$status" 4
    says "$1: up to what" out "expected at most $(printf 0x%x $2), at"
    says "$1: the record is to be edited" out \
        "what to type: xl-context edit --record=${1%%.*} over.ctx NEW"
}
limited PCI_LINK/0.route[1] 15
limited PIC/1.int_output 1
limited PIT/0.channels[2].rw_mode 3
limited PIT/0.speaker_data_on 1

# -- what stops one vendor's host, in a guest that only its own loads ---------
for to in 4.14.6 4.17.7; do
    altered own.ctx --set=VMCE_VCPU/0.caps=0x1000c02 \
        --set=CPU/0.dr7=0x100000400
    mended "DR7 of a guest of Intel" $to own.ctx \
        "edit --set=CPU/0.dr7=0x400 own.ctx NEW"
    altered either.ctx --set=CPU/0.dr7=0x100000400
    run $XL_CONTEXT check --target=$to either.ctx
    is "DR7 of another guest, for $to: is a warning" "$status" 1
    says "by its id" out "[live-crash-dr7]"
    says "and what loads it is named" out \
        "loads, if the host has: AuthenticAMD"
done

# -- what a processor does not enter the guest with: the one vendor's or any --
# entry.ctx: the guest with this field, which "edit" does not write.
entered() {
    rm -f entry.ctx
    $XL_CONTEXT convert --to=json \
        "${3:-$srcdir/../data/xen-4.17-hvm2.ctx}" - 2>/dev/null |
        sed "s/\"$1\": [^,]*/\"$1\": \"$2\"/" |
        $XL_CONTEXT convert --force --to=hvm - entry.ctx 2>/dev/null
}
altered intel.ctx --set=VMCE_VCPU/0.caps=0x1000c02
while read -r field value id; do
    entered "$field" "$value" intel.ctx
    run $XL_CONTEXT check --target=4.17 entry.ctx
    is "$field in a guest of Intel: crashes it" "$status" 4
    says "$field: by its id" out "[$id]"
    says "$field: what to edit" out "what to type: xl-context edit "
    entered "$field" "$value"
    run $XL_CONTEXT check --target=4.17 entry.ctx
    is "$field in another guest: is a warning" "$status" 1
done <<ROWS
rip 0x1234567812345678 live-crash-rip
rflags 0x8000000000000246 live-crash-rflags
sysenter_eip 0x8000000000000000 live-crash-sysenter
tr_arbytes 0x0 live-crash-segment
gdtr_base 0x8000000000000000 live-crash-segment
ROWS
entered cr4 0x6d0
run $XL_CONTEXT check --target=4.17 entry.ctx
is "long mode without PAE crashes on any" "$status" 4
says "by its id" out "[live-crash-control-registers]"

# -- a series of which some points crash, and others load it ------------------
altered some.ctx --set=CPU/0.dr7=0x100000400 \
    --set='VIRIDIAN_VCPU/0.stimer_config_msr[0]=0x30003'
run $XL_CONTEXT check --target=4.19.6 some.ctx
says "points beside those that crash are named" out \
    "it loads as it is on Xen 4.17.7, if the host has: AuthenticAMD"
run $XL_CONTEXT check --json --target=4.17 some.ctx
tr -d ' \n' <out >one
says "a program is told what these need" one \
    '"verdict":"crashesthehost","needs":["AuthenticAMD",'

run $XL_CONTEXT check --target=4.14.6 msr.save
says "a loss is told" out "    it leaves out: CPU_MSR of both vCPUs: "

# -- the same for a program ---------------------------------------------------
. "$srcdir/../tools/schema.sh"
schema=$srcdir/../../docs/xl-context-check-1.schema.json
# cure WHAT WORDS ARGUMENTS...: check --json has the words in its cure, and in
# the text; with =lines, too, and as its schema says.
cure() {
    cure_what=$1 cure_words=$2
    shift 2
    run $XL_CONTEXT check --json "$@"
    tr -d '\n' <out | sed 's/  */ /g' >one
    says "$cure_what: in JSON" one "$cure_words"
    if [ -n "$python" ]; then
        sed '1d;$d' out >object
        ok "$cure_what: as the schema says" validate_by "$schema" object
    fi
    run $XL_CONTEXT check --json=lines "$@"
    is "$cure_what: a line" "$(grep -c '"schema": "xl-context-check-1"' out)" 1
    cure_command=$(printf %s "$cure_words" |
        sed -n 's/.*"commands": \[ "\([^"]*\)".*/\1/p')
    run $XL_CONTEXT check "$@"
    says "$cure_what: the text has it" out "$cure_command"
}
run $XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.21 \
    "$srcdir/../data/xen-4.17-hvm2.ctx" long.ctx
$MKSAVE -x 4.22 -c long.ctx long.save
cure "a cure for nothing" '"cure": { "commands": [ "xl-context fix --target=4.17 long.save NEW" ], "tools": [], "loses": [] }' \
    --target=4.17 long.save
cure "one that costs something" '"commands": [ "xl-context fix --allow-loss --target=4.17.7 msr.save NEW" ], "tools": [], "loses": [ { "id": ' \
    --target=4.17.7 msr.save
cure "one by hand" '"commands": [ "xl-context edit --set=VMCE_VCPU/1.caps=0x2 caps.ctx NEW"' \
    --target=4.17.7 caps.ctx
cure "none" '"in_its_way": [ { "id": "load-mce-caps"' --target=4.5.0 caps.ctx
if command -v bzip2 >/dev/null; then
    bzip2 -c <long.save >packed
    cure "another program" '"commands": [ "bzip2 -dc packed | xl-context check -" ], "tools": [ "bzip2" ]' packed
else
    skip "another program" "no bzip2 here"
fi
run $XL_CONTEXT check --json --target=4.22 long.save
not_ok "a file that loads has none" grep -q '"cure"' out
cp long.save "a long.save"
run $XL_CONTEXT check --target=4.17 "a long.save"
says "a name with a blank is one word" out \
    'xl-context fix --target=4.17 "a long.save" NEW'
rm -f new.save
run $XL_CONTEXT fix --target=4.5.0 long.save new.save
not_ok "no target that is not to be had" grep -q 'container=xl --target=4.5.0' \
    err

# -- the command has what was typed with it -----------------------------------
# typed WHAT TARGET WORDS STREAM: what STREAM says to type has the words, and
# typed in a shell it makes what the target loads.
typed() {
    says "$1: has what was typed" "$4" "$3"
    rm -f NEW
    typed_line=$(sed -n 's/^ *what to type: //p' "$4" | head -n 1 |
        sed "s|xl-context|$XL_CONTEXT|g; s/    ([^()]*)$//")
    run sh -c "$typed_line" </dev/null
    is "$1: is done" "$status" 0
    run $XL_CONTEXT check --target="$2" NEW
    ok "$1: loads" test "$status" -le 1
}
tar cf long.tar long.save
$MKSAVE -x 4.17 -c spec.ctx lossy.save
{ echo; cat long.save; } >shifted
tar cf lossy.tar lossy.save
run $XL_CONTEXT fix --target=4.17 long.tar NEW
typed "fix of an archive" 4.17 "| xl-context fix --target=4.17 - NEW" err
rm -f NEW
run $XL_CONTEXT fix --target=4.17 shifted NEW
typed "fix of a shifted file" 4.17 "| xl-context fix --target=4.17 - NEW" err
rm -f NEW
run $XL_CONTEXT fix --allow-loss --target=4.17.3 lossy.tar NEW
typed "fix with a loss" 4.17.3 \
    "| xl-context fix --target=4.17.3 --allow-loss - NEW" err
rm -f NEW
run $XL_CONTEXT fix long.tar NEW
rm -f NEW
says "nothing that was not" err "| xl-context fix - NEW"
run $XL_CONTEXT check --target=4.17 --target=4.18 --json long.tar
says "check has all its targets" out \
    "| xl-context check --target=4.17 --target=4.18 -\""
run $XL_CONTEXT convert --to=hvm --bare long.tar x
says "convert has its options" err "| xl-context convert --to=hvm --bare - NEW"
run $XL_CONTEXT show --record=CPU/1 long.tar
says "show has its" err "| xl-context show --record=CPU/1 -"
cp long.save 'a $long.save'
tar cf archive 'a $long.save'
$XL_CONTEXT convert --into=archive long.ctx NEW 2>err
says "a file of an option is the pipe" err "convert --into=- long.ctx NEW"

size=$(wc -c <long.save)
head -c $((size - 8)) long.save >endless.save
$MKSAVE -x 4.22 -k 2 -c long.ctx points.save
for file in endless.save points.save; do
    run $XL_CONTEXT check --target=4.17 $file
    not_ok "$file: no command is without its target" \
        grep "xl-context fix $file" out
    type_it out
    is "$file: is mended" "$status" 0
    run $XL_CONTEXT check --target=4.17 new
    ok "$file: for that target" test "$status" -le 1
    run $XL_CONTEXT check $file
    says "$file: has none where none was typed" out "'xl-context fix $file NEW'"
done

# what has to be edited has its options, by fix and convert as by check
for file in caps.ctx:convert caps.save:fix; do
    verb=${file#*:} file=${file%:*}
    gives "$verb of $file" 4 load-mce-caps $verb --target=4.17.7 $file x
    says "$verb of $file: what to type" err \
        "what to type: xl-context edit --set=VMCE_VCPU/1.caps=0x2 $file NEW"
done

# what the release takes from the guest is no loss of the conversion
cat >amd.pol <<'EOF'
0 ffffffff d 68747541 444d4163 69746e65
1 ffffffff 800f12 10800 f6f83203 178bfbff
7 0 2 208c01a9 0 0
7 1 0 0 0 0
7 2 0 0 0 8
d 0 7 0 340 0
d 1 1 0 0 0
80000000 ffffffff 80000021 68747541 444d4163 69746e65
80000001 ffffffff 800f12 0 171 2fd3fbff
80000008 ffffffff 3030 0 0 0
80000021 ffffffff 5 0 0 0
EOF
$MKSAVE -x 4.20 -p amd.pol -c long.ctx taken.save
run $XL_CONTEXT check --target=4.17.2 taken.save
says "the release takes features" out "[guest-features]"
says "which is said to be the release" out \
    "changed: it loads, but this does not come back as it was"
says "what to type says whose loss it is" out "fix --target=4.17.2 taken.save \
NEW    (it loses nothing; the release changes what is warned of)"

# a series of which some point releases refuse it
for to in 4.18 4.19 4.20; do
    run $XL_CONTEXT check --target=$to long.ctx
    is "$to loads it, but for some" "$status" 1
    says "$to: what to type" out "what to type for those that refuse it: \
xl-context convert --target=$to long.ctx NEW    (nothing is lost)"
    run $XL_CONTEXT convert --target=$to long.ctx new.img
    run $XL_CONTEXT check --target=$to new.img
    not_ok "$to: all of it loads that" grep -q "refuse" out
done

# -- more vCPUs than the configuration of the file gives ----------------------
# The context has to be converted, too: fix does that, and names what the
# configuration is to have; where nothing is converted, the old file is
# restored with one.
few() { # VCPUS CONTEXT
    printf '{"c_info": {"type": "hvm", "name": "old"}, "b_info": {%s}}' \
        "\"max_vcpus\": $1" >few.json
    $MKSAVE -x 4.22 -j few.json -c "$2" few.save
}
awk -v n=5 -f "$srcdir/../tools/manyvcpus.awk" 17.txt >five.17
$XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.22 five.17 five.ctx
for to in 4.14.6 4.17.7 4.19.0; do
    few 2 five.ctx
    run $XL_CONTEXT check --target=$to few.save
    says "few vCPUs for $to: what to type" out \
        "what to type: xl-context fix --target=$to few.save NEW"
    says "few vCPUs for $to: and then" out \
        "and then: xl restore CONFIG NEW    (with maxvcpus=5 in CONFIG)"
    rm -f NEW
    gives "few vCPUs: fix for $to" 0 fix-done fix --target=$to few.save NEW
    says "few vCPUs for $to: names the configuration" err \
        "xl restore CONFIG NEW, with maxvcpus=5 in CONFIG"
    run $XL_CONTEXT check --target=$to NEW
    is "few vCPUs for $to: nothing but that is left" \
        "$(sed -n 's/.*(\([0-9]*\) error.*/\1/p' out) $(grep -c \
            'error: .*load-vcpu-config' out)" "1 1"
    few 5 five.ctx
    rm -f NEW
    gives "enough vCPUs: fix for $to" 0 fix-done fix --target=$to few.save NEW
    not_ok "enough vCPUs for $to: no word of CONFIG" grep -q CONFIG err
    rm -f NEW
done
few 1 five.ctx
gives "nothing to convert" 4 load-vcpu-config fix --target=4.22 few.save NEW
says "the old file is restored" err "'xl restore CONFIG few.save'"
few 2 five.ctx
cure "few vCPUs" \
    '"commands": [ "xl-context fix --target=4.17.7 few.save NEW", "xl restore CONFIG NEW" ]' \
    --target=4.17.7 few.save

# -- nothing is to be typed in vain -------------------------------------------
# an Intel guest on AMD: its MCG_CAP could be edited, its policy is refused all
# the same from 4.22 on; before that the edit is all it takes
cat >intel.txt <<'EOF'
0 ffffffff d 756e6547 6c65746e 49656e69
1 ffffffff 306c3 0 fffa3203 178bfbff
7 0 0 209c01a9 0 0
d 0 7 340 340 0
d 1 1 0 0 0
80000000 ffffffff 80000008 0 0 0
80000001 ffffffff 0 0 121 2c100800
80000008 ffffffff 3027 0 0 0
EOF
guest -v set="18 -1 0 2 18 -1 1 12 18 -1 2 0 18 -1 3 1" >intel.17
$XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.22 intel.17 intel.22
for xen in 4.17 4.22; do
    $MKSAVE -x $xen -p intel.txt -c intel.${xen#4.} intel.save
    printf '{"schema": "xl-context-host-1", "xen_version": "%s.0", %s}\n' \
        $xen '"vendor": "AuthenticAMD"' >amd.json
    run $XL_CONTEXT check --target=amd.json intel.save
    says "$xen: what the host refuses is told" out "[load-mce-caps]"
    case $xen in
    4.17) says "an edit that helps" out "what to type: xl-context edit" ;;
    4.22)
        says "the other vendor" out "[guest-vendor]"
        not_ok "no edit in vain" grep -q "xl-context edit" out
        run $XL_CONTEXT check --json --target=amd.json intel.save
        not_ok "nor in JSON" grep -q "xl-context edit" out
        run $XL_CONTEXT fix --target=amd.json intel.save NEW
        judge "nor by fix" 4 guest-vendor
        not_ok "which tells no edit" grep -q "xl-context edit" err
        ;;
    esac
done
# what a program is to type is no question
cp "$srcdir/../data/xen-4.17-hvm2.ctx" 17.ctx
for from in 4.14 4.17 4.20; do
    printf '%s\n' "0 ffffffff d 68747541 444d4163 69746e65" \
        "1 ffffffff 0 0 0 78bfbff" "7 0 0 0 0 0" >lacking.txt
    $MKSAVE -x $from -p lacking.txt -c 17.ctx lacking.save
    run $XL_CONTEXT check --json --target=$from lacking.save
    says "the policy of $from lacks what is used" out '"id": "load-policy"'
    not_ok "a question is no cure for $from" grep -q '"xl-context check' out
done
done_testing
