#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Many files in one call: by several processes, from lists, as lines of JSON.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${FORBIDDEN:?}" "${MKSAVE:?}"
blob=$srcdir/../data/xen-4.17-hvm2.ctx

# Thirty: sound ones, a cut one, one of another kind, one that is not there.
mkdir in
for n in $(seq 10 39); do
    cp "$blob" "in/$n"
done
head -c 3000 "$blob" >in/17
echo 'no context' >in/23
rm in/31
names=$(seq -f 'in/%g' 10 39)
count=30

# same WHAT STATUS ARGUMENTS...: with -j the same words in the same order as
# without, on both outputs.
same() {
    same_what=$1 same_status=$2
    shift 2
    run $XL_CONTEXT "$@" $names
    mv out wanted.out
    mv err wanted.err
    is "$same_what: exit status" "$status" "$same_status"
    for jobs in 2 3 64; do
        run $XL_CONTEXT "$@" -j $jobs $names
        is "$same_what -j $jobs: exit status" "$status" "$same_status"
        ok "$same_what -j $jobs: what is found" cmp out wanted.out
        ok "$same_what -j $jobs: what is said" cmp err wanted.err
    done
}
same check 3 check
says "check: the summary" out \
    "30 files: 27 loads, 1 damaged, 1 of another kind, 1 not read"
is "check: why, before it" "$(tail -n 3 out | head -n 2 | sort)" \
    "  1 by hvm-truncated: in/17
  1 by kind-unknown: in/23"
for n in 1 2 3 4; do echo 'no context' >more$n; done
run $XL_CONTEXT check -j 2 more1 in/17 more2 more3 more4 in/10
says "the first of them" out "  4 by kind-unknown: more1, more2, more3, ..."
run $XL_CONTEXT check --target=all more1 more2
is "not where each has several answers" "$(grep -c ' by ' out)" 0
run $XL_CONTEXT check in/10 in/11
is "nor where none is refused" "$(grep -c ' by ' out)" 0
same "check for two" 3 check --target=4.17 --target=4.20
same "check --json" 3 check --json
same "check --json=lines" 3 check --json=lines
is "a line each" "$(wc -l <out)" $count
# files_of [ADDRESS]: whose lines they are; those of check begin with a schema
files_of() {
    sed -n "${1:-}"'s/^{\("schema": "[^"]*",\)\{0,1\}"file": "\([^"]*\)".*/\2/p' \
        out
}
is "in their order" "$(files_of)" "$names"
says "the summary is no JSON" err "30 files: 27 loads"
same show 3 show --field=rip
same "show --json" 3 show --json
is "show: a line each" "$(wc -l <out)" $count
is "show: in their order" "$(files_of)" "$names"
is "show: what is no document says why" \
    "$(grep -cF '"document": {"schema"' out) \
$(grep -cF '"findings": [{"id"' out)" "27 3"
. "$srcdir/../tools/schema.sh"
if [ -n "$python" ]; then
    $XL_CONTEXT check --json=lines $names >lines 2>/dev/null
    $XL_CONTEXT check --json $names >array 2>/dev/null
    ok "the lines are the array" $python -c '
import json
lines = [json.loads(line) for line in open("lines")]
assert lines == json.load(open("array")), "differs"'
    $XL_CONTEXT show --json in/10 >one
    ok "the document of a line is that of a file" $python -c '
import json
line = json.loads(open("out").readline())
assert line["document"] == json.load(open("one")), "differs"'
else
    skip "the lines are the array" "no python3 here"
fi

# -- lists -----------------------------------------------------------------
run $XL_CONTEXT check $names
mv out wanted.out
echo "$names" >list
run $XL_CONTEXT check --files-from=list
ok "names from a file" cmp out wanted.out
run $XL_CONTEXT check -j2 --files-from=- <list
ok "names from standard input" cmp out wanted.out
tr '\n' '\0' <list >list0
run $XL_CONTEXT check -j2 --files0-from=- <list0
ok "names with NULs" cmp out wanted.out
printf %s "$names" >list
run $XL_CONTEXT check --files-from=list
ok "the last line without an end" cmp out wanted.out
newline='in/new
line'
cp "$blob" "$newline"
printf '%s\0' "$newline" in/10 >list0
run $XL_CONTEXT check --json=lines --files0-from=list0
is "a name with a line end is one file" "$status $(wc -l <out)" "0 2"
rm "$newline"
printf 'in/10\n\nin/11\n' >list
run $XL_CONTEXT check --files-from=list in/12
is "operands first; an empty line is no name" \
    "$(cut -d: -f1 out | head -n 3 | tr '\n' ' ')" "in/12 in/10 in/11 "
: >list
run $XL_CONTEXT check --files-from=list
is "an empty list" "$status $(cat out)" "0 0 files"
run $XL_CONTEXT check --json --files-from=list
is "an empty list, as JSON" "$(tr -d '\n' <out)" "[]"
printf 'in/10\0' >list0
gives "NULs where lines were said" 2 usage check --files-from=list0
printf 'in/10\0\0in/11\0' >list0
gives "an empty name between NULs" 2 usage check --files0-from=list0
gives "no such list" 2 file-open check --files-from=nowhere
echo - >list
run $XL_CONTEXT check --files-from=- <list
judge "standard input as list and file" 2 usage
for words in "check - -" "show - in/10 -" "diff - -" "diagnose - -" \
    "explain - -" "check --target=- -" "check --target=- --target=- in/10" \
    "check --files-from=list -" "check --files-from=- -" \
    "check --files-from=list --files0-from=- in/10" \
    "show --html=out.html - -" "convert --into=- - new" \
    "convert --output-dir=. - -"; do
    run $XL_CONTEXT $words <in/10
    judge "standard input twice: $words" 2 usage
done
for words in "check -" "show in/11 -" "check --files-from=list" \
    "convert - -" "diff - in/10"; do
    run $XL_CONTEXT $words <in/10
    ok "standard input once: $words" test "$status" -le 1
done
printf '%s\n' - in/11 - >list
gives "standard input twice in a list" 2 usage check --files-from=list
gives "both kinds of list" 2 usage check --files-from=list --files0-from=list
gives "no number of processes" 2 usage check -j0 in/10 in/11
gives "more processes than there can be" 0 "" check -j65 in/10 in/11
gives "a number and more" 2 usage check -j2x in/10 in/11
gives "another word of --json" 2 usage check --json=line in/10
gives "a list and a domain" 2 usage check --domain=1 --files-from=list

# -- one of them ends its reader -------------------------------------------
if [ -n "${XL_CONTEXT_UNDER:-}" ] ||
    $XL_CONTEXT --version | grep -q 'sandbox.*none'; then
    skip "a file that ends its reader" "not where the program is observed"
else
    printf 'CRASH, and more that is no context' >in/17
    run env FORBIDDEN_ONLY=crash-some LD_PRELOAD="$FORBIDDEN" \
        LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}" \
        "$(real_program $XL_CONTEXT)" check --json=lines -j3 $names
    is "a file that ends its reader" "$status" 3
    is "has its line" "$(grep -c sandbox-killed out)" 1
    is "which is its own" "$(files_of /sandbox-killed/)" in/17
    is "and no other file is lost" "$(grep -c '"loads"' out)" 27
    is "nor their order" "$(files_of)" "$names"
    run env FORBIDDEN_ONLY=stop LD_PRELOAD="$FORBIDDEN" \
        LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}" \
        "$(real_program $XL_CONTEXT)" check --json=lines -j3 $names
    is "a file that says that no more is to come" "$status" 3
    is "is the one that is lost" "$(files_of /sandbox-failed/)" in/17
    is "and each other has its line" "$(files_of)" "$names"
fi

# -- convert ---------------------------------------------------------------
rm -f in/17 in/23
names=$(echo in/*)
mkdir out.d one.d
run $XL_CONTEXT convert --xen=4.17 --bare -j3 --output-dir=out.d $names
is "convert" "$status $(cat out)" "0 27 files: 27 converted, 0 not"
$XL_CONTEXT convert --xen=4.17 --bare in/10 one.ctx
bad=
for name in $names; do
    cmp -s "one.ctx" "out.d/${name#in/}" || bad="$bad $name"
done
is "each is what it is alone" "$bad" ""
is "and there is nothing else" "$(find out.d -type f | wc -l)" 27
gives "nothing is replaced" 2 file-exists \
    convert --xen=4.17 -j2 --output-dir=out.d $names
ok "and all is as it was" cmp out.d/10 one.ctx
no_leftovers "nothing of it is left" .
ln -s nowhere one.d/10
gives "not through a link either" 2 file-exists \
    convert --xen=4.17 --output-dir=one.d in/10
not_ok "nothing is where it leads" test -e one.d/nowhere
gives "by no rehearsal" 2 file-exists \
    -N convert --xen=4.17 --output-dir=one.d in/10
mkdir other
cp in/10 other/10
rm one.d/10
gives "two of one name" 2 usage \
    convert --xen=4.17 --output-dir=one.d in/10 in/11 other/10
is "before one is written" "$(ls one.d)" ""
gives "what has no name" 2 usage convert --output-dir=one.d - <in/10
gives "no such folder" 2 file-temp convert --xen=4.17 --output-dir=no $names
is "is said once" "$(wc -l <err)" 1
says "by its name" err "xl-context: no: no folder"
gives "a file as folder" 2 file-temp \
    convert --xen=4.17 --output-dir=one.ctx $names
is "is said once, too" "$(wc -l <err)" 1
echo hello >in/23
run $XL_CONTEXT convert --xen=4.17 --json=lines -j2 --output-dir=one.d \
    in/10 in/23 in/11
is "a bad one among them" "$status" 3
is "the others are there" "$(ls one.d | tr '\n' ' ')" "10 11 "
says "what became of it" out '"output": "one.d/11"'
says "and why not" out '"id": "kind-unknown"'
$XL_CONTEXT convert --xen=4.17 in/10 viridian.img 2>/dev/null
for words in "4 refused convert --target=3.4 viridian.img" \
    "2 not_written convert --xen=4.17 in/10" \
    "3 of_another_kind convert --xen=4.17 in/23" \
    "2 unreadable convert --xen=4.17 nowhere"; do
    set -- $words
    said=$1 word=$2
    shift 2
    run $XL_CONTEXT "$@" --json=lines --output-dir=one.d
    is "the word for it: $words" "$status $(
        sed -n 's/.*"verdict": "\([a-z ]*\)".*/\1/p' out | tr ' ' _)" \
        "$said $word"
done
gives "many without a folder" 2 usage convert --jobs=2 in/10 in/11
gives "--into with a folder" 2 usage \
    convert --into=in/10 --output-dir=one.d in/10

# -- fix -------------------------------------------------------------------
# Four that have to be made for the target, one that loads there as it is, one
# that nothing mends, one that is no save file.
mkdir old made alone
$XL_CONTEXT convert --xen=4.17 --target=4.22 --to=hvm "$blob" 22.hvm
for n in a b c d; do
    $MKSAVE -x 4.22 -c 22.hvm old/$n
    printf %s $n >>old/$n.tail
done
rm old/*.tail
$MKSAVE -x 4.17 -c "$blob" old/as-it-is
head -c 3000 old/a >old/cut
cp "$blob" old/no-save
fixed="a as-it-is b c d"
mended=$(for name in $fixed; do echo "old/$name"; done)
for name in $fixed; do
    $XL_CONTEXT fix --target=4.17 old/$name alone/$name 2>>alone.err
done
# made WHAT FOLDER: it has what each is alone, and no more.
made() {
    made_bad=
    for name in $fixed; do
        cmp -s "alone/$name" "$2/$name" || made_bad="$made_bad $name"
    done
    is "$1: each is what it is alone" "$made_bad" ""
    is "$1: and there is nothing else" \
        "$(find "$2" -type f | wc -l)" "$(echo $fixed | wc -w)"
}
run $XL_CONTEXT fix --target=4.17 --output-dir=made $mended
is "fix" "$status $(cat out)" "0 5 files: 5 made, 0 not"
made "fix" made
is "fix: as much is said of them" "$(wc -l <err)" "$(wc -l <alone.err)"
says "fix: by the names" err "made/c: "
says "fix: of a copy, too" err "made/as-it-is: note: nothing has to be changed"
for jobs in 2 5; do
    rm -rf made$jobs
    mkdir made$jobs
    mv err before.err
    run $XL_CONTEXT fix --target=4.17 -j$jobs --output-dir=made$jobs $mended
    is "fix -j$jobs" "$status $(cat out)" "0 5 files: 5 made, 0 not"
    made "fix -j$jobs" made$jobs
    sed "s|made$jobs/|made/|g" err >same.err
    sed 's|made[0-9]*/|made/|g' before.err >wanted.err
    ok "fix -j$jobs: the same is said" cmp same.err wanted.err
done
run $XL_CONTEXT fix --no-sandbox --target=4.17 --output-dir=one.d $mended
is "fix without a sandbox" "$status $(cat out)" "0 5 files: 5 made, 0 not"
gives "fix: nothing is replaced" 2 file-exists \
    fix --target=4.17 --output-dir=made old/b old/a
made "fix: and all is as it was" made
gives "fix: nor in a dry run" 2 file-exists \
    -N fix --target=4.17 --output-dir=made old/b
mkdir some dry
run $XL_CONTEXT -N fix --target=4.17 --output-dir=dry $mended
is "fix -N" "$status $(cat out) $(ls dry)" "0 5 files: 5 made, 0 not "
says "fix -N: what would be" err "dry/d: note: would be made for Xen 4.17"
ls old/* >list
run $XL_CONTEXT fix --target=4.17 --output-dir=some --json=lines -j2 \
    --files-from=list
is "fix: one bad one is the status" "$status" 3
is "fix: the others are there" "$(ls some | tr '\n' ' ')" "$fixed "
is "fix: a line each" "$(files_of)" "$(cat list)"
says "fix: what became of it" out '{"file": "old/d","output": "some/d"}'
says "fix: and why not" out '"file": "old/no-save"'
is "fix: those have none" "$(grep -c '"output"' out)" 5
says "fix: the summary is no JSON" err "7 files: 5 made, 2 not"
rm -rf some/*
run $XL_CONTEXT fix --target=4.17 --output-dir=some old/cut old/a
is "fix: what to type, with the names of the file" \
    "$status $(grep -c 'old/a.*some/a\|some/a' err)" "3 1"
cp old/a other/a
for words in "old/a old/b old/c" "-j2 old/a x" "--json=lines old/a x" \
    "old/a" "--output-dir=some --force old/a" \
    "--output-dir=some old/a other/a" "--output-dir=some -" \
    "--output-dir=some --container=xl old/a" \
    "--output-dir=some --target=all old/a" \
    "--output-dir=some --target=all --files-from=list" \
    "--output-dir= old/a"; do
    rm -rf some
    mkdir some
    run $XL_CONTEXT fix $words <old/a
    judge "fix $words" 2 usage
    is "fix $words: writes nothing" "$(ls some; ls x 2>/dev/null)" ""
done
gives "convert for all, of a list" 2 usage \
    convert --output-dir=some --target=all --files-from=list
gives "fix: no such folder" 2 file-temp fix --output-dir=no $mended
no_leftovers "fix: nothing of it is left" .

# -- a signal --------------------------------------------------------------
if [ -z "${XL_CONTEXT_UNDER:-}" ]; then
    rm -rf one.d
    mkdir one.d
    for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        for name in $names; do
            cp "$name" "in/${name#in/}.$n"
        done
    done
    # The last one never comes, so it is there when the signal is.  By the
    # clock, processes that end are waited for until they have.
    mkfifo in/zz
    LD_PRELOAD=$CLOCK $XL_CONTEXT convert --xen=4.17 -j2 \
        --output-dir=one.d in/* >out 2>err &
    pid=$!
    one_is_there() { [ -n "$(ls one.d)" ] || gone $pid; }
    await one_is_there
    kill -TERM $pid
    status=0
    wait $pid || status=$?
    is "a signal ends it" "$status" 143
    no_leftovers "and leaves nothing half written" one.d
    rm in/zz

    # One that does not hear it, here by being stopped, is not waited for.
    mkfifo in/a in/b
    $XL_CONTEXT check -j2 in/a in/b >out 2>err &
    pid=$!
    both_are_there() { [ "$(processes $pid | wc -l)" -ge 2 ] || gone $pid; }
    await both_are_there
    stopped=$(processes $pid)
    for child in $stopped; do
        kill -STOP "$child"
    done
    kill -TERM $pid
    ok "a signal ends it where its processes do not end" ends $pid
    for child in $stopped; do
        kill -CONT "$child" 2>/dev/null
    done
    status=0
    wait $pid || status=$?
    is "by that signal" "$status" 143
    left=
    for child in $stopped; do
        ends "$child" || left="$left $child"
    done
    is "and they end, too" "$left" ""
    rm in/a in/b
fi
done_testing
