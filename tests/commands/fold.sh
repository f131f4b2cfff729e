#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Findings as people read them: alike ones are one, the worst first, no more
# than a screen of them, and none that hides another.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data
od -An -v -tu1 "$data/xen-4.17-hvm2.ctx" >17.txt
$XL_CONTEXT convert --xen=4.17 --to=hvm --target=4.21 \
    "$data/xen-4.17-hvm2.ctx" long.ctx 2>/dev/null
od -An -v -tu1 long.ctx >21.txt

# many FILE N [OPTION]...: of the context in FILE one with N vCPUs.
many() {
    many_from=$1 many_n=$2
    shift 2
    awk -v n="$many_n" "$@" -f "$srcdir/../tools/manyvcpus.awk" "$many_from"
}

many 17.txt 2 >same.ctx
ok "the context is made as the real one has its records" \
    test "$($XL_CONTEXT show --list same.ctx | wc -l)" -eq \
    "$($XL_CONTEXT show --list "$data/xen-4.17-hvm2.ctx" | wc -l)"

# on_screen WHAT STATUS ARGUMENTS...: check; no more than a screen.
on_screen() {
    on_what=$1 on_status=$2
    shift 2
    run $XL_CONTEXT check "$@"
    is "$on_what: status" "$status" "$on_status"
    ok "$on_what: at most 20 lines" test "$(wc -l <out)" -le 20
    ok "$on_what: no line twice" test -z "$(grep '^  [a-z]*: ' out | sort |
        uniq -d)"
}

# -- one of all vCPUs, and one of another -----------------------------------
# LAPIC/n has another length, and VMCE_VCPU/11 a bit that no host gives (40)
for n in 1 2 16 64 128; do
    case $n in
    1) all="of vCPU 0" ;;
    2) all="of both vCPUs" ;;
    *) all="of all $n vCPUs" ;;
    esac
    many 21.txt $n -v set="18 11 5 1" >many.ctx
    on_screen "$n vCPUs" 4 --target=4.20.0 many.ctx
    is "$n vCPUs: the length once" "$(grep -c '\[load-length\]' out)" 1
    says "$n vCPUs: with all of them" out \
        "LAPIC $all: 8 bytes longer than the release takes"
    says "$n vCPUs: the count is that of all" out "($((n + (n > 11))) error"
    [ $n -le 11 ] ||
        says "$n vCPUs: the other fault" out "  error: VMCE_VCPU of vCPU 11: "
    is "$n vCPUs: what stops it is first" "$(sed -n 2p out |
        grep -c 'load-length')" 1
    run $XL_CONTEXT check --json --target=4.20.0 many.ctx
    is "$n vCPUs: JSON keeps all" "$(grep -o '"id": "load-length"' out |
        wc -l)" $n
    if [ $n -le 11 ]; then
        many 21.txt $n >many.ctx
        run $XL_CONTEXT check --target=4.20.0 many.ctx
        says "$n vCPUs: what to type" out "convert --target=4.20.0 many.ctx NEW"
        says "$n vCPUs: and what it costs" out "(nothing is lost)"
    fi
done

# each record of a vCPU that has a length of its own
for code in "2 CPU" "5 LAPIC" "6 LAPIC_REGS" "14 MTRR" "18 VMCE_VCPU" \
    "19 TSC_ADJUST"; do
    name=${code#* }
    many 17.txt 32 -v grow=${code% *} >grown.ctx
    on_screen "$name of 32" 4 --target=4.17.7 grown.ctx
    is "$name of 32: in one line" "$(grep -c '^  error: ' out)" 1
    says "$name of 32: by name" out "  error: $name of all 32 vCPUs: "
done

# -- some of them, with values of their own ---------------------------------
many 17.txt 8 -v set="18 2 5 1 18 3 5 1 18 5 5 1" >some.ctx
on_screen "some of them" 4 --target=4.17.7 some.ctx
says "are told by their numbers" out "VMCE_VCPU of vCPUs 2-3, 5: "
many 17.txt 64 -v set="18 -2 5 i" >odd.ctx
on_screen "every second" 4 --target=4.17.7 odd.ctx
says "is told as far as it helps" out "of vCPUs 1, 3, 5, 7, 9, 11, 13, 15 and 24"
says "with the value of the first" out "expected 0x2, in the first"
is "in one line" "$(grep -c '\[load-mce-caps\]' out)" 1

# -- more than a screen -----------------------------------------------------
codes=$(seq -s, 200 240)
many 21.txt 64 -v add=$codes >wild.ctx
on_screen "forty kinds of faults" 4 --target=4.20.0 wild.ctx
says "the first of all is whole" out "    refused, "
says "what is not there is counted" out "more, the worst an error; -v shows more"
run $XL_CONTEXT -v check --target=4.20.0 wild.ctx
is "-v has all of them" "$(grep -c '^  error: ' out)" 42
not_ok "and no count" grep -q 'shows more' out
# a warning, raised before the errors, hides none of them
many 17.txt 16 -v add=$codes -v set="6 1 208 9" >mixed.ctx
on_screen "warnings and errors" 4 --target=4.19.0 mixed.ctx
is "errors stand first" "$(sed -n 's/^  \([a-z]*\): .*/\1/p' out | uniq |
    head -n 1)" error

# -- the other verbs --------------------------------------------------------
many 21.txt 128 >many.ctx
gives "convert" 4 xsave-lost convert --xen=4.21 --target=4.0 many.ctx o
ok "says it on a screen" test "$(wc -l <err)" -le 20
says "with all vCPUs in one line" err "CPU_XSAVE of vCPUs 0-127: "
$MKSAVE -x 4.21 -c many.ctx many.save
gives "fix" 0 fix-done fix --target=4.20.0 many.save new.save
ok "says it on a screen" test "$(wc -l <err)" -le 20
says "with all vCPUs in one line" err "LAPIC of vCPUs 0-127: 8 bytes longer"

# what a loss costs is told, and where nothing helps no command is named
run $XL_CONTEXT check --target=4.4 long.ctx
says "the command that loses something" out \
    "what to type: xl-context convert --allow-loss --target=4.4 long.ctx NEW"
says "with what is lost" out "    it leaves out: VIRIDIAN_DOMAIN: "
gives "it is so" 1 viridian-time-lost convert --xen=4.21 --to=hvm \
    --allow-loss --target=4.4 long.ctx new.ctx
run $XL_CONTEXT check --target=4.4 new.ctx
ok "and what it makes loads there" test $status -lt 2
run $XL_CONTEXT check --target=4.0 long.ctx
not_ok "no command for what is refused all the same" \
    grep -q 'context convert' out
gives "no loss helps" 4 load-cr4 convert --xen=4.21 --to=hvm --allow-loss \
    --target=4.0 long.ctx none.ctx
not_ok "nothing is written" test -e none.ctx
gives "by force" 1 load-cr4 convert --xen=4.21 --to=hvm --allow-loss \
    --force --target=4.0 long.ctx new.ctx
run $XL_CONTEXT check --target=4.0 new.ctx
is "it is refused" "$status" 4
says "with the bits by name" out "these bits of CR4: FSGSBASE SMEP"
$MKSAVE -x 4.21 -c long.ctx long.save
run $XL_CONTEXT check --target=4.6 long.save
not_ok "none where the container is refused" grep -q 'context fix' out
gives "for that is so" 4 container-stream fix --target=4.6 long.save new
done_testing
