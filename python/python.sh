#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Python module: its tests, its types, and its example.  TAP on standard
# output.
set -u
: "${srcdir:?}" "${TOP_SOURCE:?}" "${XL_CONTEXT:?}" "${SANITIZERS:=}"
. "$TOP_SOURCE/tests/tools/tap.sh"
[ -z "$SANITIZERS" ] || skip_all "python3 is built without the sanitizers"
# A python3 of another place may stand before Debian's on PATH.
python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import pytest' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || skip_all "no python3 with pytest here"
work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-python.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
# the source may be read only
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$srcdir" MYPYPATH="$srcdir"
cd "$work" || exit 99
ok "the tests" "$python" -m pytest -q -p no:cacheprovider \
    --rootdir="$srcdir" --basetemp="$work/pytest" "$srcdir/test_domctx.py"
if command -v mypy >/dev/null 2>&1; then
    ok "the types" mypy --strict --cache-dir="$work/mypy" "$srcdir/domctx" \
        "$srcdir/example.py"
else
    skip "the types" "no mypy here"
fi
data=$TOP_SOURCE/tests/data/xen-4.17-hvm2.ctx
"$python" "$srcdir/example.py" "$data" 4.20 >out 2>err
is "the example runs" "$?" 0
is "and says that it loads" "$(sed -n '1s/,.*//p' out)" loads
is "and where both vCPUs are" "$(grep -c '^vCPU [01]: 0x' out)" 2
"$python" "$srcdir/example.py" /dev/null 4.20 >out 2>err
is "what is wrong ends it" "$?" 1
ok "with the id" grep -qF '[kind-empty]' err
done_testing
