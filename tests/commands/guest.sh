#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a save file says beside its context, as JSON and side by side: what
# show prints of it is in both.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

data=$srcdir/../data
context=$data/xen-4.17-hvm2.ctx
none=ffffffff

# leaves ECX-OF-LEAF-1
leaves() {
    echo "0 $none d 68747541 444d4163 69746e65"
    echo "1 $none 800f12 10800 $1 178bfbff"
    echo "7 0 0 208c01a9 0 0"
}

# config MEMBERS-OF-B_INFO [DISK]: libxl's JSON, a line for each
config() {
    printf '{\n"c_info": {\n"type": "hvm",\n"name": "%s"\n},\n' "${name:-web}"
    printf '"b_info": {%s},\n"disks": "%s"\n}\n' "$1" "${2:-xvda}"
}
policy=
leaves f6f83203 >cpu.txt
leaves f2f83203 >noxsave.txt
config '"max_vcpus": 2' >web.json

# save FILE [OPTION]...: with policy, MSRs, parameters and a context.
save() {
    save_to=$1
    shift
    $MKSAVE -c "$context" -j web.json -p "${policy:-cpu.txt}" -s ce=80000000 \
        -s 10a=8000003 -a 0=100000000001802 -a 9=1 "$@" "$save_to"
}
save a.save

# -- JSON ----------------------------------------------------------------
gives "a save file as JSON" 0 "" show --json a.save
cp out a.json
says "has its schema" out '"schema": "xl-context-guest-1"'
says "a feature of the CPUID policy" out '"xsave"'
says "a subleaf" out '"subleaf": "0x0"'
says "an MSR" out '"name": "PLATFORM_INFO"'
says "a feature in an MSR" out '"rdcl_no"'
says "a parameter" out '"name": "VIRIDIAN"'
says "the callback in words" out '"text": "PCI device 3, INTC"'
says "the vCPUs" out '"max_vcpus": "2"'
says "the name" out '"name": "web"'
says "TSC information" out '"tsc_info"'
gives "which is read as the context alone" 0 "" diff a.json "$context"
gives "of a bare blob" 0 "" show --json "$context"
not_ok "there is nothing beside" grep -q '"guest"' out
gives "of records" 0 "" show --json --record=CPU a.save
not_ok "there is nothing beside" grep -q '"guest"' out
sed 's/"schema": "xl-context-guest-1"/"x": [{"records": [1, {}]}], &/' \
    a.json >odd.json
gives "members that look like others" 0 "" diff odd.json "$context"
sed 's/"guest": {/"guest": 1, "x": {/' a.json >odd.json
gives "no object" 3 json-type show odd.json
gives "(an image as JSON)" 0 "" convert --to=json a.save i.json
sed 's/"records"/"guest": {}, "records"/' i.json >odd.json
gives "an image has none" 3 json-member-unknown show odd.json
$MKSAVE -v 2 old.save
gives "a stream without a policy" 0 "" show --json old.save
not_ok "has none" grep -q cpuid_policy out

# -- side by side --------------------------------------------------------
# one WHAT LINE OPTION...: the second file differs in just this.
one() {
    one_what=$1 one_line=$2
    shift 2
    save b.save "$@"
    policy=
    gives "$one_what" 1 "" diff a.save b.save
    ok "$one_what: the line" grep -qxF -- "$one_line" out
    ok "$one_what: no other" grep -qx "1 difference" out
    run $XL_CONTEXT diff b.save a.save
    ok "$one_what: the other way round" grep -qx "1 difference" out
    run $XL_CONTEXT diff --json a.save b.save
    is "$one_what: as JSON" "$(grep -c '"note": false' out)" 1
    run $XL_CONTEXT diff --ignore="${one_line%%/0 *}" a.save b.save
    is "$one_what: ignored as a record" "$status" 0
    one_field=${one_line#* }
    run $XL_CONTEXT diff a.save b.save \
        --ignore="${one_line%%/0 *}.${one_field%%: *}"
    is "$one_what: ignored as a field" "$status" 0
}
save b.save
gives "alike" 0 "" diff a.save b.save
is "no record has a row" "$(grep -c HVM_PARAMS out)" 0
gives "the summary of both" 0 "" diff --summary a.save b.save
says "the parts are in the summary" out "HVM_PARAMS "
policy=noxsave.txt
one "a bit of the CPUID policy" \
    "CPUID_POLICY/0 0x00000001.ecx: 0xf6f83203 (xsave) -> 0xf2f83203"
leaves f6f83203 | sed 's/208c01a9/208c01ab/' >adjust.txt
policy=adjust.txt
one "a bit of a subleaf" "CPUID_POLICY/0 0x00000007:0.ebx: $(
    )0x208c01a9 -> 0x208c01ab (tsc_adjust)"
{ leaves f6f83203; echo "80000001 $none 0 0 0 100000"; } >nx.txt
policy=nx.txt
one "a leaf that one lacks" \
    "CPUID_POLICY/0 0x80000001.edx: only in B: 0x100000 (nx)"
one "an MSR that one lacks" \
    "MSR_POLICY/0 SPEC_CTRL: only in B: 0x1" -s 48=1
one "a parameter" "HVM_PARAMS/0 IDENT_PT: only in B: 0xfeffc000" \
    -a c=feffc000
config '"max_vcpus": 4' >four.json
one "a line of the configuration" "CONFIG/0 max_vcpus: '2' -> '4'" \
    -j four.json
config '"max_vcpus": 2, "nested_hvm": "True"' >nested.json
one "one that is new" "CONFIG/0 nested_hvm: only in B: 'yes'" -j nested.json
name=db config '"max_vcpus": 2' >db.json
one "the name" "CONFIG/0 name: 'web' -> 'db'" -j db.json
one "the device model" "CONFIG/0 emulator: 'QEMU' -> 'qemu-traditional'" -E 1

config '"max_vcpus": 2' xvdb >disk.json
save b.save -j disk.json
gives "a disk" 0 "" diff a.save b.save
says "is a note with its line" out "note: CONFIG/0 text: '\"disks\": \"xvda\"'"
{ leaves f6f83203; echo "15 $none 0 0 0 0"; } >zeros.txt
policy=zeros.txt save b.save
policy=
gives "a leaf of zeros" 0 "" diff a.save b.save
says "is a note" out "note: CPUID_POLICY/0 0x00000015.eax: only in B: 0x0"
$MKSAVE -v 2 -x 4.13 -c "$context" -j web.json old.save
run $XL_CONTEXT diff a.save old.save
says "a policy that one lacks is one line" out \
    "CPUID_POLICY/0: only in A, 72 bytes"
is "and no other" "$(grep -c '^CPUID_POLICY/' out)" 1
gives "a save file and a blob" 0 "" diff a.save "$context"
not_ok "have only the context to compare" grep -q HVM_PARAMS out
gives "an unknown parameter" 2 diff-ignore \
    diff --ignore=HVM_PARAMS.NONE a.save b.save
name=$(printf 'w\\u001b[2Jb') config '"max_vcpus": 2' >evil.json
save b.save -j evil.json
run $XL_CONTEXT diff a.save b.save
is "a name does nothing to the terminal" "$(tr -cd '\033' <out | wc -c)" 0

# -- as the schemas say --------------------------------------------------
. "$srcdir/../tools/schema.sh"
# valid SCHEMA FILE [MEMBER]
valid() {
    schema=$srcdir/../../docs/$1.schema.json document=$2
    if [ $# = 3 ]; then
        "$python" -c 'import json, sys
json.dump(json.load(open(sys.argv[1]))[sys.argv[2]], sys.stdout)' \
            "$2" "$3" >member.json || return
        document=member.json
    fi
    validate_by "$schema" "$document"
}
if [ -n "$python" ]; then
    ok "what show writes" valid xl-context-guest-1 a.json guest
    sed 's/"features"/"feature"/' a.json >odd.json
    not_ok "and not with another member" \
        valid xl-context-guest-1 odd.json guest 2>/dev/null
    $XL_CONTEXT diff --json a.save b.save >d.json 2>/dev/null
    ok "what diff writes" valid xl-context-diff-2 d.json
    $XL_CONTEXT diff --json a.save old.save >d.json 2>/dev/null
    ok "of a part that one lacks" valid xl-context-diff-2 d.json
else
    skip "as the schemas say" "no python3-jsonschema here"
fi
done_testing
