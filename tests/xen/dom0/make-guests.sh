# SPDX-License-Identifier: LGPL-2.1-or-later
# The machine "guests": "dom0", and in it the guests that the topics share,
# each parked as soon as it counts.  They boot side by side, but for v1,
# which would have to share an emulated processor.
for made in p1 p2 h2; do
    guest_shared guest_create "$made" || exit 1
done
for made in p1 p2 h2 v1; do
    guest_shared guest_up "$made" && guest_park "$made" || exit 1
    diag "$made counts, $(uptime_s) s after the start"
done
