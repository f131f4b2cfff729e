#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# show --html: one page that loads nothing, whatever is in the file.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data
. "$srcdir/../tools/schema.sh"

# is_page FILE: well-formed, and nothing that is loaded or run.
if [ -n "$python" ]; then
    is_page() {
        "$python" - "$1" <<'END'
import sys
import xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
space = "{http://www.w3.org/1999/xhtml}"
assert root.tag == space + "html", root.tag
for element in root.iter():
    name = element.tag.replace(space, "")
    assert name in {
        "html", "head", "meta", "title", "style", "body", "main",
        "header", "section", "h1", "h2", "p", "div", "i", "table", "thead",
        "tbody", "tr", "th", "td", "span", "strong", "code", "ol", "li", "br",
        "details", "summary", "pre", "svg", "text", "path", "rect"}, name
    for key, value in element.attrib.items():
        assert key in {
            "lang", "charset", "name", "content", "http-equiv",
            "class", "id", "style", "title", "scope", "role", "aria-label",
            "open", "viewBox", "width", "height", "x", "y", "rx", "d"}, key
        assert "url(" not in value and "://" not in value, value
sheet = root.find(".//" + space + "style").text
assert "url(" not in sheet and "@import" not in sheet
END
    }
else
    is_page() { tail -n 1 "$1" | grep -qx '</html>'; }
fi

# -- every kind of input ---------------------------------------------------
$XL_CONTEXT convert --xen=4.17 "$data/xen-4.17-hvm2.ctx" image 2>/dev/null
$XL_CONTEXT convert --to=wrapped image wrapped
$XL_CONTEXT convert --to=json image json
$MKSAVE -x 4.17 -m 8 -c "$data/xen-4.17-hvm2.ctx" save
cp "$data/xen-4.17-hvm2.ctx" blob
cp "$data/xen-4.17-pvhoff.ctx" pvh
for name in image wrapped json save blob pvh; do
    gives "$name: a page" 0 '' show --html=$name.html $name
    ok "$name: well-formed, nothing loaded" is_page $name.html
    for id in map records findings vcpus memory interrupts summary; do
        case $name:$id in
        save:map) ;;
        *:map | pvh:interrupts) continue ;;
        esac
        says "$name: $id" $name.html "<section id=\"$id\">"
    done
done
says "the domain of a save file" save.html '<th scope="row">uuid</th>'
says "the memory in the map" save.html \
    '<span class="key ca"></span>memory of the guest</th>'
says "the part of the context" save.html 'title="context: 8.5 KiB"'
says "a register" blob.html '<td>0xffffffff82caa497</td>'
says "what differs is marked" blob.html \
    '<td class="differs">0xffffffff830592eb</td>'
not_ok "what does not is not" grep -q 'differs">0x0000000080050033' blob.html
says "a pin and its vCPU" blob.html 'pin 2  vector 48'
says "a type of memory" blob.html '0xf0000000-0xf7ffffff: UC, uncached'
ok "dark, narrow, paper" sh -c '
    grep -q "prefers-color-scheme:dark" blob.html &&
    grep -q "width=device-width" blob.html && grep -q "@media print" blob.html'
not_ok "a picture keeps its size on a screen, and scrolls" \
    grep -q '^svg{[^}]*max-width' blob.html
says "the picture is where it can" blob.html '<div class="wide"><svg viewBox'
run $XL_CONTEXT show --html=- blob
ok "to standard output" cmp out blob.html

# -- findings with their cures ---------------------------------------------
$XL_CONTEXT edit -f --force --set CPU/0.cr0=0x20 image bad >/dev/null 2>&1
gives "one that is refused has a page, too" 0 '' show --html=bad.html bad
$XL_CONTEXT check bad >checked
id=$(sed -n 's/.*error.*\[\([a-z0-9-]*\)\]$/\1/p' checked | head -n 1)
says "its finding" bad.html "<code>[${id:-none}]</code>"
says "its verdict" bad.html '<p class="verdict bad">'
says "its cure" bad.html '<span class="dim">to do:</span>'

# -- interrupts: which vCPUs a pin reaches ----------------------------------
# page SET...: of the context with those fields.
page() {
    for page_set; do
        set -- "$@" --set "$page_set"
        shift
    done
    rm -f made.ctx
    $XL_CONTEXT edit "$@" --force "$data/xen-4.17-hvm2.ctx" made.ctx \
        >/dev/null 2>&1
    run $XL_CONTEXT show --html=made.html made.ctx
}
# reaches WHAT VCPUS SET...: pin 2, whose APICs have ids 0 and 2.
reaches() {
    reaches_what=$1 reaches_wanted=$2
    shift 2
    page "$@"
    is "$reaches_what" "$(sed -n 's/<tr[^>]*><th scope="row">2<\/th>//p' \
        made.html | sed 's/<[^>]*>/;/g; s/;;*/;/g')" "$reaches_wanted"
}
pin='IOAPIC/0.redirtbl[2].bits'
reaches "the vCPU of that id" ";48;1;physical 0x02;fixed;edge;" \
    "$pin=0x0200000000000030"
reaches "no vCPU of that id" ";48;none that is up;physical 0x01;fixed;edge;" \
    "$pin=0x0100000000000030"
reaches "all" ";48;0, 1;physical 0xff;NMI;level;waits for an EOI;" \
    "$pin=0xff0000000000c430"
reaches "bits of x2APIC's cluster 0" ";48;1;logical 0x06;fixed;edge;" \
    "$pin=0x0600000000000830"
set -- LAPIC/0.apic_base_msr=0xfee00900 LAPIC/1.apic_base_msr=0xfee00800 \
    LAPIC_REGS/0.ldr=0x12000000 LAPIC_REGS/1.ldr=0x21000000 \
    LAPIC_REGS/0.id=0 LAPIC_REGS/1.id=0x02000000
reaches "the flat model: any bit" ";48;0, 1;logical 0x03;fixed;edge;" \
    "$pin=0x0300000000000830" "$@"
reaches "the id of an xAPIC" ";48;1;physical 0x02;fixed;edge;" \
    "$pin=0x0200000000000030" "$@"
set -- "$@" LAPIC_REGS/0.dfr=0x0fffffff LAPIC_REGS/1.dfr=0x0fffffff
reaches "the cluster model: bits of one cluster" \
    ";48;1;logical 0x23;fixed;edge;" "$pin=0x2300000000000830" "$@"
reaches "pending there" ";48;1;logical 0x23;fixed;edge;pending;" \
    "$pin=0x2300000000000830" 'LAPIC_REGS/1.irr[1]=0x10000' "$@"
reaches "in service there" ";48;1;logical 0x23;fixed;edge;in service;" \
    "$pin=0x2300000000000830" 'LAPIC_REGS/1.isr[1]=0x10000' "$@"
set --
for i in $(seq 0 47); do
    set -- "$@" "IOAPIC/0.redirtbl[$i].bits=0x10000"
done
page "$@"
says "no pin is set up" made.html '<p>No pin has a vector.</p>'

# -- vCPUs side by side -----------------------------------------------------
od -An -v -tu1 "$data/xen-4.17-hvm2.ctx" >17.txt
LC_ALL=C awk -v n=70 -f "$srcdir/../tools/manyvcpus.awk" 17.txt >many.ctx
gives "70 vCPUs" 0 '' show --html=many.html many.ctx
says "as many as fit a page" many.html '<p>The first 64 of 70 are shown.</p>'
ok "is a page" is_page many.html
blob 8 9 13 >none.ctx
run $XL_CONTEXT show --html=none.html none.ctx
is "no vCPU" "$status" 0
not_ok "has no such table" grep -q 'id="vcpus"' none.html

# -- types of memory ---------------------------------------------------------
page MTRR/0.msr_mtrr_def_type=0x406
says "MTRRs that are off" made.html '<td>UC: the MTRRs are off</td>'
page 'MTRR/0.msr_mtrr_var[1]=0xff7ff8000800'
says "a mask with a hole" made.html \
    '<p>A range whose mask has holes is not shown.</p>'
# 512 MiB of WT over the 128 MiB of UC, and WB over WT; WC over WB
page 'MTRR/0.msr_mtrr_var[2]=0xe0000004' \
    'MTRR/0.msr_mtrr_var[3]=0xfe0000800' \
    'MTRR/0.msr_mtrr_var[4]=0xe0000006' \
    'MTRR/0.msr_mtrr_var[5]=0xff0000800' \
    'MTRR/0.msr_mtrr_var[6]=0x10000001' \
    'MTRR/0.msr_mtrr_var[7]=0xff0000800' \
    'MTRR/0.msr_mtrr_var[8]=0x10000006' \
    'MTRR/0.msr_mtrr_var[9]=0xff8000800'
says "WT wins over WB" made.html '0xe0000000-0xefffffff: WT, write through'
says "UC over both" made.html '0xf0000000-0xf7ffffff: UC, uncached'
says "behind it" made.html '0xf8000000-0xffffffff: WT, write through'
says "others must not meet" made.html \
    '0x10000000-0x17ffffff: types that must not meet'

# What fails the text fails the page: told of the input, with all of it there.
$XL_CONTEXT convert --xen=4.17 "$data/xen-4.17-hvm2.ctx" made 2>/dev/null
$XL_CONTEXT convert --to=json made made.json 2>/dev/null
sed 's/"source": "hvm"/"source": 5/' made.json >unread.json
$XL_CONTEXT convert unread.json unread 2>/dev/null
for words in "" "--html=unread.html" "-N --html=unread2.html"; do
    gives "show $words, of an origin that is not read" 4 provenance-member \
        show $words unread
    says "names that file" err "xl-context: unread: PROVENANCE/0"
    lacks "alone" err unread.html
done
ok "the page is there" is_page unread.html
says "to its end" unread.html 'id="summary"'
not_ok "but not of a dry run" test -e unread2.html

# -- hostile ---------------------------------------------------------------
evil='<script>alert(1)</script>&"'\''<img src=x onerror=y>.ctx'
evil=$(printf '%s' "$evil" | tr -d /)
cp blob "$evil"
gives "a name of markup" 0 '' show --html=evil.html "$evil"
ok "is no markup" is_page evil.html
not_ok "nor a script" grep -qi '<script\|<img' evil.html
says "but text" evil.html '&lt;script&gt;alert(1)&lt;script&gt;&amp;&quot;'
bytes=$(printf 'bad\377\033name')
cp blob "$bytes"
gives "a name that is no text" 0 '' show --html=evil.html "$bytes"
ok "becomes visible" is_page evil.html

# -- what is refused -------------------------------------------------------
gives "two files" 2 usage show --html=o blob image
gives "with --json" 2 usage show --html=o --json blob
gives "with --summary" 2 usage show --html=o --summary blob
gives "of a domain" 2 usage show --html=o --domain=1
head -c 3000 blob >cut
echo before >kept.html
gives "a damaged one" 3 hvm-truncated show --html=kept.html cut
is "leaves what was there" "$(cat kept.html)" before
run $XL_CONTEXT show --damaged --html=cut.html cut
is "what is whole of it" "$status" 0
ok "is a page" is_page cut.html
$MKSAVE -x 4.17 -c "$data/xen-4.17-hvm2.ctx" small
head -c 4000 small >cut.save
run $XL_CONTEXT show --damaged --html=cut.html cut.save
is "a save file that is cut in its context" "$status" 0
says "its map says so" cut.html 'context, of which the end is missing</th>'
is "no part is larger than the file" "$(sed -n \
    's/.*<td>\([0-9.]*\) %<.*/\1/p' cut.html | awk '$1 > 100')" ""
no_leftovers "nothing is left"

# -- where it goes ---------------------------------------------------------
named() { sed 's/^\(xl-context: [^:]*\): .*/\1/' err; }
# refused WHAT ID NAME: the last run names the page, once, and no other file.
refused() {
    judge "$1" 2 "$2"
    is "$1: the page is named, alone" "$(named)" "xl-context: $3"
}
mkdir folder
run $XL_CONTEXT show --html=folder blob
refused "onto a folder" file-folder folder
run $XL_CONTEXT show --html=none/page blob
refused "into no folder" file-temp none/page
run $XL_CONTEXT -N show --html=none/page blob
refused "the same by a dry run" file-temp none/page
run $XL_CONTEXT show --html=/dev/full blob
refused "onto a full device" file-write /dev/full
status=0
$XL_CONTEXT show --html=- blob >/dev/full 2>err || status=$?
quiet err
refused "to a full standard output" file-write 'standard output'
run $XL_CONTEXT show --html=page nothing
judge "what is wrong with the file" 2 file-open
is "is said of the file" "$(named)" "xl-context: nothing"

# itself FILE ARGUMENTS...: FILE, which is what is shown and where the page is
# to go, stays as it is.
itself() {
    itself_file=$1
    shift
    cp "$itself_file" before
    gives "onto itself: $*" 2 file-is-input "$@"
    ok "which stays" cmp before "$itself_file"
}
cp blob own
ln -s own link
ln own hard
gzip -c blob >own.gz
itself own show --html=own own
itself own show --html=./own own
itself own show --html=own "$work/own"
itself own -N show --html=own own
itself own show --html=link own
itself own show --html=own link
itself own show --html=hard own
itself own show --html=own --damaged hard
itself own.gz show --html=own.gz own.gz
status=0
$XL_CONTEXT show --html=own - <own 2>err || status=$?
quiet err
judge "onto itself, which is standard input" 2 file-is-input
status=0
$XL_CONTEXT show --html=- own 2>err 1<>own || status=$?
quiet err
judge "onto itself, which is standard output" 2 file-is-input
ok "it stays" cmp own blob
gives "another file that is alike" 0 '' show --html=before own
ok "becomes a page" is_page before
mkfifo fifo
cat blob >fifo &
gives "a FIFO is no file to lose" 0 '' show --html=- fifo
wait
no_leftovers "nothing is left beside them"

# -- a browser -------------------------------------------------------------
browser=
for candidate in ${BROWSER_UNDER_TEST:-chromium chromium-browser}; do
    [ -n "$browser" ] || browser=$(command -v "$candidate" || :)
done
browse() {
    timeout 600 "$browser" --headless --no-sandbox --disable-gpu \
        --user-data-dir="$work/profile" --enable-logging=stderr --v=0 "$@" \
        "file://$work/save.html" >shown 2>said
}
if [ -z "$browser" ]; then
    skip "in a browser" "chromium is not installed"
elif ! browse --dump-dom; then
    skip "in a browser" "it does not run here"
else
    says "a browser has it" shown 'vCPUs side by side'
    not_ok "no word on its console" grep 'CONSOLE' said
    ok "it prints" browse --print-to-pdf=page.pdf
    ok "on paper" sh -c 'head -c 5 page.pdf | grep -q %PDF-'
    for width in 500 1600; do
        ok "it is drawn, $width wide" browse \
            --window-size=$width,1200 --screenshot=$width.png
        ok "as a picture" test -s $width.png
    done
    ok "in the dark" browse --blink-settings=preferredColorScheme=0 \
        --window-size=1600,1200 --screenshot=dark.png
    not_ok "which is another picture" cmp -s dark.png 1600.png
fi
done_testing
