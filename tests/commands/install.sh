#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make install, in the place that configure was told: what is installed works
# at once, and the host's own xl works whatever becomes of it.  The folder of
# the prefix and /etc (the dynamic loader's cache) are ours alone, in a mount
# namespace.
: "${TOP_BUILD:?}" "${PREFIX:?}"

if [ "${1-}" != inside ]; then
    . "${srcdir:-.}/lib.sh"
    unshare="unshare --mount"
    [ "$(id -u)" = 0 ] || unshare="$unshare --map-root-user"
    case $PREFIX in
    / | /usr) skip_all "the prefix is $PREFIX" ;;
    esac
    [ -d "$PREFIX" ] || skip_all "the prefix $PREFIX is not there"
    case $TOP_BUILD/ in
    "$PREFIX"/*) skip_all "the build folder is below $PREFIX" ;;
    esac
    $unshare true 2>/dev/null || skip_all "no mount namespaces here"
    mkdir prefix
    cp -a /etc etc 2>/dev/null
    [ -e etc/ld.so.conf ] || skip_all "/etc cannot be copied"
    WORK=$work
    export WORK
    # the sources of the lines that follow are this very script
    sh=${0##*/}
    $unshare sh "$srcdir/$sh" inside
    exit
fi

# -- inside the namespace ----------------------------------------------------
. "$srcdir/../tools/tap.sh"
cd "$WORK" || exit 99
mount --bind prefix "$PREFIX" && mount --bind etc /etc || exit 99
unset LD_LIBRARY_PATH MAKEFLAGS MAKELEVEL MFLAGS XL_CONTEXT_TRACE

mkdir host
printf '#!/bin/sh\necho host "$@"\n' >host/xl
chmod +x host/xl
PATH=$PREFIX/sbin:$PREFIX/bin:$WORK/host:$PATH

status=0
make -s -C "$TOP_BUILD" install >install.log 2>&1 || status=$?
is "make install" "$status" 0
[ "$status" -eq 0 ] || sed 's/^/#   /' install.log
find "$PREFIX" ! -type d | sort >installed
ok "files are there" test -s installed

is "xl-context works at once" \
    "$(xl-context --version 2>&1 | sed -n '1s/^\(xl-context \).*/\1/p')" \
    "xl-context "
if [ -x "$PREFIX/sbin/xl" ]; then
    is "xl reaches the host's" "$(xl list 2>&1)" "host list"
    xl context-help >out 2>&1
    ok "and ours" grep -q "xl context-<Verb>" out
    xl help >out 2>&1
    is "xl help has both" "$(grep -c -e '^host help$' -e context-save out)" 2
    # Each file in turn is away, empty, and of no use.
    bad=
    while read -r file; do
        [ "$file" != "$PREFIX/sbin/xl" ] || continue
        mv "$file" away
        [ "$(xl list 2>&1)" = "host list" ] || bad="$bad $file"
        : >"$file"
        chmod +x "$file"
        [ "$(xl list 2>&1)" = "host list" ] || bad="$bad $file:empty"
        mv away "$file"
    done <installed
    is "the host's xl works with each file missing or empty" "$bad" ""
    mv "$PREFIX/bin/xl-context" away
    status=0
    xl context-show x >out 2>&1 || status=$?
    is "without xl-context ours are refused" "$status" 2
    ok "in words" grep -qF "[xl-context-missing]" out
    mv away "$PREFIX/bin/xl-context"

    printf '#!/bin/sh\nexec %s "$@"\n' "$PREFIX/sbin/xl" >wrapper
    chmod +x wrapper
    mkdir first
    mv wrapper first/xl
    PATH=$WORK/first:$PATH
    xl help >out 2>&1
    is "through a wrapper, once" \
        "$(grep -c -e '^host help$' -e context-save out)" 2
    # A program that is not ours is never replaced.
    cp host/xl "$PREFIX/sbin/xl"
    not_ok "another xl is in the place: refused" \
        make -s -C "$TOP_BUILD" install
    is "and left" "$("$PREFIX/sbin/xl" x)" "host x"
    rm "$PREFIX/sbin/xl"
    make -s -C "$TOP_BUILD" install >install.log 2>&1
else
    is "no front end was asked for, and there is none" \
        "$(find "$PREFIX" -name xl)" ""
fi

make -s -C "$TOP_BUILD" uninstall >install.log 2>&1
is "make uninstall leaves nothing" "$(find "$PREFIX" ! -type d)" ""
done_testing
