# SPDX-License-Identifier: LGPL-2.1-or-later
# Make xl-context-messages(7) from the chapters of convert/base/messages.def,
# given in their order.
#
# A row is M(symbol, "id", SEVERITY, "cause" ..., "what to do" ...), with
# adjacent strings as in C.  What does not read as such a row is an error: a
# page that lacks a message would be worse than none.
#
# -v pages=FILE: what explain-page wrote, to stand behind them.

function fail(words) {
    printf "messages.awk: %s: %s\n", words, row > "/dev/stderr"
    failed = 1
    exit 1
}

# The text of the strings at the head of rest, up to a comma or the end.
function strings(    text) {
    text = ""
    while (match(rest, /^[ \t]*"([^"\\]|\\.)*"/)) {
        piece = substr(rest, 1, RLENGTH)
        rest = substr(rest, RLENGTH + 1)
        sub(/^[ \t]*"/, "", piece)
        sub(/"$/, "", piece)
        gsub(/\\"/, "\"", piece)
        text = text piece
    }
    sub(/^[ \t]*,?/, "", rest)
    return text
}

function pod(text) {
    gsub(/</, "E\001lt>", text)
    gsub(/\001/, "<", text)
    return text
}

function page(    id, severity, cause, mend) {
    rest = row
    sub(/^M\([A-Z0-9_]+,[ \t]*/, "", rest)
    id = strings()
    if (!match(rest, /^[ \t]*[A-Z]+/))
        fail("no severity")
    severity = tolower(substr(rest, RSTART, RLENGTH))
    gsub(/[ \t]/, "", severity)
    sub(/^[ \t]*[A-Z]+,[ \t]*/, "", rest)
    cause = strings()
    mend = strings()
    if (id == "" || cause == "" || mend == "" || rest !~ /^\)[ \t]*$/)
        fail("not a row")
    printf "=item B<%s> (%s)\n\n%s.\n\n", id, severity, \
           pod(toupper(substr(cause, 1, 1)) substr(cause, 2))
    printf "I<What to do:> %s.\n\n", pod(mend)
    count++
}

/^\/\* ---/ {
    gsub(/^\/\* -+ | -+ \*\/$/, "")
    if (open) printf "=back\n\n"
    title = $0
    sub(/:.*/, "", title)
    about = index($0, ":") ? substr($0, index($0, ":") + 2) : ""
    printf "=head2 %s%s\n\n=over 4\n\n", \
           toupper(substr(title, 1, 1)) substr(title, 2), \
           about == "" ? "" : " - " about
    open = 1
    next
}
/^M\(/ { row = ""; inside = 1 }
inside {
    row = row $0
    if ($0 ~ /\)[ \t]*$/ && $0 !~ /^M\([A-Z0-9_]+,[ \t]*$/) {
        n = gsub(/[^\\]"/, "&", row)
        if (n % 2 == 0) { inside = 0; page() }
    }
}
BEGIN {
    print "=head1 NAME\n"
    print "xl-context-messages - every message of xl-context\n"
    print "=head1 DESCRIPTION\n"
    print "Each message ends with its id in brackets. The id stays the same\n" \
          "in all releases. The severity decides the exit status: note 0,\n" \
          "warning 1, system 2, damaged 3, error 4, live 5, lost 6.\n"
}
END {
    if (failed) exit 1
    if (inside || !count) fail("the table ends within a row")
    if (open) printf "=back\n\n"
    # what explain has beside them
    while (pages && (getline line < pages) > 0) print line
    print "=head1 SEE ALSO\n\nL<xl-context(1)>"
}
