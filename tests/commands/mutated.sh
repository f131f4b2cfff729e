#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What holds for any input: a pipe gives what the file gives, and whatever a
# verb writes without a word would load.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
. "$srcdir/corpus.sh"
# of each kind; what is slow has one
[ -z "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ] && [ "${SHARE:-1}" -eq 1 ] ||
    : "${COUNT:=1}"
: "${COUNT:=2}" "${SEED:=1}"

[ -x "$TOP_BUILD/tests/tools/ctxfuzz" ] || skip_all "built without Xen"
[ -n "${XL_CONTEXT_UNDER:-}" ] || XL_CONTEXT=$(real_program $XL_CONTEXT)
LD_LIBRARY_PATH=${LIBDOMCTX_DIR:-}
export LD_LIBRARY_PATH
: >wrong

# ended STATUS VERB: one of those there are.
ended() {
    case $1 in
    0 | 1 | 3 | 4) ;;
    2) [ "$2" = explain ] ;; # it is no log
    *) return 1 ;;
    esac
}

# -- a pipe and a file --------------------------------------------------------
corpus any $COUNT $SEED || exit 99

# plain FILE...: without what the input is called.
plain() {
    sed -e 's/ <the\.input//g' -e 's/\.\.\. | //g' \
        -e 's/the\.input/INPUT/g' -e 's/standard input/INPUT/g' \
        -e "s/ -\\( NEW\\|['\"]\\)/ INPUT\\1/g" "$@"
}

n=0
for file in any/*; do
    cp "$file" the.input
    for verb in show check "check --json" "check --target=all" \
        "check --json --target=all" "convert --to=hvm" \
        diagnose "diagnose --json" \
        "diff any/hvm" "explain"; do
        case $verb in convert*) output=o ;; *) output= ;; esac
        rm -f o
        run $XL_CONTEXT $verb the.input $output
        ended "$status" "$verb" || echo "$file: $verb: status $status" >>wrong
        plain out err >wanted
        wanted=$status
        [ ! -e o ] || mv o o.wanted
        for way in pipe stdin; do
            status=0
            if [ $way = pipe ]; then
                cat the.input | $XL_CONTEXT $verb - $output >out 2>err ||
                    status=$?
            else
                $XL_CONTEXT $verb - $output <the.input >out 2>err ||
                    status=$?
            fi
            plain out err >got
            { cmp -s got wanted && [ "$status" = "$wanted" ]; } ||
                echo "$file: $verb: $way: $status, not $wanted" >>wrong
            [ ! -e o ] || cmp o o.wanted >>wrong 2>&1
            rm -f o
            n=$((n + 1))
        done
        rm -f o.wanted
    done
done
all "$n times the same from a pipe"

# -- what is written is judged again ------------------------------------------
# written WHAT TARGET: the last run, which wrote o.
written() {
    case $status in
    0) n_good=$((n_good + 1)) ;;
    1) ;;
    3 | 4)
        n_bad=$((n_bad + 1))
        [ ! -e o ] || echo "$1: refused, and written" >>wrong
        return
        ;;
    2)
        # a changed context may have no such record
        case $1 in *edit*) return ;; esac
        echo "$1: status $status" >>wrong
        ;;
    *) echo "$1: status $status" >>wrong ;;
    esac
    [ -s o ] || { echo "$1: status $status, not written" >>wrong; return; }
    $XL_CONTEXT check $2 o >judged 2>&1 || [ $? -le 1 ] || {
        written_id=$(grep -m1 -o '\[[a-z0-9-]*\]' judged)
        case $1 in
        # refused as before the edit; but what crashes is no way out
        *edit*) ! grep -qF '[edit-refused-before]' err ||
            grep -q 'crashes the' judged || return 0 ;;
        esac
        echo "$1: status $status, but then: $written_id" >>wrong
        head -n 3 judged >>wrong
    }
}

contexts contexts $((8 + 8 * COUNT)) $SEED
"$MKSAVE" -c any/hvm good.save
"$MKLEGACY" good.legacy xl=0:name=\'old\' p2m=0x100 chunk=-7:5 batch=0:3 \
    chunk=-2 chunk=-9 end pfns context=any/hvm qemu=9
n_good=0 n_bad=0
for file in contexts/*; do
    "$MKSAVE" -c "$file" in.save
    for way in "convert --xen=4.17 --target=4.17" \
        "convert --xen=4.17 --target=4.20.1 --to=hvm" \
        "convert --xen=4.17 --target=4.14 --to=json" \
        "convert --xen=4.17 --into=good.save" \
        "convert --xen=4.17 --into=good.legacy" \
        "convert --xen=4.17 --target=4.20 --into=good.save" \
        "convert --xen=4.17 --target=4.17 --allow-loss" \
        "convert --xen=4.17 --target=4.14 --allow-loss --to=wrapped" \
        "convert --xen=4.17 --allow-loss --into=good.save" \
        "fix" "fix --target=4.17" "fix --target=4.20" \
        "fix --allow-loss --target=4.14" \
        "edit --set CPU/0.rip=0x1234"; do
        case $way in
        *4.20.1*) target=--target=4.20.1 ;;
        *4.20*) target=--target=4.20 ;;
        *4.14*) target=--target=4.14 ;;
        fix | edit*) target= ;;
        *) target=--target=4.17 ;;
        esac
        case $way in fix* | edit*) in=in.save ;; *) in=$file ;; esac
        rm -f o
        run $XL_CONTEXT $way $in o
        written "$file: $way" "$target"
    done
done
ok "some are good, some are refused" \
    test $n_good -gt $((10 * COUNT)) -a $n_bad -gt $((5 * COUNT))
echo "# $n_good good, $n_bad refused"
all "what is written without being forced would load"
# What crashes a domain or the host is never written for a release, forced or
# not.
for file in contexts/*; do
    "$MKSAVE" -c "$file" in.save
    for way in "convert --xen=4.17 --target=4.17 --force --allow-loss" \
        "convert --xen=4.17 --into=good.save --force --allow-loss" \
        "fix --target=4.17 --allow-loss" \
        "edit --force --set CPU/0.rip=0x1234"; do
        case $way in convert*) in=$file ;; *) in=in.save ;; esac
        rm -f o
        run $XL_CONTEXT $way $in o
        [ -e o ] || continue
        $XL_CONTEXT check --target=4.17 o >judged 2>&1
        ! grep -q 'Xen 4.17: crashes' judged ||
            echo "$file: $way: crashes" >>wrong
    done
done
all "by force neither, where it crashes"
no_leftovers "no temporary file stays"
done_testing
