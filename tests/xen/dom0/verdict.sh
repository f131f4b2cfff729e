# SPDX-License-Identifier: LGPL-2.1-or-later
# What "check" says of a blob, held against what the hypervisor does with it:
# shared by rules/10-verdicts and rules/20-fuzz.  Sourced, after lib.sh.

# The contexts of the domains of the machine "unborn".
throwaway() {
    for name in x1 x2; do
        xl context-save "$name" "$name.ctx" &&
            xl-context convert --to=hvm "$name.ctx" "$name.hvm" || {
            not_ok "$name" "it cannot be saved"
            exit 0
        }
        mkdir -p "$name.d"
    done 2>/dev/null
}

# judged NAME FILE...: a line each, "FILE OUTCOME [OUTCOME]": loaded, an
# errno, crashed, host (it would crash it), damaged or of-another-kind (no blob
# as it begins: refused, with whatever errno).  The second is what follows from
# what check cannot know and says: which kind of domain, and how many vCPUs, the
# blob needs.  What check says is added to the file said.
judged() {
    judged_name=$1
    shift
    xl-context -v check --target=host "$@" 2>/tmp/judged.err | tee -a said |
        awk -v pvh="$([ "$judged_name" = x1 ] && echo yes)" '
        function flush() { if (file) print file, said, instead }
        /^[^ ].*: (Xen [0-9.]+: )?[a-z]/ {
            flush()
            n = index($0, ": ")
            file = substr($0, 1, n - 1)
            said = substr($0, n + 2)
            instead = ""
            sub(/^Xen [0-9.]+: /, "", said)
            sub(/ \(.*/, "", said)
            if (said == "loads") said = "loaded"
            else if (said ~ /^refused, /) sub(/^refused, /, "", said)
            else if (said ~ /^crashes the domain/) said = "crashed"
            else if (said ~ /^crashes the host/) said = "host"
            gsub(/ /, "-", said)
        }
        /found HVM \[load-kind\]/ && pvh { instead = "ENODEV" }
        /\[load-vcpus\]/ {
            n = $0
            sub(/.*found /, "", n)
            if (n + 0 > 2) instead = "EINVAL"
        }
        END { flush() }'
}

# said_of FILE: what check said of it.
said_of() {
    awk -v file="$1: " '
        /^[^ ].*: (Xen [0-9.]+: )?[a-z]/ { its = index($0, file) == 1 }
        its' said
}

# first_rule FILE: the id of what it fails by.
first_rule() {
    said_of "$1" | grep -o '\[[a-z]*-[a-z0-9-]*\]' | head -n 1 | tr -d '[]'
}

# loaded_raw NAME FILE...: a line each, "FILE OUTCOME", as raw_set has it.
loaded_raw() {
    raw_name=$1
    shift
    while [ $# -gt 0 ]; do
        raw_set "$(domid "$raw_name")" "$raw_name.hvm" "$@" >raw.part
        raw_status=$?
        cat raw.part
        shift "$(wc -l <raw.part)"
        case $raw_status in
        0) ;;
        3) guest_unborn "$raw_name" || return 1 ;;
        *) return 1 ;;
        esac
    done
}

# agreement JUDGED RAW: "AGREE ALL" and a line for each that differs.  A blob
# that would crash the host was not loaded and does not count.  Of an error and
# what depends on the domain, the first in the blob decides.
agreement() {
    awk '
        NR == FNR { said[$1] = $2; instead[$1] = $3; next }
        {
            all++
            if (instead[$1] == $2 ||
                (said[$1] == $2 && (!instead[$1] || $2 != "loaded")) ||
                (said[$1] ~ /^(damaged|of-another-kind)$/ && $2 ~ /^E/))
                agree++
            else
                differ = differ $1 ": check says " said[$1] \
                    (instead[$1] ? " or " instead[$1] : "") \
                    ", it is " $2 "\n"
        }
        END { printf "%d %d\n%s", agree, all, differ }' "$1" "$2"
}
