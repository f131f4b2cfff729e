# SPDX-License-Identifier: LGPL-2.1-or-later
# An HVM context with the records of vCPU 0 for n vCPUs, on purpose without a
# look at libdomctx.  Input: the context as "od -An -v -tu1" prints it.
#
#   -v n=16              vCPUs
#   -v set="18 11 3 1"   typecode, instance, offset and value of a byte, again
#                        for more; instance -1: of every one, -2: of every
#                        second, by its number where the value is "i"
#   -v grow=5            typecode of which every record is 8 zeros longer
#   -v add=200,201       typecodes of records of 8 bytes, before the end
#   -v msr="72 1"        a CPU_MSR for each vCPU with that MSR: index and value
#
# Use it with LC_ALL=C: bytes are characters.

# CPU, LAPIC, LAPIC_REGS, MTRR, VIRIDIAN_VCPU, CPU_XSAVE, VMCE_VCPU,
# TSC_ADJUST, CPU_MSR: one a vCPU
BEGIN { split("2 5 6 14 16 17 18 19 20", list)
        for (i in list) of_vcpu[list[i]] = 1
        n_sets = split(set, sets) / 4
        has_msr = split(msr, entry)
        if (grow == "") grow = -1 }

{ for (i = 1; i <= NF; i++) byte[size++] = $i }

function put(value) { printf "%c", value }
function put16(value) { put(value % 256); put(int(value / 256)) }
function get(at, width,    value) {
    while (width--) value = value * 256 + byte[at + width]
    return value
}

function head(code, instance, length_) {
    put16(code); put16(instance)
    put16(length_ % 65536); put16(int(length_ / 65536))
}

function put32(value) { put16(value % 65536); put16(int(value / 65536)) }

function put_msrs(    i) {
    for (i = 0; i < n; i++) {
        head(20, i, 24)
        put32(1); put32(0); put32(entry[1]); put32(0); put32(entry[2])
        put32(0)
    }
}

function record(code, instance, at, length_,    i, j, value, body) {
    for (i = 0; i < n_sets; i++)
        if (sets[4 * i + 1] == code &&
            (sets[4 * i + 2] == instance || sets[4 * i + 2] == -1 ||
             (sets[4 * i + 2] == -2 && instance % 2)))
            body[sets[4 * i + 3]] = \
                sets[4 * i + 4] == "i" ? instance : sets[4 * i + 4]
    head(code, instance, length_ + (code == grow ? 8 : 0))
    for (j = 0; j < length_; j++)
        put(j in body ? body[j] : byte[at + j])
    for (j = 0; code == grow && j < 8; j++)
        put(0)
}

END {
    for (at = 0; at + 8 <= size; at += 8 + length_) {
        code = get(at, 2); instance = get(at + 2, 2); length_ = get(at + 4, 4)
        if (code == 0 && has_msr)
            put_msrs()
        if (code == 0)
            for (i = split(add, more, ","); i > 0; i--) {
                head(more[i], 0, 8)
                for (j = 0; j < 8; j++) put(0)
            }
        if (!(code in of_vcpu))
            record(code, instance, at + 8, length_)
        else if (instance == 0)
            for (i = 0; i < n; i++)
                record(code, i, at + 8, length_)
    }
}
