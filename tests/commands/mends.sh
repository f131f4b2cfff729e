#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What an error says to type is the user's own file and call, and it works.
# lint-mends.sh wants one, or a reason, for every error.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

# types WHAT FILE STREAM: the command that STREAM has for FILE, put in.
types() {
    types_words=$(sed -n 's/^ *what to type: xl-context //p' "$3" | head -n 1)
    ok "$1: is the file's own" sh -c 'case " $1 " in *" $2 "*) ;;
        *) exit 1 ;; esac' - "$types_words" "$2"
    rm -f NEW NEW.json
    run $XL_CONTEXT $types_words
    ok "$1: makes something" test -e NEW -o -e NEW.json
}

{ start 4 17; tsc_info; tsc_info; end; } >twice.img
for verb in show check "convert --to=json"; do
    set -- twice.img
    case $verb in convert*) set -- "$1" x ;; esac
    run $XL_CONTEXT $verb "$@"
    is "$verb of one that is there twice" "$status" 3
    case $verb in check) stream=out ;; *) stream=err ;; esac
    types "$verb" twice.img $stream
    gives "$verb: what it makes is sound" 0 "" show NEW
done
blob 9 13 >small.hvm
gives "(an image)" 0 "" convert --xen=4.17 --bare small.hvm a.img
gives "(a wrapped one)" 0 "" convert --xen=4.17 --bare --to=wrapped \
    small.hvm b.img
size=$(wc -c <b.img)
{ head -c $((size - 16)) b.img; tail -c +25 a.img; } >both.img
gives "both forms" 3 image-both-forms show both.img
cp err told
types "both forms" both.img told
gives "what it makes is sound" 0 "" show --list NEW
says "and has one of them" out "wrapped"
blob 9 9 >twice.hvm
gives "a record of a blob that is there twice" 4 hvm-duplicate \
    convert --xen=4.17 twice.hvm x
cp err told
types "a blob" twice.hvm told
ok "is a text to edit" grep -q PCI_LINK NEW.json
status=0
head -c 40 small.hvm | $XL_CONTEXT show - >out 2>err || status=$?
judge "a pipe" 3 hvm-truncated
says "is named as one" err "show --damaged -'"
gives "what the system refuses" 2 file-open show nowhere
is "has one line" "$(grep -c . err)" 1
done_testing
