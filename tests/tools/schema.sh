# SPDX-License-Identifier: LGPL-2.1-or-later
# A validator of JSON that is not ours.  Sourced: "python" is then the one that
# has it, or "" where none has.
# shellcheck shell=sh

# A python3 of another place may stand before Debian's on PATH.
python=
for candidate in python3 /usr/bin/python3; do
    if $candidate -c 'from jsonschema import Draft202012Validator' \
        2>/dev/null; then
        python=$candidate
        break
    fi
done

# validate_by SCHEMA FILE...: all of them against that schema.
validate_by() {
    "$python" -W ignore - "$@" <<'END'
import json, sys
import jsonschema
with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bad = 0
for name in sys.argv[2:]:
    with open(name) as file:
        for error in validator.iter_errors(json.load(file)):
            print(name, list(error.absolute_path), error.message[:200])
            bad = 1
sys.exit(bad)
END
}
