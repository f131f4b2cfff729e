#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A host in a file: written here, judged against anywhere.
. "${srcdir:-.}/lib.sh"
data=$srcdir/../data
real=$data/xen-4.17-hvm2.ctx
$XL_CONTEXT convert --xen=4.17 "$real" real.img 2>err || cat err

# A host as the reader takes it: what is not there is not known.
host() {   # FILE, members
    printf '{"schema": "xl-context-host-1", "xen_version": "4.17.7"%s}\n' \
        "$2" >"$1"
}

host little.json ""
gives "a host of which only the release is known" 0 "" \
    -v check --target=little.json "$real"
says "is that release" out ": Xen 4.17.7: loads"
says "and leaves open what the processor has" out "[load-host-cr4]"

all='"0xffffffff","0xffffffff","0xffffffff","0xffffffff","0xffffffff"'
host whole.json ", \"features\": {\"hvm_max\": {\"words\": [$all,$all,$all]}}"
gives "a host with all features" 0 "" -v check --target=whole.json "$real"
not_ok "leaves nothing open" grep -q '\[load-host-cr4\]' out

# SMEP, bit 7 of word 5, which the guest uses
host less.json ", \"features\": {\"hvm_max\": {\"words\": \
[$all,\"0xffffff7f\",$all]}}"
gives "a host without a feature that is in use" 4 "" \
    check --target=less.json "$real"
says "is refused by name" out \
    "the host does not have the features for it: smep"
gives "in two targets" 4 "" \
    check --target=whole.json --target=less.json "$real"
says "both are judged" out "refused"
says "each for itself" out "loads"
gives "as JSON" 4 "" check --json --target=less.json "$real"
says "the id is there" out '"id": "load-host-lacks"'

gives "convert for it" 4 load-host-lacks convert --target=less.json "$real" o
not_ok "writes nothing" test -e o
gives "convert for one that has it" 0 "" convert --target=whole.json \
    --to=hvm real.img o
ok "writes what the release loads" test -s o

# -- two hosts of one release ------------------------------------------------
host first.json ', "name": "guest host"'
host second.json ''
run $XL_CONTEXT check --target=first.json --target=second.json \
    --target=4.17.7 "$real"
ok "one by its name and its file" \
    grep -q ': Xen 4.17.7 on guest host (first.json): ' out
ok "one without a name by its file" \
    grep -q ': Xen 4.17.7 on second.json: ' out
ok "a release is none" grep -q ': Xen 4.17.7: ' out
run $XL_CONTEXT check --json --target=first.json --target=second.json \
    --target=4.17.7 "$real"
is "JSON tells them apart, too" \
    "$(sed -n 's/^ *"host": "\(.*\)",$/\1/p' out | tr '\n' ' ')" \
    "first.json second.json "
run $XL_CONTEXT check --target=first.json "$real"
ok "one alone is the only one" grep -q ': Xen 4.17.7: ' out
host odd.json ''
sed -i 's/4.17.7/8.3/' odd.json
gives "the release of a product" 3 host-member check --target=odd.json "$real"
says "is told with its Xen" err "XenServer or XCP-ng 8.3 has Xen 4.17"
gives "as a target" 2 release-malformed check --target=debian12 "$real"
says "it is, too" err "Debian 12 has Xen 4.17"

# -- what is no host ---------------------------------------------------------
gives "a context as the target" 3 host-none check --target="$real" "$real"
says "the cure does not write over it" err "host HOST.json'"
gives "a file that is not there" 2 file-open check --target=./no.json "$real"
gives "a file of JSON that is not there" 2 file-open \
    check --target=no.json "$real"
gives "a word that is no release and no file" 2 release-malformed \
    check --target=nohost "$real"
cp less.json 4.17
gives "a file with the name of a release" 0 "" check --target=4.17 "$real"
gives "with its folder it is the file" 4 "" check --target=./4.17 "$real"
host odd.json ', "tool": "x", "tool": "y"'
gives "a member twice" 3 host-twice check --target=odd.json "$real"
host odd.json ', "weather": "fine"'
gives "an unknown member" 3 host-member check --target=odd.json "$real"
head -c 60 whole.json >odd.json
gives "one that was cut" 3 host-json check --target=odd.json "$real"
echo '{"schema": "xl-context-host-1"}' >odd.json
gives "one without a release" 3 host-missing fix --target=odd.json "$real" o2
host odd.json ', "phys_bits": 65'
gives "a number out of range" 3 host-member convert --target=odd.json \
    "$real" o2
not_ok "nothing is written" test -e o2
host odd.json ', "vendor": "amd"'
gives "a vendor that is none" 3 host-member check --target=odd.json "$real"

# -- as an input it says what it is ------------------------------------------
host named.json ', "name": "pandora", "vendor": "GenuineIntel"'
for verb in show check "convert --to=hvm"; do
    # shellcheck disable=SC2086 # words
    run $XL_CONTEXT $verb named.json \
        $([ "${verb%% *}" = convert ] && echo o3)
    is "a host is no context, ${verb%% *}" "$status" 3
    cat out err >both
    says "it says what it is" both "host, pandora: Xen 4.17.7, GenuineIntel"
    says "with the id" both "[kind-host]"
done
gives "a damaged one" 3 host-member show odd.json

# -- the host that runs here --------------------------------------------------
if [ -z "$FAKE_LIVE_LIB" ]; then
    skip "the host that runs here" "the stand-in is not built"
    done_testing
    exit
fi
live() {   # WHAT STATUS WORDS ID ARGUMENTS...
    live_what=$1 live_status=$2 FAKE_LIVE=$3 live_id=$4
    shift 4
    FAKE_IMAGE=$work/real.img FAKE_LOG=$work/log
    export FAKE_LIVE FAKE_IMAGE FAKE_LOG
    rm -f log
    # shellcheck disable=SC2086
    run env LD_PRELOAD="$FAKE_LIVE_LIB" $XL_CONTEXT "$@"
    grep -v '^fake: ' err >err.ours
    mv err.ours err
    judge "$live_what" "$live_status" "$live_id"
}
live "a host is described" 0 "" "" host here.json
says "its name" here.json '"name": "here"'
is "for its owner alone" "$(stat -c %a here.json)" 600
live "on standard output" 0 "" "" host
ok "the same" cmp -s out here.json
gives "and judged against" 0 "" check --target=here.json "$real"
live "one without AVX" 0 no-avx "" host here.json
gives "is refused from the file" 4 "" check --target=here.json "$real"
cp out from-file
live "and from the host itself" 4 no-avx "" check --target=host "$real"
ok "in the same words" cmp -s out from-file
echo old >kept.json
live "no Xen" 2 no-xen live-no-xen host kept.json
is "the file that was there is whole" "$(cat kept.json)" old
live "a dry run" 0 "" "" -N host kept.json
is "writes nothing" "$(cat kept.json)" old
live "what is not told is a note" 0 no-features host-untold host here.json
live "a folder that is not there" 2 "" file-temp host no/here.json
not_ok "before the host is asked" test -e log
no_leftovers "no temporary file is left"

# -- a live domain ---------------------------------------------------------------
live "a live domain" 1 "" "" check --target=whole.json --domain=guest
says "by its name" out "guest: Xen 4.17.7: loads"
says "with its policy" log "guest 7 0"
says "and its context, the pause taken back" log "save 7 0"
live "on a host without a feature" 4 "" "" check --target=less.json \
    --domain=guest
live "its configuration counts" 4 one-vcpu "" check --target=whole.json \
    --domain=guest
says "as in a save file" out "[load-vcpu-config]"
live "its policy counts" 4 guest-no-avx "" check --target=whole.json \
    --domain=guest
says "by name" out "the CPUID policy of the guest lacks avx"
live "what is not told is a note" 1 guest-untold live-untold check \
    --target=whole.json -d guest
live "no such domain" 2 "" live-no-domain check --domain=other
live "a save that fails" 5 fails live-call-failed check --domain=guest
live "one that stays paused" 6 still-paused live-still-paused check \
    --domain=guest
gives "a domain and a file" 2 usage check --domain=guest "$real"
gives "neither" 2 usage check
done_testing
