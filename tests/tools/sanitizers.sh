# SPDX-License-Identifier: LGPL-2.1-or-later
# For tests of programs that were built with sanitizers.
# shellcheck shell=sh

# A sanitizer's own exit status must not look like one of ours.
export UBSAN_OPTIONS="exitcode=99:${UBSAN_OPTIONS:-}"
asan_options=${ASAN_OPTIONS:-}

# LeakSanitizer reads all memory of a program that ends, which takes longer
# than what our programs do: where SHARE has each test try one of so many, it
# looks at one run of so many, of eight at most.
leaks_each=${SHARE:-1}
[ "$leaks_each" -le 8 ] || leaks_each=8
leaks_n=0
next_run() {
    leaks_n=$((leaks_n + 1))
    ASAN_OPTIONS="exitcode=99:verify_asan_link_order=0"
    ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=$((leaks_n % leaks_each == 0))"
    export ASAN_OPTIONS="$ASAN_OPTIONS:$asan_options"
}
next_run
