# SPDX-License-Identifier: LGPL-2.1-or-later
# The machine "dom0": Xen's services, no guest.  Sourced, after lib.sh.
mkdir -p /guest
cp /job/guest/* /guest/
start_xen_services
