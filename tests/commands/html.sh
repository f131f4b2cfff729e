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
no_leftovers "nothing is left"

# -- a browser -------------------------------------------------------------
browser=
for candidate in ${BROWSER_UNDER_TEST:-chromium chromium-browser}; do
    [ -n "$browser" ] || browser=$(command -v "$candidate" || :)
done
browse() {
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu \
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
