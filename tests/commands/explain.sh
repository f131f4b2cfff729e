#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# explain: files, pipes, words, numbers, exit statuses, memory.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

data=$srcdir/../data/explain
line='(XEN) HVM5 restore: failed to load entry 16/0 rc -22'

# -- what it is given ------------------------------------------------------
gives "a log in a file" 0 "" explain "$data/parameter-set-twice.log"
says "its cause" out "parameter-viridian"
says "what followed" out "What followed from it:"
says "the command, with the file" out "--target=host guest.save"
run $XL_CONTEXT explain - <"$data/parameter-set-twice.log"
judge "standard input" 0
says "says the same" out "parameter-viridian"
cat "$data/whole-log.log" | run $XL_CONTEXT explain -
judge "a pipe" 0
echo "the domain restore said rc=-3" >sentence
run $XL_CONTEXT explain - <sentence
judge "a sentence with an error, on standard input" 0
says "the error as of an argument" out "ERROR_FAIL"
echo "the backup said rc=-3" >sentence
run $XL_CONTEXT explain - <sentence
judge "an error of another program, on standard input" 2 explain-unknown
gives "two files" 0 "" explain "$data/whole-log.log" "$data/quoted.log"
says "the first" out "policy-of-cr4-and-efer"
says "the second" out "xsave-beyond-policy"
gives "a line" 0 "" explain "$line"
says "its record" out "Entry 16/0 is the record CPU_XSAVE, instance 0."
gives "a line that the shell took apart" 0 "" explain $line
says "its page" out "xsave-refused"
gives "ids" 0 "" explain load-cr0 load-cr4
says "the first id" out "load-cr0"
says "the second id" out "load-cr4"
gives "an entry" 0 "" explain 16/0
says "its name" out "CPU_XSAVE"
gives "a negative number" 0 "" explain -22
says "its error" out "EINVAL"
gives "a negative number behind --" 0 "" explain -- -3
says "libxl's error" out "ERROR_FAIL"
gives "a symptom" 0 "" explain migrates but hangs at 0 %
says "the page" out "migration-hangs"
gives "nothing at all" 0 "" explain
says "lists the pages" out "  spec-ctrl-bits"
says "and the symptoms" out "  guest-slow"
gives "by check" 0 "" check --explain="$line"
says "the same" out "xsave-refused"
gives "an exit in decimal" 0 "" explain exit reason 48
says "what Intel counts" out "an EPT violation"
gives "help" 0 "" explain --help
says "its usage" out "explain [<Id>|<Text>|<File>|-]..."
echo "$line" >load-cr0
gives "an id that is also a file" 0 "" explain load-cr0
says "is the id" out "load-cr0 (error)"
gives "the file by its path" 0 "" explain ./load-cr0
says "its line" out "xsave-refused"

# -- what is not known -----------------------------------------------------
gives "an unknown word" 2 explain-unknown explain hello
is "nothing on stdout" "$(cat out)" ""
gives "an id with a slip" 2 explain-unknown explain load-cr00
says "what is near" err "load-cr0"
echo hello >hello.log
gives "a log without a line of ours" 2 explain-unknown explain hello.log
says "says so" err "hello.log: nothing is known about it: no line of a save"
gives "a save file" 2 explain-unknown explain "$data/../xen-4.17-hvm2.ctx"
says "is for check" err "context-check"
gives "a file that is not there" 2 file-open explain ./none.log
{ head -c 70000000 /dev/zero; cat hello.log; } >zeros.log
gives "what is no text" 2 explain-unknown explain zeros.log
says "it was not read to its end" err "[explain-ended]"
says "where that was" err "64 MiB of pieces with NUL"
{ echo "$line"; head -c 70000000 /dev/zero; } >zeros.log
gives "a line before it" 1 explain-ended explain zeros.log
says "it is told" out "xsave-refused"
{ echo "$line"; head -c 60000000 /dev/zero; } >zeros.log
gives "fewer of them" 0 "" explain zeros.log
rm -f zeros.log
printf '\377\376' >wide.log
printf "%s\n" "$line" | iconv -f ASCII -t UTF-16LE >>wide.log
gives "a log in UTF-16" 0 "" explain wide.log
says "is read" out "xsave-refused"
ln -s loop.log loop
ln -s loop loop.log
gives "a link that ends nowhere" 2 file-open explain loop
says "is told in words" err "symbolic links"
gives "a folder" 2 file-folder explain .
gives "one unknown of two" 2 explain-unknown explain hello.log \
    "$data/quoted.log"
says "the other is told" out "xsave-beyond-policy"
for text in / : /1 //; do
    run $XL_CONTEXT explain "$text"
    not_ok "no record has no number: $text" grep -q 'typecode' out
done
gives "a number of another program" 2 explain-unknown explain \
    'qemu-system-i386: migration: channel closed, rc -19'
gives "the status of a program" 2 explain-unknown explain 'exit code 1'
gives "an unknown option" 2 usage explain --foo
sed 's/%[0-9]*[dux]/19/g; s/%s/abc/g' "$data/innocent-lines.txt" >innocent
while IFS= read -r words; do
    case $words in \#* | "") continue ;; esac
    case $words in *:*) ;; *) continue ;; esac
    run $XL_CONTEXT explain "$words"
    [ "$status" -eq 2 ] || { echo "# $words"; echo "$words" >>explained; }
done <innocent
ok "no innocent line is explained" test ! -e explained

# -- a line from outside is no command for a terminal -----------------------
printf 'Failed to read config file: \033]0;x\007\001: No such file\n' >evil.log
gives "a hostile name" 0 "" explain evil.log
is "reaches no terminal" "$(tr -d '[:print:]\n\t' <out)" ""

# -- memory ------------------------------------------------------------------
big() { yes '(XEN) Scrubbing Free RAM in background' | head -n "$1"
        echo "$line"; }
if [ -n "${NO_STRACE:-}${XL_CONTEXT_UNDER:-}" ]; then
    skip "memory does not grow with the log" \
        "sanitizers and valgrind hold more"
else
    # by a limit, which is the same in each run: the log has 19,500 KB
    big 500000 >big.log
    run sh -c 'ulimit -d 8192; exec "$@"' sh $XL_CONTEXT explain - <big.log
    judge "memory does not grow with the log" 0 ""
    rm big.log
fi
for tail in "" "  13456 bytes remaining"; do
    run $XL_CONTEXT explain "HVM restore mismatch: expected strict type 5 \
length 24, saw type 5 length 32.$tail"
    is "a mismatch with its tail '$tail'" "$status" 0
    says "has its page" out "lapic-length"
    says "which keeps the guest's memory" out "context-fix"
done
run $XL_CONTEXT explain "HVM restore mismatch: expected strict type 5"
not_ok "half of it is not known" grep -q lapic-length out

# -- commands are named as the user calls verbs ----------
run $XL_CONTEXT explain context-refused
says "of xl-context" out "run 'xl-context check"
not_ok "not of xl" grep -q "xl *context-" out
run $XL_CONTEXT --as-xl explain context-refused
says "of xl" out "run 'xl context-check"
not_ok "not of xl-context" grep -q "xl-context " out
echo "xl: xl context-restore web web.ctx" >typed.log
echo "xc: error: Unable to restore HVM context (22 = Invalid argument)" \
    >>typed.log
for verb in "explain typed.log" "explain -"; do
    run $XL_CONTEXT $verb <typed.log
    tr '\n' ' ' <out | sed 's/  */ /g' >line
    says "$verb: a command over two lines, too" line "'xl-context check"
    not_ok "no other" grep -q "'xl context-" line
done
run $XL_CONTEXT explain policy-no-place
not_ok "no quote ends a line" grep -q "'\$" out
gives "explain of all pages" 0 "" explain

# -- a page that has a field to be set says how, of a field that there is -----
blob=$srcdir/../data/xen-4.17-hvm2.ctx
for id in live-crash-cr3 live-crash-dr7 live-crash-message-page \
    live-crash-pci-link live-crash-pic-role live-crash-reference-tsc \
    live-crash-timer-divisor load-apic-base load-cpu-flags load-cpu-pad \
    load-cr0 load-cr3 load-debug-registers load-efer-mode load-fpu-zero \
    load-link-pad load-link-route load-mce-caps load-msr-flags load-mtrr-pat \
    load-pic-elcr load-pic-output load-pic-role \
    load-synthetic-timer load-tsc-aux load-xsave-mask load-xsave-state \
    bad-cr3 bad-flags bad-tsc-aux fpu-never-used mce-capabilities \
    pat-before-4.2 synthetic-timer tsc-apart viridian-page; do
    run $XL_CONTEXT explain "$id"
    words=$(tr '\n' ' ' <out | sed -n 's/  */ /g
        s/.*What to type: xl-context edit \(.* FILE NEW\).*/\1/p')
    case $words in
    *--set=*" FILE NEW") tap_result 0 "$id has a command" ;;
    *)
        tap_result 1 "$id has a command"
        continue
        ;;
    esac
    words=$(echo "$words" | sed 's/VALUE/0x0/g; s/ FILE NEW$//')
    run $XL_CONTEXT edit --force $words "$blob" new.ctx
    not_ok "$id: of fields that there are" grep -q '\[select-' err
done
for id in load-ldr-bogus load-length load-kind fix-done lapic-length; do
    run $XL_CONTEXT explain $id
    not_ok "$id has none" grep -q 'context-edit --set' out
done

done_testing
