#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# context-edit: fields changed in every kind of file, by option and in an
# editor; what is refused, and that nothing is lost.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
unset VISUAL EDITOR
export TMPDIR=$work/tmp
mkdir tmp

$XL_CONTEXT convert "$data" good.ctx 2>/dev/null
$XL_CONTEXT convert --bare "$data" bare.ctx 2>/dev/null
$XL_CONTEXT convert --to=wrapped "$data" wrapped.ctx 2>/dev/null
$XL_CONTEXT convert --to=json "$data" good.json 2>/dev/null
$XL_CONTEXT convert --to=json good.ctx image.json 2>/dev/null
cp "$data" good.hvm
"$MKSAVE" -c "$data" good.save || exit 99

field() { $XL_CONTEXT show --record="$2" --field="$3" "$1" 2>/dev/null |
    cut -d' ' -f3; }

# -- registers wider than a field -------------------------------------------
wide=0x112233445566778899aabbccddeeff00f0e0d0c0b0a090807060504030201000
high=0x112233445566778899aabbccddeeff00
low=0xf0e0d0c0b0a090807060504030201000
cp "$data" wide.hvm
for record in 0 1; do
    run $XL_CONTEXT edit -f --set CPU_XSAVE/$record.ymm3=$wide \
        --set CPU_XSAVE/$record.xmm15=0x5 wide.hvm
    is "ymm3 of $record" "$status" 0
    $XL_CONTEXT show --record=CPU_XSAVE/$record wide.hvm >out
    ok "its high half" grep -q "ymm3_high *$high\$" out
    ok "its low half" grep -q "xmm3 *$low\$" out
    ok "xmm15" grep -q 'xmm15 *0x0*5$' out
    $XL_CONTEXT show --record=CPU_XSAVE/$record \
        --field=xstate_bv wide.hvm >out
    ok "both components count" grep -q 'SSE.*\(YMM\|AVX\)' out
done
# CPU has xmm3, too, and CPU_XSAVE goes over it on load
cp "$data" twice.hvm
run $XL_CONTEXT edit -f --set CPU/1.xmm3=0x5 twice.hvm
judge "the copy that does not count" 0 load-fpu-of-xsave
run $XL_CONTEXT edit -f --set CPU/1.rax=0x5 twice.hvm
not_ok "is told of once" grep -q load-fpu-of-xsave err
run $XL_CONTEXT edit -f --set CPU_XSAVE/1.xmm3=0x5 twice.hvm
not_ok "and no more when both are the same" grep -q load-fpu-of-xsave err
run $XL_CONTEXT edit -f --set CPU/0.fcw=0x27f --set CPU_XSAVE/0.fcw=0x27f \
    twice.hvm
not_ok "nor when both are set at once" grep -q load-fpu-of-xsave err
run $XL_CONTEXT edit -f --set CPU_XSAVE/0.ymm3=12x wide.hvm
judge "what is no number" 2 edit-word
run $XL_CONTEXT edit -f --set CPU/0.rip=0x123456789abcdef01 wide.hvm
judge "a number in hexadecimal that is too large" 2 edit-range
says "by how many bits" err "the field has 64 bits"
run $XL_CONTEXT edit -f --set CPU/0.cr4=0x123456789abcdef01 wide.hvm
judge "one of a field with names of bits, too" 2 edit-range
run $XL_CONTEXT edit -f --set CPU/0.rip=ffffffff81000000 wide.hvm
judge "one without 0x" 2 edit-word
says "how to write it" err "write 0xffffffff81000000"
run $XL_CONTEXT edit -f --set CPU/0.rip=face wide.hvm
judge "a word" 2 edit-word
not_ok "is taken for no number" grep -q 0xface err
run $XL_CONTEXT edit -f wide.hvm --set "CPU_XSAVE/0.ymm3=$(
    )115792089237316195423570985008687907853$(
    )269984665640564039457584007913129639936" # 2^256
judge "a decimal number too large" 2 edit-range
run $XL_CONTEXT edit -f --set CPU_XSAVE/0.ymm3+=0x1 wide.hvm
judge "no bits of it" 2 edit-word
run $XL_CONTEXT edit -f --set CPU_XSAVE/0.ymm3=0x1$(zeros 64 | tr '\0' 0) \
    wide.hvm
judge "a bit too many" 2 edit-range
run $XL_CONTEXT edit -f --set CPU_XSAVE/0.ymm16=0x1 wide.hvm
judge "no such register" 2 select-field
run $XL_CONTEXT edit -f --set CPU_XSAVE/9.ymm1=0x1 wide.hvm
judge "no such record" 2 select-instance
run $XL_CONTEXT edit -f --set CPU_XSAVE/0.zmm1=0x1 wide.hvm
judge "no such component" 2 select-field
run $XL_CONTEXT edit -f --set CPU_XSAVE/0.ym3=0x1 wide.hvm
judge "a name that is near" 2 select-field
ok "says which" grep -q 'near it: .*ymm3' err
$XL_CONTEXT show --field=ymm3 wide.hvm >out
is "it is shown by its name" "$(grep -c "^CPU_XSAVE/[01] ymm3 $wide\$" out)" 2
$XL_CONTEXT show --field=XMM3 --record=CPU_XSAVE/1 wide.hvm >out
is "and its half" "$(cat out)" "CPU_XSAVE/1 xmm3 $low"
$XL_CONTEXT show --field=ymm3 --json wide.hvm >out
is "in JSON" "$(grep -c "\"value\": \"$wide\"" out)" 2
$XL_CONTEXT diff "$data" wide.hvm >out
ok "the difference has its name" \
    grep -q "^CPU_XSAVE/0 ymm3: 0x[0-9a-f]* -> $wide\$" out
is "and is one" "$(grep -c 'CPU_XSAVE/0 [xy]mm' out)" 2
ok "of the lower half alone" \
    grep -q '^CPU_XSAVE/0 xmm15: 0x[0-9a-f]* -> 0x0*5$' out
run $XL_CONTEXT diff "$data" wide.hvm \
    --ignore=ymm3,xmm15,save_area.xsave_hdr.xstate_bv
is "all of it can be left out" "$status" 0
run $XL_CONTEXT diff --record=CPU_XSAVE/1 --field=ymm3 "$data" wide.hvm
is "a register alone differs" "$status" 1
is "and is the only one" "$(grep -c ' -> ' out)" 1
run $XL_CONTEXT diff --field=rip "$data" wide.hvm
is "what does not differ" "$status" 0
run $XL_CONTEXT diff --field=ripp "$data" wide.hvm
judge "no such field to compare" 2 diff-ignore

# -- names ----------------------------------------------------------------

# what show prints is what --field and --set take: a name, and its value
$XL_CONTEXT show --json good.ctx 2>/dev/null |
    sed -n 's/^ *"\([a-z][a-z_0-9]*\)": .*/\1/p' | sort -u |
    awk "NR % ${SHARE:-7} == 0" >words
while read -r name; do
    $XL_CONTEXT show --field="$name" good.ctx 2>/dev/null | head -n 1
done <words | grep -v '^\(START\|HEADER\|PROVENANCE\|DIGEST\)' >named
bad=
while read -r record name value; do
    run $XL_CONTEXT -f edit --set "$record.$name=$value" good.ctx new
    grep -q ' -> ' out && bad="$bad $record.$name=$value"
    [ "$status" -le 1 ] || bad="$bad $record.$name"
done <named
is "what is shown is taken, and changes nothing" "$bad" ""
ok "of some fields" test "$(wc -l <named)" -gt 3
for name in lstar MSR_LSTAR IA32_LSTAR ymm3 mm3 PAT tsc_aux eflags; do
    run $XL_CONTEXT show --record=CPU/0 --field=$name good.ctx
    is "$name of vCPU 0" "$status $(wc -l <out)" "0 1"
    run $XL_CONTEXT -N -f edit --set "CPU/0.$name=0x1" good.ctx
    ok "it is taken" [ "$status" -le 4 ]
    says "and is that of vCPU 0" out "/0 "
done
run $XL_CONTEXT diff --field=IA32_PAT good.ctx wide.hvm
is "a name of the manuals in diff" "$status" 0
run $XL_CONTEXT diff --field='redirtbl[2].mask' good.ctx wide.hvm
is "a part of a name in diff" "$status" 0

# -- by option ------------------------------------------------------------

for file in good.ctx bare.ctx wrapped.ctx good.json image.json good.hvm \
    good.save; do
    cp $file f
    rip=$(field f CPU/0 rip)
    run $XL_CONTEXT edit --set CPU/1.rip=0x1234 --set CPU/0.cr4+=UMIP f
    is "$file: two changes" "$status" 0
    says "the first is shown" out "CPU/1 rip: 0x"
    says "and what it becomes" out " -> 0x0000000000001234"
    is "and no more than the two" "$(grep -c ' -> ' out)" 2
    is "it is in the file" "$(field f CPU/1 rip)" 0x0000000000001234
    ok "the bit too" sh -c "$XL_CONTEXT show --record=CPU/0 --field=cr4 f \
        2>/dev/null | grep -q UMIP"
    is "the other vCPU is as it was" "$(field f CPU/0 rip)" "$rip"
    is "$file: the kind is what it was" \
        "$(head -c 4 f | od -An -tx1)" "$(head -c 4 $file | od -An -tx1)"
    run $XL_CONTEXT check f
    ok "it loads" grep -q ': loads' out
    $XL_CONTEXT convert --to=hvm f f.hvm 2>/dev/null
    is "other bytes are what they were" \
        "$(cmp -l "$data" f.hvm | awk '{ print ($1 - 1) - ($1 - 1) % 8 }' |
            sort -nu | wc -l)" 2
done
is "of a save file all else is byte for byte the same" \
    "$(cmp -l good.save f | wc -l)" "$(cmp -l good.hvm f.hvm | wc -l)"
cp good.ctx f
run $XL_CONTEXT edit --set CPU/1.rip=0x1234 f
$XL_CONTEXT show --record=PROVENANCE f >out 2>/dev/null
says "an image has it in its history" out '"what":"edited CPU/1.rip=0x1234"'
cp good.ctx f
run $XL_CONTEXT edit --set=CPU/1.rip=0x1234 f g
is "into another file" "$status" 0
ok "the first one stays" cmp good.ctx f
is "the second one has it" "$(field g CPU/1 rip)" 0x0000000000001234
run $XL_CONTEXT edit --set=CPU/1.rip=0x1234 f -
is "to standard output" "$status" 0
cp out h
is "the image is there" "$(field h CPU/1 rip)" 0x0000000000001234
says "and the difference beside it" err "CPU/1 rip: "
run $XL_CONTEXT -N edit --set CPU/1.rip=0x1234 f
is "a dry run" "$status" 0
says "shows" out "CPU/1 rip: "
ok "and changes nothing" cmp good.ctx f
cp good.ctx f
chmod 640 f
gives "a file that its group may read" 0 "" edit --set CPU/1.rip=0x1234 f
is "keeps its mode" "$(stat -c %a f)" 640
if [ "$(id -u)" = 0 ]; then
    cp good.save f
    chown 7:8 f
    chmod 604 f
    gives "the save file of another" 0 "" -v edit --set CPU/1.rip=0x1234 f
    is "stays theirs" "$(stat -c %u:%g:%a f)" 7:8:604
    is "outside of the sandbox too" "$(
        $XL_CONTEXT edit --no-sandbox --set CPU/1.rip=0x1235 f >/dev/null 2>&1
        stat -c %u:%g:%a f)" 7:8:604
    is "which was written" "$(field f CPU/1 rip)" 0x0000000000001235
else
    skip "the file of another stays theirs" "only root can give one away"
fi
gives "a new file" 0 "" edit --set CPU/1.rip=0x1234 f new
is "is private" "$(stat -c %a new)" 600
cp good.ctx f
gives "a change to what is there" 0 edit-same edit --set \
    "CPU/1.rip=$(field f CPU/1 rip)" f
ok "writes nothing" cmp good.ctx f

# -- what is refused ------------------------------------------------------

refused() { # WHAT STATUS ID ARGUMENTS
    refused_what=$1 refused_status=$2 refused_id=$3
    shift 3
    cp good.ctx f
    gives "$refused_what" "$refused_status" "$refused_id" edit "$@" f
    ok "and the file is as it was" cmp good.ctx f
}
refused "a field that is not there" 2 select-field --set CPU/0.ripp=1
refused "a record that is not there" 2 select-record --set CPUU.rip=1
for name in CPU_MSR cpu_msr HVM_CPU_MSR; do
    refused "$name, which other contexts have" 2 select-record \
        --set $name/0.SPEC_CTRL=1
    says "is told so" err "this context has no CPU_MSR"
    gives "$name: nor is it shown" 2 select-record show -r $name good.ctx
    says "nor said to be unknown" err "this context has no CPU_MSR"
done
refused "a vCPU that is not there" 2 select-instance --set CPU/7.rip=1
refused "no change" 2 edit-assign --set CPU/0.rip
refused "no word at all" 2 edit-assign --set "CPU/0.cr4=|"
refused "a word that is no bit" 2 edit-word --set CPU/0.cr4+=UMIPP
refused "a number too large" 2 edit-range --set CPU/0.cs_sel=0x100000000
refused "a clock that counts in digits" 2 edit-range --set RTC.seconds=30
says "how it is written" err 'write 0x30 for 30'
refused "more seconds than a minute has" 2 edit-range --set RTC.seconds=0x60
refused "PM, where a day has 24 hours" 2 edit-range --set RTC.hours=0x83
gives "where it has 12" 0 "" -N edit --set RTC.reg_b-=24h \
    --set RTC.hours=0x83 good.ctx
refused "hours that it has not, then" 2 edit-range \
    --set RTC.reg_b-=24h --set RTC.hours=0x13
refused "a bit in the place of a field" 2 select-field --set CPU/0.cr4.umip=1
says "how it is set" err "of cr4, which is set with +=UMIP"
refused "of a field by another name" 2 select-field --set CPU/0.eflags.IF=0
says "how that is set" err "of eflags, which is set with +=IF"
refused "no such bit" 2 select-field --set CPU/0.cr4.umipp=1
not_ok "of that nothing is said" grep -q 'is set with' err
refused "an MSR without an entry" 2 select-field --set CPU/0.SPEC_CTRL=1
says "which it is" err 'the MSR SPEC_CTRL, 0x48, is in no field'
refused "one of three" 2 select-field --set PIT.count=3
says "which are called" err 'say which, as in channels[0].count:'
gives "the first of them" 0 "" -N edit --set 'PIT.channels[0].count=3' good.ctx
gives "a register of MMX" 0 load-fpu-of-xsave -N edit --set CPU/0.mm1=0x5 \
    good.ctx
says "is the one of x87" out 'CPU/0 st1: '
for set in 'CPU/0.cr4|=UMIP' 'CPU/0.cr4|=0x800' 'CPU/0.cr4^=UMIP'; do
    run $XL_CONTEXT -N edit --set "$set" good.ctx
    says "$set" out ' -> 0x0000000000150ef0 '
done
for set in 'IOAPIC.redirtbl[2].mask=1' 'CPU/0.lstar=1' \
    'CPU/0.PAT=0x0007040600070406' 'CPU/1.ymm3=0x1'; do
    run $XL_CONTEXT -N edit --set "$set" good.ctx
    is "$set" "$status $(grep -c ' -> ' out)" "0 1"
done
refused "a field of another record" 2 select-field --set CPU/0.tpr=0
says "whose it is" err "LAPIC_REGS has one"
refused "the digest" 2 edit-fixed --set DIGEST.value=0
refused "one wrong of two" 2 select-field --set CPU/0.rip=1 --set CPU/0.x=1
refused "what Xen refuses" 4 edit-unwritten --set CPU/0.cr0=0
says "it is named" err "[load-cr0]"
refused "--record with --set" 2 usage --record=CPU --set CPU/0.rip=1
refused "a wrong record" 2 usage --record=CPU/x
# what is refused as it was does not stop an edit of something else
for mix in "-v2 -x 4.9" "-v2 -x 4.13" "-x 4.14"; do
    $XL_CONTEXT convert --xen=4.17 --target=4.21 --to=hvm good.ctx long.ctx \
        2>/dev/null
    "$MKSAVE" $mix -c long.ctx mixed.save
    run $XL_CONTEXT check mixed.save
    is "$mix with a context of another release is refused" "$status" 4
    gives "$mix: an edit of something else" 1 edit-refused-before \
        edit --set PMTIMER.tmr_val=0x77 mixed.save f
    says "$mix: the head says what it is" out "as it was, xl save file, "
    says "$mix: what to type" err "check f' says what to type"
    is "$mix: it is written" "$(field f PMTIMER tmr_val)" 0x00000077
    rm -f f
    gives "$mix: what is refused only now stops it" 4 load-cr0 \
        edit --set CPU/0.cr0=0 mixed.save f
    not_ok "$mix: nothing is written then" test -e f
done
cp good.ctx f
run $XL_CONTEXT edit --force --set CPU/0.cr0=0 f
is "--force writes it" "$status" 1
is "it is there" "$(field f CPU/0 cr0)" 0x0000000000000000
refused "what crashes the domain, forced" 4 live-crash-pending-event --force \
    --set CPU/0.pending_event=0x80001000
# what an edit brings that is not refused is told, and what was there is not
while read -r id set; do
    cp good.ctx f
    gives "a warning of $set" 1 "$id" edit --set "$set" f
    not_ok "$set: it is written" cmp -s good.ctx f
    gives "$set: an edit of something else" 0 "" edit \
        --set PMTIMER.tmr_val=0x77 f
done <<'EOF'
live-crash-address CPU/0.msr_lstar=0x8000000000000000
live-crash-rip CPU/0.msr_efer-=LMA
live-crash-rip CPU/0.rip=0x8000000000000000
live-crash-rflags CPU/0.rflags=0x100000000
live-crash-dr7 CPU/0.dr7=0xffffffffffffffff
live-crash-segment CPU/0.cs_arbytes=0
live-crash-segment CPU/0.ss_arbytes=0xffffffff
live-crash-segment CPU/0.tr_arbytes=0
load-mtrr-pat MTRR/0.msr_pat_cr=0xff
EOF
gives "the same in a save file" 1 load-mtrr-pat -N edit \
    --set MTRR/0.msr_pat_cr=0xff good.save
# the cure of damage is none for what was typed
for set in CPU/1.cr4=PSE HEADER.magic=1 CPU/0.cr3=0xffffffffffffffff; do
    refused "$set" 4 edit-unwritten --set "$set"
    not_ok "$set: no cure" grep -q 'to do: \|what to type: ' err
done
$XL_CONTEXT edit -f --set CPU/0.cr0=0 --force good.ctx worse.ctx >out 2>err
gives "what crashes the domain, in a file that was refused before" 4 live-crash-pending-event edit \
    --set CPU/0.pending_event=0x80001000 worse.ctx
gives "standard input" 2 usage edit --set CPU/0.rip=1 -
gives "no file" 2 usage edit
gives "a file that is not there" 2 file-open edit --set CPU/0.rip=1 nosuch
gives "a file of another kind" 3 kind-empty edit --set CPU.rip=1 /dev/null

# -- in an editor ---------------------------------------------------------

edit_with() { # SCRIPT ARGUMENTS
    printf '#!/bin/sh\n%s\n' "$1" >ed
    chmod +x ed
    shift
    cp good.ctx f
    run env EDITOR="$work/ed" $XL_CONTEXT edit "$@" f
}
left() { find tmp -mindepth 1; }
# shellcheck disable=SC2016 # for the editor's shell
set_rip='sed -i "s/\"rip\": \"0x[0-9a-f]*\"/\"rip\": \"0x0000000000004321\"/" "$1"'
edit_with "$set_rip" --record=CPU/1
is "an editor changes a record" "$status" 0
is "it is in the file" "$(field f CPU/1 rip)" 0x0000000000004321
is "nothing is left of the text" "$(left)" ""
edit_with "$set_rip"
is "an editor changes all of it" "$status" 0
is "both are in the file" "$(field f CPU rip | sort -u)" 0x0000000000004321
for file in good.hvm good.save image.json good.json wrapped.ctx; do
    cp $file f
    run env EDITOR="$work/ed" $XL_CONTEXT edit --record=CPU f
    is "an editor with $file" "$status" 0
    is "both are in it" "$(field f CPU rip | sort -u)" 0x0000000000004321
done
edit_with 'ls -ld "$(dirname "$1")" "$1" >>modes; :' --record=CPU
judge "an editor that changes nothing" 0 edit-same
ok "the file is as it was" cmp good.ctx f
is "nobody else may read the text" "$(cut -c5-10 modes | sort -u)" ------
edit_with 'exit 3'
judge "an editor that fails" 2 edit-editor
says "its status is told" err "status 3"
ok "the file is as it was" cmp good.ctx f
rm -rf tmp/*
# shellcheck disable=SC2016 # for the editor's shell
for place in 'mkfifo "$1"' 'mkdir "$1"' 'ln -s /dev/zero "$1"'; do
    status=0
    printf '#!/bin/sh\nrm "$1"; %s\n' "$place" >ed
    EDITOR="$work/ed" timeout 600 $XL_CONTEXT edit f >out 2>err || status=$?
    judge "what is no regular file in the place of the text: $place" 2 \
        file-read
    says "is said of the editor" err "what the editor left"
    ok "the file is as it was" cmp good.ctx f
    rm -rf tmp/*
done
edit_with 'cat "$1" >"$1.new"; echo >>"$1.new"; rm "$1"
    mv "$1.new" "$1.kept"; ln -s "$1.kept" "$1"' --record=CPU
judge "a link to a regular file is read" 0 edit-same
rm -rf tmp/*
edit_with 'echo nonsense >"$1"' --record=CPU
judge "a text that is no JSON" 3 edit-kept
says "says where" err "[json-syntax]"
ok "the file is as it was" cmp good.ctx f
is "what was typed is kept" "$(cat tmp/*/context.json)" nonsense
rm -rf tmp/*
edit_with 'sed -i "s/\"cr0\": \"0x[0-9a-f]*\"/\"cr0\": \"0x0\"/" "$1"' \
    --record=CPU/0
judge "a result that Xen refuses" 4 edit-kept
says "says why" err "[load-cr0]"
ok "the file is as it was" cmp good.ctx f
rm -rf tmp/*
edit_with "$set_rip; touch $work/f" --record=CPU
judge "a file that changed meanwhile" 2 edit-changed
ok "is left alone" cmp good.ctx f
rm -rf tmp/*
cp good.ctx f
run env VISUAL= EDITOR="$work/none" $XL_CONTEXT edit f
judge "an editor that is not there" 2 edit-editor
rm -rf tmp/*
gives "no editor, and no terminal for vi" 2 edit-editor edit f new.ctx
says "names what needs none" err "--set="
ok "the file is as it was" cmp good.ctx f
run env TMPDIR=/nonexistent EDITOR=true $XL_CONTEXT edit f
judge "no place for the text" 2 file-temp
ok "the file is as it was" cmp good.ctx f
no_leftovers "no temporary file is left"

# -- on a terminal --------------------------------------------------------

if command -v script >/dev/null && [ -z "${XL_CONTEXT_UNDER:-}" ]; then
    asked() {
        [ "$(grep -oE '(write it|edit it again)\? ' out | wc -l)" -ge "$1" ]
    }
    # ANSWERS ARGUMENTS: the words come when they are asked for
    on_terminal() {
        printf '%b' "$1" >answers
        shift
        cp good.ctx f
        : >out
        (n=0; while read -r answer; do
            await asked $((n += 1)); echo "$answer"
         done <answers) |
            timeout 600 script -qec "env EDITOR=$work/ed $XL_CONTEXT $* f" /dev/null \
                >out 2>&1
    }
    on_terminal 'n\n' edit --set CPU/1.rip=0x99
    says "it asks" out "write it?"
    ok "a no is a no" cmp good.ctx f
    on_terminal 'y\n' edit --set CPU/1.rip=0x99
    is "a yes is a yes" "$(field f CPU/1 rip)" 0x0000000000000099
    on_terminal 'n\n' edit --set CPU/1.msr_lstar=0x8000000000000000
    ok "a warning comes before the question" sh -c \
        'grep -o "live-crash-address]\|write it?" out | head -n 1 |
            grep -q live'
    on_terminal '' -f edit --set CPU/1.rip=0x77
    is "-f asks nothing" "$(field f CPU/1 rip)" 0x0000000000000077
    # the first time nonsense is typed behind the text, then it is taken away
    cat >ed <<'EOF'
#!/bin/sh
if grep -q nonsense "$1"; then
    sed -i '/nonsense/d; s/"rip": "0x[0-9a-f]*"/"rip": "0x55"/' "$1"
else
    echo nonsense >>"$1"
fi
EOF
    on_terminal 'y\ny\n' edit --record=CPU/1
    says "an error leads back to the editor" out "edit it again?"
    is "with what was typed" "$(field f CPU/1 rip)" 0x0000000000000055
    is "nothing is left of the text" "$(left)" ""
    # the end of the file on the terminal is no answer
    printf '#!/bin/sh\necho nonsense >>"$1"; echo x >>%s/runs\n' "$work" >ed
    on_terminal '\004\n' edit --record=CPU/1
    is "who has gone is not asked for ever" "$(wc -l <runs)" 1
    ok "and what was typed is kept" grep -q nonsense tmp/*/context.json
    rm -rf tmp/*
else
    skip "questions on a terminal" "no script(1), or not the program itself"
fi
done_testing
