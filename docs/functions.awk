# SPDX-License-Identifier: LGPL-2.1-or-later
# Make libdomctx(3) and libxlcontext(3): the page as it is written, and before
# its SEE ALSO the public headers, each declaration with its comment.
#
# functions.awk PAGE HEADER...
#
# A block of a header ends at an empty line outside braces: a comment, then
# what it is about.  The first comment of a header is the head of a chapter; a
# comment of dashes begins a part.

function pod(text) {
    gsub(/</, "E\001lt>", text)
    gsub(/\001/, "<", text)
    return text
}

# Lines of a comment: those that are set in stay as they are, the ids have a
# paragraph of their own.
function say(comment,    line, n, i, kind, was) {
    chapter()
    n = split(comment, line, "\n")
    was = ""
    for (i = 1; i <= n; i++) {
        kind = line[i] == "" ? "" : line[i] ~ /^ / ? "set in" : "text"
        if (was != "" && kind != "" && (kind != was || line[i] ~ /^Ids: /))
            print ""
        was = kind
        print kind == "text" ? pod(line[i]) : line[i]
    }
    print ""
}

function declare(code,    line, n, i) {
    chapter()
    n = split(code, line, "\n")
    for (i = 1; i < n; i++)
        print " " line[i]
    print ""
}

# The head of a chapter is written when it turns out to have something in it.
function chapter() {
    if (title != "")
        print "=head2 " pod(toupper(substr(title, 1, 1)) substr(title, 2)) "\n"
    title = ""
}

function begin(text) {
    sub(/\.$/, "", text)
    sub(/^lib[a-z]*: /, "", text)
    gsub(/\n/, " ", text)
    title = text
}

function block() {
    sub(/\n+$/, "", comment)
    if (code ~ /^#(if|error|endif|include)/ || code ~ /^(extern "C"|})/)
        code = ""
    if (comment ~ /^-- /) {
        gsub(/^-- | -+$/, "", comment)
        begin(comment)
        comment = ""
    } else if (first) {
        at = index(comment, "\n\n")
        begin(at ? substr(comment, 1, at - 1) : comment)
        comment = at ? substr(comment, at + 2) : ""
        first = 0
    }
    if (code != "") declare(code)
    if (comment != "") say(comment)
    comment = code = ""
}

FNR == 1 { header++ }
header == 1 {   # the page
    if (/^=head1 SEE ALSO/) last = 1
    if (last) rest = rest $0 "\n"
    else print
    next
}
header == 2 && FNR == 1 { print "=head1 REFERENCE\n" }
FNR == 1 { first = 1; next }   # the licence
/^#endif \/\* [A-Z_]+_H \*\/$/ { next }
in_comment || (/^\/\*/ && code == "") {
    line = $0
    in_comment = line !~ /\*\//
    sub(/^\/\* ?/, "", line)
    sub(/ *\*\/$/, "", line)
    sub(/^ \* ?/, "", line)
    if (line != "" || comment != "") comment = comment line "\n"
    next
}
/^$/ && depth == 0 { block(); next }
{
    code = code $0 "\n"
    text = $0
    opened = /^extern "C" {$/ ? 0 : gsub(/{/, "", text)
    if (depth + opened > 0)   # not the end of extern "C"
        depth += opened - gsub(/}/, "", text)
}
END {
    block()
    printf "%s", rest
}
