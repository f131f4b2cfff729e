#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Files that gzip or xz compressed are read by each verb as what is in them;
# cut ones and changed ones are damaged, and bombs are stopped.
# shellcheck disable=SC2086 # the programs and options are words
. "${srcdir:-.}/lib.sh"
. "$srcdir/corpus.sh"
: "${MKSAVE:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
tools=
for tool in gzip xz; do
    if ! command -v $tool >/dev/null; then
        skip "$tool" "not here"
    elif [ $tool = gzip ] && $XL_CONTEXT --version | grep -q 'without zlib'
    then
        skip "gzip" "built without zlib"
    else
        tools="$tools $tool"
    fi
done
[ -n "$tools" ] || skip_all "nothing here compresses"

# run_to FILE ARGUMENTS...: its words and status there, names of the input
# left out, and that a copy is no longer compressed
run_to() {
    to=$1
    shift
    run $XL_CONTEXT "$@"
    echo "$status" | cat - out err |
        sed "s,$packed,-,g; s/standard input/-/g
            s/a copy that is not compressed, as xl wants it/a plain copy/" \
            >"$to"
}

# verdict FILE [OPTION]: the line about it, but for the name, what was counted
# and that a save file has to be decompressed
verdict() {
    $XL_CONTEXT check $2 - <"$1" 2>/dev/null | head -n 1 |
        sed 's/^[^:]*: //; s/, once it is decompressed//; s/ ([0-9].*//'
}

# same VERB...: with the file at $in as with what is in it
same() {
    case $* in convert* | fix*) output=o ;; *) output= ;; esac
    rm -f o o.wanted
    run_to wanted "$@" - $output <"$file"
    [ ! -e o ] || mv o o.wanted
    run_to got "$@" $in $output <"$packed"
    cmp -s got wanted || {
        echo "$packed, $in: $*: other words"
        diff wanted got | head -n 4
    } >>wrong
    [ ! -e o ] && [ ! -e o.wanted ] || cmp -s o o.wanted ||
        echo "$packed, $in: $*: another output" >>wrong
}

# -- as what is in it ---------------------------------------------------------
corpus any 1 1 || exit 99
"$MKSAVE" -x 4.19 -c "$data" any/save
: >wrong
n=0
for tool in $tools; do
    mkdir packed-$tool
    for file in $(share_of any/*); do
        packed=packed-$tool/${file#any/}
        $tool -c <"$file" >"$packed"
        for target in "" --target=4.20.0; do
            [ "$(verdict $file $target)" = "$(verdict $packed $target)" ] ||
                echo "$packed: check $target: another verdict" >>wrong
            n=$((n + 1))
        done
        for verb in show "diff $data" "convert --to=hvm" "fix --target=4.20"
        do
            # by turns as a file and as a pipe
            [ $((n % 2)) -eq 0 ] && in=$packed || in=-
            same $verb
            n=$((n + 1))
        done
    done
done
all "$n times as what was compressed"

"$MKSAVE" -x 4.19 -c "$data" guest.save
echo '(XEN) d5v0: HVM restore: bad EFER 0xd01 - NXE without feature' >log
$XL_CONTEXT convert --to=hvm guest.save guest.ctx 2>/dev/null
"$MKSAVE" -x 4.17 -c "$data" other.save
for tool in $tools; do
    for file in guest.save guest.ctx other.save log; do
        $tool -c $file >$file.$tool
    done
    run $XL_CONTEXT explain log.$tool
    ok "explain of a log by $tool" grep -q 'NXE without feature' out
    run $XL_CONTEXT explain - <log.$tool
    ok "from a pipe" grep -q 'NXE without feature' out
    run $XL_CONTEXT check guest.save.$tool
    says "check of one that loads says what comes first" out \
        ": loads, once it is decompressed (1 warning"
    is "with the status of a warning" "$status" 1
    says "why" out \
        "compressed by $tool, which xl does not read [packed-save-file]"
    sed -n 's/^ *what to type: //p' out >way
    is "how" "$(cat way)" "$tool -dc guest.save.$tool >NEW"
    sh ./way
    ok "that way works" cmp -s guest.save NEW
    run $XL_CONTEXT check --json guest.save.$tool
    says "a program is told, too" out "\"$tool -dc guest.save.$tool >NEW\""
    run $XL_CONTEXT check - <guest.save.$tool
    says "what was piped in is gone" out "$tool -dc FILE >NEW"
    run $XL_CONTEXT check guest.ctx.$tool
    not_ok "no xl reads a context" grep -q ">NEW" out
    is "which just loads" "$status" 0
    run $XL_CONTEXT check --target=4.10 guest.save.$tool
    not_ok "one that is refused" grep -q " -dc " out
    $XL_CONTEXT convert --to=hvm --target=4.21 guest.save long.ctx 2>/dev/null
    "$MKSAVE" -x 4.19 -c long.ctx long.save
    $tool -c long.save >long.save.$tool
    run $XL_CONTEXT check --target=4.20.0 long.save.$tool
    not_ok "one that fix mends" grep -q " -dc " out
    says "is decompressed by that" out \
        "fix --target=4.20.0 long.save.$tool NEW"
    rm -f new
    gives "fix of one that loads, by $tool" 0 fix-copy fix guest.save.$tool new
    ok "unpacks it" cmp -s guest.save new
    says "which is said" err "not compressed, as xl wants it"
    not_ok "and not called a plain copy" grep -q "plain copy" err
    for to in plain -; do
        $XL_CONTEXT convert --into=other.save guest.ctx into 2>/dev/null
        $XL_CONTEXT convert --into=other.save.$tool guest.ctx.$tool $to \
            >piped 2>/dev/null
        [ $to = plain ] && mv plain piped
        ok "convert --into by $tool, to $to" cmp -s into piped
    done
    cp other.save.$tool before
    gives "edit in place, by $tool" 2 edit-packed edit --set=LAPIC.id=0 \
        other.save.$tool
    ok "leaves the file alone" cmp -s before other.save.$tool
    rm -f edited
    run $XL_CONTEXT edit --set=PMTIMER.tmr_val=77 other.save.$tool edited
    judge "edit to a name of its own" 0
    run $XL_CONTEXT show edited
    ok "changes what was said" grep -q 'tmr_val *0x0000004d' out

    # -- two in one, and one in another ---------------------------------------
    { head -c 500 guest.save | $tool -c; tail -c +501 guest.save | $tool -c
    } >two
    gives "a file of two parts, by $tool" 1 "" check two
    $tool -c two >twice
    gives "compressed twice, by $tool" 3 "" check twice
    says "names the way" out "$tool -dc"
    sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
    sh ./way | $XL_CONTEXT check - >out 2>&1
    ok "that is said works" grep -q ': loads' out

    # -- damage ---------------------------------------------------------------
    size=$(wc -c <guest.save.$tool)
    : >wrong
    for verb in check show "convert --to=hvm" fix "diff guest.save"; do
        case $verb in convert* | fix) output=o ;; *) output= ;; esac
        for left in $(share_of $((size / 2)) 6 20 200 $((size - 9)) \
            $((size - 1))); do
            [ $tool = xz ] || [ $left -gt 6 ] || continue
            head -c $left guest.save.$tool >cut
            for in in cut -; do
                rm -f o
                run $XL_CONTEXT $verb $in $output <cut
                [ $status -eq 3 ] &&
                    grep -qE '\[packed-(cut|no-context)\]' out err &&
                    [ ! -e o ] || echo "$verb $in, $left bytes" >>wrong
            done
        done
        for at in $(share_of $((size - 5)) 100 300); do
            { head -c $at guest.save.$tool
              tail -c +$((at + 1)) guest.save.$tool | head -c 1 |
                  tr '\0-\377' '\1-\377\0'
              tail -c +$((at + 2)) guest.save.$tool; } >changed
            rm -f o
            run $XL_CONTEXT $verb changed $output
            [ $status -eq 3 ] && grep -qF '[packed-' out err &&
                [ ! -e o ] || echo "$verb, byte $at is another" >>wrong
        done
    done
    all "cut or changed, by $tool"
    ok "the check behind all of it counts" grep -qF '[packed-damaged]' out err
    not_ok "is no word of the container" grep -q source-cut out
    head -c $((size - 4)) guest.save.$tool >cut
    run $XL_CONTEXT convert --damaged cut found
    ok "what was read is taken out" grep -qF '[packed-cut]' err
    gives "and is the context" 0 "" check found
    run $XL_CONTEXT check cut
    says "as check names it, $tool" out "convert --damaged cut NEW"
    "$MKSAVE" -m 2 -c "$data" large.save
    for left in 40 500000; do
        head -c $left large.save | $tool -c | head -c -20 >cut
        for verb in check "fix --target=4.17" "convert --damaged"; do
            case $verb in check) output= ;; *) output=o ;; esac
            run $XL_CONTEXT $verb cut $output
            is "$verb, $tool ends before the context" "$status" 3
            ok "by its id" grep -qF '[packed-no-context]' out err
            not_ok "names nothing that takes it out" \
                grep -qE -e '--(damaged|allow-loss) cut' out err
        done
    done
    run $XL_CONTEXT check --json cut
    not_ok "nor in JSON" grep -q '"commands"' out
    cp guest.save.$tool tail
    [ $tool = xz ] || {
        head -c 512 /dev/zero >>tail
        gives "zeros of a tape behind it, by $tool" 1 "" check tail
    }

    # -- behind the end -------------------------------------------------------
    # behind WHAT COUNT BYTES: whether so many bytes of it are told
    behind() {
        what=$1 told=$2
        printf "$3" | cat guest.save.$tool - >tail
        run $XL_CONTEXT check tail
        is "$what behind it, by $tool" "$status $(grep -c ': loads' out) \
$(grep -cF '[packed-bytes-behind]' out)" "1 1 $told"
        [ $told = 1 ] || return 0
        says "where its end is" out "whole at byte $size;"
        says "what to type goes by that" out \
            "head -c $size tail | $tool -dc >NEW"
        sed -n 's/^ *what to type: //p' out >way
        sh ./way
        ok "that works" cmp -s guest.save NEW
        run $XL_CONTEXT check - <tail
        is "in a pipe" "$(grep -cF "[packed-bytes-behind]" out)" 1
        run $XL_CONTEXT fix tail new.tail
        is "fix mends it" "$status" 1
        ok "with what is whole" cmp -s guest.save new.tail
        rm -f new.tail
    }
    size=$(wc -c <guest.save.$tool)
    behind "a word" 1 old
    behind "a line" 1 'behind\nthe end of it\n'
    behind "one byte" 1 x
    behind "half a member" 1 '\037'
    behind "zeros and a word" 1 '\0\0\0\0old'
    behind "nothing" 0 ''
    behind "eight zeros" 0 '\0\0\0\0\0\0\0\0'
    case $tool in
    xz) behind "zeros that are no padding" 1 '\0\0\0' ;;
    *) behind "three zeros" 0 '\0\0\0' ;;
    esac
    { head -c 500 guest.save | $tool -c; head -c 8 /dev/zero
      tail -c +501 guest.save | $tool -c; } >padded
    run $XL_CONTEXT check padded
    case $tool in
    xz) is "padding between members" "$status $(grep -c ': loads' out)" "1 1"
        ;;
    *) is "zeros between members end it" \
        "$status $(grep -c packed-no-context out)" "3 0" ;;
    esac
    { cat guest.save.$tool; $tool -c /dev/null; echo behind; } >tail
    run $XL_CONTEXT check tail
    says "behind a second member without a byte" out \
        "whole at byte $(($(wc -c <tail) - 7));"
    { cat guest.ctx.$tool; echo behind; } >tail
    gives "a context with bytes behind it" 1 "" check tail
    says "by its id" out "[packed-bytes-behind]"

    # -- bombs ----------------------------------------------------------------
    # records of 96 MiB that every reader may leave out: 1,056 MiB in all
    "$MKSAVE" -llibxc -c "$data" guest.libxc
    head -c 16777216 /dev/zero | $tool -c >zeros
    head -c 40 guest.libxc | $tool -c >bomb
    printf '\0\0\0\200\0\0\0\006' | $tool -c >record
    for _ in 1 2 3 4 5 6 7 8 9 10 11; do
        cat record zeros zeros zeros zeros zeros zeros
    done >>bomb
    run $XL_CONTEXT check bomb
    ok "a bomb of $tool is told by check" grep -qF "[packed-grows]" out err
    not_ok "and is not called damaged" grep -q damaged out err
    # each is two seconds for a gibibyte of zeros
    if [ "${SHARE:-1}" -eq 1 ]; then
        gives "shown" 2 packed-grows show bomb
        gives "converted" 2 packed-grows convert --to=hvm bomb o
        gives "in a sandbox of little memory" 2 packed-grows show - <bomb
        gives "mended" 2 packed-grows fix --target=4.20 bomb o
        ok "leaves nothing" test ! -e o
    fi
    $tool -c /dev/null >none
    for _ in 1 2 3 4 5 6; do cat zeros; done >>none
    run $XL_CONTEXT show none
    is "96 MiB of nothing are not read" "$status" 3
done
case $tools in
*xz*)
    xz -c --lzma2=preset=0,dict=1GiB <guest.save >wide
    gives "a dictionary that is too large" 2 packed-memory show wide
    ;;
esac
done_testing
