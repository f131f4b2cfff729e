#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a file makes a verb hold: of the worst inputs of each kind, as large as
# they may be, 64 MiB at most beside the size of the file, and what is larger
# is refused.  Resident memory, of the largest process.
# shellcheck disable=SC2086 # verbs are words
. "${srcdir:-.}/lib.sh"
: "${MKSAVE:?}" "${HELD:?}"

[ -z "${NO_STRACE:-}${XL_CONTEXT_UNDER:-}" ] ||
    skip_all "sanitizers and valgrind hold more"
command -v perl >/dev/null || skip_all "no perl here"
program=$(real_program $XL_CONTEXT)
LD_LIBRARY_PATH=$LIBDOMCTX_DIR
export LD_LIBRARY_PATH
beside=$((64 * 1024))   # KiB
sample=$srcdir/../data/xen-4.17-hvm2.ctx

# make NAME: the worst input of that kind, of a bit less than 16 MiB, and of
# JSON 64.
make() {
    perl -e '
my ($name, $sample) = @ARGV;
my $size = $name =~ /^(PROV|digits|numbers|members|records)/ ? 66_900_000
                                                            : 15_900_000;
open my $in, "<:raw", $sample or die;
local $/; my $blob = <$in>;
binmode STDOUT;
my ($header, $end) = (substr($blob, 0, 32), substr $blob, -8);
sub hvm { pack("vvV", $_[0], $_[1], length $_[2]) . $_[2] }
my $image = "{\"schema\":\"xl-context-2\",\"format\":\"image\"," .
    "\"byte_order\":\"little\",\"records\":[{\"record\":\"START\"," .
    "\"instance\":0,\"length\":8,\"xen_major\":4,\"xen_minor\":17}," .
    "{\"record\":\"END\",\"instance\":0,\"length\":0}," .
    "{\"record\":\"PROVENANCE\",\"instance\":0,";
my $hvm = "{\"schema\":\"xl-context-2\",\"format\":\"hvm\"," .
    "\"xen\":\"4.17\",\"records\":[{\"record\":\"HEADER\"," .
    "\"instance\":0,\"hex\":\"" . unpack("H*", substr $header, 8) . "\"},";
my $cpu = "{\"record\":\"CPU\",\"instance\":0,";
my $last = "},{\"record\":\"END\",\"instance\":0}]}";
my %make = (
"many records" => sub { $header . join("", map { hvm(19, $_ & 65535,
    "12345678") } 1 .. 130000) . hvm(2, 0, "\0" x ($size - 130000 * 16)) .
    $end },
"many vCPUs" => sub { substr($blob, 0, -8) . (substr($blob, 32, -8) x
    ($size / length $blob)) . $end },
"a long record" => sub { $header . hvm(20, 0, "\1" x $size) . $end },
"PROVENANCE text" => sub { "$image\"text\":\"" . "a" x $size . "\"}]}" },
"PROVENANCE escapes" => sub { "$image\"text\":\"" . "\\n" x ($size / 2) .
    "\"}]}" },
"PROVENANCE object" => sub { "$image\"provenance\":{\"a\":[" .
    "1," x ($size / 2) . "1]}}]}" },
"PROVENANCE string" => sub { "$image\"provenance\":{\"a\":\"" .
    "\xc2\x9b" x ($size / 2) . "\"}}]}" },
"digits" => sub { "$hvm$cpu\"hex\":\"" . "aa" x ($size / 2) . "\"$last" },
"digits and escape" => sub { "$hvm$cpu\"hex\":\"\\u0061a" .
    "aa" x ($size / 2) . "\"$last" },
"numbers" => sub { "$hvm$cpu\"x\":[" . "1," x ($size / 2) . "1]$last" },
"members" => sub { "$hvm$cpu" . join(",", map { "\"$_\":0" }
    1 .. $size / 12) . $last },
"records" => sub { $hvm . "$cpu\"hex\":\"\"}," x ($size / 39) .
    substr $last, 2 },
"no context" => sub { "[" x 60 . "\"" . "a" x $size . "\"" . "]" x 60 },
"a line" => sub { "x" x $size },
"lines" => sub { join "", map { "xc: error: Failed to set $_: 22\n" }
    1 .. $size / 38 },
"symbols" => sub { join "", map { sprintf "ffffffff%08x T f%x\n", 16 * $_,
    $_ } 1 .. 1_000_000 },
);
print $make{$name}->();' "$1" "$sample" >"$2"
}

# holds WHAT SIZE ARGUMENT...: beside so many bytes no more than it may.
holds() {
    holds_what=$1 holds_size=$2
    shift 2
    status=0
    "$HELD" peak "$program" "$@" >/dev/null 2>err || status=$?
    holds_kib=$(cat peak)
    [ "$status" -ne 99 ] && [ "$holds_kib" -gt 1000 ] &&
        [ $((holds_kib - holds_size / 1024)) -le $beside ] ||
        echo "$holds_what: $*: status $status, $holds_kib KiB" >>wrong
    holds_n=$((holds_n + 1))
    echo "# $holds_what, $1: $((holds_kib / 1024)) MiB" \
        "of a file of $((holds_size / 1024 / 1024))"
}
# held: what came of all since the last time.
held() {
    tap_result "$([ ! -s wrong ]; echo $?)" "$1"
    [ ! -s wrong ] || sed 's/^/#   /' wrong
    rm -f wrong
}

holds_n=0
share_of "many records" "many vCPUs" "a long record" "digits" \
    "PROVENANCE text" "PROVENANCE escapes" "PROVENANCE object" \
    "PROVENANCE string" "digits and escape" numbers members records \
    "no context" >kinds
while read -r kind; do
    make "$kind" file
    size=$(wc -c <file)
    case $kind in
    many*) verbs=$(share_of "check --target=4.17" show "show --json" \
        "show --html o" diagnose) ;;
    *) verbs=show ;;
    esac
    echo "$verbs" >verbs
    while read -r verb; do
        holds "$kind" "$size" $verb file
    done <verbs
    holds "$kind" "$size" convert --xen=4.17 --to=wrapped file o
    [ "$kind" != "many vCPUs" ] ||
        holds "$kind" "$size" convert --xen=4.17 --target=4.4 --allow-loss \
            file o
    holds "$kind" $((2 * size)) diff file file
    rm -f o
done <kinds
held "contexts and documents: $holds_n times within the limit"
make "many vCPUs" file
"$MKSAVE" -c file a.save && gzip -c a.save >a.gz || exit 99
size=$(wc -c <file) holds_n=0
for name in a.save a.gz; do
    holds "$name" "$size" check $name
    holds "$name" "$size" convert --into=$name --xen=4.17 "$sample" o
    rm -f o
done
held "save files: $holds_n times within the limit"
for kind in "a line" lines; do
    make "$kind" file
    holds "$kind" 0 explain file
done
make symbols file
holds symbols "$(wc -c <file)" diagnose --symbols=file "$sample"
yes '' | head -c 60000000 >file
holds "a list" 60000000 check --files-from=file
held "texts within the limit"

# -- what is more is refused, and what is not is taken -----------------------
gives "more than a million names" 2 file-too-large check --files-from=file
head -c 17000000 /dev/zero | cat "$sample" - >large
gives "more than 16 MiB" 2 file-too-large show large
make "PROVENANCE text" file
gives "PROVENANCE of more than 1 MiB" 3 provenance-json show file
for kind in "PROVENANCE object" numbers members; do
    make "$kind" file
    gives "more than 24 MiB of a record: $kind" 3 json-record-long show file
done
make "digits and escape" file
gives "more than 32 MiB of a string with escapes" 3 json-syntax show file
make "PROVENANCE string" file
gives "a string of it" 3 provenance-json show file
gives "(an image)" 0 convert-xen-inferred convert "$sample" image
gives "(its document)" 0 "" convert --to=json image json
for n in 1040000 1050000; do
    perl -e '
local $/; my $all = <STDIN>;
my $long = "a" x $ARGV[0];
$all =~ s/"source": "hvm"/"source": "hvm", "x": "$long"/ or die;
print $all' $n <json >long
    case $n in
    1040000)
        gives "PROVENANCE of a bit less" 0 "" convert long image2
        gives "comes back" 0 "" convert --to=json image2 json2
        gives "and again" 0 "" convert json2 image3
        ok "as it was" cmp image2 image3
        ;;
    *) gives "and a bit more" 3 provenance-json convert long image2 ;;
    esac
done
{
    start 4 17
    end
    record $((0x584c0001)) 0 1048584
    printf '{"x":"'
    head -c 1048576 /dev/zero | tr '\0' a
    printf '"}'
} >file
gives "so is that of an image" 3 provenance-json show file
if command -v xz >/dev/null; then
    "$MKSAVE" -c "$sample" -m 1 guest.save
    xz -c --lzma2=preset=0,dict=64MiB <guest.save >nine
    gives "the dictionary of xz -9" 0 "" show --list nine
    xz -c --lzma2=preset=0,dict=96MiB <guest.save >wide
    gives "a wider one" 2 packed-memory show --list wide
fi
done_testing
