#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A validator that is not ours holds documents of every release and of odd
# contexts against the schema, and refuses what is broken.
set -u
srcdir=${srcdir:-.}
: "${JSON_SCHEMA:=../../docs/xl-context-2.schema.json}"
. "$srcdir/../tools/tap.sh"
. "$srcdir/../tools/schema.sh"

[ -n "$python" ] || skip_all "no python3-jsonschema of draft 2020-12 here"
[ -x ./document/test-json ] || skip_all "no library check here"

work=$(mktemp -d "${TMPDIR:-/tmp}/xl-context-schema.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

validate() {
    validate_by "$JSON_SCHEMA" "$@"
}

ok "the schema is one" validate
JSON_DOCUMENTS=$work CK_RUN_CASE="byte for byte" ./document/test-json \
    >"$work/log" 2>&1
count=$(find "$work" -name '*.json' | wc -l)
ok "there are documents ($count)" test "$count" -gt 100
# shellcheck disable=SC2046 # names without blanks
ok "all of them are as the schema says" validate $(share_of "$work"/*.json)

# having FOLDER PART...: a document that has all the parts.  There are several,
# and which of them comes first is chance: their names are.
having() {
    folder=$1
    shift
    find "$folder" -name '*.json' | sort >"$work/having"
    for part in "$@"; do
        xargs -r grep -lF -e "$part" <"$work/having" >"$work/having.part"
        mv "$work/having.part" "$work/having"
    done
    head -n 1 "$work/having"
}

# broken_by SCHEMA WHAT PROGRAM: an edit of $good that the schema must refuse,
# kept until all of them are looked at in one go: a validator is slow to start.
n_broken=0
mkdir "$work/broken"
broken_by() {
    n_broken=$((n_broken + 1))
    sed "$3" "$good" >"$work/broken/$n_broken"
    if cmp -s "$good" "$work/broken/$n_broken"; then
        tap_result 1 "$2: nothing was edited"
    else
        printf '%s\t%s\t%s\n' "$work/broken/$n_broken" "$1" "$2" \
            >>"$work/edits"
    fi
}

# judge_broken: a line of TAP for each of them.
judge_broken() {
    "$python" -W ignore - "$work/edits" >"$work/judged" <<'END' || exit 99
import json, sys
import jsonschema
validators = {}
for line in open(sys.argv[1]):
    name, schema, what = line.rstrip("\n").split("\t")
    if schema not in validators:
        with open(schema) as file:
            validators[schema] = jsonschema.Draft202012Validator(
                json.load(file))
    with open(name) as file:
        try:
            refused = not validators[schema].is_valid(json.load(file))
        except ValueError:
            refused = None
    print({True: 0, False: 1, None: 2}[refused], what, sep="\t")
END
    while IFS='	' read -r result what; do
        tap_result "$result" "$what is refused"
    done <"$work/judged"
    is "each edit was judged" "$(grep -c . "$work/judged")" \
        "$(grep -c . "$work/edits")"
}

broken() {
    broken_by "$JSON_SCHEMA" "$@"
}

good=$(having "$work" '"format": "image"' '"gtsc_khz": 0' '"cr0"' \
    '"st": ["' '"record": "PIT"' '"length": 1024,' '"tail": "' \
    '"rest": {')
ok "a document to break" test -n "$good"
broken "another schema" 's/xl-context-2/xl-context-3/'
broken "another format" 's/"format": "image"/"format": "picture"/'
broken "a member of a blob in an image" \
    's/"byte_order"/"xen": null, "byte_order"/'
broken "no byte order" '/"byte_order"/d'
broken "an unknown member" 's/"cr0"/"cr9"/'
broken "a missing member" '/"gtsc_khz"/d; s/\("cpuid": .*\),/\1/'
broken "a number that is too large" 's/"gtsc_khz": 0/"gtsc_khz": 4294967296/'
broken "a negative number" 's/"gtsc_khz": 0/"gtsc_khz": -1/'
broken "half a number" 's/"gtsc_khz": 0/"gtsc_khz": 0.5/'
broken "a wide number as a number" 's/"cr3": "[^"]*"/"cr3": 0/'
broken "a number with too many digits" \
    's/"cr3": "0x/"cr3": "0x111111111111111111/'
broken "an array that is too short" 's/"st": \[[^,]*, /"st": [/'
broken "an unknown record" 's/"record": "PIT"/"record": "PITS"/'
broken "a record without an instance" \
    '/"record": "PIT"/{n
d
}'
broken "a length that no layout has" 's/"length": 1024,/"length": 1025,/'
broken "half a byte" 's/"tail": "/"tail": "0/'
broken "hex beside fields" 's/"length": 1024,/"length": 1024, "hex": "00",/'
broken "rest at no offset" 's/"rest": {/"rest": {"x": "00",/'

# What show and diff write for reading alone: values of fields, and the
# differences of every comparison in test-diff.
docs=$srcdir/../../docs
values=$docs/xl-context-values-1.schema.json
diffs=$docs/xl-context-diff-2.schema.json
ok "the schema of values is one" validate_by "$values"
ok "the schema of differences is one" validate_by "$diffs"
n=0
for field in rip cmos_data 'route[2]' data 'timers[].cmp' rtc_offset gtsc_khz
do
    n=$((n + 1))
    ../../xl-cmds/xl-context show --json --field="$field" \
        "$srcdir/../data/xen-4.17-hvm2.ctx" >"$work/values$n" 2>"$work/log"
done
ok "values are as their schema says" validate_by "$values" "$work"/values?
not_ok "and are no document" validate "$work/values1"
good=$work/values1
for edit in 's/values-1/values-2/' 's/"instance"/"instances"/' \
    's/"value": "/"value": "z/' 's/"record": "CPU"/"record": 2/'; do
    broken_by "$values" "values with $edit" "$edit"
done

# What context-host writes.
hosts=$docs/xl-context-host-1.schema.json
mkdir "$work/host"
JSON_DOCUMENTS=$work/host CK_RUN_CASE=description \
    ./verdict/test-host-file >"$work/log" 2>&1
ok "the schema of hosts is one" validate_by "$hosts"
ok "hosts are as their schema says" validate_by "$hosts" "$work"/host/*.json
good=$work/host/host-9.json
for edit in 's/host-1"/host-2"/' 's/"xen_version"/"xen"/' \
    's/"phys_bits": 48/"phys_bits": 65/' 's/"hvm": true/"hvm": 1/' \
    's/"subleaf": null/"subleaf": true/' 's/"flags": "0x0", //' \
    's/"0x178bfbff"/"0x1178bfbff"/' 's/"hvm_max"/"pv_max"/'; do
    broken_by "$hosts" "hosts with $edit" "$edit"
done

mkdir "$work/diff"
JSON_DOCUMENTS=$work/diff CK_RUN_CASE=kinds ./diff/test-diff >"$work/log" 2>&1
JSON_DOCUMENTS=$work/diff CK_RUN_CASE=output ./diff/test-diff \
    >>"$work/log" 2>&1
for kind in value other-field field bytes length record provenance; do
    ok "there is a difference of the kind $kind" \
        grep -rqF "\"kind\": \"$kind\"" "$work/diff"
done
# shellcheck disable=SC2046 # names without blanks
ok "all of them are as the schema says" \
    validate_by "$diffs" $(share_of "$work"/diff/*.json)
good=$(having "$work/diff" '"kind": "field"' '"note": true' \
    '"assumed": "0x' '"count"' '"only_a"')
ok "differences to break" test -n "$good"
for edit in 's/diff-2/diff-3/' 's/"kind": "field"/"kind": "fields"/' \
    's/"kind": "field"/"kind": "value"/' 's/"note": true/"note": 1/' \
    's/"assumed": "0x/"assumed": "/' 's/"count"/"counts"/' \
    's/"only_a"/"onlya"/'; do
    broken_by "$diffs" "differences with $edit" "$edit"
done

# What diagnose writes: every pattern, found.
diagnoses=$docs/xl-context-diagnose-1.schema.json
ok "the schema of diagnoses is one" validate_by "$diagnoses"
mkdir "$work/diagnose"
JSON_DOCUMENTS=$work/diagnose ./diagnose/test-diagnose >"$work/log" 2>&1
# shellcheck disable=SC2046 # names without blanks
ok "diagnoses are as their schema says" \
    validate_by "$diagnoses" $(share_of "$work"/diagnose/*.json)
good=$(having "$work/diagnose" '"vcpu": 1' '"unless"' '"value": "0x')
ok "a diagnosis to break" test -n "$good"
for edit in 's/diagnose-1/diagnose-2/' 's/"value": "0x/"value": "x/' \
    's/"id": "diag/"id": "x/' 's/"state": "blocked"/"state": "asleep"/' \
    's/"looks": 2/"looks": 5/' 's/"severity": "warning"/"severity": "bad"/'
do
    broken_by "$diagnoses" "diagnoses with $edit" "$edit"
done
judge_broken
done_testing
