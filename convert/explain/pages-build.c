/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making the domain, its devices and its device model. */
#include "explain/pages.h"

const struct page pages_build[] = {
{ "build-ended",
  "libxl's word for any failure to make or restore a domain",
  "it follows from what failed before; -3 is ERROR_FAIL and says nothing more",
  "every release",
  "look at the first line with \"error\" before it; 'xl -vvv restore FILE' "
  "prints them all; of a refused context the reason is in 'xl dmesg', of a "
  "device model in /var/log/xen/qemu-dm-NAME.log, of a disk or network card "
  "in /var/log/xen/xen-hotplug.log",
  NO_IDS },
{ "destroyed-after",
  "the half-made domain is destroyed, or could not be",
  "it follows from a failure before it; three lines about a domain that is "
  "not there are usual and no fault of their own",
  "every release",
  "look at the first line with \"error\" before it, and in 'xl dmesg' for "
  "lines with the number of the domain",
  NO_IDS },
{ "build-failed",
  "the domain could not be made as its configuration says",
  "a step of building it failed: firmware, xenstore, memory layout; the "
  "context was not reached, or is not the matter",
  "every release",
  "look at the lines before and at what the message names",
  NO_IDS },
{ "configuration-refused",
  "this release does not take the configuration of the guest",
  "a key or a value is not known, was removed (qemu-xen-traditional and "
  "rombios in 4.21, PVRDTSCP in 4.12), or the host cannot give what it asks "
  "for; the context is not reached",
  "every release",
  "give a configuration for this host: 'xl restore NEWCONFIG FILE'; 'xl "
  "context-check --target=X.Y.Z FILE' tells what a release does not take",
  NO_IDS },
{ "configuration-noted",
  "xl tells that it passes over a key of the configuration",
  "the key is old or is not used for this kind of guest; nothing was refused "
  "for it",
  "every release",
  "nothing needs to be done for a restore; look at the other lines",
  NO_IDS },
{ "affinity",
  "the guest cannot be bound to the processors or nodes that its "
  "configuration names",
  "the host has fewer processors or NUMA nodes than the one where the guest "
  "was configured, or a pool of processors that does not have them; memory "
  "and context of the guest are not the matter",
  "every release",
  "take cpus, cpus_soft, nodes or vnuma out of the configuration, or give "
  "those of this host: 'xl restore NEWCONFIG FILE'",
  NO_IDS },
{ "name-taken",
  "a domain with the name of the guest is there already, or the name could "
  "not be set",
  "xenstore has one domain for each name: the guest still runs here, or what "
  "was left of it (a copy named NAME--incoming, a dead domain that is "
  "called (null)) was not destroyed; nothing was read of the save file's "
  "memory",
  "every release",
  "look at 'xl list'; shut down, rename ('xl rename') or destroy the other "
  "domain if it is not wanted, or restore with another name= ('xl restore "
  "NEWCONFIG FILE')",
  NO_IDS },
{ "no-xen",
  "the tool cannot reach the hypervisor or xenstore",
  "it does not run as root, dom0 does not run on Xen (the boot loader started "
  "Linux without it), the module xen-privcmd is not loaded, or xenstored is "
  "not running",
  "every release",
  "look at 'xl info' as root, at 'systemctl status xenstored', and at the "
  "entry that the boot loader starts",
  NO_IDS },
{ "tools-of-another-xen",
  "the tools are of another release of Xen than the hypervisor that runs",
  "libxc and the hypervisor count the versions of their interface, and \"need "
  "to rebuild the user-space tool set\", or EACCES, Permission denied, is the "
  "answer to a wrong one: packages were updated and the host was not booted "
  "since, or two installations of Xen are mixed; the guest and its save file "
  "are not the matter",
  "every release",
  "compare the release of the packages with the line \"Xen version\" at the "
  "begin of 'xl dmesg', and with the libxenctrl that 'ldd' tells of xl; boot "
  "the host into the release of its packages",
  NO_IDS },
{ "flask-denied",
  "XSM (Flask) denies the toolstack an operation on the guest",
  "the policy of the hypervisor has no such permission for dom0 on the "
  "guest's label: gethvmc and sethvmc are the context, getparam and setparam "
  "its parameters, get_cpu_policy and set_cpu_policy its policy, gettsc and "
  "settsc its TSC; the caller gets EPERM, Operation not permitted, and "
  "nothing in the file was judged; in permissive mode such a line only warns, "
  "and what fails then fails for another reason",
  "those built with XSM",
  "look at 'xl getenforce'; compare the label of the guest (seclabel in its "
  "configuration, 'xl list -Z') and the policy of both hosts, load the policy "
  "of this release ('xl loadpolicy'), or try again after 'xl setenforce 0'",
  NO_IDS },
{ "host-unread",
  "libxl cannot read what the host has: processors, nodes, memory, pools",
  "the hypervisor did not answer the question: the tools are of another "
  "release than the Xen that runs (updated and not booted since), the tool "
  "does not run as root, or dom0 has no memory left; the guest and its save "
  "file are not the matter",
  "every release",
  "compare xen_version of 'xl info' with the packages of the tools; boot the "
  "Xen that they belong to",
  NO_IDS },
{ "xenstore-failed",
  "xenstore did not take or give what the toolstack asked it for",
  "with \"No space left on device\" or \"Argument list too long\" a quota of "
  "xenstored is used up, mostly by dead domains or by what a guest writes "
  "itself; with \"Permission denied\" or \"Bad file descriptor\" the "
  "toolstack does not run as root in dom0 or xenstored has ended; memory and "
  "context of the guest are not the matter",
  "every release",
  "look at 'systemctl status xenstored' and at 'xenstore-ls' for what has "
  "gathered under the domains; raise the quota (--quota, --entry-nb and "
  "--entry-size of xenstored) or remove what is left of dead domains, then "
  "restore again",
  NO_IDS },
{ "host-unsafe",
  "Xen does not make guests on this processor",
  "the processor has a fault by which a guest can stop the host (AMD erratum "
  "121); the guest and its save file are not the matter",
  "since 4.1.4 and 4.2 (XSA-9)",
  "restore it on another host; allow_unsafe on Xen's command line takes the "
  "risk",
  NO_IDS },
{ "paging-pool",
  "the pool of pages for the guest's page tables is used up",
  "with shadow paging or HAP the hypervisor takes its own pages from a pool "
  "of the domain, whose size shadow_memory of the configuration and the "
  "toolstack tell; many vCPUs, much memory or a live migration need more",
  "every release",
  "give shadow_memory (in MiB) in the configuration: 'xl restore NEWCONFIG "
  "FILE'",
  NO_IDS },
{ "scheduler-settings",
  "the scheduler does not take the settings of the guest",
  "the configuration carries the settings of another scheduler than this host "
  "runs; memory and context of the guest were restored before, and are sound",
  "4.9 to 4.11 between hosts with credit and credit2; mended in 4.12 "
  "(162fc8295f)",
  "run the same scheduler on both hosts (sched= of Xen), or take the keys out "
  "of the configuration",
  NO_IDS },
{ "devices",
  "a disk, a network card or another device could not be attached",
  "the file, the bridge or the device is not there on this host, or its "
  "script failed; the context is not the matter",
  "every release",
  "look at /var/log/xen/xen-hotplug.log and at what the configuration names",
  NO_IDS },
{ "disk-locked",
  "QEMU could not lock the image of a disk",
  "another QEMU has it open: that of the sending side, of the guest as it was "
  "saved, of an earlier try, or of another guest that has the same disk; the "
  "context is not the matter",
  "every release, with QEMU 2.10 or later",
  "see with 'lslocks' or 'fuser' which process has the image, and end the "
  "guest that it belongs to before this one is restored",
  NO_IDS },
{ "disk-missing",
  "the file or device of a disk is not there",
  "the configuration in the save file names a path of the host that saved it; "
  "on this host the file, the volume or the iSCSI target has another name, is "
  "not mounted or attached, or is a file where a device is named",
  "every release",
  "make the disk available under the same path, or give a configuration with "
  "its path here: 'xl restore NEWCONFIG FILE'",
  NO_IDS },
{ "disk-in-use",
  "a disk is in use by dom0 or by another guest",
  "the block script refuses to attach it a second time: the guest as it was "
  "saved, or what is left of an earlier try, still has it, dom0 has it "
  "mounted, or two guests have the same disk",
  "every release",
  "look at 'xl list' and 'xl block-list' for the guest that has it, and at "
  "'mount' and 'losetup -a' of dom0; shut that guest down or unmount the "
  "disk, then restore again. A disk that two guests write to is lost, so do "
  "not force it with mode w! before nothing else uses it",
  NO_IDS },
{ "bridge-missing",
  "the bridge of a network card is not there",
  "the configuration in the save file names a bridge of the host that saved "
  "it, or none, and this host has no such bridge; or the interface that the "
  "script takes is not up",
  "every release",
  "look at 'ip link show type bridge' (with Open vSwitch: 'ovs-vsctl show'), "
  "make a bridge of that name, or give a configuration that names the one of "
  "this host: 'xl restore NEWCONFIG FILE'",
  NO_IDS },
{ "hotplug-failed",
  "a script of dom0 could not set a disk or a network card up",
  "a program or kernel module that it calls is missing in dom0, a name is "
  "taken, or a command of it failed; its words, which libxl repeats behind "
  "\"script:\", say which",
  "every release",
  "look at the system's log and at /var/log/xen/xen-hotplug.log for the lines "
  "of the script in /etc/xen/scripts, and run what it could not run by hand",
  NO_IDS },
{ "console-daemon",
  "xenconsoled could not make the console of the domain",
  "dom0 gave it no pseudo-terminal: too many are open, /dev/pts is not "
  "mounted, or it runs without the right; the domain runs without a console",
  "every release",
  "look at 'systemctl status xenconsoled' and at 'mount -t devpts'; restart "
  "xenconsoled, which takes up the consoles of running domains",
  NO_IDS },
{ "xenstore-damaged",
  "xenstored has found its own tree damaged",
  "memory ran out while it was written, or xenstored has a fault; it removes "
  "what it cannot read, and a toolstack then misses keys of a domain that "
  "runs; memory and context of the guest are not the matter",
  "every release",
  "look at the log of xenstored and at 'xenstore-ls' for what is missing; "
  "save or shut down the guests that still answer, and boot the host, since "
  "xenstored cannot be restarted below running guests",
  NO_IDS },
{ "device-model-start",
  "QEMU did not start, or did not take its part of the state",
  "memory and context were restored before it, and are sound; QEMU is of "
  "another version than the one that saved the guest, or lacks something on "
  "this host",
  "every release",
  "look at the log of QEMU, /var/log/xen/qemu-dm-NAME.log: its last lines "
  "have the reason",
  NO_IDS },
{ "device-model-missing",
  "the program of the device model is not there",
  "the path in the configuration is of another host or release, or the "
  "package is not installed",
  "every release",
  "install QEMU, or mend device_model_override in the configuration",
  NO_IDS },
{ "device-model-qmp",
  "the toolstack cannot talk to QEMU",
  "QEMU has ended, hangs, or answers otherwise than this libxl expects",
  "every release",
  "look at the log of QEMU, /var/log/xen/qemu-dm-NAME.log",
  NO_IDS },
{ "qemu-harmless",
  "a word of QEMU that is harmless",
  "QEMU prints it at every restore under Xen, because libxl hands over its "
  "state without a description, and goes on after it",
  "QEMU 2.3 to 5.1; later ones do not ask under Xen",
  "look elsewhere: at the lines of xl and of the hypervisor",
  NO_IDS },
{ "qemu-ended",
  "QEMU was ended from outside",
  "the program in brackets sent it a signal: with xl or libxl the toolstack "
  "gave the guest up, and the cause stands in its own lines or in those of "
  "the hypervisor",
  "every release",
  "look at the lines of xl, and at 'xl dmesg'",
  NO_IDS },
{ "qemu-state",
  "QEMU does not take the state that the save file has for it",
  "the state is of another version or machine of QEMU, or of another "
  "configuration of devices; the context of the hypervisor is not the matter",
  "every release",
  "restore it with the QEMU that saved it; 'xl context-check' on the save "
  "file tells whether the rest is sound",
  NO_IDS },
{ "dom0-file",
  "a file or process of the toolstack in dom0 failed",
  "space, rights or a path in dom0 (/var/lib/xen, /var/run/xen, /tmp)",
  "every release",
  "look at 'df' and at the path that is named",
  NO_IDS },
{ "helper-ended",
  "a helper of the toolstack, or the other end of a pipe, ended",
  "it follows from another failure: the helper had the fault and told it in "
  "its own lines, or libxl ended it because something else had failed",
  "every release",
  "look at the lines before it, and at those of the other host",
  NO_IDS },
{ "helper-crashed",
  "a helper of the toolstack, or QEMU, crashed",
  "a signal such as SIGSEGV or SIGABRT is a fault of that program itself: it "
  "met what it was not made for, in the stream or in dom0, and nobody refused "
  "anything; SIGABRT follows from a check of its own, which its last line "
  "tells",
  "every release",
  "look at its last lines (of QEMU in /var/log/xen/qemu-dm-NAME.log) and at "
  "'coredumpctl info'; report it with both, and try the newest point release "
  "of the series",
  NO_IDS },
{ "xl-lock",
  "xl could not get or give back its lock",
  "another xl is building a domain, or /var/lock is not writable",
  "every release",
  "wait for the other one; remove the lock file if no xl runs",
  NO_IDS },
{ "remus-devices",
  "Remus: the devices of the guest cannot be protected",
  "a disk without DRBD, a network card without buffering, or their scripts "
  "failed",
  "every release",
  "look at the lines of the scripts; the guest itself is not concerned",
  NO_IDS },
{ "remus-ended",
  "Remus or COLO has ended on the primary host",
  "the backup is gone or failed; the guest goes on where it is",
  "every release",
  "look at the lines of the backup host",
  NO_IDS },
{ "failover-rename",
  "the copy took over and could not be renamed or started",
  "a domain with that name is there, or the hypervisor refused to unpause it",
  "every release",
  "look at 'xl list' on both hosts before starting either copy",
  NO_IDS },
};
const size_t n_pages_build = sizeof(pages_build) / sizeof(pages_build[0]);
