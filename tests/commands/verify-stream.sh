#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Save files beside Xen's own verify-stream-v2: what it accepts wrongly, what
# it refuses wrongly, and what both say alike.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

verify=
for tools in /usr/lib/xen-*; do
    [ -x "$tools/bin/verify-stream-v2" ] &&
        [ -d "$tools/lib/python/xen/migration" ] && verify=$tools
done
[ -n "$verify" ] || skip_all "no verify-stream-v2 here (xen-utils-4.17)"
PYTHONPATH=$verify/lib/python
export PYTHONPATH
verify=$verify/bin/verify-stream-v2
# the modules may be of a release that this Python does not run
"$verify" --help >/dev/null 2>&1 || skip_all "verify-stream-v2 does not run"

blob 8 9 13 >a.hvm

# both WHAT FORMAT THEIRS OURS ID: a.save and what both make of it.
both() {
    theirs=0
    "$verify" -q -f "$2" -i a.save >verify.out 2>&1 || theirs=$?
    is "verify-stream-v2: $1" "$theirs" "$3"
    gives "xl-context: $1" "$4" "$5" convert --to=hvm a.save b.hvm
}

# -- what is sound, for both ------------------------------------------------
for options in -lxl -v2 "-v2 -x4.6" -llibxl -llibxc -t -m600 -e300000; do
    "$MKSAVE" -c a.hvm $options a.save
    case $options in -llib*) format=${options#-l} ;; *) format=xl ;; esac
    both "$options" $format 0 0 ""
done

# -- what --into writes -------------------------------------------------
for options in -lxl "-v2 -x4.6" -llibxl -llibxc; do
    "$MKSAVE" -c a.hvm $options a.save
    case $options in -llib*) format=${options#-l} ;; *) format=xl ;; esac
    # a context of 4.17, made one of 4.6
    id='' target=''
    case $options in *4.6) id=cpu-msr-flags-set target=--target=4.6 ;; esac
    gives "--into, $options" 0 "$id" convert --into=a.save --xen=4.17 \
        $target "$srcdir/../data/xen-4.17-pvhoff.ctx" b.save
    mv b.save a.save
    both "what --into wrote, $options" $format 0 0 ""
done

# -- what differs ---------------------------------------------------------
# The smallest file, and where its parts are.
printf '{}' >empty.json
"$MKSAVE" -j empty.json -e4 base.save
is "the smallest file" "$(stat -c %s base.save)" $((0x12f))
LIBXL=0x37 STATIC=0x77 PAGES=0x7f TSC=0x97 HVM=0xb7 PARAMS=0xe7 END=0x107
EMULATOR=0x10f LAST=0x127

# defect WHAT THEIRS OURS ID [AT OUT IN]...: with this done to the smallest
# file, the last first: at AT, OUT bytes give way to those of IN (in octal).
defect() {
    defect_what=$1 defect_theirs=$2 defect_ours=$3 defect_id=$4
    shift 4
    cp base.save a.save
    while [ $# -gt 0 ]; do
        # shellcheck disable=SC2059 # the format is the bytes
        { head -c $(($1)) a.save; printf "$3"; tail -c +$(($1 + $2 + 1)) a.save
        } >b.save
        mv b.save a.save
        shift 3
    done
    both "$defect_what" xl "$defect_theirs" "$defect_ours" "$defect_id"
}
empty='\000\000\000\000' # a length
params="\\012\\000\\000\\000\\010\\000\\000\\000$empty$empty"

echo "# what it accepts wrongly"
defect "no context" 0 3 source-context-missing $HVM 0x30 ''
defect "headers and END alone" 0 3 source-context-missing \
    $STATIC $((END - STATIC)) ''
defect "a context of 40 bytes 0377" 0 3 hvm-header-missing \
    0xbf 8 '\377\377\377\377\377\377\377\377'
defect "two contexts" 0 1 stream-again $PARAMS 0 "\\011\\000\\000\\000\
\\050\\000\\000\\000$(tail -c +$((0xc0)) base.save | head -c 40 |
    od -An -v -to1 | tr -d '\n' | sed 's/ /\\/g')"
defect "no STATIC_DATA_END" 0 4 libxc-static-missing $STATIC 8 ''
defect "two STATIC_DATA_END" 0 4 libxc-static-again \
    $STATIC 0 "\\020\\000\\000\\000$empty"
defect "neither that nor pages" 0 1 libxc-missing $STATIC 32 ''
defect "no pages" 0 1 libxc-missing $PAGES 24 ''
defect "no TSC" 0 1 libxc-missing $TSC 32 ''
defect "no parameters" 0 1 libxc-missing $PARAMS 32 ''
defect "three times parameters" 0 1 stream-again $HVM 0 "$params$params"
defect "pages behind the context" 0 1 libxc-order $PARAMS 0 "\\001\\000\
\\000\\000\\020\\000\\000\\000\\001$empty$empty\\000\\000$empty\\360"
defect "a policy after it" 0 1 libxc-policy-late \
    $HVM 0 '\022\000\000\000\020\000\000\000aaaabbbbccccdddd'
late='\022\000\000\000\020\000\000\000aaaabbbbccccdddd'
defect "a policy in its place, and one after it" 0 1 libxc-policy-late \
    $HVM 0 "$late" $STATIC 0 "$late"
not_ok "of which the last does not count" grep -q stream-again out
defect "two policies in their place" 0 1 stream-again \
    $STATIC 0 "$late$late"
defect "a PV record" 0 4 libxc-refused \
    $HVM 0 '\002\000\000\000\010\000\000\000\010\004\000\000\000\000\000\000'
defect "the other byte order" 0 3 xl-byte-order 0x20 4 '\001\002\003\004'
defect "an impossible configuration" 0 3 xl-config-length 0x30 1 '\011'
defect "JSON that is none" 0 1 source-config 0x34 1 '['
defect "big-endian, says libxl" 0 3 stream-big-endian 0x46 1 '\001'
defect "libxl options of nobody" 0 1 stream-reserved 0x43 1 '\200'
defect "bytes after the end" 0 1 source-after-end 0x12f 0 'x'
emulator='\003\000\000\000\014\000\000\000\002\000\000\000\000\000\000\000'
defect "two emulators" 0 1 stream-again $LAST 0 "${emulator}QEVM$empty"
defect "a stream of another era" 0 1 libxc-era 0x73 1 '\011'
defect "an emulator for PVH" 0 4 libxl-no-emulator \
    0x2c 11 '\036\000\000\000\032\000\000\000{"c_info":{"type":"pvh"}}\000'
defect "none for HVM" 0 4 libxl-emulator-missing $EMULATOR 24 '' \
    0x2c 11 '\036\000\000\000\032\000\000\000{"c_info":{"type":"hvm"}}\000'
defect "one that is none of QEMU" 0 4 libxl-emulator-bad \
    $((EMULATOR + 16)) 1 q
defect "an unknown mandatory flag" 0 3 xl-flags 0x24 1 '\007'
{ blob 8 9 && zeros 8388608; } >large.hvm
"$MKSAVE" -v2 -x4.9 -c large.hvm a.save
both "a record above the limit of 4.9" xl 0 4 libxc-limit

echo "# what it refuses wrongly"
defect "padding that is not zero" 1 1 stream-padding 0x126 1 '\001'
defect "an optional record" 1 0 libxc-optional \
    $HVM 0 "\\100\\000\\000\\200$empty"
keys='\002\000\000\000\020\000\000\000\002\000\000\000\000\000\000\000'
defect "keys of an emulator" 1 0 libxl-xenstore \
    $EMULATOR 0 "${keys}a/b\\000cde\\000"
"$MKSAVE" -v2 -j empty.json -e4 base.save
defect "policies in version 2" 1 1 libxc-newer \
    $STATIC 0 '\022\000\000\000\020\000\000\000aaaabbbbccccdddd'
"$MKSAVE" -k1 a.save
both "checkpoints" xl 1 1 libxc-checkpoint
"$MKSAVE" -m600 a.save
theirs=0
cat a.save | "$verify" -q -f xl >verify.out 2>&1 || theirs=$?
is "verify-stream-v2: from a pipe" "$theirs" 1
mkfifo pipe
cat a.save >pipe &
run $XL_CONTEXT convert --to=hvm - b.hvm <pipe
judge "xl-context: from a pipe" 0 ""
wait

echo "# what both refuse"
"$MKSAVE" -j empty.json -e4 base.save
defect "a mandatory record of nobody" 1 4 libxc-mandatory \
    $HVM 0 "\\100\\000\\000\\000$empty"
defect "a page of type 5" 1 4 libxc-page-type 0x96 1 '\120'
defect "a page that is not there" 1 4 libxc-length 0x96 1 '\000'
defect "reserved bits of a page" 1 1 stream-reserved 0x96 1 '\361'
defect "parameters longer than their count" 1 4 libxc-length \
    $END 0 "$empty$empty" $((PARAMS + 4)) 1 '\040'
defect "no page in a batch" 1 4 libxc-pages 0x87 1 '\000'
defect "an empty context" 1 3 source-context-empty 0xbb 44 "$empty"
defect "another libxl version" 1 3 libxl-version $((LIBXL + 11)) 1 '\003'
defect "cut short" 1 3 source-cut-end 0x12e 1 ''
done_testing
