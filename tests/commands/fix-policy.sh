#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# context-fix of what stands beside the context: an older release gets the
# policies that it reads, and where nothing helps nothing is written.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"

real=$srcdir/../data/xen-4.17-hvm2.ctx
none=ffffffff
xml="<domain><name>old</name></domain>"
mkfifo pipe

# A guest of Zen 4, or of Ice Lake; what its newer leaves hold.
zen() { # OF-0x80000021
    echo "0 $none d 68747541 444d4163 69746e65"
    echo "1 $none 800f12 10800 f6f83203 178bfbff"
    echo "7 0 0 208c01a9 0 0"
    echo "d 0 7 0 340 0"
    echo "80000000 $none 80000021 68747541 444d4163 69746e65"
    echo "80000001 $none 800f12 0 171 2fd3fbff"
    echo "80000008 $none 3030 0 0 0"
    echo "8000001d $none 0 0 0 0"
    echo "8000001e $none 0 0 0 0"
    echo "80000021 $none $1 0 0 0"
}
ice() { # OF-7:2
    echo "0 $none d 756e6547 6c65746e 49656e69"
    echo "1 $none 606a6 10800 f6f83203 178bfbff"
    echo "7 0 2 208c01a9 0 0"
    echo "7 1 0 0 0 0"
    echo "7 2 0 0 0 $1"
    echo "d 0 7 0 340 0"
    echo "80000000 $none 80000008 0 0 0"
    echo "80000001 $none 0 0 121 2c100800"
    echo "80000008 $none 3030 0 0 0"
}
zen 0 >zen-empty.txt
zen 44 >zen-full.txt
ice 0 >ice-empty.txt
ice 1 >ice-full.txt

# save CONTAINER POLICY MSR: old.save
save() {
    write="$MKSAVE -p $2.txt -s ce=80000000 -s 10a=$3 -c $real"
    case $1 in
    libvirt)
        $write -llibxl inner &&
            "$MKLEGACY" old.save libvirt=2:"$xml" file="$PWD/inner"
        ;;
    memory) $write -m 4 -d old.save ;;
    *) $write -l $1 old.save ;;
    esac || exit 99
}

# Whether that release reads the policy, and whether what goes holds nothing.
reads() { # POLICY RELEASE
    case $1.$2 in
    *.4.14.0 | *.4.14.4 | *.4.15.2 | ice*.4.16.0) return 1 ;;
    esac
}
loses() { # POLICY RELEASE MSR
    case $1 in *-full) return 0 ;; esac
    [ $2 = 4.14.0 ] && [ $3 != 0 ]
}

# good WHAT RELEASE: new.save is one that loads there, with all else as it was.
good() {
    run $XL_CONTEXT check --target=$2 new.save
    ok "$1: it loads there" test "$status" -lt 2
    run $XL_CONTEXT diff old.save new.save
    is "$1: nothing else is another" \
        "$(grep '^[A-Z]' out | grep -cv '^[AB]: \|^[CM][A-Z]*_POLICY')" 0
    # the policies are in the first 1000 bytes
    behind=$(($(stat -c %s new.save) - 1000))
    tail -c $behind old.save >old.rest
    tail -c $behind new.save >new.rest
    ok "$1: nor is the memory" cmp old.rest new.rest
}

for container in $(share_of xl libxl libxc libvirt memory); do
    for policy in zen-empty zen-full ice-empty ice-full; do
        for msr in 0 4000000008000003; do
            save $container $policy $msr
            for to in 4.14.0 4.14.4 4.14.5 4.15.2 4.15.3 4.16.0 4.16.1 \
                4.17.7; do
                what="$container of $policy, MSR $msr, for $to"
                rm -f new.save
                run $XL_CONTEXT check --target=$to old.save
                checked=$status
                cp out check.out
                rm -f new.save
                run $XL_CONTEXT fix --target=$to old.save new.save
                if reads $policy $to; then
                    judge "$what: a copy, warned of as by check" $checked \
                        fix-copy
                    ok "$what: it is one" cmp old.save new.save
                    continue
                fi
                is "$what: check refuses it" $checked 4
                says "$what: by its id" check.out "[guest-policy-older]"
                if loses $policy $to $msr; then
                    judge "$what: something is lost" 4 policy-lost
                    not_ok "$what: nothing is written" test -e new.save
                    says "$what: the way is shown" err "fix --allow-loss"
                    says "$what: check shows it, too" check.out \
                        "fix --allow-loss --target=$to old.save NEW"
                    says "$what: and what it costs" check.out "[policy-lost]"
                    rm -f new.save
                    run $XL_CONTEXT fix --allow-loss --target=$to old.save \
                        new.save
                    judge "$what: allowed" 0 policy-lost
                else
                    judge "$what: nothing is lost" 0 policy-fit
                    says "$what: check says so" check.out \
                        "fix --target=$to old.save NEW    (nothing is lost)"
                fi
                says "$what: what is another" err "its CPU policy is another"
                good "$what" $to
            done
        done
    done
done

# -- what is lost is named, no name in part -----------------------------------
printf '%s\n' "0 ffffffff d 68747541 444d4163 69746e65" \
    "80000000 ffffffff 80000021 0 0 0" \
    "80000021 ffffffff ffff 0 0 0" >many.txt
$MKSAVE -x 4.20 -p many.txt -s ce=80000000 -s 10a=ffffffffffffffff \
    -c "$srcdir/../data/xen-4.17-hvm2.ctx" many.save
rm -f new.save
run $XL_CONTEXT fix --allow-loss --target=4.14.0 many.save new.save
says "of a leaf" err "leaf 0x80000021 is no_nest_bp fs_gs_ns \
lfence_dispatch verw_clear nscb ..., at"
says "of an MSR" err \
    "MSR 0x10a is 0xffffffffffffffff rdcl_no eibrs rsba skip_l1dfl ..., at"
rm -f new.save

# -- from here to there -------------------------------------------------------
save memory zen-full 4000000008000003
to="--allow-loss --target=4.14.0"
$XL_CONTEXT convert --to=hvm old.save c.hvm 2>/dev/null
# one context that is shorter, and one that is longer than the old one
for from in 4.17 4.22; do
    $XL_CONTEXT convert --to=hvm --xen=4.17 --target=$from c.hvm $from.hvm \
        2>/dev/null
    $XL_CONTEXT convert --force --allow-loss --xen=$from --into=old.save \
        $from.hvm $from.save 2>/dev/null
    [ -s $from.save ] || exit 99
    rm -f wanted.save
    run $XL_CONTEXT fix $to $from.save wanted.save
    judge "a context of $from" 0 fix-done
    cat $from.save >pipe &
    rm -f new.save
    run $XL_CONTEXT fix $to - new.save <pipe
    judge "from a pipe" 0 fix-done
    wait
    ok "the same" cmp wanted.save new.save
    run $XL_CONTEXT fix $to $from.save -
    judge "to standard output" 0 fix-done
    ok "the same" cmp wanted.save out
    cat $from.save >pipe &
    $XL_CONTEXT fix $to - - <pipe 2>err | cat >out
    wait
    ok "from a pipe into a pipe: the same" cmp wanted.save out
done
rm -f dry
gives "a dry run" 0 fix-done -N fix $to 4.22.save dry
not_ok "writes nothing" test -e dry

# -- where nothing helps, wherever it goes ------------------------------------
# hopeless ID OPTION...: old.save
hopeless() {
    hopeless_id=$1
    shift
    rm -f new.save
    gives "$hopeless_id" 4 $hopeless_id fix "$@" old.save new.save
    not_ok "$hopeless_id: nothing is written" test -e new.save
    rm -f new.save
    gives "$hopeless_id: a dry run says so" 4 $hopeless_id \
        -N fix "$@" old.save new.save
    run $XL_CONTEXT fix "$@" old.save -
    judge "$hopeless_id: into a pipe, too" 4 $hopeless_id
    is "$hopeless_id: nothing comes" "$(wc -c <out)" 0
}
echo "a5a5a5a5 a5a5a5a5 0 0 0 0" >garbage.txt
save xl garbage 0
for to in 4.14.0 4.15.2 4.17.7 4.22.0; do
    hopeless guest-cpuid-policy --target=$to
    hopeless guest-cpuid-policy --target=$to --allow-loss
done
printf '{"c_info": {"type": "hvm", "name": "old"}, "b_info":
    {"max_vcpus": 2, "device_model_version": "qemu_xen_traditional"}}' >t.json
"$MKSAVE" -x 4.19 -E 1 -j t.json -c "$real" old.save
for to in 4.21.0 4.22; do
    hopeless guest-device-model --target=$to
done
"$MKSAVE" -S -c "$real" old.save
for to in 4.14.6 4.17.7 4.22.0; do
    hopeless libxc-static-missing --target=$to
done
done_testing
