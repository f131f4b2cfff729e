# SPDX-License-Identifier: LGPL-2.1-or-later
# Shell library of tests/xen/machine and tests/xen/run: the emulated machine
# and the disks that bring things in and out of it.  Sourced, after host.sh.
# Frozen machines depend on all of this file.

# Each flag is needed: an emulated CPU has SVM bugs that Xen trips over
# (IRET under SMAP breaks a PV kernel, MWAIT faults in Xen's idle loop,
# RDTSCP exits crash guests), and plain IDE disks are not always found.
# The processors are one for dom0 and those of vcpu_places in dom0/guests.sh.
# Half of dom0's memory is its /tmp, where a save file and its copy have to be.
# With lazy switching of the FPU, dom0's programs find a guest's SSE
# registers in theirs and die of it.
#
# qemu IMAGE WORK OPTION...: WORK has the disks and gets the consoles; the
# second one is LIVE, a chardev.
qemu() {
    qemu_image=$1 qemu_work=$2
    shift 2
    exec qemu-system-x86_64 -machine pc -accel "tcg${XEN_TCG:-}" \
        -cpu EPYC,+svm,+npt,-smap,-monitor,-rdtscp \
        -smp "${XEN_CPUS:-6}" -m 3072 \
        -display none -no-reboot -nic none \
        -serial "file:$qemu_work/console.log" -serial "$LIVE" \
        -kernel "$qemu_image/xen" \
        -append "dom0_mem=1536M dom0_max_vcpus=1 dom0_vcpus_pin console=com1 com1=115200,8n1 guest_loglvl=all conring_size=1M spec-ctrl=eager-fpu${XEN_ARGS:+ $XEN_ARGS}" \
        -initrd "$qemu_image/vmlinuz console=hvc0 rw mitigations=off quiet,$qemu_image/initrd" \
        -device ahci,id=ahci \
        -drive "id=d0,if=none,format=qcow2,cache=unsafe,file=$qemu_work/disk.qcow2" \
        -drive "id=d1,if=none,format=raw,cache=unsafe,file=$qemu_work/job" \
        -drive "id=d2,if=none,format=raw,cache=unsafe,file=$qemu_work/results.tar" \
        -device ide-hd,drive=d0,bus=ahci.0,model=XLCTX-ROOT \
        -device ide-hd,drive=d1,bus=ahci.1,model=XLCTX-JOB \
        -device ide-hd,drive=d2,bus=ahci.2,model=XLCTX-OUT \
        "$@"
}

# What a frozen machine depends on beside this file and what is in it: QEMU
# itself and, as far as TCG lets it through, the processor below.
qemu_is() {
    qemu-system-x86_64 --version | head -n 1
    dpkg-query -W -f '${Version}\n' qemu-system-x86 2>/dev/null || :
    grep -m 2 -E '^(model name|flags)' /proc/cpuinfo
    echo "${XEN_TCG:-} ${XEN_CPUS:-} ${XEN_ARGS:-}"
}

# disks BELOW WORK FOLDER: an overlay on the disk BELOW, a job disk of what is
# in FOLDER, and a disk for results.  The last two are files with holes, always
# of one size, as a frozen machine remembers it.
disks() {
    case $1 in
    *.qcow2) disks_format=qcow2 ;;
    *) disks_format=raw ;;
    esac
    qemu-img create -q -f qcow2 -F "$disks_format" -b "$1" "$2/disk.qcow2"
    # a frozen machine's clock stands at its making, and its tar has a word on
    # its slow console for each file of the future
    tar -C "$3" --mtime=@0 -cf "$2/job.tar" .
    disks_mib=$(($(stat -c %s "$2/job.tar") / 1048576 + 1))
    [ "$disks_mib" -lt 2047 ] || die "a job of $disks_mib MiB is too large"
    # an identity that no job of the same frozen machine has had
    printf 'XLCTX-JOB %s %s\n' "$(date +%s.%N).$$" "$disks_mib" >"$2/job"
    dd if="$2/job.tar" of="$2/job" bs=1M seek=1 conv=notrunc status=none
    rm "$2/job.tar"
    truncate -s 2G "$2/job"
    rm -f "$2/results.tar"
    truncate -s 2G "$2/results.tar"
}

# The guests' kernel, the same for all releases, and their initrd.
make_guest() {
    guest_image=$1 guest_out=$2
    mkdir -p "$guest_out" "$guest_out.tmp"
    ${CC:-gcc} -std=gnu11 -O2 -static -s -o "$guest_out.tmp/init" \
        "$here/guest/init.c"
    cp "$guest_image/msr.ko" "$guest_out.tmp/"
    (cd "$guest_out.tmp" && printf 'init\nmsr.ko\n' |
        cpio -o -H newc --quiet | gzip -9) >"$guest_out/initrd"
    cp "$guest_image/vmlinuz" "$guest_out/vmlinuz"
    rm -rf "$guest_out.tmp"
}
