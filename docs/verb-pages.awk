# SPDX-License-Identifier: LGPL-2.1-or-later
# xl-context.pod, which has all verbs, as the pages that are read.
#
#   awk -f verb-pages.awk VERBS xl-context.pod             xl-context(1)
#   awk -v verb=NAME -f verb-pages.awk VERBS xl-context.pod
#                                                     xl-context-NAME(1)
#
# VERBS is what "xl-context help" prints.  The page of a verb has what is said
# of it: its lines of SYNOPSIS, the examples that "=for page" marks with its
# name, its chapter, of which the options are a chapter of their own.
# xl-context(1) has all else, and a list of those pages.

function finish() {
    print "=head1 SEE ALSO\n"
    print "L<xl-context(1)> has what is true of all verbs: inputs, global " \
        "options,\nthe sandbox, exit status, limits.\n"
    print "L<xl-context-messages(7)>, L<xl-context-rules(7)>"
}

# Whether a list of names has that of the verb.
function names_verb(list,    names, n) {
    n = split(list, names, " ")
    while (n > 0 && names[n] != verb)
        n--
    return n > 0
}

# Links that lead within the source lead to another page now.
function moved(text,    out, at, end, name) {
    out = ""
    while ((at = index(text, "L</"))) {
        out = out substr(text, 1, at - 1)
        text = substr(text, at + 3)
        end = index(text, ">")
        name = substr(text, 1, end - 1)
        text = substr(text, end + 1)
        if (name in description)
            out = out "L<xl-context-" name "(1)>"
        else if (verb == "" || name == "EXAMPLES")
            out = out "L</" name ">"
        else
            out = out "L<xl-context(1)/" name ">"
    }
    return out text
}

function put() { printf "%s\n\n", moved($0) }

function put_list(    i) {
    print "Each has a manual page of its own, and a short help, " \
        "C<xl context-VERB --help>.\n\n=over 4\n"
    for (i = 1; i <= n_verbs; i++)
        if (verbs[i] in chapter)
            printf "=item L<xl-context-%s(1)>\n\n%s\n\n", verbs[i],
                description[verbs[i]]
    print "=back\n"
}

BEGIN { RS = ""; FS = "\n" }

# -- what "xl-context help" prints --------------------------------------------
FILENAME == ARGV[1] {
    if ($1 != "verbs:")
        next
    for (i = 2; i <= NF; i++) {
        split($i, word, " ")
        verbs[++n_verbs] = word[1]
        description[word[1]] = substr($i, index($i, word[2]))
    }
    next
}

# -- the source, by paragraphs ------------------------------------------------
FNR == 1 && verb != "" && !(verb in description) {
    print "verb-pages.awk: no verb " verb | "cat >&2"
    failed = 1
    exit 1
}
/^=head1 / {
    head = substr($0, 8)
    in_verb = ""
    page = ""
}
/^=head2 / && head == "VERBS" {
    in_verb = substr($0, 8)
    chapter[in_verb] = 1
    options = 0
}
/^=for page / {
    page = substr($0, 11)
    next
}
head == "VERBS" && verb == "" {
    if (/^=head1 /)
        put()
    left_out = 1
    next
}
left_out {
    put_list()
    left_out = 0
}
verb == "" {
    put()
    next
}
/^=head1 NAME/ {
    name = description[verb]
    sub(/\.$/, "", name)
    printf "=head1 NAME\n\nxl-context-%s - %s%s\n\n", verb,
        tolower(substr(name, 1, 1)), substr(name, 2)
}
/^=head1 SYNOPSIS/ { put() }
head == "SYNOPSIS" && index($0, "B<xl context-" verb ">") == 1 { put() }
/^=head1 EXAMPLES/ { put() }
head == "EXAMPLES" && names_verb(page) { put() }
/^=head2 / && in_verb == verb {
    print "=head1 DESCRIPTION\n"
    next
}
head == "VERBS" && in_verb == verb {
    # a list of options, not another
    if (/^=over/) {
        over = $0
        next
    }
    if (over != "") {
        if (!options && /^=item B<-/) {
            print "=head1 OPTIONS\n"
            options = 1
        }
        printf "%s\n\n", over
        over = ""
    }
    put()
}
END {
    if (!failed && verb != "")
        finish()
}
