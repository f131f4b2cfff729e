#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What reading a save file costs: system calls, bytes and memory, counted.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"

program_for_strace
context=$srcdir/../data/xen-4.17-hvm2.ctx
size=$(stat -c %s "$context")

# The calls on a.save from its opening to its closing, in the file calls.
count() {
    strace -o trace "$program" convert --no-sandbox --to=hvm "$@" b.hvm ||
        return
    awk '/openat\(AT_FDCWD, "a.save"/ { on = 1 }
         on { print } on && /^close/ { exit }' trace >calls
}
bytes_read() {
    awk -F' = ' '/^p?read(64)?\(/ { n += $NF } END { print n + 0 }' calls
}

# -- seekable ---------------------------------------------------------------
# "-d": all of memory is there; else laid out as in an HVM guest, where the
# records of what is not there are read past just so.
for layout in -d ""; do
    for gib in 1 8 64; do
        if ! "$MKSAVE" -t $layout -m $((gib * 1024)) -c "$context" a.save
        then
            skip "$gib GiB ${layout:--}" "no such file can be made here"
            continue
        fi
        batches=$((gib * 256))
        # all pages up to 4 GiB have an entry, and so has the rest above
        [ -n "$layout" ] || batches=$((gib > 3 ? gib * 256 + 64 : 1020))
        # without pages: STATIC_DATA_END, TSC, context, parameters, END, and
        # three of libxl
        records=$((batches + 8))
        ok "$gib GiB ${layout:-in two parts}" count a.save
        ok "the context of it" cmp "$context" b.hvm
        n=$(wc -l <calls) bytes=$(bytes_read)
        echo "# $records records: $n calls, $bytes bytes"
        ok "at most 20 calls beside a record each" \
            test "$n" -le $((records + 20))
        ok "but as many as records, so the count counts" \
            test "$n" -ge $batches
        ok "at most 64 bytes a record beside the context" \
            test "$bytes" -le $((records * 64 + size))
    done
done
ok "no read-ahead is asked for" grep -q 'fadvise64.*POSIX_FADV_RANDOM' calls

# "check" reads the lists of pages, too, and still no page.
"$MKSAVE" -m 4096 -c "$context" a.save
strace -o trace "$program" check --no-sandbox a.save >out
awk '/openat\(AT_FDCWD, "a.save"/ { on = 1 }
     on { print } on && /^close/ { exit }' trace >calls
records=$((4096 / 4 + 64 + 8)) n=$(wc -l <calls) bytes=$(bytes_read)
echo "# check: $records records: $n calls, $bytes bytes"
ok "check: at most two calls a record" test "$n" -le $((2 * records + 20))
ok "and the lists of pages" \
    test "$bytes" -le $((records * (64 + 8192) + size))
ok "which it reads" test "$bytes" -ge $((records * 8000))

# -- memory -----------------------------------------------------------------
# within KIB ARGUMENTS...: with no more than that for data.
within() {
    within_kib=$1
    shift
    (ulimit -d "$within_kib" && exec "$program" convert --to=hvm "$@")
}
ok "64 GiB within 8 MiB" within 8192 a.save b.hvm
"$MKSAVE" -d -m 600 -c "$context" a.save
mkfifo pipe
cat a.save >pipe &
ok "from a pipe within 8 MiB" sh -c '
    ulimit -d 8192; exec "$0" convert --to=hvm - b.hvm <pipe' "$program"
wait
# nearly the 16 MiB that a context may have
{ cat "$context" && zeros 15728640; } >large.hvm
"$MKSAVE" -c large.hvm a.save
ok "a context of 15 MiB within 24 and its output" \
    within $((24 * 1024 + 16384)) a.save b.hvm
not_ok "but not within 8: the limit limits" within 8192 a.save b.hvm

# of two, one at a time
"$MKSAVE" -llibxc -c large.hvm a.save
from=$((0x68)) padded=$((8 + ($(stat -c %s large.hvm) + 7) / 8 * 8))
{ head -c $((from + padded)) a.save && tail -c +$((from + 1)) a.save
} >two.save
status=0
(ulimit -d $((32 * 1024)) &&
    exec "$program" show --list two.save) >out 2>err ||
    status=$?
judge "two contexts of 15 MiB within 32" 1 stream-again
rm two.save

# -- calls that fail ----------------------------------------------------------
"$MKSAVE" -d -m 64 -c "$context" a.save
# injected INJECTION INPUT [OPTION...]: what becomes of a run in which a call
# fails; the options are strace's.
injected() {
    rm -f b.hvm
    status=0
    injection=$1 input=$2
    shift 2
    strace -o trace -e inject="$injection" "$@" \
        "$program" convert --to=hvm "$input" b.hvm >out 2>err || status=$?
}
injected pread64:error=EIO:when=9 a.save
judge "a read that fails" 2 source-read
not_ok "leaves nothing" test -e b.hvm
injected pread64:error=EINTR:when=9 a.save
judge "one that a signal ends is made again" 0 ""
ok "the context is whole" cmp "$context" b.hvm
# An error of splice() is no verdict: read() has the last word.
for error in EINVAL EINTR:when=2 EIO:when=3; do
    cat a.save >pipe &
    injected "splice:error=$error" - <pipe
    wait
    judge "splice() that gives $error" 0 ""
    ok "the context is whole" cmp "$context" b.hvm
done
cat a.save >pipe 2>/dev/null &
injected read:error=EIO:when=2 - -P "$PWD/pipe" <pipe
wait
judge "a read of a pipe that fails" 2 source-read

# -- time left -------------------------------------------------------------
# A look at the clock takes 10 ms; a record has one.
"$MKSAVE" -m 600 -c "$context" a.save
by_clock 10000000 "$program" -t convert --to=hvm a.save b.hvm >out 2>err
tr '\r' '\n' <err >lines
ok "bytes done, of how many, and the time left are shown" \
    grep -qE '^a\.save: [0-9.]+ [KMG]iB of 6[0-9]+(\.[0-9])? MiB, 0:0[0-9] left' lines
ok "never more than it takes" sh -c "! grep -qE ', (0:[1-9]|[1-9])' lines"

# A length is not believed before the bytes are there.
"$MKSAVE" -llibxc a.save
{ head -c $((0x6c)) a.save && le 4 16777216 && zeros 100000; } >lie.save
status=0
(ulimit -d 8192 && exec "$program" convert lie.save b.hvm) >out 2>err ||
    status=$?
judge "a length of 16 MiB in a file of 100 KB" 3 source-context-cut
done_testing
