#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sound files of another kind are named, with a way on where there is one, and
# never called damaged; what is damaged is.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${MKLEGACY:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
"$MKSAVE" -c "$data" guest.save
"$MKSAVE" -llibxc -c "$data" guest.libxc
$XL_CONTEXT convert --xen=4.17 "$data" guest.img 2>/dev/null

# named WHAT ID PATTERN FILE [VERB...]: by check, or by that verb; exit 3.
named() {
    what=$1 id=$2 pattern=$3 operands=$4
    shift 4
    [ $# -gt 0 ] || set -- check
    [ "$1" = convert ] && operands="$operands out.hvm"
    run $XL_CONTEXT "$@" $operands
    cat out err >words
    is "$what, $1: status" "$status" 3
    ok "$what, $1: named" grep -qF "[$id]" words
    ok "$what, $1: in words" grep -qE "$pattern" words
    not_ok "$what, $1: not called damaged" grep -qi damaged words
}

# kind WHAT ID PATTERN FILE: by each verb that reads
kind() {
    named "$@"
    named "$@" show
    named "$@" convert --to=hvm
    run $XL_CONTEXT check --json "$4"
    ok "$1: in JSON" grep -qF '"severity": "another kind"' out
    is "$1: from a pipe" "$($XL_CONTEXT check - <"$4" 2>&1 |
        grep -cF "[$2]")" 1
}
# without zlib gzip's files are of another kind, too
$XL_CONTEXT --version | grep -q 'without zlib' && unread=gzip || unread=
bytes() { printf '%b' "$1"; zeros=$2; head -c "$zeros" /dev/zero; }

for file in guest.save guest.libxc guest.img "$data"; do
    name=${file##*/}
    for tool in bzip2 zstd lz4 $unread; do
        command -v $tool >/dev/null || continue
        $tool -c <"$file" >packed 2>/dev/null
        kind "$name by $tool" kind-compressed "$tool -dc" packed
        is "$name by $tool: the way that is said works" \
            "$($tool -dc <packed | $XL_CONTEXT check - 2>&1 |
               grep -c ': loads')" 1
    done
    od -An -v -tx1 "$file" | tr -d ' \n' >hex
    kind "$name as hexadecimal digits" kind-coded "xxd -r -p" hex
    base64 "$file" >coded
    kind "$name as base64" kind-coded "base64 -d" coded
    for front in '\n' '\r\n' '\357\273\277' ' \n' '\001' 'old' \
        'HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n'; do
        { printf "$front"; cat "$file"; } >shifted
        count=$(printf "$front" | wc -c)
        kind "$name behind $count bytes" kind-shifted \
            "tail -c \\+$((count + 1))" shifted
        is "$name behind $count bytes: the way that is said works" \
            "$(tail -c +$((count + 1)) shifted | $XL_CONTEXT check - 2>&1 |
               grep -c ': loads')" 1
    done
done
{ bytes '\011\0\0\0\0\020\0\0' 0; cat "$data"; } >shifted
kind "the header of a record in front" kind-shifted 'tail -c \+9' shifted
head -c 600 "$data" | od -A n -t x1 | head -n 2 >/dev/null
{ echo "00000000: 0100 0000 1800 0000"; } >dump
kind "a dump of xxd" kind-coded "xxd -r" dump


# -- text of other tools: the way that is said is followed ------------------
# typed WHAT FILE TOOL...: what stands before the pipe is run, and gives what
# was coded: $was, or the blob
typed() {
    what=$1 file=$2
    shift 2
    for tool; do
        command -v "$tool" >/dev/null || {
            skip "$what: the way that is said" "no $tool here"
            return 0
        }
    done
    $XL_CONTEXT check "$file" >out 2>&1
    sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
    sh ./way >back 2>/dev/null
    ok "$what: the way that is said works" cmp -s "${was:-$data}" back
    sed -n 's/^  to keep it as a file: \(.* \)>NEW$/\1/p' out >way
    sh ./way >back 2>/dev/null
    ok "$what: to keep it, too" cmp -s "${was:-$data}" back
    $XL_CONTEXT check - <"$file" >out 2>&1
    sed -n 's/^  what to type: \.\.\. | \(.*\) | .*check -$/\1/p' out >way
    sh ./way <"$file" >back 2>/dev/null
    ok "$what: from a pipe, too" cmp -s "${was:-$data}" back
    command -v xz >/dev/null || { skip "$what: compressed" "no xz here"
                                  return 0; }
    xz -c <"$file" >"$file.xz"
    $XL_CONTEXT check "$file.xz" >out 2>&1
    sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
    sh ./way >back 2>/dev/null
    ok "$what: compressed, too" cmp -s "${was:-$data}" back
}
# With * for lines that are as the one before, and without; quoted, in a mail.
for dump in "od -A x -t x1" "od -t x1" "od -A d -t x1" "od -A x -t x1z" \
    "od -w32 -A x -t x1" od "od -A x" "od -x" "od -A x -t x2" \
    hexdump "hexdump -C" "xxd -a" xxd; do
    tool=${dump%% *} every=" -v" by=perl
    command -v "$tool" >/dev/null || { skip "$dump" "no $tool here"
                                       continue; }
    [ "$tool" != xxd ] || every="" by=xxd
    for way in "$dump" "$dump$every"; do
        $way "$data" >dump
        named "a dump of $way" kind-coded "$by" dump
        typed "a dump of $way" dump $by
        sed 's/^/> > /; s/$/\r/' dump >quoted
        typed "$way, quoted" quoted $by
        { printf 'Hello,\n\nhere it is:\n'; cat dump
          printf '\nHim\n'; } >mail
        typed "$way, in a mail" mail $by
    done
    [ $by = perl ] || continue
    $dump -v "$data" | sed 9d >dump
    $XL_CONTEXT check dump >out 2>&1
    sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
    is "$dump: a line that is missing gives no other file" \
        "$(grep -c perl way) $(sh ./way 2>/dev/null | wc -c)" "1 0"
done
od "$data" >dump
kind "a dump of od" kind-coded perl dump
ok "lines are left out" grep -qx '\*' dump
{ echo 'static const unsigned char blob[] = {'
  od -An -v -t x1 "$data" | sed 's/ / 0x/g; s/\([0-9a-f]\) /\1, /g; s/$/,/'
  echo '};'; } >literal
named "an initializer of C" kind-coded "grep -o" literal
typed "an initializer of C" literal grep xxd
{ printf "b'"; od -An -v -t x1 "$data" | sed 's/ /\\x/g' | tr -d '\n'
  echo "'"; } >literal
named "a literal of Python" kind-coded "literal_eval" literal
typed "a literal of Python" literal python3
od -An -v -t x1 "$data" | tr 'a-f' 'A-F' | sed 's/ /=/g; s/$/=/' >mail
named "quoted-printable" kind-coded "quopri" mail
typed "quoted-printable" mail python3
"$MKSAVE" -x 4.17 -c "$data" unix
sed 's/$/\r/' unix >dos
named "line ends of DOS" kind-coded "sed" dos
$XL_CONTEXT check dos >out 2>&1
sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
sh ./way >back
is "line ends of DOS: the way that is said works, but for the last one" \
    "$(cmp unix back 2>&1 | grep -cv 'EOF')" 0
base64 "$data" | tr '+/' '-_' >url
named "base64 for URLs" kind-coded "tr '_-' '/[+]' . base64 -di" url
typed "base64 for URLs" url tr base64
base64 -w0 "$data" | tr '+/' '-_' | tr -d = >url
named "base64 for URLs in one line" kind-coded "tr '_-'" url
typed "base64 for URLs in one line" url tr base64
{ printf 0x; od -An -v -t x1 "$data" | tr -d ' \n'; echo; } >number
named "one number" kind-coded "xxd -r -p" number
typed "one number" number xxd
od -An -v -t x1 "$data" | tr -s ' \n' '::' | sed 's/^://; s/:$//' >colons
named "colons between the bytes" kind-coded "s/://g" colons
typed "colons between the bytes" colons xxd
{ echo "begin-base64 644 blob"; base64 "$data"; echo "===="; } >mail
named "uuencode's base64" kind-coded "uudecode" mail
typed "uuencode's base64" mail uudecode
if command -v perl >/dev/null; then
    { echo "begin 644 blob"
      perl -e 'undef $/; print pack "u", <STDIN>' <"$data"
      printf '`\nend\n'; } >mail
    named "uuencoded" kind-coded "uudecode" mail
    typed "uuencoded" mail uudecode
else
    skip "uuencoded" "no perl here"
fi

# -- a length in front -------------------------------------------------------
# word PACK SIZE [FILE]: that number as python packs it, and the file
word() { python3 -c "import struct, sys
sys.stdout.buffer.write(struct.pack('$1', $2))"; [ -z "${3-}" ] || cat "$3"; }
for one in "$data" guest.img guest.libxc guest.save; do
    command -v python3 >/dev/null || { skip "lengths" "no python3 here"
                                       break; }
    name=${one##*/} size=$(wc -c <"$one") was=$one
    for pack in '<I little-endian.word 4' '>I big-endian.word 4' \
        '<Q little-endian.words 8' '>Q big-endian.words 8'; do
        set -- $pack
        word "$1" "$size" "$one" >shifted
        named "$name behind its length, $1" kind-shifted \
            "$3 bytes stand .* its length as .*$2" shifted
        typed "$name behind its length, $1" shifted tail
        { word "$1" "$size" "$one"; word "$1" "$size" "$one"; } >shifted
        case $one in *.save | *.libxc) continue ;; esac
        named "$name behind its length, and again, $1" kind-shifted \
            "tail -c \+$(($3 + 1)) FILE . head -c $size" shifted
        typed "$name, of two" shifted tail head
    done
    word '<I' 7 "$one" >shifted
    run $XL_CONTEXT check shifted
    is "$name behind another number" "$(grep -c 'its length' out)" 0
    says "is told as bytes in front" out "4 bytes stand in front of what"
done

was=

# -- what a transfer as text makes of it ------------------------------------
# by that program of python, of every file in $whole
changed() { # WHAT PROGRAM WAY|ID [WORDS]
    for one in $whole; do
        python3 -c "import sys
b = sys.stdin.buffer.read()
sys.stdout.buffer.write($2)" <"$one" >changed
        run $XL_CONTEXT check changed
        judged=$status
        case $3 in
        *' '*)
            named "$1, ${one##*/}" kind-coded "$3" changed ;;
        *)  ok "$1, ${one##*/}: by id" grep -qF "[$3]" out
            ok "$1, ${one##*/}: in words" grep -qE "${4-text}" out
            is "$1, ${one##*/}: status" "$judged" 3
            not_ok "$1: no way back is named" \
                grep -qE 'type:.*(iconv|tail|sed)' out ;;
        esac
    done
}
if command -v python3 >/dev/null; then
    whole="$data guest.img guest.libxc guest.save"
    changed "Latin-1 to UTF-8" "b.decode('latin1').encode()" \
        "iconv -f UTF-8 -t LATIN1"
    for one in $whole; do
        command -v iconv >/dev/null || continue
        iconv -f LATIN1 -t UTF-8 "$one" >changed
        run $XL_CONTEXT check changed
        sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
        sh ./way >back 2>/dev/null
        ok "${one##*/} from UTF-8: the way that is said works" \
            cmp -s "$one" back
    done
    changed "bytes replaced" "b.decode('utf8', 'replace').encode()" \
        file-as-text "U.FFFD"
    changed "question marks" "b.decode('ascii', 'replace')\
.replace('\ufffd', '?').encode()" file-as-text "question marks"
    changed "seven bits" "bytes(x & 127 for x in b)" file-as-text "top bit"
    changed "no high bytes" "bytes(x for x in b if x < 128)" file-as-text \
        "over 0x7f are missing"
    whole="$data guest.img"
    changed "no zeros" "b.replace(bytes(1), b'')" file-as-text "0 are missing"
    changed "blanks" "b.replace(bytes(1), b' ')" file-as-text "blanks"
    changed "UTF-16" "b.decode('latin1').encode('utf-16')" "iconv -f UTF-16"
    changed "two at once" \
        "b.replace(bytes(1), b'').decode('latin1').encode()" \
        file-as-text "over 0x7f became two.*0 are missing|0 are missing.*two"
    whole=$data
    changed "line ends" "b.replace(b'\n', b'\r\n')" "LC_ALL=C sed"
    # two bytes more are changed, so that nothing brings it back
    changed "UTF-8 of what is damaged" "(b[:36] + b'~~~~' + b[40:])\
.decode('latin1').encode()" file-as-text "over 0x7f became"
    python3 -c "import sys
b = sys.stdin.buffer.read()
sys.stdout.buffer.write(b[:9] + b'\x13' + b[10:])" <"$data" >changed
    run $XL_CONTEXT check changed
    is "another byte alone is no such transfer" \
        "$status $(grep -cE 'as-text|kind-coded' out)" "3 0"
else
    skip "transfers as text" "no python3 here"
fi

# -- by magic number ----------------------------------------------------
# at OFFSET BYTES: a file that has them there
at() { bytes '\0353' $(($1 - 1)); bytes "$2" 5000; }
tar cf packed "$data" 2>/dev/null
kind "a tar archive" kind-archive "tar -xO -f" packed
typed "a tar archive" packed tar
mkdir in; cp "$data" in/guest.ctx; echo words >in/a-log; ln -s a-log in/link
tar cf packed in/a-log in/link in/guest.ctx in/a-log
named "a tar archive of more" kind-archive "tar -xO -f FILE in/guest.ctx" \
    packed
typed "a tar archive of more" packed tar
cp "$data" 'in/g (1)$x'
tar cf packed in/a-log 'in/g (1)$x'
$XL_CONTEXT check packed >out
not_ok "a name that a shell reads is not told" grep -q 'g (1)' out
tar cf packed in/a-log
named "a tar archive without one" kind-archive "tar -xO -f" packed
if command -v cpio >/dev/null; then
    printf '%s\n' in/a-log in/guest.ctx | cpio -o -H newc >packed 2>/dev/null
    named "a cpio archive of more" kind-archive "in/guest.ctx" packed
    typed "a cpio archive of more" packed cpio
else
    skip "a cpio archive of more" "no cpio here"
fi
while read -r offset magic id words; do
    if [ "$offset" = 0 ]; then
        bytes "$magic" 5000
    else
        at "$offset" "$magic"
    fi >magic
    named "$words" "$id" "$words" magic
done <<'END'
0 PK\003\004\024\000\000\000\010\000 kind-archive zip archive
0 7z\0274\0257\0047\034 kind-archive 7z archive
0 Rar!\032\007 kind-archive rar archive
0 070701 kind-archive cpio archive
0 !<arch>\012 kind-archive archive of ar
257 ustar kind-archive tar archive
0 LZIP kind-compressed lzip
0 LRZI kind-compressed lrzip
0 \0135\000\000\0200\000 kind-compressed lzma
0 -----BEGIN\040PGP\040MESSAGE kind-encrypted gpg
0 Salted__ kind-encrypted openssl
0 Salted__ kind-encrypted cipher that it does not tell
0 U2FsdGVkX18 kind-encrypted enc -d -a -aes-256-cbc
0 \0214\015\004\011\003 kind-encrypted gpg
0 \0205\001\014\003 kind-encrypted gpg
0 \0205\002\014\003 kind-encrypted gpg
0 \0204\0136\003 kind-encrypted gpg
0 -----BEGIN\040AGE\040ENCRYPTED\040FILE kind-encrypted age
0 age-encryption.org/v1 kind-encrypted age
64 \0177\020\0332\0276 kind-disk VDI
0 LUKS\0272\0276 kind-disk LUKS
0 hsqs kind-disk squashfs
0 XFSB kind-disk XFS
512 LABELONE kind-disk LVM
512 EFI\040PART kind-disk GPT
510 \0125\0252 kind-disk boot sector
4086 SWAPSPACE2 kind-disk swap
0 \0177VirtualBox\040SavedState kind-other-vmm VirtualBox
0 \0322\0276\0322\0276 kind-other-vmm VMware
0 KDUMP\040\040\040 kind-other-dump kdump
0 PAGEDU64 kind-other-dump Windows
0 <domain\040type= kind-config libvirt
32769 CD001\001 kind-disk ISO 9660
1080 \0123\0357 kind-disk ext4
0 COWD kind-disk VMDK
0 WithoutFreeSpace kind-disk Parallels
0 DeviceModelRecord0002 kind-qemu state of QEMU
0 QemuDeviceModelRecord kind-qemu state of QEMU
0 RemusDeviceModelState kind-qemu state of QEMU
0 070702 kind-archive cpio archive
END

# -- in a mail: below its headers, quoted, with the line ends of others -------
# mail FRONT BEHIND: standard input between them
mail() { printf "$1"; cat; printf "$2"; }
part='--x\n'
head='From: a@example.org\nSubject: guest\nMIME-Version: 1.0\n'
head="$head"'Content-Type: multipart/mixed; boundary=x\n\n'
head="$head$part"'Content-Type: text/plain\n\nThis is the context.\n'
head="$head$part"'Content-Transfer-Encoding: base64\n\n'
for file in "$data" guest.save guest.img; do
    name=${file##*/}
    base64 "$file" | mail "$head" '\n--x--\n' >mail
    kind "$name in a part of a mail" kind-coded "base64 -di" mail
    is "$name in a part of a mail: the way that is said works" \
        "$(sed -n 's/^  what to type: //p' out >way
           $XL_CONTEXT check mail | sed -n 's/^  what to type: //p' |
               sed "s|xl-context|$XL_CONTEXT|" >way; sh ./way |
               grep -c ': loads')" 1
done
base64 "$data" | mail "$head" '\n--x--\n' | sed 's/$/\r/' >mail
named "a mail with CRLF" kind-coded "base64 -di" mail
typed "a mail with CRLF" mail base64
base64 "$data" | sed 's/^/> > /' | mail '> Hello,\n>\n' '\nhim\n' >mail
named "quoted" kind-coded "base64 -di" mail
typed "quoted" mail base64
od -v -A x -t x1z "$data" | sed 's/>/|/' | mail 'Here it is:\n\n' '\n' >mail
named "a dump below a line" kind-coded perl mail
typed "a dump below a line" mail perl
base64 "$data" | sed 's/$/\r/' >mail
named "base64 with CRLF" kind-coded "base64 -di" mail
typed "base64 with CRLF" mail base64
printf '{"domid": 5, "config": {"c_info": {"type": "hvm"}}}\n' >list
kind "JSON of another program" kind-json "of another program" list

# -- JSON in other encodings, and what the tool itself writes ---------------
for kind in image wrapped hvm; do
    $XL_CONTEXT convert --to=$kind guest.img as 2>/dev/null
    $XL_CONTEXT convert --to=json as as.json 2>/dev/null
    { printf '\357\273\277'; cat as.json; } >marked.json
    run $XL_CONTEXT convert --to=$kind marked.json back
    is "$kind: a byte order mark in front of JSON: status" "$status" 0
    ok "$kind: it is read" cmp -s as back
done
sed 's/"instance"/"instance/' as.json >bad
{ printf '\357\273\277'; cat bad; } >marked.json
at() {
    $XL_CONTEXT show "$1" 2>&1 |
        sed -n 's/.*at offset 0x\([0-9a-f]*\).*/\1/p'
}
is "the mark counts in an offset" "$((0x$(at marked.json)))" \
    "$((0x$(at bad) + 3))"
for code in UTF-16LE UTF-16BE UTF-16 UTF-32LE UTF-32BE UTF-32; do
    command -v iconv >/dev/null || { skip "$code" "no iconv here"; break; }
    iconv -f UTF-8 -t $code as.json >wide
    kind "JSON in $code" kind-coded "iconv -f ${code%[LB]E}[LB]E -t UTF-8" wide
    $XL_CONTEXT check wide >out 2>&1
    sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
    sh ./way >way.json
    $XL_CONTEXT convert --to=hvm way.json back 2>/dev/null
    ok "JSON in $code: the way that is said works" cmp -s as back
    printf '{ no json' | iconv -f UTF-8 -t $code >wide
    named "what begins like JSON in $code" kind-coded "iconv" wide
done

$XL_CONTEXT check --json=lines guest.img >ours 2>/dev/null
named "a line of check" kind-json "a report of 'check', not" ours
$XL_CONTEXT check --json=lines guest.img guest.save >ours 2>/dev/null
named "two lines of check" kind-json "a report of 'check', not" ours
$XL_CONTEXT check --json guest.img >ours 2>/dev/null
named "a list of check" kind-json "a list" ours
$XL_CONTEXT diff --json guest.img guest.save >ours 2>/dev/null
named "a difference" kind-json "a report of 'diff', not" ours
$XL_CONTEXT diagnose --json guest.img >ours 2>/dev/null
named "a diagnosis" kind-json "a report of 'diagnose', not" ours
$XL_CONTEXT show --json --field=rip guest.img >ours 2>/dev/null
named "values of a field" kind-json "the values of a field" ours
printf 'libxl: error: libxl_create.c:1:x: y\n' >log
named "a log of xl" kind-log "a log" log
printf '[ 12] (XEN) HVM1 restore: CPU 0\n' >log
named "a log of the hypervisor" kind-log "a log" log
printf '# made by hand\n\nname = "guest"\nmemory = 512\n' >cfg
named "a configuration" kind-config "configuration" cfg
printf 'type="hvm"\n' >cfg
named "a configuration that begins otherwise" kind-config "configuration" cfg

bytes '\0177ELF\002\001\001\0\0\0\0\0\0\0\0\0\004\0' 100 >core
kind "a core" kind-elf "core" core
bytes '\0177ELF\002\001\001\0\0\0\0\0\0\0\0\0\002\0' 100 >program
kind "a program" kind-elf "a program or a kernel" program
bytes 'conectix\0\0' 100 >disk
kind "a VHD" kind-disk "VHD" disk
bytes 'cxsparse\0\0' 100 >disk
kind "a dynamic VHD" kind-disk "VHD" disk
bytes 'vhdxfile' 100 >disk
kind "a VHDX" kind-disk "VHDX" disk
bytes 'QFI\0373\0\0\0\003' 100 >disk
kind "a qcow2" kind-disk "qcow2" disk
bytes 'KDMV\001\0' 100 >disk
kind "a VMDK" kind-disk "VMDK" disk
bytes 'QEVM\0\0\0\003' 100 >qemu
kind "a stream of QEMU" kind-qemu "QEVM" qemu
bytes 'LibvirtQemudSave' 100 >kvm
kind "a guest of KVM" kind-kvm "KVM" kvm
bytes 'LibvirtQemudPart' 100 >kvm
kind "an unfinished one" kind-kvm "unfinished" kvm
kind "the text of xen-hvmctx" kind-dump "xen-hvmctx" \
    "${data%.ctx}.hvmctx.txt"
"$MKLEGACY" pv.save p2m=9 u64=-1 zeros=99
kind "a PV guest" source-pv "PV guest" pv.save
gives "a PV guest, for one series" 3 "" check --target=4.4 pv.save
gives "a PV guest, for all series" 3 "" check --target=all pv.save
for form in "" "xend=(domain(image(linux)))"; do
    "$MKLEGACY" pv.save $form p2m=9 u64=-1 zeros=99
    for to in 4.4 4.17; do
        run $XL_CONTEXT check --target=$to pv.save
        not_ok "a PV guest, ${form:-bare}, for $to: no fix is typed" \
            grep -q "xl-context fix" out
        not_ok "nor xl for what it does not read" grep -q "'xl restore" out
    done
done

# -- zeros in the place of blocks, as after a crash of the host ---------------
for layer in "-x 4.17" "-llibxc -x 4.17"; do
    "$MKSAVE" $layer -c "$data" sound.save
    size=$(stat -c %s sound.save)
    at=$($XL_CONTEXT show --list sound.save 2>/dev/null |
        sed -n 's/^ *context .* at offset \(0x[0-9a-f]*\).*/\1/p')
    for cut in $((at - 8)) $((at + 100)) $((at + 700)) $((at + 4000)); do
        { head -c $cut sound.save; bytes '' $((size - cut)); } >lost.save
        run $XL_CONTEXT check lost.save
        is "zeros from $cut on, $layer: damaged" "$status" 3
        ok "zeros from $cut on, $layer: told" grep -qE 'zeros' out
        is "zeros from $cut on, $layer: the copy is the cure" \
            "$(grep -cE 'copy' out) $(grep -cE 'edit|is whole$' out)" "1 0"
    done
    { head -c $((at - 8)) sound.save; bytes '' 4096
      tail -c +$((at + 4089)) sound.save; } >lost.save
    run $XL_CONTEXT check lost.save
    is "a block of zeros, $layer" "$status $(grep -c 'zeros are here' out)" \
        "3 1"
    { cat sound.save; bytes '' 4096; } >lost.save
    run $XL_CONTEXT check lost.save
    is "zeros behind all of it, $layer" \
        "$(grep -c ': loads' out) $(grep -c 'zeros' out)" "1 0"
done

# -- what has nothing in it ---------------------------------------------------
: >empty
kind "an empty file" kind-empty "is empty" empty
kind "a device that is empty" kind-empty "is empty" /dev/null
for n in 512 4096 40000; do
    bytes '' $n >zero
    kind "$n zeros" kind-empty "nothing but zeros" zero
done
mkfifo pipe
for size in 0 1000; do
    head -c $size /dev/zero >pipe &
    named "a pipe with $size bytes" kind-empty "empty|zeros" pipe
    wait
done
mkdir folder
run $XL_CONTEXT check folder
is "a folder: status" "$status" 2
says "a folder: what to do" err "is a folder: name the files in it"
{ bytes '\n' 0; head -c 5000 /dev/zero | tr '\0' ' '
  $XL_CONTEXT convert --to=json guest.img -; } >blanks
kind "JSON behind 5001 blanks" kind-shifted 'tail -c \+5002' blanks
is "JSON behind blanks: the way that is said works" \
    "$(tail -c +5002 blanks | $XL_CONTEXT check - | grep -c ': loads')" 1

# -- the same words by the verbs that want a save file ------------------------
for tool in bzip2 zstd lz4; do
    command -v $tool >/dev/null || continue
    $tool -c <guest.save >packed 2>/dev/null
    gives "fix of $tool" 3 kind-compressed fix --target=4.17 packed new.save
    says "fix of $tool: what to type" err "$tool -dc packed | xl-context fix"
    gives "into $tool" 3 kind-compressed convert --into=packed guest.img x
done
bytes '\0177ELF\002\001\001\0\0\0\0\0\0\0\0\0\004\0' 100 >core
gives "fix of a core" 3 kind-elf fix core new.save

# -- what is none of these -------------------------------------------------
seq 1000 >text
kind "numbers" kind-unknown "it begins with 31 0a 32" text
echo "deadbeefdeadbeefdeadbeefdeadbeef" >hexes
named "digits of something else" kind-unknown "it begins with 64 65" hexes
printf '\n\nhello\n' >lines
named "lines of text" kind-unknown "it begins with 0a 0a" lines
printf '\037' >one
named "half a magic number" kind-unknown "it begins with 1f" one
bytes '\0177ELF' 0 >short
named "an ELF file of four bytes" kind-unknown "it begins with 7f" short
printf 'named = 1\n' >other
named "a key of another configuration" kind-unknown "it begins" other

# damaged WHAT PATTERN FILE
damaged() {
    run $XL_CONTEXT check "$3"
    judge "$1" 3
    ok "$1: damaged" grep -q ': damaged' out
    ok "$1: in words" grep -qE "$2" out
}
for front in guest.save guest.libxc; do
    for size in 4 10; do
        head -c $size "$front" >cut
        damaged "$size bytes of ${front##*/}" "ends after $size bytes" cut
        says "$size bytes of ${front##*/}: by id" out "[source-cut]"
    done
    head -c 3 "$front" >cut
    named "three bytes of ${front##*/}" kind-unknown "it begins with" cut
done
for file in guest.save guest.libxc; do
    { head -c 3 "$file"; printf 'q'; tail -c +5 "$file"; } >broken
    damaged "${file##*/}, its fourth byte another" "nearly those of" broken
    says "${file##*/}, its fourth byte another: by id" out "[file-unknown]"
done
# -- the head of one container before another --------------------------------
# Each with its own mark behind the head of xl: what check says to type reads
# it by itself.
"$MKSAVE" -llibxl -c "$data" guest.libxl
size=$(grep -abo LibxlFmt guest.save | head -n 1)
size=${size%%:*}
head -c "$size" guest.save >head
{ head -c 36 head; printf '\1'; tail -c +38 head; } >head.legacy
for inner in guest.libxc guest.libxl guest.save; do
    for front in head head.legacy; do
        [ $front-$inner != head-guest.libxl ] || continue
        cat $front $inner >joined
        kind "$inner behind a $front" source-inner-other \
            "tail -c \\+$((size + 1))" joined
        run $XL_CONTEXT check joined
        sed -n 's/^  what to type: \(.*\) | .*check -$/\1/p' out >way
        sh ./way >back 2>/dev/null
        ok "$inner behind a $front: the way works" cmp -s $inner back
        run $XL_CONTEXT fix --target=4.17 joined new
        is "$inner behind a $front: is not mended" "$status" 3
    done
done
{ cat head; printf 'nothing'; cat guest.libxc; } >joined
damaged "what is no stream behind a head" "does not begin as it should" joined

head -c 2000 guest.save >cut
damaged "a save file that is cut" damaged cut
{ printf '\n'; head -c 9 guest.save; } >little
run $XL_CONTEXT check little
judge "too little behind a line end" 3
done_testing
