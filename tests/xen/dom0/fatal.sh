# SPDX-License-Identifier: LGPL-2.1-or-later
# Load /job/blob, which check says crashes the host, into a domain that has
# never run; fetch the domain's context, run it, fetch it again: some of it
# takes effect only then.  A script of tests/xen/run.
. /job/conf
. /job/dom0/lib.sh
xl-context check --target=host /job/blob
sync
raw_set "$(domid "$DOMAIN")" /job/blob /job/blob
"$XENBIN/xen-hvmctx" "$(domid "$DOMAIN")" >/dev/null
hostxl unpause "$DOMAIN"
sleep 5
"$XENBIN/xen-hvmctx" "$(domid "$DOMAIN")" >/dev/null
hostxl destroy "$DOMAIN"
