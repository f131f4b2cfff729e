# SPDX-License-Identifier: LGPL-2.1-or-later
# The machine "unborn": "dom0", and in it domains that have never run: x1, a
# PVH, and x2, an HVM with all of Viridian that is looked at when a vCPU is
# about to run.  What is loaded into them harms nobody.
GUEST_XSAVE=yes
guest_config x1 pvh 2
guest_config x2 hvm 2 'viridian=["defaults","synic","stimer"]'
for made in x1 x2; do
    guest_unborn "$made" || exit 1
done
