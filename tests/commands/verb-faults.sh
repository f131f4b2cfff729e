#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every verb that writes a file, each of its calls failing in turn or ending
# it, and targets of every kind: the old file is whole or the new one is, and
# the words say which.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}"
data=$srcdir/../data/xen-4.17-hvm2.ctx
unset VISUAL EDITOR

program_for_strace

"$program" convert "$data" good.ctx 2>/dev/null
"$MKSAVE" -d -m 1 -c "$data" good.save || exit 99
: >wrong

# The verbs by their rows, a line each: d/target is what they write.
cat >verbs <<'EOF'
convert --to=json good.ctx d/target
convert --to=hvm good.ctx d/target
convert --allow-loss --into=good.save good.ctx d/target
fix --target=4.18 good.save d/target
edit --set=CPU/0.rip=5 good.ctx d/target
edit --set=CPU/0.rip=5 good.save d/target
show --html=d/target good.save
EOF

# -- calls that fail --------------------------------------------------------

# What a run does differs in the time of PROVENANCE alone: new is what is
# neither old nor torn, which a reader of it says.
look() {
    if [ ! -e d/target ] || [ "$(head -c 4 d/target)" = "old" ]; then
        target=old
    elif grep -q '</html>' d/target 2>/dev/null ||
        "$program" show --no-sandbox --list d/target >/dev/null 2>&1; then
        target=new
    else
        target=torn
    fi
}

while read -r verb; do
    rm -rf d
    mkdir d
    echo old >d/target
    set -- $verb
    name=$1
    shift
    run_verb="$name --no-sandbox $*"
    strace -o good "$program" $run_verb >out 2>err
    look
    is "$verb: a good run" "$target" new
    calls_after good 'openat(AT_FDCWD, "good' |
        grep '^\(write\|fsync\|renameat\|openat\|copy_file_range\|close\) ' |
        share_lines >calls
    ok "$verb: it has calls" test -s calls
    for fault in error=ENOSPC error=EIO error=EROFS signal=TERM signal=KILL; do
        while read -r call number; do
            try "$call:$fault:when=$number" $run_verb 2>/dev/null
            look
            # a kill leaves the temporary file, nothing else does
            [ "$fault" != signal=KILL ] || left=
            case $status:$target:$left in
            [01]:new: | 2:old: | 143:old: | 143:new: | 137:old: | 137:new:) ;;
            # another file that it reads is as good as not there
            [34]:old:) ;;
            2:new:) grep -q 'perhaps not on the disk' err ||
                echo "$call $number $fault: new, and a failure" >>wrong ;;
            *) echo "$call $number $fault: $status, $target, $left" >>wrong ;;
            esac
            case $status in
            [234]) grep -q '\[[a-z-]*\]$' err ||
                echo "$call $number $fault: no message" >>wrong ;;
            esac
        done <calls
    done
    all "$verb: each of $(wc -l <calls) calls fails or ends it"
done <verbs

# -- targets of every kind ---------------------------------------------------

export LD_LIBRARY_PATH="${LIBDOMCTX_DIR:-}"
while read -r verb; do
    for kind in file link dangling loop folder absent long full; do
        rm -rf d
        mkdir d d/folder
        echo old >d/other
        case $kind in
        file) echo old >d/target ;;
        link) ln -s other d/target ;;
        dangling) ln -s none d/target ;;
        loop) ln -s target d/target ;;
        folder) mkdir d/target ;;
        full) ln -s /dev/full d/target ;;
        absent | long) ;;
        esac
        words=$verb
        [ $kind != absent ] ||
            words=${verb%d/target*}d/no/target${verb#*d/target}
        [ $kind != long ] || words=${verb%d/target*}d/$(
            zeros 256 | tr '\0' x)${verb#*d/target}
        run timeout 600 "$program" $words
        left=$(find d -mindepth 1 -name '.*')
        [ -z "$left" ] || echo "$kind: $left is left" >>wrong
        [ "$status" -le 1 ] || grep -q '\[[a-z-]*\]$' err ||
            echo "$kind: no message" >>wrong
        [ -c /dev/full ] || echo "/dev/full is gone" >>wrong
        case $kind:$status in
        file:[01]) [ ! -L d/target ] ;;
        # a link leads to what is written, and stays
        link:[01]) [ -L d/target ] && [ "$(cat d/other)" != old ] ;;
        dangling:[01]) [ -L d/target ] && [ -s d/none ] ;;
        dangling:2) [ -L d/target ] && [ ! -e d/none ] ;;
        loop:2 | folder:2 | absent:2 | long:2) [ "$(cat d/other)" = old ] ;;
        # a device is written to, and says that it is full
        full:2) [ -L d/target ] && grep -q 'No space left' err ;;
        *) false ;;
        esac || echo "$kind: status $status" >>wrong
    done
    all "$verb: onto a link, a folder, a full device and others"
done <verbs

# a FIFO with a reader gets it all
while read -r verb; do
    case $verb in *--into* | fix* | *'good.save d'*) continue ;; esac
    rm -rf d
    mkdir d
    mkfifo d/target
    timeout 600 cat d/target >piped &
    run timeout 600 "$program" $verb
    wait $!
    [ "$status" -le 1 ] && [ -s piped ] && [ -p d/target ] ||
        echo "status $status" >>wrong
    all "$verb: into a FIFO"
done <verbs

if [ "$(id -u)" != 0 ]; then
    while read -r verb; do
        rm -rf d
        mkdir d
        echo old >d/target
        chmod 555 d
        run "$program" $verb
        chmod 755 d
        judge "$verb: into a folder that is read-only" 2 file-temp
        is "the old file is whole" "$(cat d/target)" old
    done <verbs
else
    skip "a folder that is read-only" "root may write there"
fi

# -- names -------------------------------------------------------------------

# what no terminal, no browser and no reader of JSON may take as it is
evil=$(printf 'x<script>"'\''&\342\200\256\302\233\033[31m\001\377.ctx')
raw=$(printf '\342\200\256\|\302\233\|\033\|\001\|\377')
cp good.ctx "$evil"
unclean() { LC_ALL=C grep -q "$raw" "$@"; }
for verb in check "check --json" "check --json=lines" "show --json=lines" \
    "show --html=page" "convert --to=hvm --xen=4.4" "diff good.ctx" fix \
    "edit --set=CPU/0.rop=1" "edit --set=CPU/0.rip=7" explain diagnose; do
    rm -f page
    case $verb in convert* | fix*) set -- new ;; *) set -- ;; esac
    run "$program" $verb "$evil" "$@"
    case $verb in explain) ;; # its argument is a text
    *)
        cat out err >words
        [ ! -e page ] || cat page >>words
        not_ok "$verb: no name is printed raw" unclean words ;;
    esac
    case $verb in *--html*)
        ok "$verb: there is a page" test -s page
        not_ok "$verb: nor is it a script" grep -q '<script>"' page ;;
    esac
done
rm -f "$evil"
cat >config <<'EOF'
{"c_info": {"type": "hvm",
 "name": "</title><script>alert(1)</script>\u202e\u009b\"'&",
 "uuid": "5a6c0d0e-1c24-4b3c-9d2e-0123456789ab"}}
EOF
"$MKSAVE" -c "$data" -j config evil.save || exit 99
for verb in check "check --json" show "show --summary" "show --json" \
    "show --html=page" "convert --to=json" "diff good.save"; do
    rm -f page
    case $verb in convert*) set -- new ;; *) set -- ;; esac
    run "$program" $verb evil.save "$@"
    cat out err >words
    for file in page new; do
        [ ! -e $file ] || cat $file >>words
    done
    rm -f new
    not_ok "$verb: no name of a guest is printed raw" unclean words
    [ ! -e page ] ||
        not_ok "nor is it a script" grep -qi '<script>alert\|</title><s' page
done
done_testing
