# SPDX-License-Identifier: LGPL-2.1-or-later
# The machine "xsave": "dom0", and in it guests that keep a value in their AVX
# registers (guest/xsave.c): a1, a PVH, and a2, an HVM.
#
# Emulator: trixie
#
# Under nested paging QEMU 10 loses them in their first instructions (seen with
# 10.0.13 and Xen 4.17: off, without a word, whatever cpuid= takes away).
cp /job/guest/xsave.initrd /guest/
GUEST_XSAVE=yes
guest_config a1 pvh 1 'hap=0'
guest_config a2 hvm 1 'hap=0'
# One after the other: each takes all of its processors.
for made in a1 a2; do
    sed -i -e 's/ noxsave//' -e 's,/guest/initrd,/guest/xsave.initrd,' \
        "/tmp/$made.cfg"
    create_from "/tmp/$made.cfg" || exit 1
    guest_wait_count "$made" 900 || {
        diag_file "$(guest_log "$made")"
        exit 1
    }
    guest_park "$made"
    diag "$made counts, $(uptime_s) s after the start"
done
