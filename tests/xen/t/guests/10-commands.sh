# SPDX-License-Identifier: LGPL-2.1-or-later
# What needs a hypervisor to be judged, but no guest; the front end.
#
# Machine: dom0

check_exit "dom0 is refused" 2 xl context-save 0 /tmp/no.ctx
check_match "and the message says why" 'live-self' /tmp/err
check_exit "Domain-0 by name is refused" 2 xl-context save Domain-0 /tmp/no.ctx
check_exit "no such domain" 2 xl-context save nosuch /tmp/no.ctx
check_match "and the message names it" 'nosuch' /tmp/err
check "no file is left" test ! -e /tmp/no.ctx

check_same "xl is the front end" /usr/local "$(command -v xl | sed 's|/s*bin/xl||')"
xl list >/tmp/ours
hostxl list >/tmp/theirs
# The CPU time of dom0 moves on between the two.
check_same "xl list is the host's own" "$(cut -c1-58 /tmp/theirs)" \
    "$(cut -c1-58 /tmp/ours)"
check_exit "the host's exit status comes through" 1 xl list nosuch
xl help >/tmp/help 2>&1 || :
check_match "xl help shows the host's commands" 'vcpu-list' /tmp/help
check_match "xl help shows ours" 'context-save' /tmp/help
xl info >/tmp/ours
check_match "xl info works" "xen_version *: $RELEASE" /tmp/ours
