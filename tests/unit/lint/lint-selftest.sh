#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The lints find what they are for: each fault is made in a small tree, and
# the line that must fail is looked for.
set -u
here=${srcdir:-.}
. "$here/../tools/tap.sh"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
sound() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/convert/base/messages" "$tree/libxl-plugin" \
        "$tree/xl-cmds" "$tree/tests"
    echo '#include "messages/a.def"' > "$tree/convert/base/messages.def"
    cat > "$tree/convert/base/messages/a.def" <<'END'
M(ONE, "one-thing", ERROR,
  "cause", "mend")
M(TWO, "two-things", NOTE, "cause", "mend")
END
    echo 'msg_raise(report, MSG_ONE);' > "$tree/convert/a.c"
    echo 'msg_raise(report, MSG_TWO);' > "$tree/xl-cmds/b.c"
    echo '"one-thing", two-things' > "$tree/tests/test-a.c"
}
messages() { # pattern of the line wanted, description
    out=$(sh "$here/lint/lint-messages.sh" "$tree")
    status=$?
    if [ -z "$1" ]; then
        [ "$status" -eq 0 ] && ! echo "$out" | grep -q '^not ok'
    else
        [ "$status" -ne 0 ] && [ "$(echo "$out" | grep -c '^not ok')" -eq 1 ] \
            && echo "$out" | grep -q "^not ok.*$1"
    fi
    tap_result $? "$2"
}

sound
messages '' 'a sound table passes'
sound
: > "$tree/xl-cmds/b.c"
messages 'two-things is raised' 'a row that nobody raises'
sound
echo 'MSG_TWO_MORE' > "$tree/xl-cmds/b.c"
messages 'two-things is raised' 'a longer symbol is another one'
sound
echo '"one-thing" not-two-things two-things-more' > "$tree/tests/test-a.c"
messages 'two-things is tested' 'a row that no test names'
sound
echo 'M(THREE, "two-things", NOTE, "c", "m")' \
    >> "$tree/convert/base/messages/a.def"
echo 'MSG_THREE' > "$tree/convert/c.c"
messages 'ids are unique' 'an id twice'
sound
echo 'M(TWO, "three", NOTE, "c", "m")' \
    >> "$tree/convert/base/messages/a.def"
echo 'three' >> "$tree/tests/test-a.c"
messages 'symbols are unique' 'a symbol twice'
for id in Two-Things two_things -two two- two--things; do
    sound
    sed -i "s/\"two-things\"/\"$id\"/" "$tree/convert/base/messages/a.def"
    echo "\"$id\"" >> "$tree/tests/test-a.c"
    messages 'is well-formed' "a malformed id: $id"
done
sound
echo 'M(three, "x", NOTE, "c", "m")' >> "$tree/convert/base/messages/a.def"
messages 'can be read' 'a row that cannot be read'
sound
: > "$tree/convert/base/messages/b.def"
messages 'chapter is included' 'a chapter that is not included'

header() {
    cat > "$tree/x.h" <<'END'
/* Makes one. */
struct x *x_one(int a,
                int b);

/* Two:
 *  of them. */
int x_two(void);
END
    cat > "$tree/x.c" <<'END'
void *x_one(int a, int b); int x_two(void); int y(void);
void *x_one(int a, int b) { (void)a; (void)b; return 0; }
int x_two(void) { return 2; }
int y(void) { return 2; }
END
}
symbols() { # pattern of the line wanted, description
    ${CC:-cc} -shared -fPIC -o "$tree/x.so" "$tree/x.c" || exit 99
    out=$(sh "$here/lint/lint-symbols.sh" "$tree/x.h" x_ "$tree/x.so")
    status=$?
    if [ -z "$1" ]; then
        [ "$status" -eq 0 ] && [ "$(echo "$out" | grep -c '^ok')" -eq 6 ]
    else
        [ "$status" -ne 0 ] && echo "$out" | grep -q "^not ok.*$1"
    fi
    tap_result $? "$2"
}
header
symbols '' 'a sound header passes'
header
echo 'int x_three(void); int x_three(void) { return 3; }' >> "$tree/x.c"
symbols 'x_three is in the header' 'a symbol that the header lacks'
header
echo '/* Three. */
int x_three(void);' >> "$tree/x.h"
symbols 'x_three is exported' 'a function that is not there'
header
mkdir "$tree/x"
echo '/* Three. */
int x_three(void);' >"$tree/x/three.h"
symbols 'x_three is exported' 'a function of a chapter that is not there'
rm -r "$tree/x"
header
echo '
int x_three(void);' >> "$tree/x.h"
echo 'int x_three(void); int x_three(void) { return 3; }' >> "$tree/x.c"
symbols 'x_three has a comment' 'a function without a comment'

# lint-ids.sh: a header whose functions name their ids
ids_tree() {
    sound
    mkdir -p "$tree/include/domctx"
    echo 'msg_raise(report, MSG_TWO);' > "$tree/convert/b.c"
    cat > "$tree/include/domctx/a.h" <<'END'
/* Makes one.
 * Ids: one-*, those of domctx_b(). */
int domctx_a(int a,
             domctx_report *report);

/* Makes two.  Ids: two-things.  Since 0.1. */
int domctx_b(domctx_report *report);
END
}
ids() { # pattern of the line wanted, description
    out=$(sh "$here/lint/lint-ids.sh" "$tree")
    status=$?
    if [ -z "$1" ]; then
        [ "$status" -eq 0 ] && [ "$(echo "$out" | grep -c '^ok')" -eq 5 ]
    else
        [ "$status" -ne 0 ] && [ "$(echo "$out" | grep -c '^not ok')" -eq 1 ] \
            && echo "$out" | grep -q "^not ok.*$1"
    fi
    tap_result $? "$2"
}
ids_tree
ids '' 'functions that name their ids pass'
ids_tree
printf '\n/* Three. */\nint domctx_c(domctx_report *report);\n' \
    >>"$tree/include/domctx/a.h"
ids 'each of them names' 'a function that names none'
ids_tree
sed -i 's/one-\*/one-*, one-thin/' "$tree/include/domctx/a.h"
ids 'is one of the table' 'an id that there is not'
ids_tree
sed -i 's/one-\*/one-*, three-*/' "$tree/include/domctx/a.h"
ids 'is one of the table' 'a family that there is not'
ids_tree
sed -i 's/domctx_b()/domctx_c()/' "$tree/include/domctx/a.h"
ids 'that is referred to' 'a reference to no function'
ids_tree
sed -i 's/two-things/one-thing/' "$tree/include/domctx/a.h"
ids 'a library raises is named' 'an id that no function names'

# lint-width.sh: a line of a script, which can be broken or not
width() { # line, pattern of the line wanted, description
    mkdir -p "$tree/tests"
    echo "$1" >"$tree/tests/a.sh"
    out=$(sh "$here/lint/lint-width.sh" "$tree")
    if [ -z "$2" ]; then
        not_ok "$3" sh -c 'echo "$1" | grep "^not ok"' - "$out"
    else
        ok "$3" sh -c 'echo "$1" | grep -q -- "$2"' - "$out" "$2"
    fi
}
forty='12345 789 12345 789 12345 789 12345 789 '
width "echo $forty 12345 789 12345 789 12345 789 12" '' 'a line of 79'
width "echo $forty 12345 789 12345 789 12345 789 1234" 'a.sh:1: 80' \
    'a line of 80'
width "echo ä $forty 12345 789 12345 789 12345 789 1" '' \
    'a line of 79 characters'
width "echo $forty '$forty'" '' 'a string that cannot be broken'
width "echo $forty https://$forty" '' 'an address'
width "echo $forty$(echo "$forty$forty" | tr ' ' -)" '' 'a long word'

# lint-rooms.sh: a tree of two rooms and a build of it
rooms_tree() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/convert/base" "$tree/convert/diff" "$tree/xl-cmds"
    printf '%s\n' '/*' ' * Room base: a.' ' */' 'int base_f(void);' \
        >"$tree/convert/base/a.h"
    printf '%s\n' '/*' ' * Room diff: b.' ' */' 'int diff_f(void);' \
        >"$tree/convert/diff/b.h"
    printf '%s\n' '#include "base/a.h"' 'int base_f(void) { return 1; }' \
        >"$tree/convert/base/a.c"
    printf '%s\n' '#include "diff/b.h"' '#include "base/a.h"' \
        'int diff_f(void) { return base_f(); }' >"$tree/convert/diff/b.c"
    printf '%s\n' 'int diff_f(void);' 'int main(void) { return diff_f(); }' \
        >"$tree/xl-cmds/main.c"
}
rooms() { # pattern of the line wanted, description
    for file in convert/base/a convert/diff/b xl-cmds/main; do
        ${CC:-cc} -w -I"$tree/convert" -c "$tree/$file.c" \
            -o "$tree/$file.o" || { tap_result 1 "$2: compiles"; return; }
    done
    out=$(sh "$here/lint/lint-rooms.sh" "$tree" "$tree")
    if [ -n "$1" ]; then
        ok "$2" sh -c 'echo "$1" | grep -q "^not ok .*$2"' - "$out" "$1"
        [ -z "$3" ] || ok "$2: it is named" \
            sh -c 'echo "$1" | grep -q -- "$2"' - "$out" "$3"
    else
        not_ok "$2" sh -c 'echo "$1" | grep "^not ok"' - "$out"
    fi
}
rooms_tree
rooms '' 'rooms that keep to their table pass' ''
echo '#include "diff/b.h"' >>"$tree/convert/base/a.c"
rooms 'every include' 'an include that leads upwards' \
    'base -> diff: base/a.c:3'
rooms_tree
echo 'int diff_f(void); int up(void) { return diff_f(); }' \
    >>"$tree/convert/base/a.c"
echo 'int up(void); int f(void) { return up(); }' >>"$tree/xl-cmds/main.c"
rooms 'every call' 'a call that leads upwards' 'base -> diff: diff_f'
rooms_tree
echo 'int alone(void) { return 1; }' >>"$tree/convert/base/a.c"
rooms 'a user in another object' 'a symbol that nothing else uses' 'alone'
rooms_tree
mkdir "$tree/convert/attic"
printf '%s\n' '#include "base/a.h"' 'int g;' >"$tree/convert/attic/c.c"
rooms 'every include' 'a folder that is no room' 'no room: attic'
rooms_tree
sed -i 's/Room diff/Room base/' "$tree/convert/diff/b.h"
rooms 'says what it is for' 'a header that speaks for another room' ''
rooms_tree
echo 'enum { CPU = 2 };' >>"$tree/xl-cmds/main.c"
rooms 'typecodes are in one table' 'a second table of typecodes' 'main.c'
rooms_tree
echo '#include "base/a.h"' >>"$tree/xl-cmds/main.c"
rooms 'public headers alone' 'a command that includes a header of a room' \
    'main.c:3'
# lint-packages.sh: two headers, their symbols files, a release in four places
packages_tree() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/include" "$tree/debian" "$tree/rpm"
    for name in domctx xlcontext; do
        echo "int ${name}_f(void);" >"$tree/include/$name.h"
        echo " ${name}_f@$(echo $name | tr a-z A-Z)_0.1 0.1.0" \
            >"$tree/debian/lib${name}0.symbols"
    done
    echo 'AC_INIT([xl-context], [0.1.0], [], [xl-context])' \
        >"$tree/configure.ac"
    echo 'xl-context (0.1.0-0) unstable; urgency=low' \
        >"$tree/debian/changelog"
    echo 'Version:        0.1.0' >"$tree/rpm/xl-context.spec"
    echo '0.1.0' >"$tree/NEWS"
}
packages() { # pattern of the line wanted, description
    out=$(srcdir=$here sh "$here/lint/lint-packages.sh" "$tree")
    if [ -n "$1" ]; then
        ok "$2" sh -c 'echo "$1" | grep -q "^not ok .*$2"' - "$out" "$1"
    else
        not_ok "$2" sh -c 'echo "$1" | grep "^not ok"' - "$out"
    fi
}
packages_tree
packages '' 'symbols files that follow the headers pass'
echo 'struct a *domctx_g(int a,' >>"$tree/include/domctx.h"
packages 'a line for each' 'a function that no symbols file has'
packages_tree
echo ' xlcontext_g@XLCONTEXT_0.1 0.1.0' >>"$tree/debian/libxlcontext0.symbols"
packages 'has no other' 'a symbol that no header has'
packages_tree
sed -i 's/0\.1\.0/0.2.0/' "$tree/configure.ac"
packages 'the release' 'a release without packages'
done_testing
[ "$tap_bad" -eq 0 ]
