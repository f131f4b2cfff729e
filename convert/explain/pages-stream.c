/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a save file or stream. */
#include "explain/pages.h"

const struct page pages_stream[] = {
{ "restore-begins",
  "a restore begins",
  "the toolstack has read the head of the stream and goes on with it; the "
  "release that is told is the one that saved the guest",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "restore-steps",
  "a step of a restore",
  "information only; nothing is wrong with it",
  "every release",
  "nothing needs to be done",
  NO_IDS },
{ "restore-done",
  "memory, context and parameters of the guest were restored",
  "the hypervisor has taken the context; what fails behind this line is the "
  "device model, a device, the configuration, or the guest itself",
  "every release",
  "if the guest does not run, look at the lines behind this one, at the log "
  "of QEMU and at the console of the guest",
  NO_IDS },
{ "restore-ended",
  "the last line of every restore that fails",
  "it only says that the restore failed, with the number of what failed "
  "first, which may be \"Success\" when the stream simply ended or the "
  "toolstack found the fault by itself; the cause is in the lines before it, "
  "or in the log of the hypervisor",
  "every release",
  "look at the first line with 'error' before it, and at 'xl dmesg' for lines "
  "with \"restore\"",
  NO_IDS },
{ "legacy-converted",
  "the stream was made from that of Xen 4.5 or older",
  "the toolstack puts convert-legacy-stream in front of an old file",
  "since 4.6",
  "nothing needs to be done",
  IDS(MSG_LEGACY_CONVERTER) },
{ "legacy-not-converted",
  "a legacy stream was read as a libxl stream",
  "the first 8 bytes are the p2m_size with which a stream of Xen 4.5 or older "
  "begins: convert-legacy-stream was not put in front of it",
  "the development tree of 4.7; mended in 4.7.0 (de28b189bd)",
  "use a release of Xen, 4.6 or later, on the receiving side; for a file, "
  "take care that its head is that of the program that wrote it",
  IDS(MSG_LIBXL_VERSION) },
{ "libxl-head-missing",
  "a libxc stream stands where a libxl stream should begin",
  "eight bytes 0xff are the mark of a libxc stream, of version 2 or 3, which "
  "libxl wants inside a stream of its own: a tool has put the head of xl "
  "before a bare libxc stream, or has left libxl's head and its record "
  "LIBXC_CONTEXT out; the guest's memory and its context are in it, the "
  "state of its emulator is not",
  "every release since 4.6",
  "run 'xl context-check FILE': it says what stands where, and what to type "
  "to read the stream alone; it can be restored with what wrote it (xenopsd), "
  "or once libxl's records are around it again",
  IDS(MSG_LIBXL_VERSION) },
{ "libxl-other",
  "what follows the head is no libxl stream",
  "the eight bytes that are told are the beginning of another kind of file or "
  "stream; the flags of the head say that libxl's follows",
  "every release since 4.6",
  "run 'xl context-check FILE': it names what stands there, and what to type",
  IDS(MSG_LIBXL_VERSION) },
{ "libxc-legacy",
  "a legacy stream was read as a libxc stream",
  "the first 8 bytes are the p2m_size with which a stream of Xen 4.5 or older "
  "begins, and nothing put convert-legacy-stream in front of it, as libxl "
  "does; the file is sound",
  "every release since 4.6",
  "run 'xl context-check FILE': it names the container, and says which "
  "program restores it, or what makes a save file of xl of it",
  IDS(MSG_LIBXC_MARK) },
{ "libxc-other",
  "what should be a libxc stream begins otherwise",
  "a libxc stream begins with eight bytes 0xff; those that are told are the "
  "beginning of another kind of file or stream, which another program reads, "
  "or are damaged",
  "every release since 4.6",
  "run 'xl context-check FILE': it names what stands there, and what to type",
  IDS(MSG_LIBXC_MARK) },
{ "legacy-chunk-newer",
  "the legacy stream has a chunk that this release does not know",
  "a newer release wrote the stream: chunks have negative numbers, and a "
  "reader takes one that it does not know for a number of pages; the file is "
  "sound",
  "readers of 4.0 to 4.5",
  "restore it on the release that wrote it or a later one; 4.6 and later "
  "convert all of them but -21, the width of the x87 instruction pointer. "
  "'xl context-check FILE' tells the releases that read it",
  IDS(MSG_CONTAINER_CHUNK, MSG_LEGACY_CHUNK) },
{ "legacy-qemu-newer",
  "the record of the device model is of a newer toolstack than the reader's",
  "Xen 4.1 and later write DeviceModelRecord0002, with the length of the state"
  " behind it, which 4.0 does not know; the file is whole",
  "Xen 4.0",
  "restore it on the release that wrote it, or a later one: nothing is lost",
  IDS(MSG_LEGACY_QEMU) },
{ "legacy-past-end",
  "a batch of pages of a strange size, 1970103633",
  "the number is the text \"Qemu\": the stream has no chunk \"last "
  "checkpoint\", "
  "and these readers look for another batch where the state of the device "
  "model begins",
  "readers of 4.1, 4.2 and 4.3.0 to 4.3.1; mended in 4.4 and 4.3.2 "
  "(7051d5c872)",
  "restore it with 4.3.2 or later; the saved guest is sound",
  IDS(MSG_LEGACY_CHUNK) },
{ "legacy-toolstack",
  "the toolstack's own part of a legacy stream could not be used",
  "libxl puts keys of the device model into the stream of libxc; that part "
  "has another version or length than this libxl reads, or a caller other "
  "than libxl restores it",
  "4.2 to 4.5",
  "restore it with the release that saved it, or with 4.6 or later, which "
  "converts it",
  IDS(MSG_CONTAINER_TOOLSTACK) },
{ "legacy-tail",
  "a page that is named at the end of a legacy stream could not be used",
  "the numbers of the ioreq pages, or the page of the generation id, do not "
  "go together with the new domain: damage, or a stream of another release",
  "4.2 to 4.5",
  "run 'xl context-check' on the file",
  NO_IDS },
{ "page-outside",
  "a page has a number beyond what the domain can have",
  "the list of pages is damaged, or the stream is of a PV guest of another "
  "width",
  "every release",
  "run 'xl context-check' on the file: it tells the record and the number",
  IDS(MSG_LIBXC_PAGES, MSG_LIBXC_LENGTH) },
{ "guest-mapping",
  "dom0 could not map pages of the new guest",
  "a page is named that the guest does not have, or dom0 had no memory for "
  "the mapping",
  "every release",
  "look for memory in dom0 ('free'), and run 'xl context-check' on the file",
  NO_IDS },
{ "dom0-memory",
  "a helper of the toolstack got no memory in dom0",
  "dom0 is too small for what is to be saved or restored, and its kernel may "
  "kill a helper for it; a damaged file that tells a huge number is the other "
  "reason",
  "every release",
  "give dom0 more memory ('xl mem-set 0 ...', or dom0_mem= for the next "
  "start), and try again",
  NO_IDS },
{ "host-memory",
  "the host has no memory for the guest",
  "the hypervisor has not enough free memory, or the stream has more pages "
  "than the configuration gives the guest",
  "every release",
  "free memory ('xl info' tells free_memory), and compare maxmem of the "
  "configuration with that of the saved guest",
  NO_IDS },
{ "too-big",
  "the guest has more memory than a toolstack of 32 bits can handle",
  "page numbers do not fit",
  "every release",
  "use a dom0 of 64 bits",
  NO_IDS },
{ "domain-gone",
  "the domain is not there, or the hypervisor did not answer about it",
  "it was destroyed while it was being saved or restored, by an "
  "administrator, by a crash or by another failure",
  "every release",
  "look at 'xl list', and at the lines before this one",
  NO_IDS },
{ "console-and-xenstore",
  "the pages or event channels of xenstore and console could not be set up",
  "the domain was made another way than the stream expects, or memory ran out",
  "every release",
  "try again; if it stays, look at the lines before this one",
  NO_IDS },
{ "colo-failed",
  "COLO: a copy could not be kept, or taken over",
  "the two hosts, their network or their disks do not do what COLO wants; the "
  "guest on the primary host is not concerned by a fault of the copy",
  "since 4.7",
  "look at the lines of the other host, and at the network between them",
  NO_IDS },
{ "failover",
  "the sender is gone, and the copy takes over",
  "with Remus and COLO the stream ends when the primary host dies; that it "
  "could not be read any more is how it begins, and no file is damaged",
  "every release",
  "nothing needs to be mended on this host; look why the other one is gone",
  NO_IDS },
{ "other-domain",
  "the saved guest is of another domain than the one that is there",
  "a domain with the same name and another UUID is defined",
  "every release",
  "restore it under another name, or undefine the other domain",
  NO_IDS },
{ "save-file-open",
  "the save file could not be opened or made",
  "the path is wrong, the file is not there, or rights or space lack",
  "every release",
  "look at the path that is named",
  NO_IDS },
{ "configuration-file",
  "the configuration file that was given cannot be read",
  "the path is wrong or the file is not there; the restore ended before "
  "anything of the guest was looked at, and nothing is wrong with the guest; "
  "a \"Broken pipe\" on the saving side follows from it",
  "every release",
  "give a file that is there, or none: then that of the save file is used",
  NO_IDS },
{ "reboot-configuration",
  "xl could not use the configuration that it keeps for a guest that reboots",
  "this is no matter of a save file or of a restore",
  "since 4.5",
  "nothing needs to be done for a restore",
  NO_IDS },
{ "suspend-image-missing",
  "the pool cannot reach the disk with the suspended guest",
  "the storage is not attached to the host; nothing was read of the image",
  "every release",
  "attach the storage, and resume the guest on a host that has it",
  NO_IDS },
{ "xenopsd-helper",
  "xenopsd says that its helper failed",
  "emu-manager and xenguest are the helpers; xenopsd only passes their word "
  "on, and the true reason is a line of \"xc:\" or \"xenguest\" in the "
  "same log, "
  "or of the hypervisor",
  "every release",
  "look in /var/log/xensource.log and /var/log/daemon.log around the time for "
  "lines with 'xc: error' or 'xenguest', and at 'xl dmesg'",
  NO_IDS },
};
const size_t n_pages_stream = sizeof(pages_stream) / sizeof(pages_stream[0]);
