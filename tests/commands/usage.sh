#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The command line itself: verbs, options, help, and where words go.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

{ start 4 17; end; } >good.img
blob 13 >good.hvm

gives "no verb at all is wrong" 2 usage
says "and the hint names the help" err "try 'xl-context help'"
is "nothing on stdout then" "$(cat out)" ""
gives "an unknown verb" 2 usage frobnicate
gives "a verb of a later release" 2 usage merge good.img
gives "half a verb is none" 2 usage sho good.img
gives "an unknown global option" 2 usage -q show good.img
gives "--version" 0 "" --version
is "it tells of itself, of Xen, of what was built in, and whom to tell" \
    "$(sed 's/[ :].*//' out | tr '\n' ' ')" \
    "xl-context Xen libraries sandbox compressed mistakes "
ok "the address is one to write to" grep -q '^mistakes: <.*[@/].*>$' out
if grep -q '^xen$' /sys/hypervisor/type 2>/dev/null; then
    ok "the Xen that runs" grep -q '^Xen: .* here: [0-9]*\.[0-9]' out
else
    ok "that no Xen runs" grep -q '^Xen: .* here: none$' out
fi
is "no path of a machine is in it" "$(grep -c -e ' /' -e '/home' out)" 0
is "says name and number" "$(sed -n '1s/[0-9.]*$//p' out)" "xl-context "
ok "and what the sandbox is made of" grep -q '^sandbox: ' out
gives "--help" 0 "" --help
says "lists the verbs" out " restore "
gives "-h" 0 "" -h
gives "help" 0 "" help
gives "help with a verb" 0 "" help save
says "shows its usage" out "usage: xl-context save [-p] [--wrap] [--bare]"
gives "help with the verb's long name" 0 "" help context-save
gives "help with no such verb" 2 usage help frobnicate
gives "help with two verbs" 2 usage help save restore
gives "help on help" 0 "" help --help

for verb in save restore convert show diff help edit fix diagnose; do
    gives "$verb --help" 0 "" "$verb" --help
    says "$verb --help has its usage line" out "usage: xl-context $verb"
    says "$verb --help has its option" out "-h, --help"
    cp out long
    gives "$verb -h" 0 "" "$verb" -h
    is "$verb -h and --help are the same" "$(cat out)" "$(cat long)"
    gives "context-$verb --help" 0 "" "context-$verb" --help
    is "context-$verb and $verb are the same" "$(cat out)" "$(cat long)"
    gives "$verb with an unknown long option" 2 usage "$verb" --frobnicate
    says "$verb names it" err "unknown option '--frobnicate'"
    says "$verb shows how it is used" err "usage: xl-context $verb "
    says "$verb points at its help" err "try 'xl-context help $verb'"
    gives "$verb with an unknown letter" 2 usage "$verb" -Z
    says "$verb names the letter" err "unknown option '-Z'"
    case $verb in
    show) ;; # takes any number of files
    *) gives "$verb with too many arguments" 2 usage "$verb" a b c d ;;
    esac
    gives "$verb --help=x" 2 usage "$verb" --help=x
    says "$verb: --help takes none" err "takes no argument"
done
for verb in save restore convert show diff; do
    gives "$verb without arguments" 2 usage "$verb"
done
for verb in save restore convert diff; do
    gives "$verb with one argument" 2 usage "$verb" a
done
gives "restore with a file alone" 2 usage restore good.img
says "names xl's own verb" err "from its save file with: xl restore good.img"
gives "restore with the name of a guest alone" 2 usage restore guest
is "does not" "$(grep -c 'xl restore' err)" 0
gives "save with a file alone" 2 usage save good.img
is "nor does save" "$(grep -c 'xl restore' err)" 0
# Every option that a help shows is taken; with an argument where it says so.
for verb in save restore convert show check diff help edit fix diagnose \
    host; do
    $XL_CONTEXT "$verb" --help >list
    ok "$verb: its help has options" grep -q '^  ....--' list
    for option in $(sed -n 's/^  ....\(--[a-z0-9-]*=*\).*/\1/p' list); do
        case $option in
        *=)
            gives "$verb ${option%=} wants an argument" 2 usage \
                "$verb" "${option%=}"
            says "$verb ${option%=} says so" err "needs an argument"
            # the first is not lost unsaid
            case $verb$option in
            show--record= | diff--record= | *--field= | *--ignore= | \
            *--set= | *--target= | *--with= | *--color= | *--interval= | \
            *--jobs=)
                gives "$verb $option twice" 0 "" "$verb" "${option}1" \
                    "${option}2" --help ;;
            *)
                gives "$verb $option twice" 2 usage "$verb" "${option}1" \
                    "${option}2" --help
                says "$verb $option twice: both are told" err \
                    "${option%=} is given twice: '1' and '2'"
                gives "$verb $option twice the same" 0 "" "$verb" \
                    "${option}1" "${option}1" --help ;;
            esac
            ;;
        *)
            gives "$verb $option is known" 0 "" "$verb" "$option" --help
            ;;
        esac
    done
done

gives "options after the operands" 0 "" show good.img --help
gives "-- ends the options" 2 file-open show -- --help
gives "-- before a file" 0 "" show -- good.img
gives "a long option cut short" 0 "" convert --xe 4.17 good.hvm o.img
gives "an ambiguous one" 2 usage save --- x y
gives "globals before the verb" 0 "" -f -t -T show good.img
run $XL_CONTEXT help
says "help says what each does: -t" out "-t  show progress although"
says "and -N" out "-N"
gives "globals in one word" 0 "" -ftT show good.img
gives "globals end with --" 0 "" -T -- show good.img
gives "globals after the verb" 0 "" show -NTt good.img -f
gives "a dry run asked for behind the verb" 0 "" convert good.img -N dry.img
not_ok "writes nothing" test -e dry.img
run $XL_CONTEXT convert -v --xen=4.17 good.hvm o.img
is "-v behind the verb says something" "$([ -s err ] && echo yes)" yes
for pair in shwo:show cnvert:convert conv:convert Check:check rstore:restore \
    context-shwo:show differ:diff; do
    gives "the verb ${pair%:*}" 2 usage "${pair%:*}" good.img
    says "${pair%:*}: ${pair#*:} is named" err "is '${pair#*:}' meant?"
    gives "help on it" 2 usage help "${pair%:*}"
    says "names it, too" err "is '${pair#*:}' meant?"
done
for word in frobnicate x version list ""; do
    gives "the verb '$word'" 2 usage "$word" good.img
    is "'$word': none is near" "$(grep -c meant err)" 0
done
gives "a misspelt option" 2 usage show --recrod=CPU good.img
says "its neighbour is named" err "'--recrod': is '--record' meant?"
gives "an option that is near none" 2 usage show --zzzz good.img
is "names none" "$(grep -c meant err)" 0
gives "a misspelt option before the verb" 2 usage --verison show
says "is named whole" err "'--verison' before the verb"
gives "help" 0 "" help
says "has --version" out "--version"
run $XL_CONTEXT -v convert --xen=4.17 good.hvm o.img
is "-v says something" "$([ -s err ] && echo yes)" yes
gives "without it nothing is said" 0 "" convert --xen=4.17 good.hvm o.img

# -- where words go ------------------------------------------------------
if [ -c /dev/full ]; then
    status=0
    $XL_CONTEXT help >/dev/full 2>err || status=$?
    judge "help to a full device" 2 file-write
    status=0
    $XL_CONTEXT show good.img >/dev/full 2>err || status=$?
    judge "show to a full device" 2 file-write
    status=0
    $XL_CONTEXT --version >/dev/full 2>err || status=$?
    judge "--version to a full device" 2 file-write
else
    skip "output to a full device" "no /dev/full"
fi
status=0
$XL_CONTEXT help >&- 2>err || status=$?
judge "help with stdout closed" 2 file-write
status=0
$XL_CONTEXT show good.img >out 2>&- || status=$?
is "stderr closed is no fault" "$status" 0
status=0
$XL_CONTEXT show - <&- >out 2>err || status=$?
judge "stdin closed" 2 file-read

# A reader that goes early: no words.
unread $XL_CONTEXT show good.img
is "a reader that has gone is no matter for words" "$(cat err)" ""
is "but for the exit status" "$status" 2
unread $XL_CONTEXT convert - - <good.img
is "the same for binary output" "$(cat err)" ""
is "and its exit status" "$status" 2

if script -qec true /dev/null >/dev/null 2>&1; then
    status=0
    script -qec "$XL_CONTEXT convert good.img - 2>err" /dev/null >out \
        </dev/null || status=$?
    judge "binary data to a terminal" 2 file-terminal
else
    skip "binary data to a terminal" "no script(1)"
fi
done_testing
