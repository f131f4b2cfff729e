/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Migrating, and what a pool says. */
#include "explain/pages.h"

const struct page pages_migrate[] = {
{ "migration-begins",
  "a host is ready to receive a guest",
  "information only",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "migration-steps",
  "a step of a migration",
  "information only; nothing is wrong with it",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "migration-done",
  "the guest runs on the other host",
  "the migration has succeeded",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "migration-ended",
  "the migration failed, and the guest runs on where it was",
  "xl only tells the end: the fault stands before it, in the lines of the "
  "receiving host (they come back over the same connection) or of this one",
  "every release",
  "look at the first line with 'error' before it, and at 'xl dmesg' of the "
  "receiving host",
  NO_IDS },
{ "sender-ended",
  "the stream of a migration ended before the guest was whole",
  "the sending side stopped, or the connection was lost: the receiving side "
  "only notices it, and no file is damaged",
  "every release",
  "look at the lines of the sending host: what its libxl tells last before "
  "the end (a guest that did not suspend, pages that were not read), and its "
  "'xl dmesg'; the guest runs on there",
  NO_IDS },
{ "migration-channel",
  "the connection of a migration brought something else than the other xl",
  "words that a login shell prints, debug text (before 4.5 xl migrate --debug "
  "does that), or ssh itself failed",
  "with --debug up to 4.4; mended in 4.5.0 (d36a3734a6)",
  "migrate without --debug, and take care that 'ssh HOST true' works, asks "
  "for nothing and prints nothing",
  NO_IDS },
{ "migration-handshake",
  "the connection broke at the very end, and nobody knows which host has the "
  "guest",
  "the last words of the two sides did not meet",
  "every release",
  "look at 'xl list' on both hosts; let only one copy run, or its disks are "
  "lost",
  NO_IDS },
{ "migration-given-up",
  "a live migration was given up",
  "the sender was told to, or the guest changes its memory faster than it can "
  "be sent",
  "since 4.14",
  "migrate when the guest has less to do, or save and restore it",
  NO_IDS },
{ "migration-hostdev",
  "a guest that has a device of the host, or is a host itself, is not moved",
  "the state of a device that is passed through, and that of a nested "
  "hypervisor, cannot be moved: libvirt and XAPI look before anything is "
  "sent, and the guest goes on as it was",
  "every release",
  "detach the device ('virsh detach-device', 'xl pci-detach'), migrate, and "
  "attach one there",
  NO_IDS },
{ "libvirt-job",
  "libvirt gave up waiting for another job on the domain",
  "a save, a restore, a migration or a start of the same domain is still at "
  "work, or hangs; libvirt waits half a minute for it; nothing is wrong with "
  "the file or the guest",
  "every release of libvirt",
  "look at 'virsh list' and at what the other job waits for (the log of "
  "libxl, /var/log/libvirt/libxl), then try again",
  NO_IDS },
{ "libvirt-not-done",
  "libvirt's driver for Xen does not do what was asked of it",
  "it restores no guest with another XML (--xml), keeps no managed save of a "
  "guest that is not defined, and neither saves nor moves Domain-0; nothing "
  "was begun, and the guest is as it was",
  "every release of libvirt",
  "leave the option out; define the guest first ('virsh define'), or save it "
  "into a file ('virsh save DOMAIN FILE')",
  NO_IDS },
{ "host-lacks-features",
  "the pool does not let the guest go to that host, because of its processor",
  "the pool compares the features that the guest was started with to those of "
  "the host, before anything is sent: no restore was tried, no context was "
  "refused, and no log of one exists",
  "every release",
  "stop and start the guest in the levelled pool, or move it to a host that "
  "has the features",
  NO_IDS },
{ "host-of-another-vendor",
  "the pool does not let the guest go to a host with a processor of another "
  "vendor",
  "a guest keeps what it has seen of its processor; the pool compares before "
  "anything is sent",
  "every release",
  "shut the guest down and start it on the other host",
  NO_IDS },
{ "host-older",
  "the pool does not let the guest go to that host, which is older",
  "the version of the host, or of its virtual hardware, is below the one that "
  "the guest was started on; nothing was sent",
  "every release",
  "update the host, or shut the guest down and start it there",
  NO_IDS },
{ "pool-state",
  "the pool does not begin what was asked of the guest",
  "the guest is in another power state, still has a domain or an operation at "
  "work, or the host is disabled, down, starting or being evacuated: XAPI "
  "looks before anything is sent or read, and the context is not the matter",
  "every release",
  "look at 'xe vm-list params=name-label,power-state,current-operations' and "
  "at 'xe host-list params=name-label,enabled', then try again",
  NO_IDS },
{ "pool-not-moved",
  "the pool does not move a guest of this kind",
  "a guest with a checkpoint, with more than one snapshot or with changed "
  "block tracking, one of whose networks has no counterpart in the other "
  "pool, or with more vCPUs than the host has processors, is not moved; XAPI "
  "looks before anything is sent",
  "every release",
  "remove what is named ('xe snapshot-list', 'xe snapshot-uninstall', 'xe "
  "vdi-disable-cbt'), name a network for each card ('xe vm-migrate "
  "vif:UUID=UUID'), or take another host",
  NO_IDS },
{ "pool-storage",
  "the pool's storage refused a disk of the guest",
  "the disk is in use by another host or guest (\"already attached\"), is "
  "missing, cannot be read, copied or mirrored, or is of a kind that is not "
  "moved; the memory and the context of the guest are not the matter",
  "every release",
  "look in /var/log/SMlog of both hosts; with shared storage no disk needs to "
  "be copied",
  NO_IDS },
{ "xapi-internal",
  "XAPI reports INTERNAL_ERROR",
  "XAPI only passes on what xenopsd told it, in the words behind it; as "
  "\"code\" of a client those words are left out",
  "every release",
  "look in /var/log/xensource.log around the time for the words behind it, "
  "and for lines with 'xc: error', 'xenguest' or 'emu-manager'; then at 'xl "
  "dmesg'",
  NO_IDS },
{ "xapi-migrate-failed",
  "the pool says that a migration failed",
  "XAPI only passes the word on; the reason is in brackets behind it, or in "
  "the logs of the receiving host",
  "every release",
  "look in /var/log/xensource.log of both hosts around the time, and at 'xl "
  "dmesg' of the receiving one",
  NO_IDS },
};
const size_t n_pages_migrate =
    sizeof(pages_migrate) / sizeof(pages_migrate[0]);
