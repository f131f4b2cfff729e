# SPDX-License-Identifier: LGPL-2.1-or-later
#
# awk -f hvmctx.awk OURS.json THEIRS.txt
#
# Hold a context as JSON against what xen-hvmctx of Xen 4.17 prints of the
# same: each of its lines must be there, in its order, with our values, and no
# other line.  Blanks, "0x" and leading zeros do not count.  Ends with 1 and
# the lines that are not as they should be, or with the number of values that
# were compared.
#
# What it is known to get wrong is in cpu(): the line of ES has DS and the
# line of DS has ES.  It knows neither CPU_XSAVE nor CPU_MSR.
#
# With -v unprinted=1: only list what it does not print, "RECORD: field ...",
# padding left out.

# --- JSON ------------------------------------------------------------------

# The members of record number r are value[r, "fields.vector"]; tokens do not
# go over line ends.
function json_line(line, token) {
    while (line != "") {
        if (match(line, /^[ ,:]+/)) {
            line = substr(line, RLENGTH + 1)
            continue
        }
        if (!match(line, /^"([^"\\]|\\.)*"/) &&
            !match(line, /^[-+.0-9a-zA-Z]+/) && !match(line, /^[][{}]/))
            die("not the JSON that is written here: " line)
        token = substr(line, 1, RLENGTH)
        line = substr(line, RLENGTH + 1)
        json_token(token, line ~ /^ *:/)
    }
}

function json_token(token, is_key) {
    if (is_key) {
        key[depth] = substr(token, 2, length(token) - 2)
    } else if (token ~ /^[[{]$/) {
        json_next()
        depth++
        kind[depth] = token
        items[depth] = 0
        key[depth] = ""
    } else if (token ~ /^[]}]$/) {
        depth--
    } else {
        json_next()
        gsub(/"/, "", token)
        value[items[2] - 1, json_path()] = token
    }
}

# One more item in an array.
function json_next() {
    if (kind[depth] == "[")
        key[depth] = items[depth]++
}

# From the record's object, the fourth container, on.
function json_path(i, path) {
    for (i = 3; i <= depth; i++)
        path = path (kind[i] == "[" ? "[" key[i] "]" : "." key[i])
    return substr(path, 2)
}

# --- values of the present record -------------------------------------------

function has(path) {
    return (rec, path) in value
}

function get(path) {
    if (!has(path))
        die(name " has no " path)
    values++
    printed[rec, path] = 1
    return value[rec, path]
}

# In hexadecimal; in decimal, of up to 32 bits.
function x(path, v) {
    v = get(path)
    return v ~ /^0x/ ? substr(v, 3) : sprintf("%x", v)
}
function d(path) {
    return get(path) + 0
}

# With leading zeros, for what is printed without a blank between.
function wide(hex, digits) {
    while (length(hex) < digits)
        hex = "0" hex
    return hex
}

# Little-endian bytes that no field has: "rest" has them by offset, in runs
# of two digits each.
function rest(offset, count, i, hex) {
    for (i = 0; i < count; i++)
        hex = rest_byte(offset + i) hex
    values++
    return hex
}
function rest_byte(offset, from, run) {
    for (from = offset; from >= 0 && offset - from < 1100; from--)
        if (has("rest." from)) {
            run = value[rec, "rest." from]
            if (2 * (offset - from) < length(run))
                return substr(run, 2 * (offset - from) + 1, 2)
            break
        }
    return "00"
}

# --- what is to be printed --------------------------------------------------

function put(line) {
    expected[++n_expected] = plain(line)
}

function plain(line) {
    gsub(/0x/, " ", line)
    gsub(/[ \t]+/, " ", line)
    sub(/^ /, "", line)
    gsub(/\( /, "(", line)
    # numbers begin after a blank or an opening bracket
    while (match(line, /(^|[ (])0+[0-9a-f]/))
        line = substr(line, 1, RSTART + (substr(line, RSTART, 1) == "0" ? \
            -1 : 0)) substr(line, RSTART + RLENGTH - 1)
    return line
}

function header() {
    put("Header: magic " x("magic") ", version " d("version"))
    put("Xen changeset " x("changeset"))
    put("CPUID[0][%eax] " x("cpuid"))
    put("gtsc_khz " d("gtsc_khz"))
}

# "rax 0 rbx 0": two registers a line.
function two(a, b, lead) {
    put(lead a " " x(a) " " b " " x(b))
}

function segment(label, is, attributes) {
    put(label " " (attributes ? x(is "_sel") " " : "") "(" x(is "_base") \
        " + " x(is "_limit") (attributes ? " / " x(is "_arbytes") : "") ")")
}

# The word that the parts of the event make.
function event() {
    return wide(sprintf("%x", d("pending_valid") * 128 * 16777216 + \
        d("pending_reserved") * 4096 + d("pending_error_valid") * 2048 + \
        d("pending_type") * 256 + d("pending_vector")), 8)
}

function cpu() {
    two("rax", "rbx", "CPU: ")
    two("rcx", "rdx")
    two("rbp", "rsi")
    two("rdi", "rsp")
    two("r8", "r9")
    two("r10", "r11")
    two("r12", "r13")
    two("r14", "r15")
    two("rip", "rflags")
    two("cr0", "cr2")
    two("cr3", "cr4")
    two("dr0", "dr1")
    two("dr2", "dr3")
    two("dr6", "dr7")
    segment("cs", "cs", 1)
    segment("es", "ds", 1)
    segment("ds", "es", 1)
    segment("fs", "fs", 1)
    segment("gs", "gs", 1)
    segment("ss", "ss", 1)
    segment("tr", "tr", 1)
    segment("ldtr", "ldtr", 1)
    segment("idtr", "idtr", 0)
    segment("gdtr", "gdtr", 0)
    put("sysenter cs " x("sysenter_cs") " eip " x("sysenter_eip") " esp " \
        x("sysenter_esp"))
    put("shadow gs " x("shadow_gs") " efer " x("msr_efer"))
    put("lstar " x("msr_lstar") " cstar " x("msr_cstar"))
    put("star " x("msr_star") " sfmask " x("msr_syscall_mask"))
    put("tsc " x("tsc"))
    put("event " event() " error " x("error_code"))
    if (value[rec, "flags"] % 2)
        fpu()
}

function fpu(i) {
    put("FPU: fcw " x("fpu_regs.fcw") " fsw " x("fpu_regs.fsw"))
    put("ftw " x("fpu_regs.ftw") " (" rest(5, 1) ") fop " x("fpu_regs.fop"))
    put("fpuip " x("fpu_regs.fip") " fpudp " x("fpu_regs.fdp"))
    put("mxcsr " x("fpu_regs.mxcsr") " mask " x("fpu_regs.mxcsr_mask"))
    for (i = 0; i < 8; i++)
        put("mm" i " " x("fpu_regs.st[" i "]") " (" \
            rest(42 + 16 * i, 6) ")")
    for (i = 0; i < 16; i++)
        put(sprintf("xmm%02d ", i) x("fpu_regs.xmm[" i "]"))
    for (i = 0; i < 6; i++)
        put("(" rest(416 + 16 * i, 16) ")")
}

function pic() {
    put("PIC: IRQ base " x("irq_base") ", irr " x("irr") ", imr " x("imr") \
        ", isr " x("isr"))
    put("init_state " d("init_state") ", priority_add " d("priority_add") \
        ", readsel_isr " d("readsel_isr") ", poll " d("poll"))
    put("auto_eoi " d("auto_eoi") ", rotate_on_auto_eoi " \
        d("rotate_on_auto_eoi"))
    put("special_fully_nested_mode " d("special_fully_nested_mode") \
        ", special_mask_mode " d("special_mask_mode"))
    put("is_master " d("is_master") ", elcr " x("elcr") ", int_output " \
        x("int_output"))
}

# Its "reserved" are four bytes of hex digits in their order in memory.
function pin(i, is, bits, hex) {
    is = "redirtbl[" i "].fields."
    bits = d(is "delivery_mode") + 8 * d(is "dest_mode") + \
        16 * d(is "delivery_status") + 32 * d(is "polarity") + \
        64 * d(is "remote_irr") + 128 * d(is "trig_mode") + \
        256 * d(is "mask") + 512 * d(is "reserve")
    hex = get(is "reserved")
    hex = substr(hex, 7, 2) substr(hex, 5, 2) substr(hex, 3, 2) \
        substr(hex, 1, 2)
    put("pin " i ": " x(is "dest_id") hex sprintf("%04x", bits) \
        wide(x(is "vector"), 2))
}

function ioapic(i) {
    put("IOAPIC: base_address " x("base_address") ", ioregsel " \
        x("ioregsel") " id " x("id"))
    for (i = 0; i < 48; i++)
        pin(i)
}

function lapic() {
    put("LAPIC: base_msr " x("apic_base_msr") ", disabled " x("disabled") \
        ", timer_divisor " x("timer_divisor"))
}

# A register of the page by its number, offset / 16.
function apic_reg(i, block) {
    if (i >= 16 && i < 40) {
        block = i < 24 ? "isr" : i < 32 ? "tmr" : "irr"
        return x(block "[" i % 8 "]")
    }
    return i in apic_name ? x(apic_name[i]) : rest(16 * i, 4)
}

function lapic_regs(i) {
    put("LAPIC registers:")
    for (i = 0; i < 64; i += 2)
        put(sprintf("%x: ", 16 * i) apic_reg(i) \
            sprintf(" %x: ", 16 * i + 16) apic_reg(i + 1))
}

function pci_irq() {
    put("PCI IRQs: " x("i[0]") wide(x("i[1]"), 16))
}

function isa_irq() {
    put("ISA IRQs: " x("i"))
}

function pci_link() {
    put("PCI LINK: " d("route[0]") " " d("route[1]") " " d("route[2]") " " \
        d("route[3]"))
}

function pit(i, c) {
    put("PIT: speaker " (d("speaker_data_on") ? "on" : "off"))
    for (i = 0; i < 2; i++) {
        c = "channels[" i "]."
        put("ch " i ": count " x(c "count") ", latched_count " \
            x(c "latched_count") ", count_latched " d(c "count_latched"))
        put("status " x(c "status") ", status_latched " \
            x(c "status_latched"))
        put("rd_state " x(c "read_state") ", wr_state " \
            x(c "write_state") ", wr_latch " x(c "write_latch") \
            ", rw_mode " x(c "rw_mode"))
        put("mode " x(c "mode") ", bcd " x(c "bcd") ", gate " x(c "gate"))
    }
}

# Fourteen bytes in their order, eight on the first line.
function rtc(i, line) {
    line = "RTC: regs"
    for (i = 1; i <= n_cmos; i++) {
        line = line " " x("cmos_data." cmos[i])
        if (i == 8) {
            put(line)
            line = ""
        }
    }
    put(line ", index " x("cmos_index"))
}

function hpet(i, t) {
    put("HPET: capability " x("capability") " config " x("config"))
    put("isr " x("isr") " counter " x("mc64"))
    for (i = 0; i < 3; i++) {
        t = "timers[" i "]."
        put("timer" i " config " x(t "config") " cmp " x(t "cmp"))
        put("timer" i " period " x("period[" i "]") " fsb " x(t "fsb"))
    }
}

function pmtimer() {
    put("ACPI PM: TMR_VAL " x("tmr_val") ", PM1a_STS " x("pm1a_sts") \
        ", PM1a_EN " x("pm1a_en"))
}

function mtrr(i) {
    put("MTRR: PAT " x("msr_pat_cr") ", cap " x("msr_mtrr_cap") \
        ", default " x("msr_mtrr_def_type"))
    for (i = 0; i < 8; i++)
        put("var " i " " x("msr_mtrr_var[" 2 * i "]") " " \
            x("msr_mtrr_var[" 2 * i + 1 "]"))
    for (i = 0; i < 11; i++)
        put(sprintf("fixed %x ", i) x("msr_mtrr_fixed[" i "]"))
}

function viridian_domain() {
    put("VIRIDIAN_DOMAIN: hypercall gpa " x("hypercall_gpa") \
        ", guest_os_id " x("guest_os_id"))
}

function viridian_vcpu() {
    put("VIRIDIAN_VCPU: vp_assist_msr " x("vp_assist_msr") \
        ", apic_assist_pending " \
        (d("apic_assist_pending") ? "true" : "false"))
}

function vmce_vcpu() {
    put("VMCE_VCPU: caps " x("caps"))
    put("VMCE_VCPU: bank0 mci_ctl2 " x("mci_ctl2_bank0"))
    put("VMCE_VCPU: bank1 mci_ctl2 " x("mci_ctl2_bank1"))
}

function record(code) {
    if (code == 0) return
    else if (code == 1) header()
    else if (code == 2) cpu()
    else if (code == 3) pic()
    else if (code == 4) ioapic()
    else if (code == 5) lapic()
    else if (code == 6) lapic_regs()
    else if (code == 7) pci_irq()
    else if (code == 8) isa_irq()
    else if (code == 9) pci_link()
    else if (code == 10) pit()
    else if (code == 11) rtc()
    else if (code == 12) hpet()
    else if (code == 13) pmtimer()
    else if (code == 14) mtrr()
    else if (code == 15) viridian_domain()
    else if (code == 17) viridian_vcpu()
    else if (code == 18) vmce_vcpu()
    else if (code == 19) put("TSC_ADJUST: tsc_adjust " x("tsc_adjust"))
    else if (code == 16 || code == 20)
        put("** Don't understand type " code ": skipping")
    else die("no such record: " name)
}

# All lines but the first, which has the number of the domain.
function whole(entry) {
    for (rec = 0; has("record"); rec++) {
        name = value[rec, "record"] "/" value[rec, "instance"]
        if (!(value[rec, "record"] in code_of))
            continue
        code = code_of[value[rec, "record"]]
        put("Entry " entry++ ": type " code " instance " d("instance") \
            ", length " (code == 0 ? 0 : length_of(code)))
        record(code)
    }
}
function length_of(code) {
    return has("length") ? d("length") : length(get("hex")) / 2
}

# --- what is not printed ----------------------------------------------------

# Members of a record that are no value of it.
function is_value(path) {
    return path !~ /^(record|instance|length|rest\.[0-9]+)$/ &&
        path !~ /(^|[.])(_?pad[0-9]?|res[0-9]|_rsvd|reserved)([[][0-9]+[]])?$/
}

# The array that a member is of, without the number of the element.
function whole_array(of, path) {
    gsub(/[[][0-9]+[]]/, "[]", path)
    return of SUBSEP path
}

# A record, an array or an element of which nothing is printed goes by its
# name alone.
function list_unprinted(at, part, of, all, lacks, fields) {
    for (at in value) {
        split(at, part, SUBSEP)
        of = part[1] < 0 ? "" : value[part[1], "record"]
        if (!(of in code_of) || !is_value(part[2]))
            continue
        all[of]++
        all[whole_array(of, part[2])]++
        lacks[of] += !(at in printed)
        lacks[whole_array(of, part[2])] += !(at in printed)
    }
    for (at in lacks) {
        split(at, part, SUBSEP)
        if (all[part[1]] == lacks[part[1]])
            fields[part[1]] = 1
        else if (part[2] != "" && all[at] == lacks[at])
            fields[part[1] ": " part[2]] = 1
        else if (part[2] != "" && lacks[at])
            list_elements(part[1], part[2], fields)
    }
    for (at in fields) {
        sub(/[[][]]$/, "", at)
        print at | "sort"
    }
    close("sort")
}
function list_elements(of, array, fields, at, part) {
    for (at in value) {
        split(at, part, SUBSEP)
        if (!(at in printed) && part[1] >= 0 && is_value(part[2]) &&
            value[part[1], "record"] == of &&
            whole_array(of, part[2]) == of SUBSEP array) {
            sub(/[]].*/, "]", part[2])
            fields[of ": " part[2]] = 1
        }
    }
}

function die(words) {
    print "hvmctx: " words
    died = 1
    exit 2
}

BEGIN {
    n = split("END HEADER CPU PIC IOAPIC LAPIC LAPIC_REGS PCI_IRQ ISA_IRQ " \
        "PCI_LINK PIT RTC HPET PMTIMER MTRR VIRIDIAN_DOMAIN CPU_XSAVE " \
        "VIRIDIAN_VCPU VMCE_VCPU TSC_ADJUST CPU_MSR", names, " ")
    for (i = 1; i <= n; i++)
        code_of[names[i]] = i - 1
    n_cmos = split("seconds seconds_alarm minutes minutes_alarm hours " \
        "hours_alarm day_of_week day_of_month month year reg_a reg_b reg_c " \
        "reg_d", cmos, " ")
    n = split("2 id 3 version 8 tpr 9 apr 10 ppr 11 eoi 12 rrd 13 ldr " \
        "14 dfr 15 svr 40 esr 47 cmci 48 icr_low 49 icr_high 50 lvtt " \
        "51 lvtthmr 52 lvtpc 53 lvt0 54 lvt1 55 lvterr 56 tmict 57 tmcct " \
        "62 tdcr", words, " ")
    for (i = 1; i < n; i += 2)
        apic_name[words[i] + 0] = words[i + 1]
}

FNR == NR {
    json_line($0)
    next
}
FNR == 1 {
    whole()
    if (unprinted) {
        list_unprinted()
        died = 2
        exit 0
    }
    if ($0 !~ /^HVM save record for domain [0-9]+$/)
        die("not what xen-hvmctx prints: " $0)
    next
}
{
    theirs = plain($0)
    if (++line > n_expected || theirs != expected[line]) {
        if (wrong++ < 20)
            print "line " FNR ": theirs '" theirs "', ours '" \
                (line > n_expected ? "" : expected[line]) "'"
    }
}
END {
    if (died)
        exit died == 1 ? 2 : 0
    if (line < n_expected || n_expected == 0) {
        print "theirs ends before: " expected[line + 1]
        exit 1
    }
    if (wrong) {
        print wrong " lines are not the same"
        exit 1
    }
    print values " values in " line " lines are the same"
}
