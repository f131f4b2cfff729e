#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# xl: what is ours is run, everything else reaches the host's own xl
# untouched, and nothing leads back.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"

real_path=$PATH
mkdir host ours
# A host xl that tells all it can see.
cat >host/xl <<'SCRIPT'
#!/bin/sh
echo "host xl: $#"
for word; do printf '<%s>\n' "$word"; done
case ${1-} in
cat) exec cat ;;
exit) exit "$2" ;;
kill) kill -"$2" $$ ;;
stderr) echo "to stderr" >&2 ;;
wait) echo ready; exec sleep 3600 ;;
nested) shift; xl "$@" ;;
ppid) echo "$$" ;;
help) echo "host help" ;;
esac
SCRIPT
chmod +x host/xl
PATH=$work/host:$real_path
export PATH

# front WHAT STATUS ID ARGUMENTS...
front() {
    front_what=$1 front_status=$2 front_id=$3
    shift 3
    run $XL "$@"
    judge "$front_what" "$front_status" "$front_id"
}

# -- passed on -----------------------------------------------------------
front "list" 0 "" list
is "reaches the host's xl" "$(cat out)" "host xl: 1
<list>"
front "arguments" 0 "" create '/etc/a b' '' '*' '--x=y z' "$(printf 'n\nl')" -
is "arrive as they are" "$(cat out)" "host xl: 7
<create>
</etc/a b>
<>
<*>
<--x=y z>
<n
l>
<->"
front "no argument at all" 0 ""
is "is the host's" "$(cat out)" "host xl: 0"
front "the host's verbs of our names" 0 "" save 1 file
is "are the host's" "$(cat out)" "host xl: 3
<save>
<1>
<file>"
front "an unknown global" 0 "" -z list
is "is the host's" "$(sed -n 2p out)" "<-z>"
front "a long option first" 0 "" --version
is "is the host's, too" "$(sed -n 2p out)" "<--version>"
front "globals" 0 "" -vvv -N list
is "are passed on" "$(cat out)" "host xl: 3
<-vvv>
<-N>
<list>"
front "a context- verb that there is not" 2 usage context-frobnicate
is "does not reach the host's xl" "$(cat out)" ""
front "help on one" 2 usage help context-frobnicate
front "a misspelt one" 2 usage context-shwo a
says "has its neighbour" err "is 'show' meant?"
front "help on a host verb" 0 "" help create
is "is the host's" "$(head -n 3 out)" "host xl: 2
<help>
<create>"
front "half of one of our verbs" 2 usage context-sa a b
front "nothing behind context-" 2 usage context-
front "our verbs' names without context-" 0 "" show a
is "are the host's, too" "$(sed -n 2p out)" "<show>"

printf 'in\0put' >input
$XL cat <input >out 2>err
is "stdin is passed" "$(tail -n +3 out | od -An -c)" "$(od -An -c <input)"
run $XL stderr
is "stderr stays apart" "$(cat err)" "to stderr"
for code in 0 1 2 3 4 5 6 7 42 126 127 128 129 200 255; do
    run $XL exit $code
    is "exit status $code" "$status" "$code"
done
for signal in 1 2 3 6 9 10 11 13 15; do
    run $XL kill $signal
    is "death by signal $signal" "$status" $((128 + signal))
done

# The host's xl is the very process that was started, so that every signal,
# limit and terminal right is its own.
echo 'echo $$ >pid; exec "$@"' >start.sh
sh start.sh $XL ppid >out
is "it is the same process" "$(tail -n 1 out)" "$(cat pid)"
$XL wait >out 2>err &
child=$!
await grep -q ready out
kill -TERM $child
status=0
wait $child || status=$?
is "SIGTERM reaches it" "$status" 143
# SIGINT is ignored in a background job of a shell: perl gives it back.
cat >sigint.pl <<'PERL'
$SIG{INT} = 'DEFAULT';
my $pid = fork;
if (!$pid) { exec @ARGV or die }
for (1 .. 6000) { last if -s 'out'; select undef, undef, undef, 0.05 }
kill 'INT', $pid;
waitpid $pid, 0;
print $? & 127;
PERL
: >out
is "SIGINT reaches it" "$(perl sigint.pl sh -c "exec $XL wait >out")" 2
# What we ignore, it must not: SIGPIPE ends it as ever.
cat >host/xl-pipe <<'SCRIPT'
#!/bin/sh
grep SigIgn /proc/self/status
SCRIPT
chmod +x host/xl-pipe
mkdir host3
cp host/xl-pipe host3/xl
PATH=$work/host3:$real_path
run $XL list
is "no signal is ignored on its account" "$(cat out)" \
    "$(grep SigIgn /proc/self/status)"
PATH=$work/host:$real_path
# Its limits and descriptors.
cat >host3/xl <<'SCRIPT'
#!/bin/sh
echo from 5 >&5
ls /proc/$$/fd | tr '\n' ' '
SCRIPT
PATH=$work/host3:$real_path
run sh -c 'exec 5>five; "$0" "$@" 5>&5' $XL list
is "other descriptors are passed" "$(cat five)" "from 5"
PATH=$work/host:$real_path

# -- ours ----------------------------------------------------------------
{ start 4 17; end; } >a.img
front "context-show" 0 "" context-show a.img
says "is ours" out "domain context image"
front "context-show after globals" 0 "" -f -T context-show a.img
says "is ours, too" out "domain context image"
front "xl -N context-convert" 0 "" -N context-convert a.img o.img
is "is a dry run" "$(ls o.img 2>/dev/null)" ""
front "wrong usage of ours" 2 usage context-show
says "has a hint in xl's name" err "try 'xl context-help show'"
front "context-save --help" 0 "" context-save --help
says "has xl's name" out "usage: xl context-save "
front "context-help" 0 "" context-help
says "lists ours" out " restore"
front "xl help" 0 "" help
says "has the host's help" out "host help"
says "and ours" out "context-restore"
is "the host's first" "$(grep -n 'host help' out | cut -d: -f1)" 3
front "xl help context-save" 0 "" help context-save
is "is ours alone" "$(grep -c host out)" 0
says "with its usage" out "usage: xl context-save "
cat >host3/xl <<'SCRIPT'
#!/bin/sh
exit 3
SCRIPT
PATH=$work/host3:$real_path
run $XL help
is "the host's help fails: its status" "$status" 3
says "ours all the same" out "context-save"
cat >host3/xl <<'SCRIPT'
#!/bin/sh
kill -9 $$
SCRIPT
run $XL help
is "the host's help is killed: so are we" "$status" 137

# -- finding the host's xl -----------------------------------------------
mkdir empty first second notprogram folder
PATH=$work/host:$real_path
tools=$(dirname "$(command -v sh)"):$(dirname "$(command -v sed)")
front_in() { # WHAT STATUS ID PATH ARGUMENTS...
    front_in_what=$1 front_in_status=$2 front_in_id=$3 front_in_path=$4
    shift 4
    run env PATH="$front_in_path:$tools" $XL "$@"
    judge "$front_in_what" "$front_in_status" "$front_in_id"
}
if env PATH="$tools" sh -c 'command -v xl' >/dev/null; then
    skip "no host xl at all" "this machine has one beside sh"
else
    front_in "no host xl at all" 2 xl-missing "$work/empty" list
    says "is said in words" err "the host's own xl is not on PATH"
    front_in "context-show without a host xl" 0 "" "$work/empty" \
        context-show a.img
    front_in "xl help without a host xl" 2 xl-missing "$work/empty" help
    says "shows ours" out "context-save"
    front_in "xl help context-save without a host xl" 0 "" "$work/empty" \
        help context-save
fi
echo text >notprogram/xl
mkdir folder/xl
ln -s nowhere second/xl
front_in "what is no program is passed by" 0 "" \
    "$work/empty:$work/notprogram:$work/folder:$work/second:$work/host" list
is "the next one is taken" "$(head -n 1 out)" "host xl: 1"
printf 'no\000program' >first/xl
chmod +x first/xl
if [ "$(env PATH="$tools" sh -c 'command -v xl')" = "" ]; then
    front_in "a program that does not start" 2 xl-exec "$work/first" list
fi
# Parts of PATH that are not absolute are a shell's custom, and not for root.
# as_user COMMAND...: in another user's name, who can enter our folder.
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
if [ "$(id -u)" != 0 ]; then
    as_user() { "$@"; }
fi
relative() { # WHO, PATH
    (cd host && $1 env PATH="$2:$tools" $XL list >../out 2>../err)
    head -n 1 out
}
chmod 755 "$work"
if as_user $XL context-help >out 2>&1; then
    for path in "" . ../host; do
        is "'$path' in PATH is searched for a user" \
            "$(relative as_user "$path")" "host xl: 1"
    done
else
    skip "relative parts of PATH for a user" "$(head -n 1 out)"
fi
if [ "$(id -u)" = 0 ] &&
    [ "$(env PATH="$tools" sh -c 'command -v xl')" = "" ]; then
    for path in "" . ../host; do
        is "'$path' in PATH is not for root" "$(relative "" "$path")" ""
        says "and that is said" err "[xl-missing]"
    done
else
    skip "relative parts of PATH for root" "not root, or an xl beside sh"
fi
# An xl before and behind: the first that is not ours.
cat >host3/xl <<'SCRIPT'
#!/bin/sh
echo second host
SCRIPT
front_in "two of them" 0 "" "$work/host:$work/host3" list
is "the first is taken" "$(head -n 1 out)" "host xl: 1"

# -- itself, in every disguise -------------------------------------------
program=$(sh -c 'for w; do :; done; echo "$w"' sh $XL)
real=$program
ln -s "$real" ours/xl
front_in "a symbolic link to ourselves is passed by" 0 "" \
    "$work/ours:$work/host" list
is "the host's is reached" "$(head -n 1 out)" "host xl: 1"
mkdir hard copy
if ln "$real" hard/xl 2>/dev/null; then
    front_in "a hard link to ourselves" 0 "" "$work/hard:$work/host" list
    is "is passed by as well" "$(head -n 1 out)" "host xl: 1"
else
    skip "a hard link to ourselves" "the build folder is elsewhere"
fi
cp "$real" copy/xl
front_in "a copy of ourselves goes on behind itself" 0 "" \
    "$work/copy:$work/host" list
is "the host's is reached through it" "$(head -n 1 out)" "host xl: 1"
front_in "two copies go on, too" 0 "" \
    "$work/copy:$work/ours:$work/host" list
is "the host's is reached through both" "$(head -n 1 out)" "host xl: 1"
if [ "$(env PATH="$tools" sh -c 'command -v xl')" = "" ]; then
    front_in "nothing but ourselves" 2 xl-missing "$work/ours" list
    front_in "nothing but a copy" 2 xl-loop "$work/copy" list
fi
# A script that comes back by exec: we go on behind it.
mkdir exec child
printf '#!/bin/sh\nexec %s "$@"\n' "$XL" >exec/xl
chmod +x exec/xl
front_in "a script that comes back by exec" 0 "" "$work/exec:$work/host" list
is "does not stand between" "$(head -n 1 out)" "host xl: 1"
if [ "$(env PATH="$tools" sh -c 'command -v xl')" = "" ]; then
    front_in "and with nothing behind it" 2 xl-loop "$work/exec" list
    # A script that comes back as a child, for ever.
    printf '#!/bin/sh\n%s "$@"\nexit $?\n' "$XL" >child/xl
    chmod +x child/xl
    front_in "a script that comes back as a child" 2 xl-loop \
        "$work/child" list
    is "is told of once" "$(grep -c xl-loop err)" 1
fi
# Wrappers of each kind before the host's: our words come once, the host's
# words come once, whoever is called first.
wrapper() { # KIND, BODY with XL for the program's name
    mkdir -p "$1"
    printf '#!/bin/sh\n%s\n' "$2" | sed "s!XL!$XL!" >"$1/xl"
    chmod +x "$1/xl"
}
wrapper exec 'exec XL "$@"'
wrapper child 'XL "$@"; exit $?'
wrapper adds 'exec XL -v "$@"'
wrapper adding-child 'XL -v "$@"; exit $?'
wrapper twice 'sh -c '"'"'XL "$@"; exit $?'"'"' sh "$@"'
# as libtool's wrappers do it: with a changed environment
wrapper libtool 'LD_LIBRARY_PATH=/nowhere; export LD_LIBRARY_PATH
exec XL ${1+"$@"}'
wrapper resets 'PATH=REST; export PATH; XL "$@"'
sed -i "s!REST!$work/resets:$work/host:$tools!" resets/xl
for kind in exec child adds adding-child twice libtool resets; do
    front_in "list, $kind first on PATH" 0 "" "$work/$kind:$work/host" list
    is "reaches the host's xl" "$(grep -c 'host xl: ' out)" 1
    front_in "help, $kind first on PATH" 0 "" "$work/$kind:$work/host" help
    is "has the host's words once" "$(grep -c '^<help>' out)" 1
    is "has ours once" "$(grep -c ' context-save ' out)" 1
    is "and last" "$(grep -n . out | tail -n 1 | grep -c context-help)" 1
    run env PATH="$work/$kind:$work/host:$tools" "$kind/xl" help
    judge "help by way of $kind" 0 ""
    is "has the host's words once, too" "$(grep -c '^<help>' out)" 1
    is "and ours" "$(grep -c ' context-save ' out)" 1
done
# A host's xl that does not start is told of, and ours come all the same.
mkdir broken
printf 'no\000program' >broken/xl
chmod +x broken/xl
front_in "help of a host xl that does not start" 2 xl-exec \
    "$work/broken:$work/host" help
is "has ours" "$(grep -c ' context-save ' out)" 1
printf '#!/nowhere/sh\n' >broken/xl
front_in "a host xl without an interpreter" 2 xl-exec "$work/broken" list

# The program is its own master: without our libraries, and with nothing of
# ours installed but itself.
if command -v readelf >/dev/null; then
    is "it needs the C library alone" \
        "$(readelf -d "$real" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
            grep -v -e '^libc\.' -e '^lib[a-z]*san\.' \
            ${NO_STRACE:+-e '^libm\.' -e '^libgcc_s\.'})" ""
else
    skip "it needs the C library alone" "no readelf"
fi
run env PATH="$work/host:$tools" copy/xl list
is "alone it reaches the host's" "$(head -n 1 out)" "host xl: 1"
run env PATH="$work/host:$tools" copy/xl context-show a.img
judge "alone, a verb of ours is refused in words" 2 xl-context-missing
run env PATH="$work/host:$tools" copy/xl help
judge "alone, help says so" 2 xl-context-missing
says "and has the host's" out "host help"

# A host xl that has a reason to call xl: that is no loop.
mkdir named
ln -s "$program" named/xl
front_in "a host xl that calls xl" 0 "" "$work/named:$work/host" nested list
is "gets an answer" "$(tail -n 1 out)" "<list>"
front_in "and so on" 0 "" "$work/named:$work/host" \
    nested nested nested nested list
is "gets an answer, too" "$(tail -n 1 out)" "<list>"
# A trace that a stranger left: of another process, or nonsense.
host_id=$(stat -L -c '%d %i' host/xl)
host_id=$(printf '%x.%x' ${host_id% *} ${host_id#* })
for trace in "1:1:5:1" "$$:0:9:2" nonsense "" "::::" "9:9:9:-1x" \
    "1:1:1:1:$host_id" "$$:1:2:0:$host_id" "9:9:1:1:$host_id"; do
    run env XL_CONTEXT_TRACE="$trace" $XL list
    is "a stale trace '$trace' does no harm" "$(head -n 1 out)" "host xl: 1"
    run env XL_CONTEXT_TRACE="$trace" $XL help
    is "nor to help" "$(grep -c ' context-save ' out)" 1
done
done_testing
