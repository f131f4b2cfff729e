# SPDX-License-Identifier: LGPL-2.1-or-later
# Bytes by hand, for tests to source.

# le WIDTH VALUE, be WIDTH VALUE: a number as bytes.
le() {
    le_n=$1 le_v=$2
    while [ "$le_n" -gt 0 ]; do
        # shellcheck disable=SC2059 # the format is the byte
        printf "\\$(printf %03o $((le_v & 255)))"
        le_v=$((le_v >> 8)) le_n=$((le_n - 1))
    done
}
be() {
    be_n=$1
    while [ "$be_n" -gt 0 ]; do
        be_n=$((be_n - 1))
        le 1 $(($2 >> (8 * be_n)))
    done
}

zeros() { head -c "$1" /dev/zero; }

# record TYPE INSTANCE LENGTH: the header of an image's record; the body and
# its padding are for the caller.
record() { le 4 "$1"; le 4 "$2"; le 8 "$3"; }
start() { record 1 0 8; le 4 "$1"; le 4 "$2"; }
end() { record 0 0 0; }
