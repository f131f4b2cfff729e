#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Inputs, names and surroundings that nobody means well with: each verb ends
# soon, with a message that has an id, and loses nothing.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
unset VISUAL EDITOR
export TMPDIR=$work/tmp
mkdir tmp

$XL_CONTEXT convert "$data" good.ctx 2>/dev/null
$XL_CONTEXT convert --to=json good.ctx good.json 2>/dev/null
"$MKSAVE" -d -m 1 -c "$data" good.save || exit 99
: >wrong

# -- files -------------------------------------------------------------------

# shellcheck disable=SC2015 # both of the list are tests
# refuses FILE ID: every verb that reads a context says so of the file, with
# status 3.
refuses() {
    for verb in fix 'edit --set=CPU/0.rip=1' show check 'convert --to=hvm' \
        'convert --into=good.save' diagnose 'diff good.ctx'; do
        new='' wanted=3.$2
        case $verb:$1 in
        fix:list.json | fix:found.json) new=new ;;
        fix:*.json) new=new wanted=3.into-no-save-file ;;
        edit*.xz) wanted=2.edit-packed ;;
        fix:* | convert*) new=new ;;
        esac
        status=0
        timeout 600 $XL_CONTEXT $verb "$1" $new >out 2>err || status=$?
        cat out err >words
        [ "$status" = "${wanted%%.*}" ] && [ ! -e new ] &&
            grep -q "\[${wanted#*.}\]\$" words ||
            { echo "$verb $1: $status"; head -n 3 words; } >>wrong
        rm -f new
    done
    all "$1: $2, by every verb"
}
change() { # FILE SCRIPT: good.json with another line
    sed "$2" good.json >"$1"
}
change huge.json "0,/\"instance\": 0/s//\"instance\": $(zeros 5000 |
    tr '\0' 9)/"
refuses huge.json json-range
change exponent.json '0,/"instance": 0/s//"instance": 1e999999/'
refuses exponent.json json-type
change nan.json '0,/"instance": 0/s//"instance": NaN/'
refuses nan.json json-syntax
says "the words are yajl's, without a full stop" err 'in json text: at'
change twice.json '0,/"instance": 0/s//"instance": 0, "instance": 1/'
refuses twice.json json-member-twice
change lone.json '0,/"rip": "0x/s//"rip": "\\ud800/'
refuses lone.json json-type
change nul.json '0,/"record": "CPU"/s//"record": "CPU\\u0000"/'
refuses nul.json json-record
head -c 9000 good.json >cut.json
refuses cut.json json-syntax
says "the place is its end" err 'premature EOF: at offset 0x2328 '
cat good.json good.json >two.json
refuses two.json json-syntax
yes '{"a":' | head -n 100000 >deep.json
refuses deep.json json-syntax
zeros 1000000 | tr '\0' '[' >list.json
refuses list.json kind-json
$XL_CONTEXT check --json good.ctx >found.json
refuses found.json kind-json
says "what it is" err 'this JSON is a list'
printf '[    0.000000] Linux version 5\n' >dmesg
refuses dmesg kind-unknown
truncate -s 1T sparse
refuses sparse kind-empty
refuses /dev/zero kind-empty
if command -v xz >/dev/null; then
    zeros 100000000 | xz -0 >bomb.xz
    refuses bomb.xz kind-empty
else
    skip "a bomb" "xz is not here"
fi
# a member a byte, and a thousand of none
n=0
while [ $n -lt 32 ]; do
    tail -c +$((n + 1)) good.ctx | head -c 1 | gzip -c
    n=$((n + 1))
done >members.gz
: | gzip -c >none
for n in 1 2 3 4 5 6 7 8 9 10; do cat none none none; done >>members.gz
tail -c +33 good.ctx | gzip -c >>members.gz
gives "gzip of many members" 0 '' convert --to=json members.gz members.json
ok "is read whole" cmp members.json good.json

# what is no text ends, wherever it comes from
for file in sparse /dev/zero; do
    status=0
    timeout 600 $XL_CONTEXT explain $file >out 2>err || status=$?
    judge "explain $file" 2 explain-unknown
    says "says what it is" err 'it is no text'
done
rm -f sparse
log=$srcdir/../data/explain/whole-log.log
{
    head -n 3 "$log"
    zeros 100000
    tail -n +4 "$log"
} >crashed.log
gives "a log" 0 '' explain "$log"
mv out wanted.out
gives "a log that a crash left NULs in" 0 '' explain crashed.log
ok "says the same" cmp out wanted.out

# a FIFO that delivers nothing ends with the verb, not before
mkfifo never
# ended_at_rest WHAT ARGUMENTS...: it waits, is ended, and leaves nothing.
nothing_left() { [ -z "$(ls -A d)" ]; }
ended_at_rest() {
    at_rest=$1
    shift
    mkdir d
    $XL_CONTEXT "$@" >out 2>err &
    pid=$!
    rests $pid
    kill -TERM $pid
    status=0
    wait $pid || status=$?
    # one that reads for it may end a moment later
    await nothing_left
    is "$at_rest: ended, and nothing left" "$status $(ls -A d)" "143 "
    rm -rf d
}
open_both never
for verb in show check diagnose 'fix good.save' 'edit --set=CPU/0.rip=1'; do
    case $verb in edit*) set -- never d/new ;; *) set -- never ;; esac
    case $verb in fix*) set -- never d/new; verb=fix ;; esac
    ended_at_rest "$verb of a FIFO that is silent" $verb "$@"
done
exec 7<&- 8>&-

# so does one that nobody opens on its other side, beside other files, too,
# which another process opens
nobody=nobody-comes-$$
mkfifo $nobody
# words_of WORDS: in the list words, with that for F and a file for G
words_of() {
    words=
    for word in $1; do
        case $word in
        *F) word=${word%F}$nobody ;;
        G) word=good.ctx ;;
        esac
        words="$words $word"
    done
}
for what in 'check F' 'check --target=F G' 'check G F' 'diff F G' \
    'diff G F' 'convert F d/new' 'convert G F' 'convert --to=json G F' \
    'convert --into=F G d/new' 'show --html=F G' 'show --html=d/new F' \
    'diagnose --symbols=F G' 'explain F' 'fix F d/new' \
    'edit --set=CPU/0.rip=1 G F'; do
    words_of "$what"
    ended_at_rest "$what, a FIFO that nobody opens" $words
done
nobody_waits() { ! ps ax | grep -q "[n]obody-comes-$$"; }
ok "and no process waits for it" await nobody_waits
for what in 'convert F new' 'diff --json F good.ctx' \
    'check --target=4.17 good.ctx F'; do
    words_of "$what"
    $XL_CONTEXT $words >out 2>err &
    pid=$!
    rests $pid
    cat good.ctx >$nobody
    status=0
    wait $pid || status=$?
    is "$what, a FIFO that somebody opens late" "$status" 0
done
$XL_CONTEXT convert --bare --to=hvm good.ctx $nobody >out 2>err &
pid=$!
rests $pid
cat $nobody >late
status=0
wait $pid || status=$?
is "a FIFO that is read late: status" "$status" 0
$XL_CONTEXT convert --to=hvm good.ctx early
ok "a FIFO that is read late" cmp early late

# -- names -------------------------------------------------------------------

for verb in "show" "check" "diagnose" "edit --set=CPU/0.rip=1" \
    "diff good.ctx" "fix good.save" "convert good.ctx"; do
    gives "$verb: a name that is empty" 2 usage $verb ""
done
for option in "show --html=" "convert --output-dir=" "convert --into=" \
    "check --files-from=" "check --files0-from=" "show --domain=" \
    "check --domain="; do
    case $option in *domain*) set -- ;; *) set -- good.ctx ;; esac
    gives "$option and nothing" 2 usage $option "$@"
    says "says which" err 'has an empty name'
done
gives "but explain takes any text" 2 explain-unknown explain ""

# shellcheck disable=SC2016 # no shell is to see them before
# a command to be typed is the file's, whatever it is called
for name in 'a b' '$(touch pwned)' '`touch pwned`' "it's" 'a"b' -n 'a;b' \
    '!x' '!!' 'a!' '~' '*' 'a\b' '#c' "$(printf 'line\nend')" \
    "$(printf 'esc\033[31m')" "$(printf 'no\377utf')" "$(printf '\t')"; do
    cp good.ctx "./$name"
    run $XL_CONTEXT fix --target=4.17 -- "$name" new
    command=$(sed -n "s/.*made for another Xen by 'xl-context //p" err)
    command=${command% NEW\'}
    ok "to be typed: $(printf %s "$name" | tr -c ' -~' .)" \
        bash -c "$XL_CONTEXT ${command:-none} new >/dev/null 2>&1 && rm new"
    not_ok "has no bytes for the terminal" \
        grep -q "$(printf '[\001-\011\013-\037\177-\377]')" err
    # unquoted, a shell that somebody types into takes it for its history
    case $command in *[!\\]!*) false ;; esac
    is "nor an exclamation mark" $? 0
    rm -f "./$name" new
done
not_ok "nothing was run" test -e pwned

# -- surroundings ------------------------------------------------------------

for jobs in 0 -1 1.5 64x ''; do
    gives "-j '$jobs'" 2 usage check -j "$jobs" good.ctx good.save
done
run $XL_CONTEXT check good.ctx good.save
cp out alone
for jobs in 65 99999 18446744073709551617; do
    run $XL_CONTEXT check -j $jobs good.ctx good.save
    ok "-j $jobs is as many as there are" cmp out alone
done
for folder in /nowhere /dev/null; do
    rm -f new
    status=0
    TMPDIR=$folder $XL_CONTEXT fix --target=4.17 - new <good.save >out 2>err ||
        status=$?
    is "fix of standard input, TMPDIR=$folder" "$status" 0
    ok "is written" cmp new good.save
    rm -f new
    mkfifo pipe 2>/dev/null
    cat good.save >pipe &
    status=0
    TMPDIR=$folder $XL_CONTEXT fix --target=4.17 - new <pipe >out 2>err ||
        status=$?
    wait $!
    is "fix of a pipe, TMPDIR=$folder" "$status" 0
    ok "is written" cmp new good.save
    status=0
    EDITOR=true TMPDIR=$folder $XL_CONTEXT edit good.ctx >out 2>err ||
        status=$?
    judge "edit, TMPDIR=$folder" 2 file-temp
done
for columns in 0 -1 1 99999999999 wide; do
    run env COLUMNS=$columns LINES=$columns LANG=xx_YY LC_ALL=xx_YY \
        $XL_CONTEXT show --summary good.ctx
    judge "COLUMNS=$columns" 0
done

# a difference that nobody can see is not written
cp good.ctx f
status=0
$XL_CONTEXT edit --set=CPU/0.rip=1 f 2>err >&- || status=$?
quiet err
judge "edit without standard output" 2 edit-unwritten
ok "leaves the file" cmp f good.ctx
status=0
$XL_CONTEXT edit --set=CPU/0.rip=1 f 2>err >/dev/full || status=$?
quiet err
judge "edit onto a full one" 2 edit-unwritten
ok "does, too" cmp f good.ctx
run $XL_CONTEXT edit --set=CPU/0.rip=1 f
judge "edit with one" 0
not_ok "does not" cmp -s f good.ctx

# nobody has typed what an editor left alone or took away
cp good.ctx f
for editor in false /nonexistent 'rm -f'; do
    run env EDITOR="$editor" $XL_CONTEXT edit f
    judge "EDITOR=$editor" 2 edit-unwritten
    is "nothing is kept" "$(ls tmp)" ""
done
# shellcheck disable=SC2016 # for the shell that runs it
run env EDITOR='sh -c "echo typed >\$0; false"' $XL_CONTEXT edit f
judge "an editor that fails after a change" 2 edit-kept
is "what was typed is kept" "$(cat tmp/*/context.json)" typed
ok "and the file is as it was" cmp f good.ctx
done_testing
