#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check: verdicts, exit statuses, what goes where, JSON.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

data=$srcdir/../data

# found WHAT STATUS ID ARGUMENTS...: check; its data names the finding.
found() {
    found_what=$1 found_status=$2 found_id=$3
    shift 3
    run $XL_CONTEXT check "$@"
    found_bad=0
    [ "$status" -eq "$found_status" ] || found_bad=1
    [ -z "$found_id" ] || grep -qF -- "[$found_id]" out || found_bad=1
    [ ! -s err ] || found_bad=1
    tap_result "$found_bad" "$found_what"
}

# -- verdicts ------------------------------------------------------------
for name in hvm2 hvmnopv pvhoff; do
    file=$data/xen-4.17-$name.ctx
    found "$name, captured on 4.17, loads there" 0 "" --target=4.17 "$file"
    says "and says so, and on which hosts" out \
        "$file: Xen 4.17: loads, if the host has: "
    is "in one line" "$(wc -l <out)" 1
    found "$name loads on 4.22" 0 "" --target=4.22 "$file"
    found "$name does not load on 4.0" 4 load-length --target=4.0 "$file"
    says "which names the error of that release" out "refused, EPERM ("
done
cp "$data/xen-4.17-hvm2.ctx" good.hvm
found "without --target the saver's own release" 0 "" good.hvm
says "which is worked out for a blob" out "good.hvm: Xen 4."
gives "(an image is made)" 0 "" convert --xen=4.17 good.hvm good.img
found "START says it for an image" 0 "" good.img
says "and its bytes which of its point releases" out \
	"good.img: Xen 4.17.3 to 4.17.7: loads"
found "a point release" 0 "" --target=4.17.3 good.img
says "is named" out "Xen 4.17.3: loads"
gives "a wrapped image" 0 "" convert --to=wrapped good.img wrapped.img
found "is judged like the blob" 4 load-length --target=4.6 wrapped.img

found "notes are counted, not shown" 0 "" good.hvm
is "without -v" "$(grep -c '^  note' out)" 0
gives "with -v" 0 "" -v check good.hvm
says "what to compare is shown" out "[load-host-cr4]"
says "with the value" out "cr4 is 0x1506f0"

# -- what is wrong -------------------------------------------------------
blob 200 >unknown.hvm
found "an unknown typecode" 4 load-typecode --target=4.17 unknown.hvm
says "the record's place" out "at offset 0x28"
says "what the release does" out "    refused, EINVAL; in the log: "
says "what to do" out "  what to type: "
found "the same for an old release" 4 load-typecode --target=4.12 unknown.hvm
says "its error" out "refused, EPERM"
found "and for a series that changed" 4 load-typecode --target=4.15 \
	unknown.hvm
says "both errors" out "Xen 4.15: refused, EINVAL or EPERM before 4.15.1 ("
gives "(without a trailer)" 0 "" convert --xen=4.17 --bare good.hvm bare.img
{ start 4 40; tail -c +25 bare.img; } >newer.img
found "a release that is not known" 1 image-newer newer.img
says "is judged as the newest" out \
    "Xen 4.40, judged as 4.22: loads, if the host has: "
blob 8 8 9 >twice.hvm
found "a record twice" 1 load-duplicate-lines --target=4.17 twice.hvm
says "as a warning" out "  warning: "
{ start 4 17; tsc_info; end; } >pv.img
found "an image without HVM state" 4 load-no-hvm pv.img
head -c 100 good.hvm >cut.hvm
found "a damaged file" 3 hvm-truncated cut.hvm
says "is called so" out "cut.hvm: damaged"
{ start 4 17; } >cut.img
found "a damaged image" 3 image-end-missing cut.img
gives "a file that is not there" 2 file-open check nowhere
is "says nothing on stdout" "$(cat out)" ""
gives "no file" 2 usage check
gives "a target that is none" 2 release-malformed check --target=new good.hvm
gives "a target that never was" 2 release-unknown check --target=4.99 good.hvm

# -- point releases ------------------------------------------------------
# LAPIC of 32 bytes: 4.18.5, 4.19.2, 4.20.1 and later write and read it.
gives "(such a blob is made)" 0 lapic-esr-assumed convert --xen=4.17 --to=hvm \
	--target=4.21 good.hvm long.hvm
found "a blob of such a release" 0 "" long.hvm
says "is judged by those that can have saved it" out \
	"Xen 4.18.5 to 4.18.6, 4.19.2 to 4.19.6, 4.20.1 to 4.22: loads ("
gives "(an image of 4.19 is made)" 0 "" convert --xen=4.19 long.hvm long.img
found "and an image of it" 0 "" long.img
says "by those of the series that can have" out \
	"long.img: Xen 4.19.2 to 4.19.6: loads ("
found "a series as a target of which some refuse" 1 load-length \
	--target=4.20 long.hvm
says "is told point by point" out \
	"Xen 4.20: loads on 4.20.1 and later; 4.20.0 refuses, ENODATA; the host"
says "with what they refuse as a warning" out \
	"  warning: LAPIC of both vCPUs: 4.20.0: 8 bytes longer than"
found "several that refuse" 1 load-length --target=4.19 long.hvm
says "are told" out \
	"Xen 4.19: loads on 4.19.2 and later; 4.19.1 and earlier refuse, EINVAL; the"
found "one that refuses as a target" 4 load-length --target=4.20.0 long.hvm
found "one that loads as a target" 0 "" --target=4.20.1 long.hvm
found "a series of which all refuse" 4 load-length --target=4.17 long.hvm
says "in one word" out "Xen 4.17: refused, EINVAL ("
run $XL_CONTEXT check --json --target=4.20 long.hvm
says "JSON says it" out '"loads_on": "4.20.1 to 4.20.4"'
says "both ways" out '"refused_by": "4.20.0"'
is "with the exit status of a warning" "$status" 1
for version in 4.20.3+63-g12345 4.20.3-9.24.1; do
    gives "$version" 0 release-extra check --target=$version long.hvm
    says "is 4.20.3" out "Xen 4.20.3: loads"
done
for version in RELEASE-4.20.3 xen-4.20.3; do
    found "$version" 0 "" --target=$version long.hvm
    says "is 4.20.3" out "Xen 4.20.3: loads"
done
gives "a state on the way to a point release" 0 release-before check \
	--target=4.20.4-pre long.hvm
says "is taken as the one before" out "Xen 4.20.3: loads"
gives "on the way to the first release" 4 release-before check \
	--target=4.20-unstable long.hvm
says "as that" out "Xen 4.20.0: refused"

# -- several targets -----------------------------------------------------
found "two targets" 4 load-length --target=4.17.7 --target=4.19.6 long.hvm
says "have a verdict each" out "Xen 4.17.7: refused, EINVAL ("
says "one after the other" out "Xen 4.19.6: loads, if the host has: "
found "two that load it" 0 "" --target=4.21 --target=4.22 long.hvm
is "are two lines" "$(wc -l <out)" 2
run $XL_CONTEXT check --json --target=4.20.0 --target=4.20.1 long.hvm good.hvm
is "JSON has an object for each" "$(grep -c '"target"' out)" 4
found "all of them" 0 "" --target=all long.hvm
is "are a line each behind the name" "$(wc -l <out)" 28
says "with what refuses it" out "  4.17   refused, EINVAL: LAPIC/0 [load-length]"
says "and what some refuse" out \
	"  4.20   loads on 4.20.1 and later; 4.20.0 refuses, ENODATA"
says "and what loads it" out "  4.22   loads"
found "what no release loads" 4 "" --target=all unknown.hvm
is "is refused by all" "$(grep -c ' refused' out)" 27
gives "all and another" 2 usage check --target=all --target=4.17 long.hvm
gives "another and all" 2 usage check --target=4.17 --target=all long.hvm
gives "one of several that is none" 2 release-unknown \
	check --target=4.17 --target=4.99 long.hvm
gives "a conversion for two" 2 usage convert --target=4.17 --target=4.18 \
	long.hvm o
is "makes nothing" "$(ls o 2>/dev/null)" ""

# -- several files -------------------------------------------------------
run $XL_CONTEXT check --target=4.17 good.hvm twice.hvm unknown.hvm good.img
is "the worst of several files" "$status" 4
is "a line each" "$(grep -c '^[a-z]*\.[a-z]*: Xen 4.17: ' out)" 4
run $XL_CONTEXT check --target=4.17 cut.hvm nowhere unknown.hvm
is "errors are worse than damage, damage than what is not there" "$status" 4
says "the missing one is told" err "nowhere: cannot open"
run $XL_CONTEXT check --target=4.17 - <good.hvm
is "standard input" "$status" 0
says "is named" out "standard input: Xen 4.17: loads"

run $XL_CONTEXT check --target=4.17 - <long.hvm
says "what has to give it once more is not known" out \
	"what to type: ... | xl-context convert --target=4.17 - NEW"
run $XL_CONTEXT check --target=4.17 long.hvm
is "of a file it is" "$(grep -c '\.\.\. |' out)" 0
run $XL_CONTEXT check --json --target=4.17 - <long.hvm
says "JSON has the command alone" out '"xl-context convert --target=4.17 - NEW"'
mkdir "fol der"
cp good.hvm "fol der"
gives "a folder" 2 file-folder check --target=4.17 "fol der"
says "what to type" err \
	'what to type: xl-context check --target=4.17 "fol der"/*'
if script -qec true /dev/null >/dev/null 2>&1; then
	: >out
	# it reads what comes when it has said so
	(await grep -q 'reading standard input' out; printf 'x\004\004') |
		timeout 600 script -qec "$XL_CONTEXT check -" /dev/null >out 2>err
	says "a terminal is named before it is read" out \
		"reading standard input from the terminal"
else
	skip "a terminal" "no script(1) here"
fi
run $XL_CONTEXT check - </dev/null
is "what is no terminal is not" "$(grep -c 'the terminal' err)" 0

# -- JSON ----------------------------------------------------------------
run $XL_CONTEXT check --json --target=4.17 good.hvm unknown.hvm cut.hvm nowhere
is "JSON has the same status" "$status" 4
if command -v python3 >/dev/null; then
    ok "it is one document" python3 - <<'EOF'
import json
files = json.load(open("out"))
assert [f["verdict"] for f in files] == [
    "loads", "refused", "damaged", "unreadable"], files
assert files[0]["target"] == "4.17" and "error" not in files[0]
assert files[1]["error"] == "EINVAL"
(finding,) = [f for f in files[1]["findings"] if f["id"] == "load-typecode"]
assert finding["record"] == "typecode 200/0" and finding["found"] == "200"
assert finding["severity"] == "error" and finding["outcome"] == "refused"
assert finding["cause"] and finding["mend"] and finding["offset"] == 40
assert any(f["id"] == "load-host-cr4" for f in files[0]["findings"])
EOF
else
    skip "it is one document" "no python3 here"
fi
run $XL_CONTEXT check --json nowhere
is "JSON of a file that is not there" "$status" 2
says "is an array all the same" out '"verdict": "unreadable"'

# -- the Xen that runs here ----------------------------------------------
if [ -n "$FAKE_LIVE_LIB" ]; then
    # here_says WHAT STATUS WORDS ID: check --target=host, told WORDS.
    here_says() {
        here_what=$1 here_status=$2 FAKE_LIVE=$3 here_id=$4
        export FAKE_LIVE
        run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT check \
            --target=host good.hvm
        grep -v '^fake: ' err >err.ours
        mv err.ours err
        judge "$here_what" "$here_status" "$here_id"
    }
    here_says "a host that has all that the guest uses" 0 "" ""
    says "its point release" out "good.hvm: Xen 4.17.7: loads"
    here_says "a host without AVX" 4 no-avx ""
    says "lacks it" out "[load-host-lacks]"
    says "the component" out "xcr0_accum is 0x4"
    here_says "a host that does not tell its features" 0 no-features ""
    here_says "no Xen" 2 no-xen live-no-xen
    here_says "a Xen without a version" 2 no-version live-no-xen
else
    skip "the Xen that runs here" "the stand-in is not built"
fi

# -- explain -------------------------------------------------------------
gives "a message id" 0 "" check --explain=load-cr0
says "its releases" out "3.1 to 4.22: CPU cr0"
gives "a line of a log" 0 "" check --explain='(XEN) HVM1 restore: bad CR0 0x1'
says "its page" out "bad-cr0"
gives "the error that is none of privilege" 0 "" \
    check --explain='xc: error: Unable to restore HVM context (1 = Operation not permitted): Internal error'
says "its page" out "operation-not-permitted"
gives "the number of a record" 0 "" \
    check --explain='failed to load entry 3/1 rc -19'
says "is named" out "Entry 3/1 is the record PIC, instance 1."
gives "an id with a slip" 2 explain-unknown check --explain=load-cr00
says "what is near to it" err "load-cr0"
is "nothing on stdout" "$(cat out)" ""
gives "explain and a file" 2 usage check --explain=load-cr0 good.hvm
gives "explain and --json" 2 usage check --json --explain=load-cr0
done_testing
