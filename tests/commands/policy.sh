#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a save file says beside the context: policies, parameters and
# configuration, shown and judged.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

data=$srcdir/../data
none=ffffffff

# An AMD guest of Zen, as a release that knows leaf 0x80000021 writes it.
amd() {
    echo "0 $none d 68747541 444d4163 69746e65"
    echo "1 $none 800f12 10800 f6f83203 178bfbff"
    echo "7 0 0 208c01a9 0 0"
    echo "d 0 7 0 340 0"
    echo "d 1 1 0 0 0"
    echo "80000000 $none ${1:-8000001c} 68747541 444d4163 69746e65"
    echo "80000001 $none 800f12 0 171 2fd3fbff"
    echo "80000008 $none 3030 0 0 0"
}
amd >amd.txt

# config MEMBERS-OF-B_INFO: libxl's JSON
config() {
    echo "{\"c_info\": {\"type\": \"hvm\", \"name\": \"web\"}," \
        "\"b_info\": {$1}}"
}

# -- shown ---------------------------------------------------------------
config '"max_vcpus": 4, "nested_hvm": "True", "type.hvm": {"bios": "ovmf"}' \
    >web.json
$MKSAVE -j web.json -p amd.txt -s ce=80000000 -s 10a=4000000008000003 \
    -a 9=65 -a 0=100000000001802 -a 27=1 -c "$data/xen-4.17-hvm2.ctx" web.save
gives "a save file" 0 "" show web.save
# virtualisation of its own, by each way in which a file shows it
run $XL_CONTEXT -v check --target=4.17.7 web.save
says "nested virtualisation of the configuration is said" out "[guest-inner]"
for mode in mixed external limited disabled; do
    config "\"altp2m\": \"$mode\"" >altp2m.json
    $MKSAVE -j altp2m.json -p amd.txt -c "$data/xen-4.17-hvm2.ctx" altp2m.save
    run $XL_CONTEXT show altp2m.save
    cp out shown
    run $XL_CONTEXT -v check --target=4.21.0 altp2m.save
    case $mode in
    disabled) not_ok "altp2m=$mode is nothing" grep -q guest-altp2m out
        says "altp2m=$mode is shown" shown "altp2m                     no" ;;
    *) says "altp2m=$mode is said" out "[guest-altp2m]"
        says "altp2m=$mode is shown" shown "altp2m                     yes"
    esac
done
for bit in "1 $none 800f12 10800 f6f83223 178bfbff" \
    "80000001 $none 800f12 0 175 2fd3fbff"; do
    { amd; echo "$bit"; } >inner.txt
    $MKSAVE -p inner.txt -c "$data/xen-4.17-hvm2.ctx" inner.save
    run $XL_CONTEXT -v check --target=4.17.7 inner.save
    says "vmx or svm in the policy is said" out "[guest-inner]"
done
$MKSAVE -p amd.txt -c "$data/xen-4.17-hvm2.ctx" inner.save
run $XL_CONTEXT -v check --target=4.17.7 inner.save
not_ok "without, nothing is said" grep -q guest-inner out
gives "(a save file)" 0 "" show web.save
says "the number of vCPUs" out "    max_vcpus                  4"
says "nested virtualisation" out "    nested_hvm                 yes"
says "the firmware" out "    bios                       ovmf"
says "the device model" out "  device model   QEMU"
says "the processor of the policy" out \
    "AuthenticAMD, family 0x17, model 0x1, stepping 2"
says "a leaf" out \
    "    00000001          00800f12 00010800 f6f83203 178bfbff"
says "its features by name" out "xsave avx f16c rdrand"
says "a subleaf" out "    00000007:0        00000000 208c01a9"
says "an MSR by name" out "0x80000000  PLATFORM_INFO"
says "its bits by name" out "      rdcl_no eibrs rfds_no its_no"
says "a parameter by name" out "    9   VIRIDIAN               0x65"
says "Viridian in words" out "  base time_ref_count apic_assist crash_ctl"
says "the callback in words" out "  PCI device 3, INTC"
$MKSAVE -v 2 old.save
gives "a stream without a policy" 0 "" show old.save
says "says so" out "  CPUID policy   none in the stream"
printf '1 %s %s' "$none" "$(printf '0%.0s' 1 2 3)" >odd.txt
echo " 1b5b4a 1 2" >>odd.txt
echo "0 $none 0 1b5b4a1b 1b5b4a1b 1b5b4a1b" >>odd.txt
$MKSAVE -p odd.txt odd.save
gives "a vendor of control characters" 0 "" show odd.save
is "does nothing to the terminal" "$(tr -cd '\033' <out | wc -c)" 0

# -- judged --------------------------------------------------------------
# judged WHAT STATUS WORDS ARGUMENTS...: check; its data has the words.
judged() {
    judged_what=$1 judged_status=$2 judged_words=$3
    shift 3
    run $XL_CONTEXT check "$@"
    is "$judged_what: status" "$status" "$judged_status"
    says "$judged_what" out "$judged_words"
}
config '"max_vcpus": 2, "type.hvm": {}' >two.json
context=$data/xen-4.17-hvm2.ctx
$MKSAVE -j two.json -p amd.txt -s ce=80000000 -s 10a=0 -c "$context" two.save
judged "a sound guest" 0 "loads, if the host has: " --target=4.17.7 two.save
judged "another vendor is a matter of 4.22" 0 "AuthenticAMD" \
    --target=4.22.0 two.save
judged "of one MSR 4.14.0 has room" 4 "[guest-policy-older]" \
    --target=4.14.0 two.save
amd 8000001e >zen.txt
echo "8000001d $none 0 0 0 0" >>zen.txt
$MKSAVE -j two.json -p zen.txt -s ce=80000000 -c "$context" zen.save
judged "a leaf that the release has no place for" 4 \
    "found leaf 0x8000001d" --target=4.15.2 zen.save
judged "and in the next point release" 0 "loads" --target=4.17.0 zen.save
sed 's/f6f83203/f2f83203/' amd.txt >noxsave.txt
$MKSAVE -j two.json -p noxsave.txt -c "$context" noxsave.save
judged "a feature that the policy lacks" 4 \
    "the CPUID policy of the guest lacks xsave" --target=4.17.7 noxsave.save
# what is written is judged against the policy of the file that it is in
for target in "" --target=4.17.7; do
    gives "into a file whose policy lacks it${target:+, $target}" 4 \
        load-policy convert --xen=4.17 $target --into=noxsave.save \
        "$context" new.save
    not_ok "nothing is written" test -e new.save
    run $XL_CONTEXT convert --xen=4.17 $target --into=two.save "$context" \
        new.save
    is "into one whose policy has it${target:+, $target}" "$status" 0
    rm -f new.save
done
gives "the context of a file whose policy lacks it" 4 load-policy \
    convert --target=4.17.7 noxsave.save new.img
gives "by force" 1 load-policy convert --force --target=4.17.7 \
    noxsave.save new.img
gives "of one whose policy has it" 0 convert-no-memory \
    convert --target=4.17.7 two.save new.img
# an address of the guest's above the bits of its own policy
od -An -v -tu1 "$context" >context.txt
for bits in 24 30; do
    amd | sed "s/ 3030 / 30$bits /" >address.txt
    awk -v n=2 -v set="2 -1 676 32" -f "$srcdir/../tools/manyvcpus.awk" \
        context.txt >address.ctx
    $MKSAVE -j two.json -p address.txt -c address.ctx address.save
    case $bits in
    24) judged "CR3 above the policy's address bits" 4 \
        "the guest has 36 physical address bits" --target=4.17.7 address.save
        judged "which nothing compares before 4.14" 4 \
            "[container-stream]" --target=4.13.5 address.save
        not_ok "so it is not said" grep -q load-policy out ;;
    *) judged "and within them" 0 ": loads" --target=4.17.7 address.save ;;
    esac
done
# the devices of an HVM guest in a PVH guest of the configuration
for type in hvm pvh; do
    printf '{"c_info": {"type": "%s"}, "b_info": {"max_vcpus": 2,
        "type": "%s"}}' $type $type >kind.json
    case $type in pvh) emulator=0 ;; *) emulator=100 ;; esac
    $MKSAVE -j kind.json -e $emulator -p amd.txt -c "$context" kind.save
    run $XL_CONTEXT check --target=4.17.7 kind.save
    is "an HVM context in a guest of $type: status" $status \
        "$(case $type in pvh) echo 4 ;; *) echo 0 ;; esac)"
    is "an HVM context in a guest of $type: refused" \
        "$(grep -c 'PIC 0: .*load-no-device' out)" \
        "$(case $type in pvh) echo 1 ;; *) echo 0 ;; esac)"
done
# QEMU starts with the state from the stream, whatever that is
printf '{"c_info": {"type": "hvm"}, "b_info": {"max_vcpus": 2}}' >kind.json
$MKSAVE -j kind.json -e 0 -p amd.txt -c "$context" kind.save
judged "no emulator for an HVM guest" 4 ": refused" --target=4.17.7 kind.save
says "and why" out "[libxl-emulator-missing]"
config '"max_vcpus": 1, "type.hvm": {}' >one.json
$MKSAVE -j one.json -p amd.txt -c "$context" one.save
judged "fewer vCPUs" 4 "CPU of vCPU 1: " --target=4.17.7 one.save
is "in one line" "$(grep -c '\[load-vcpu-config\]' out)" 1
config '"max_vcpus": 2, "device_model_version": "qemu_xen_traditional"' \
    >old.json
$MKSAVE -x 4.19 -j old.json -E 1 -p amd.txt -c "$context" old.save
judged "qemu-traditional" 4 "refused (1 error" --target=4.21.0 old.save
says "by name" out "[guest-device-model]"
judged "which 4.20 has" 0 "loads" --target=4.20.4 old.save
$MKSAVE -j two.json -p amd.txt -a 9=4000 -c "$context" odd.save
judged "a parameter" 4 "VIRIDIAN is parameter 9 = 0x4000" --target=4.17.7 odd.save
run $XL_CONTEXT check --target=4.5.0 two.save
is "a release that stops at the header: status" "$status" 4
says "names the header first" out "[container-xl-flags]"
is "before all else" "$(grep -m1 -o '\[[a-z0-9-]*\]' out)" \
    "[container-xl-flags]"
is "and in the verdict" "$(sed -n 1p out | grep -c 'refused (')" 1
# what readers refuse decides, too, though the context is sound
$MKSAVE -j two.json -p amd.txt -S -c "$context" static.save
$MKSAVE -l libxc -p amd.txt -S -c "$context" static.libxc
for target in "" --target=4.14.6 --target=4.17.7 --target=4.20 \
    --target=4.22.0; do
    for file in static.save static.libxc; do
        what="$file${target:+, $target}"
        judged "no STATIC_DATA_END in $what" 4 ": refused (" $target $file
        is "in $what: it is first" \
            "$(sed -n 2p out | grep -c 'libxc-static-missing')" 1
        not_ok "in $what: no host helps" grep -q 'if the host has' out
    done
done
run $XL_CONTEXT check --json --target=4.22.0 static.save
says "JSON says it" out '"verdict": "refused"'

# -- configurations that libxl refuses, or does not read -----------------
# refused WHAT LOG JSON [OPTION]...
refused() {
    refused_what=$1 refused_log=$2
    printf '%s' "$3" >refused.json
    shift 3
    $MKSAVE -j refused.json -p amd.txt -c "$context" "$@" refused.save
    judged "$refused_what" 4 "in the log: $refused_log" --target=4.17.7 \
        refused.save
}
hvm='"c_info": {"type": "hvm"'
dm='"device_model_version": "qemu_xen_traditional"'
refused "nested and altp2m" nestedhvm "{$hvm}, \"b_info\": {
    \"max_vcpus\": 2, \"nested_hvm\": \"True\", \"altp2m\": \"external\"}}"
refused "qemu-traditional with seabios" qemu-xen-traditional \
    "{$hvm}, \"b_info\": {\"max_vcpus\": 2, $dm,
    \"type.hvm\": {\"bios\": \"seabios\"}}}"
off=", \"passthrough\": \"disabled\"}, \"b_info\": {\"max_vcpus\": 2}"
refused "passthrough that is off" "passthrough disabled" \
    "{$hvm$off, \"pcidevs\": [{\"bus\": 1}]}"
refused "no JSON" "unable to generate" "{$hvm"
printf '{%s, "pcidevs": []}' "$hvm$off" >fine.json
$MKSAVE -j fine.json -p amd.txt -c "$context" fine.save
judged "without devices" 0 ": loads" --target=4.17.7 fine.save

# -- what stops a restore first is told first ----------------------------
# first WHAT ID OPTION...: a file of two faults, and the one that is first
to=4.17.7
first() {
    first_what=$1 first_id=$2
    shift 2
    $MKSAVE -p amd.txt "$@" first.save
    run $XL_CONTEXT check --target=$to first.save
    is "$first_what: status" "$status" 4
    is "$first_what" "$(sed -n '2s/.*\[\(.*\)\]$/\1/p' out)" "$first_id"
}
config '"max_vcpus": 2, "tsc_mode": "native_paravirt"' >tsc.json
{ amd; echo "a5a5 0 0 0 0 0"; } >garbage.txt
awk -v n=2 -v set="2 -1 993 45" -f "$srcdir/../tools/manyvcpus.awk" \
    context.txt >efer.ctx
first "the configuration, then the stream" guest-config -j tsc.json -S \
    -c "$context"
first "the stream, then the policies" libxc-static-missing -j two.json -S \
    -p garbage.txt -c "$context"
first "the stream, then a parameter" libxc-static-missing -j two.json -S \
    -a 40=1 -c "$context"
first "the configuration, then a parameter" guest-config -j tsc.json \
    -a 40=1 -c "$context"
first "the policies, then a parameter" guest-cpuid-policy -j two.json \
    -p garbage.txt -a 40=1 -c "$context"
first "a parameter, then the context" guest-hvm-param -j two.json \
    -a 40=1 -c efer.ctx
sed 's/hvm/pvh/g' two.json >pvh.json
first "a parameter, then libxl's records" guest-hvm-param -j pvh.json \
    -a 13=1 -c "$context"
first "the context, then libxl's records" load-no-device -j pvh.json \
    -c "$context"
to=4.13.5
first "the configuration, then the stream's header" guest-config \
    -j tsc.json -c "$context"
first "the stream's header, then a parameter" container-stream \
    -j two.json -a 40=1 -c "$context"
to=4.20.4
first "the context" load-efer -j two.json -E 1 -c efer.ctx
to=4.21.1
first "the context, then the emulator" load-efer -j two.json -E 1 -c efer.ctx
not_ok "which no key names" grep -q device_model_version out
first "the emulator" container-emulator -j two.json -E 1 -c "$context"
first "the key that names it" guest-device-model -j old.json -E 1 \
    -c "$context"
if command -v python3 >/dev/null; then
    run $XL_CONTEXT check --json --target=4.22.0 two.save
    ok "JSON has what the host must have" python3 -c '
import json
(file,) = json.load(open("out"))
assert "xsave" in file["needs"] and "AuthenticAMD" in file["needs"]'
fi
done_testing
