/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is seen where no log helps: what to look at. */
#include "explain/pages.h"

const struct page pages_seen[] = {
{ "migration-hangs",
  "a migration stands at 0 % or does not end",
  "the pages do not go over: the network or ssh between the hosts is slow or "
  "blocked, the guest changes its memory faster than it is sent, or the "
  "receiving xl waits for memory",
  "every release",
  "look at 'xl -v migrate' (it tells each round), at 'xl list' of the "
  "receiving host (is the guest there, growing?), and at the network; then "
  "explain what 'xl dmesg' says there",
  NO_IDS },
{ "guest-hangs",
  "the guest hangs after a restore or a migration",
  "the common reasons are clocks (TSC, HPET, Viridian reference time), a lost "
  "interrupt, a missing Viridian parameter, or a PV driver that did not come "
  "back; a context that was refused would have ended the restore",
  "every release",
  "run 'xl context-diagnose DOMAIN', which tells whether its vCPUs run and "
  "what they wait for, and 'xl context-check --target=host FILE', which "
  "judges clocks and Viridian; look at the console of the guest",
  IDS(MSG_LOAD_VIRIDIAN) },
{ "domain-states",
  "'xl list' shows a domain in a state that it should not be in, as --p---",
  "r runs, b waits for something, p is paused: by -p, by a restore that has "
  "not ended or whose xl has died, or by a tool; s has suspended or shut down "
  "and was not destroyed, as after a save that did not end; c has crashed; d "
  "is dying; ------ is ready to run and no fault",
  "every release",
  "of p look whether xl still works on it ('ps ax', the log in /var/log/xen), "
  "then 'xl unpause DOMAIN'; of s 'xl dmesg' and the log of the save; of c "
  "'xl dmesg' tells where it crashed; 'xl context-diagnose DOMAIN' tells what "
  "its vCPUs wait for",
  NO_IDS },
{ "domain-remains",
  "a dead domain, or one that is called (null), remains in 'xl list'",
  "it was destroyed, but pages of it are still in use: by its QEMU, which "
  "hangs, by a backend in dom0 or in another domain, or by a tool that has "
  "them mapped; until they are given back its memory is missing",
  "every release",
  "look for a QEMU of it ('ps ax') and for its backends ('xenstore-ls "
  "/local/domain/0/backend'), and end them; 'xl debug-keys q' writes into 'xl "
  "dmesg' how many pages are left, 'xl debug-keys g' which of them are "
  "granted and to whom",
  NO_IDS },
{ "guest-crashes",
  "the guest crashes or shows a blue screen after a restore or a migration",
  "it met a processor without a feature that it uses (a restore does not "
  "compare features, only what the context holds), other MSRs, or a clock "
  "that jumped; CLOCK_WATCHDOG_TIMEOUT is a vCPU whose timer interrupt did "
  "not come: clocks or interrupts",
  "every release",
  "compare the processors of the hosts, level the features before the guest "
  "is started, and run 'xl context-check --target=host FILE'; the code of the "
  "blue screen tells which of these it is",
  IDS(MSG_LOAD_VIRIDIAN) },
{ "restore-hangs",
  "a restore does not come to an end",
  "it waits: for the file or the other host to deliver, for memory that dom0 "
  "or another domain gives back, for the lock of another xl, for a script of "
  "a disk or a network, or for QEMU",
  "every release",
  "do not end it by force before you know: 'ps ax' shows what xl has started "
  "and waits for, 'xl list' whether the domain is there and how much memory "
  "it has, 'xl info' how much is free; 'xl -vvv restore FILE' tells each "
  "step, and 'xl context-check FILE' whether all of the file is there",
  NO_IDS },
{ "guest-slow",
  "the guest is slow after a restore or a migration",
  "its TSC is emulated, because the frequency of the other host differs; its "
  "pages were put together from small ones; or PAT or MTRRs are wrong, which "
  "makes memory uncached",
  "every release",
  "look at tsc_mode and at the frequency ('xl dmesg' has \"Detected ... MHz\" "
  "of both hosts); run 'xl context-check --target=host FILE' for MTRR and PAT",
  IDS(MSG_LOAD_MTRR_PAT) },
{ "clock-jumps",
  "the clock of the guest jumps, goes backwards, or its clocksource is called "
  "unstable after a restore",
  "the counters of PMTIMER and HPET were saved wrongly up to 4.5 "
  "(244582a01d), the TSC of each vCPU at its own moment up to 4.4 "
  "(88e64cb785), and between hosts of different frequency a TSC that is not "
  "emulated runs at another speed",
  "savers up to 4.5; another frequency of the TSC in every release",
  "have the guest set its clock (NTP); set tsc_mode=\"always_emulate\" for a "
  "guest that moves between different processors",
  NO_IDS },
{ "network-or-disk-gone",
  "the guest runs after a restore, but its network or disks do not",
  "event channels, grants and backends are not in the context: the PV drivers "
  "of the guest set them up anew, and failed",
  "every release",
  "look at 'xl network-list' and 'xl block-list', at the kernel log of the "
  "guest, and at the backend's log in dom0",
  NO_IDS },
{ "device-model-died",
  "the restore is successful, and then the device model dies",
  "the hypervisor has taken memory and context; QEMU does not take its own "
  "part, or misses a file or device on this host",
  "every release",
  "look at the last lines of /var/log/xen/qemu-dm-NAME.log and explain those",
  NO_IDS },
{ "another-processor",
  "the guest is to go to a host with another processor",
  "a guest keeps the features, the vendor and the XSAVE layout that it has "
  "seen at its start; a restore does not level them: between models of one "
  "vendor it is refused or crashes for what the older one lacks, and between "
  "Intel and AMD it is refused, or runs until it meets the difference",
  "every release; since 4.22 another vendor is refused before the context "
  "is read",
  "run 'xl context-check --target=host FILE' on the host that is to have it; "
  "level the features (cpuid of the configuration) before the guest is "
  "started, on the older of the hosts, or shut it down and start it there",
  IDS(MSG_LOAD_HOST_MSR) },
{ "after-an-update",
  "a guest that was saved under another release of Xen does not come back",
  "records have grown, and newer releases refuse what older ones wrote or "
  "took; an older Xen knows fewer records than a newer one wrote",
  "every pair of releases has its own list: xl-context-rules(7)",
  "run 'xl context-check --target=X.Y.Z FILE' for the release that is to "
  "load it, and 'xl context-fix --target=X.Y.Z FILE NEW' where that tells so",
  IDS(MSG_LOAD_LENGTH, MSG_LOAD_TYPECODE) },
{ "save-file-lost",
  "it is not clear whether the save file can be used at all",
  "files are cut by full disks and broken connections, and compressed by "
  "backup tools",
  "every release",
  "run 'xl context-check FILE': it tells what the file is, whether it is "
  "whole, and which release loads it",
  NO_IDS },
};
const size_t n_pages_seen = sizeof(pages_seen) / sizeof(pages_seen[0]);
