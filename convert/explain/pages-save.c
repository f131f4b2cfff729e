/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saving a guest. */
#include "explain/pages.h"

const struct page pages_save[] = {
{ "save-begins",
  "a save begins",
  "the toolstack has begun to write the guest",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "save-steps",
  "a step of saving a guest",
  "information only; nothing is wrong with it",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "save-ended",
  "the last line of every save that fails",
  "it only says that the save failed, with the number of what failed first; "
  "\"Broken pipe\" says that the other end was gone before",
  "every release",
  "look at the first line with 'error' before it, and at the lines of the "
  "receiving side",
  NO_IDS },
{ "save-not-suspended",
  "the guest did not suspend",
  "it has no working PV drivers, hangs, refused, or was destroyed meanwhile; "
  "nothing is wrong with a file, and the guest goes on as it was",
  "every release",
  "look at the console of the guest and at its PV drivers; then save again",
  NO_IDS },
{ "save-paused",
  "libvirt does not save the guest, because it is paused",
  "the guest suspends itself, for which it has to run; nothing was written, "
  "and nothing is wrong with a file or the guest",
  "every release of libvirt",
  "let it run ('virsh resume DOMAIN'), then save it",
  NO_IDS },
{ "windows-suspends",
  "a Windows guest with PV drivers suspends for a save",
  "its driver xenbus tells of the hypercall by which it suspends, and, with "
  "an arrow that points back, of the return from it, which it prints in the "
  "restored guest; without that line the guest has not come back",
  "every release, with the drivers of the Xen project or of XenServer",
  "if the second line is missing after a restore, run 'xl context-diagnose "
  "DOMAIN'; if it is there, the drivers of disk and network say in the lines "
  "behind it what they miss",
  NO_IDS },
{ "guest-runs-on",
  "the save ended before the guest was suspended, and it runs on as it was",
  "whatever ended the save stands in the lines before or, of a migration, in "
  "the log of the host that was to take the guest; the line is of an attempt "
  "to resume a guest that never stood still",
  "every release",
  "nothing has to be done about this line; look for what ended the save",
  NO_IDS },
{ "guest-not-frozen",
  "the kernel of the guest could not freeze its tasks or devices to suspend",
  "a process stands in the kernel (state D), mostly waiting for a disk or a "
  "network file system, or the driver of a device refused: the lines before "
  "it on the console (\"Freezing of tasks failed\", \"failed to freeze: "
  "error\") name them; the guest gives the suspend up and goes on as it was, "
  "so that 'xl save' and a migration time out; the same words without "
  "\"xen:manage\" behind them are of any Linux that is put to sleep",
  "every release; kernels of every age",
  "end what the process waits for, or unload the driver, then save again",
  NO_IDS },
{ "save-context",
  "the hypervisor did not give the context, the parameters or the TSC of the "
  "guest",
  "the domain is gone (3, No such process), or a record could not be saved; "
  "the reason is in the log of the hypervisor",
  "every release",
  "look at 'xl dmesg' for lines with \"save\"",
  NO_IDS },
{ "save-record",
  "the hypervisor could not save a record",
  "the handler of that type failed; type 14, MTRR, does when a domain has "
  "more than 8 variable MTRRs",
  "every release",
  "note the type and the line before it: this is a fault of the running Xen "
  "or of the domain, not of a file",
  NO_IDS },
{ "save-mtrrs",
  "a domain has more variable MTRRs than a record can hold",
  "only a PVH dom0 can have them; the record has room for 8",
  "since 4.12",
  "nothing can be saved of that domain; only debug builds log it",
  IDS(MSG_LOAD_MTRR_COUNT) },
{ "save-no-room",
  "the buffer for the context is too small",
  "the caller asked for less than the hypervisor had said, or the domain got "
  "another vCPU in between; nothing is wrong with the guest",
  "every release",
  "save again; if it stays, the tools and the hypervisor are of different "
  "releases",
  NO_IDS },
{ "save-policy",
  "the hypervisor did not give the CPUID policy of the guest",
  "the domain is gone, or dom0 has no memory for it",
  "since 4.14",
  "look at 'xl list' and at the memory of dom0",
  NO_IDS },
{ "save-pages",
  "pages of the guest could not be read",
  "the guest has pages that dom0 may not map (grants, passed-through memory), "
  "is changing them, or dom0 has no memory",
  "every release",
  "save again; with devices passed through, detach them first",
  NO_IDS },
{ "save-not-taken",
  "the file or the receiver does not take more",
  "the disk is full, or the other end of the pipe has gone: with \"Broken "
  "pipe\" the fault is on the receiving side",
  "every release",
  "look at the space of the disk, and at the lines of the receiving side",
  NO_IDS },
{ "save-log-dirty",
  "the hypervisor cannot record which pages change",
  "a device is passed through without that ability, or there is too little "
  "shadow memory; a save that is not live needs none of it",
  "every release",
  "detach devices that are passed through; give more shadow_memory",
  NO_IDS },
{ "save-qemu",
  "QEMU did not do its part of the save",
  "it did not begin or end recording changed pages, or did not save its "
  "state: it hangs or has ended",
  "every release",
  "look at the log of QEMU, /var/log/xen/qemu-dm-NAME.log",
  NO_IDS },
{ "save-vnuma",
  "a guest with vNUMA cannot be saved",
  "no stream has a place for it",
  "since 4.6",
  "take vnuma out of the configuration and restart the guest",
  NO_IDS },
{ "guest-not-resumed",
  "after a save that failed, or a checkpoint, the guest could not be resumed",
  "the hypervisor or the device model refused; the guest stands still",
  "every release",
  "try 'xl unpause'; look at 'xl dmesg' and at the log of QEMU",
  NO_IDS },
{ "configuration-word",
  "libxl met a word in a stored configuration that it does not know",
  "at a restore it is the configuration in the save file: a newer release "
  "wrote it, or it was edited. xl goes on with what it had read before the "
  "word: the disks and network interfaces behind it are missing, or the "
  "restore ends with \"invalid domain type\"",
  "since 4.5",
  "run 'xl context-check --target=host FILE': it names the key and the word; "
  "then give a configuration without it: 'xl restore CONFIG FILE'",
  IDS(MSG_GUEST_CONFIG, MSG_GUEST_CONFIG_CUT) },
{ "configuration-no-json",
  "a stored configuration is no JSON",
  "at a restore it is the configuration in the save file, which is damaged, "
  "or was edited; xl goes on without it, and the restore ends with \"invalid "
  "domain type\"",
  "since 4.5",
  "give a configuration of the guest: 'xl restore CONFIG FILE'",
  IDS(MSG_SOURCE_CONFIG) },
{ "domain-configuration",
  "xl has no configuration for the domain, or cannot write it as JSON",
  "the domain was made by another toolstack, or its stored configuration is "
  "lost",
  "every release",
  "give a configuration file to 'xl save' or 'xl migrate -C'",
  NO_IDS },
};
const size_t n_pages_save = sizeof(pages_save) / sizeof(pages_save[0]);
