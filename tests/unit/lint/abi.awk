# SPDX-License-Identifier: LGPL-2.1-or-later
# The declarations of headers, a line each, without comments and with one
# space between words: a macro with a value, a struct or enum with all that is
# in it, a typedef, a function.  Macros that guard a header, and the version,
# are left out.

function flush_line() {
    gsub(/[ \t]+/, " ", text)
    gsub(/ ?([(){},;*]) ?/, "&", text)
    gsub(/\( /, "(", text)
    sub(/^ /, "", text)
    sub(/ $/, "", text)
    if (text != "")
        print text
    text = ""
}

{
    line = $0
    gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", line)
    if (in_comment) {
        if (!sub(/^.*\*\//, " ", line))
            next
        in_comment = 0
    }
    if (match(line, /\/\*/)) {
        line = substr(line, 1, RSTART - 1)
        in_comment = 1
    }
}
line ~ /^#define DOMCTX_VERSION/ { next }
line ~ /^#define [A-Za-z_]+(\(.*\))? +[^ ]/ || continued {
    text = text " " line
    continued = sub(/\\$/, "", text)
    if (!continued) flush_line()
    next
}
line ~ /^#/ || line ~ /^(extern "C" \{|\})$/ { next }
{
    text = text " " line
    copy = line
    depth += gsub(/\{/, "", copy) - gsub(/\}/, "", copy)
    if (depth == 0 && line ~ /; *$/)
        flush_line()
}
