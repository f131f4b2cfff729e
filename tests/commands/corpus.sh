# SPDX-License-Identifier: LGPL-2.1-or-later
# Inputs of every kind, sound ones and ones with something changed: for tests
# of what has to hold for any input.  After lib.sh.
# shellcheck shell=sh
: "${MKSAVE:?}" "${MKLEGACY:?}" "${TOP_BUILD:?}"

# mutate FILE COUNT SEED PLACES: COUNT copies of FILE, FILE.1 and so on, each
# with one byte changed among the first PLACES, or cut there, or with bytes put
# in, or with more behind it, which on a pipe nobody looks at where a DIGEST is
# the end.  The same seed makes the same files.
mutate() {
    perl -e '
my ($name, $count, $seed, $places) = @ARGV;
open my $in, "<:raw", $name or die;
local $/; my $all = <$in>;
srand($seed);
$places = length $all if $places > length $all;
my @values = (0, 1, 2, 4, 8, 0x7f, 0x80, 0xff);
for my $i (1 .. $count) {
    my $bytes = $all;
    my $at = int rand $places;
    my $way = int rand 10;
    if ($way < 4) {
        substr $bytes, $at, 1, substr($bytes, $at, 1) ^ chr 1 << rand 8;
    } elsif ($way < 7) {
        substr $bytes, $at, 1, chr $values[rand @values];
    } elsif ($way < 8 or ($way < 9 and $all =~ /\x02\0LX/)) {
        $bytes = substr $bytes, 0, $at;
    } elsif ($way < 9) {
        $bytes .= chr(int rand 256) x (1 + rand 40);
    } else {
        substr $bytes, $at & ~7, 0, "\0" x (8 * (1 + rand 3));
    }
    open my $out, ">:raw", "$name.$i" or die;
    print $out $bytes;
}' "$@"
}

# contexts FOLDER COUNT SEED: contexts of a sample as blobs there, each with a
# record or value changed.
contexts() {
    mkdir -p "$1"
    "$TOP_BUILD/tests/tools/ctxfuzz" "$srcdir/../data/xen-4.17-hvm2.ctx" \
        "$1" "$2" "$3" >"$1.txt"
}

# corpus FOLDER COUNT SEED: sound inputs of every kind, COUNT changed ones of
# each beside it.
corpus() {
    mkdir -p "$1"
    corpus_of=$srcdir/../data/xen-4.17-hvm2.ctx
    corpus_cx="$XL_CONTEXT convert --xen=4.17"
    cp "$corpus_of" "$1/hvm"
    $corpus_cx "$corpus_of" "$1/image" &&
        $corpus_cx --bare "$corpus_of" "$1/bare" &&
        $corpus_cx --to=wrapped "$corpus_of" "$1/wrapped" &&
        $corpus_cx --to=json "$corpus_of" "$1/json" || return
    "$MKSAVE" -c "$corpus_of" "$1/xl"
    "$MKSAVE" -v2 -x 4.13 -k 2 -c "$corpus_of" "$1/xl2"
    "$MKSAVE" -llibxc -c "$corpus_of" "$1/libxc"
    "$MKLEGACY" "$1/legacy" p2m=0x100 chunk=-7:5 batch=0:3 chunk=-2 \
        chunk=-9 end pfns context="$corpus_of" qemu=9
    corpus_seed=$3
    for corpus_kind in hvm image bare wrapped json xl xl2 libxc legacy; do
        mutate "$1/$corpus_kind" "$2" "$corpus_seed" 4000
        corpus_seed=$((corpus_seed + 1))
    done
    # what claims more than it has; what much follows
    { start 4 17; record 3 0 $((1 << 40)); } >"$1/claim"
    { start 4 17; record 3 0 $((1 << 20)); zeros 100; } >"$1/claim-less"
    { cat "$1/bare"; zeros 4000; } >"$1/more"
    : >"$1/empty"
    printf 'QEVM' >"$1/four"
}
