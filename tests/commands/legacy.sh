#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Save files of Xen 3.1 to 4.5, from every toolstack: taken out, told of, and
# held beside what Xen's own converter makes of them.
# shellcheck disable=SC2086 # the programs and the words of files are words
. "${srcdir:-.}/lib.sh"
: "${MKLEGACY:?}"

blob 8 9 13 >a.hvm
mkfifo pipe
start="p2m=0x100 chunk=-7:77"
pages="batch=0:3,3:2:u batch=5:4,9:3:15"
end="chunk=-2:1 chunk=-9 end pfns context=a.hvm"
uuid=01234567-89ab-cdef-0123-456789abcdef

# -- every toolstack, from a file, a pipe, and a file on stdin ---------------
taken() { # WHAT WORDS...
    taken_what=$1
    shift
    "$MKLEGACY" a.save "$@" || exit 99
    gives "$taken_what" 0 "" convert --to=hvm a.save b.hvm
    ok "the blob that is in it" cmp a.hvm b.hvm
    cat a.save >pipe &
    run $XL_CONTEXT convert --to=hvm - c.hvm <pipe
    judge "$taken_what, from a pipe" 0 ""
    ok "the same blob" cmp a.hvm c.hvm
    run $XL_CONTEXT convert --to=hvm - d.hvm <a.save
    judge "$taken_what, on standard input" 0 ""
    ok "the same blob" cmp a.hvm d.hvm
    wait
}
taken 64-bit $start $pages $end qemu=40
taken 32-bit w=32 $start $pages $end qemu=40
taken 3.1 p2m=9 batch=0:3,3:1:15 chunk=-2 end pfns context=a.hvm qemu-eof=40
taken 4.0 w=32 p2m=9 chunk=-7 $pages chunk=-2 end pfns context=a.hvm \
    qemu-eof=40
taken 4.2 $start $pages chunk=-18:21 chunk=-15:1 chunk=-16:2 chunk=-17:3 \
    $end qemu=4
taken 4.3 $start batch=0:3,3:1:13,4:1:14 $end qemu=4
taken 4.5.4 $start $pages chunk=-19:1 chunk=-20:2 chunk=-21:4 $end qemu=4
taken verified $start $pages chunk=-1 $pages $end qemu=4
taken "xl 4.1" xl=0:"name = 'old'" $start $pages $end qemu=40
taken "xl 4.5" xl=1:'{"c_info":{"name":"old"}}' w=32 $start $pages $end \
    qemu=40
taken xend xend='(domain (name old) (image (hvm)))' $start $end qemu-eof=9
taken libvirt libvirt=1:'<domain><name>old</name></domain>' $start $end \
    qemu=9
taken xenopsd xenops w=32 $start $pages $end qemu-xenops=9 zeros=999
taken "xenopsd with records" xenops2 xenrec=15:3 text='(a)' xenrec=0xf2 \
    $start $end xenrec=0xf00:2 text=ab xenrec=0xffff zeros=999

# -- what is said of it -------------------------------------------------------
told() { # WHAT TEXT WORDS...
    told_what=$1 told_text=$2
    shift 2
    "$MKLEGACY" a.save "$@" || exit 99
    run $XL_CONTEXT convert a.save a.img
    says "$told_what: the release" err "$told_text"
    run $XL_CONTEXT show a.img
}
told "nothing but what must be" "saved by Xen 4.1 to 4.5" $start $end qemu=4
says "its TSC record came over" out TSC_INFO
says "the stream" out "legacy stream 64"
told "a chunk of 4.2" "saved by Xen 4.2 to 4.5" w=32 $start chunk=-14:1 $end \
    qemu=4
says "the stream" out "legacy stream 32"
told "a page of 4.3" "saved by Xen 4.3 to 4.5" $start batch=1:1:13 $end qemu=4
told "a chunk of 4.5" "saved by Xen 4.5" $start chunk=-21:1 $end qemu=4
told "no last chunk" "saved by Xen 4.0 as" p2m=9 batch=0:1 chunk=-2 end pfns \
    context=a.hvm qemu-eof=4
told "the header of 4.1" "saved by Xen 4.1 to 4.4" xl=0:"name='old'
uuid='$uuid'" $start $end qemu=4
says "its name" out old
says "its uuid" out $uuid
told "xend" "saved by Xen 4.1 to 4.4" xend="(domain (name old)
    (uuid $uuid) (image (hvm)))" $start $end qemu-eof=4
says "its name" out old
says "its uuid" out $uuid
told "libvirt" "saved by Xen 4.1 to 4.5" libvirt=1:"<domain><name>old</name>
    <uuid>$uuid</uuid></domain>" $start $end qemu=4
says "its name" out old
says "its uuid" out $uuid
says "the containers" out "libvirt save file 1, legacy stream 64"

# -- what is refused ----------------------------------------------------------
refused() { # WHAT STATUS ID WORDS...
    refused_what=$1 refused_status=$2 refused_id=$3
    shift 3
    "$MKLEGACY" a.save "$@" || exit 99
    gives "$refused_what" "$refused_status" "$refused_id" \
        convert --to=hvm a.save kept
}
echo precious >kept
refused "transcendent memory" 3 legacy-tmem p2m=9 id=-5 zeros=99
says "in words" err "transcendent memory"
refused "compressed pages" 3 legacy-compressed $start chunk=-13 $end qemu=4
says "in words" err "compressed"
refused "a PV guest of 64 bits" 3 source-pv p2m=9 u64=-1 zeros=99
refused "a PV guest of 32 bits" 3 source-pv w=32 p2m=9 u32=-1 zeros=99
says "in words" err "this is a PV guest, it has no HVM context"
refused "a PV guest of xend" 3 source-pv xend='(domain (image (linux)))' \
    p2m=9 u64=-1 zeros=99
refused "an id that is none" 3 legacy-chunk $start id=-22 zeros=99
refused "a batch too large" 3 legacy-chunk $start batch=0:1025 $end qemu=4
refused "an empty context" 3 source-context-empty $start end pfns u32=0 \
    qemu=4
refused "a context that is cut" 3 source-context-cut $start end pfns u32=99 \
    zeros=98
refused "no state of QEMU" 3 source-rest-cut $start $end
refused "another signature" 4 legacy-qemu $start $end text=DeviceModelRecord0 \
    zeros=30
is "an old file is as it was" "$(cat kept)" precious
gives "but with --allow-loss the context is there" 1 legacy-qemu \
    convert --allow-loss --to=hvm a.save b.hvm
ok "whole" cmp a.hvm b.hvm

# -- what today's Xen makes of them -------------------------------------------
checked() { # WHAT ID WORDS...
    checked_what=$1 checked_id=$2
    shift 2
    "$MKLEGACY" a.save "$@" || exit 99
    run $XL_CONTEXT -v check --target=4.17 a.save
    says "$checked_what" out "[$checked_id]"
}
checked "a chunk that the converter refuses" container-converter \
    $start chunk=-21:4 $end qemu=4
checked "a tail that it refuses" container-converter $start $end qemu-eof=4
checked "a stream of 32 bits" container-width w=32 $start $end qemu=4
checked "a file of xend" container-toolstack xend='(domain (name old))' \
    $start $end qemu-eof=4
checked "its option for the header" legacy-converter \
    xl=0:"name = 'old'" $start $end qemu=4
checked "verify-stream-v2" legacy-verifier xl=0:"name = 'old'" $start $end \
    qemu=4

# -- the calls ----------------------------------------------------------------
# A batch takes one read, and one seek where there were one: pread() has both.
if [ -n "${XL_CONTEXT_UNDER:-${NO_STRACE:-}}" ] ||
    ! strace -o /dev/null true 2>/dev/null; then
    skip "one call a batch" "no counting here"
else
    program=$(real_program $XL_CONTEXT)
    for width in 64 32; do
        "$MKLEGACY" a.save w=$width $start pages=0:1048576 $end qemu=30000
        ok "4 GiB, $width bits" env LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}" \
            strace -o trace "$program" convert --no-sandbox --to=hvm \
            a.save b.hvm
        awk '/openat\(AT_FDCWD, "a.save"/ { on = 1 }
             on { print } on && /^close/ { exit }' trace >calls
        n=$(wc -l <calls)
        bytes=$(awk -F' = ' '/^p?read(64)?\(/ { n += $NF }
                             END { print n + 0 }' calls)
        echo "# 1024 batches: $n calls, $bytes bytes"
        ok "at most 20 calls beside one a batch" test "$n" -le 1044
        ok "so many at least, so the count counts" test "$n" -ge 1024
        ok "the entries are read, and little else" \
            test "$bytes" -le $((1024 * (4 + 1024 * width / 8) + 20000))
    done
fi

# -- Xen's own converter ------------------------------------------------------
theirs=
for tools in /usr/lib/xen-*; do
    [ -x "$tools/bin/convert-legacy-stream" ] &&
        [ -d "$tools/lib/python/xen/migration" ] && theirs=$tools
done
if [ -z "$theirs" ] || ! PYTHONPATH=$theirs/lib/python \
    "$theirs/bin/convert-legacy-stream" --help >/dev/null 2>&1; then
    skip "as Xen's own converter" \
        "no convert-legacy-stream here (xen-utils-4.17)"
    done_testing
    exit
fi
PYTHONPATH=$theirs/lib/python
export PYTHONPATH

# both WHAT WIDTH THEIR-STATUS WORDS...: what they make of a.save holds the
# context that we find in it, and the TSC record.
both() {
    both_what=$1 both_width=$2 both_wanted=$3
    shift 3
    "$MKLEGACY" a.save w=$both_width "$@" || exit 99
    rm -f their.save
    status=0
    "$theirs/bin/convert-legacy-stream" -w $both_width -g hvm -f libxl \
        -i a.save -o their.save >their.out 2>&1 || status=$?
    is "theirs: $both_what, $both_width bits" "$status" "$both_wanted"
    gives "ours: $both_what, $both_width bits" 0 "" \
        convert --to=hvm a.save b.hvm
    ok "the context" cmp a.hvm b.hvm
    [ "$both_wanted" -eq 0 ] || return
    gives "what they made, as we read it" 0 "" \
        convert --to=hvm their.save c.hvm
    ok "the same context" cmp a.hvm c.hvm
    # of both the release is lost: it is given
    $XL_CONTEXT convert --bare --xen=4.4 a.save a.img
    $XL_CONTEXT convert --bare --xen=4.4 their.save b.img
    ok "and the same image, TSC and all" cmp a.img b.img
}
many="chunk=-14:1 chunk=-3:2 chunk=-15:3 chunk=-16:4 chunk=-17:5 chunk=-4:6
      chunk=-8:7 chunk=-10:1 chunk=-11:1"
for width in 64 32; do
    both "nothing but what must be" $width 0 $start batch=0:1 $end qemu=40
    both "pages" $width 0 $start $pages $end qemu=40
    both "every parameter" $width 0 $start $pages $many $end qemu=40
    both "ioreq servers" $width 0 $start batch=0:1 chunk=-19:1 \
        chunk=-20:2 $end qemu=40
    both "verify mode" $width 0 $start $pages chunk=-1 batch=0:2 $end qemu=40
    # what they cannot do
    both "a chunk of 4.5.4" $width 1 $start chunk=-21:4 $end qemu=40
    both "a tail of xend or 4.0" $width 2 $start $end qemu-eof=40
    both "a tail of Remus" $width 2 $start $end qemu-remus=40
    # what we put in, they read
    blob 8 9 13 19 >new.hvm
    "$MKLEGACY" a.save w=$width $start $pages $end qemu=40
    gives "a context put in, $width bits" 0 "" convert --xen=4.4 \
        --target=4.4 --into=a.save new.hvm new.save
    ok "theirs: convert it" "$theirs/bin/convert-legacy-stream" -w $width \
        -g hvm -f libxl -i new.save -o their.save
    ok "theirs: verify it" "$theirs/bin/verify-stream-v2" -f libxl \
        -i their.save
    gives "and it is the one that was put in" 0 "" \
        convert --to=hvm their.save b.hvm
    ok "to the byte" cmp new.hvm b.hvm
done
done_testing
