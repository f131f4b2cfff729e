# SPDX-License-Identifier: LGPL-2.1-or-later
# Contexts with something changed at random, judged by check and loaded as they
# are: FUZZ_COUNT for each kind of domain, in batches, the first of seed
# FUZZ_SEED.  What check says crashes the host is not loaded here: it goes out
# with the results, and tests/xen/run loads some of it, each into a machine
# that may die of it.
#
# Machine: unborn

. /job/dom0/verdict.sh
throwaway

batch=400
all=0 agree=0 loads=0 crash=0 host=0
: >rules.seen
mkdir -p "$RESULTS/fatal" "$RESULTS/disagree"

# Of each judged context what it was first said to fail by, with what came of
# it: "RULE yes" or "RULE no".
by_rule() {
    awk '
        NR == FNR { if (sub(/: check says.*/, "")) differs[$0] = 1; next }
        /^[^ ].*: (Xen [0-9.]+: )?[a-z]/ {
            file = substr($0, 1, index($0, ": ") - 1)
        }
        match($0, /\[[a-z]+-[a-z0-9-]+\]/) {
            id = substr($0, RSTART + 1, RLENGTH - 2)
            if (!seen[file, id]++)
                print id, (file in differs) ? "no" : "yes"
        }' agreement said
}

# one_batch NAME COUNT SEED
one_batch() {
    rm -rf "$1.d" said
    mkdir "$1.d"
    ctxfuzz "$1.hvm" "$1.d" "$2" "$3" >what
    judged "$1" "$1.d"/* >judged
    awk '$2 == "host" { print $1 }' judged >left
    awk '$2 != "host" { print $1 }' judged >files
    # shellcheck disable=SC2046 # a list
    loaded_raw "$1" $(cat files) >raw || {
        not_ok "$1, seed $3: raw loads" "stopped after $(tail -n 1 raw)"
        return 1
    }
    [ "$(wc -l <raw)" = "$(wc -l <files)" ] &&
        [ "$(($(wc -l <raw) + $(wc -l <left)))" = "$2" ] ||
        not_ok "$1, seed $3: all were judged and loaded" \
            "$(wc -l <raw) loaded and $(wc -l <left) left out, of $2"
    agreement judged raw >agreement
    read -r batch_agree batch_all <agreement
    all=$((all + batch_all)) agree=$((agree + batch_agree))
    loads=$((loads + $(grep -c ' loaded$' raw)))
    crash=$((crash + $(grep -c ' crashed$' raw)))
    host=$((host + $(wc -l <left)))
    by_rule >>rules.seen
    sed 1d agreement | grep . | while IFS= read -r line; do
        file=${line%%:*}
        diag "  seed $3: $line ($(grep "^${file##*/} " what))"
        cp "$file" "$RESULTS/disagree/$1-$3-${file##*/}"
    done
    # one of each rule is enough
    while read -r file; do
        id=$(first_rule "$file")
        [ -e "$RESULTS/fatal/$1-$id" ] || cp "$file" "$RESULTS/fatal/$1-$id"
    done <left
}

for name in x1 x2; do
    seed=$FUZZ_SEED left_over=$FUZZ_COUNT
    while [ "$left_over" -gt 0 ]; do
        now=$((left_over < batch ? left_over : batch))
        one_batch "$name" "$now" "$seed" || break
        seed=$((seed + 1)) left_over=$((left_over - now))
    done
    report "# $name: seeds $FUZZ_SEED to $((seed - 1))"
    guest_destroy "$name"
done
check_same "check and the hypervisor agree" "$all" "$agree"
diag "check and the hypervisor agree in $agree of $all contexts ($loads load," \
    "$crash crash the domain; $host more would crash the host)"
sort rules.seen | uniq -c | sort -rn | while read -r times id what; do
    diag "  $id: $times times $([ "$what" = yes ] || echo "in disagreement")"
done
cut -d' ' -f1 rules.seen | sort -u >rules.met
diag "rules that none of these contexts met:" \
    "$(sort -u /job/rules | grep -vxFf rules.met | tr '\n' ' ')"
