/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is refused before a context is reached: CPU policy, parameters, TSC. */
#include "explain/pages.h"

const struct page pages_policy[] = {
{ "policy-refused",
  "the hypervisor refuses the CPUID policy of the guest, before any context "
  "is loaded",
  "the host cannot give the guest the policy that it was started with; leaf, "
  "subleaf and MSR name the place, ffffffff stands for none; with error 7 "
  "there are more entries than the release takes, with 34 it has no place for "
  "one of them, with 17 the domain runs already; nothing is logged by the "
  "hypervisor",
  "policies are in the stream since 4.14; in older streams the toolstack "
  "makes one",
  "start the guest with the features of the weakest host that it shall move "
  "to; for a saved guest, find a host with the leaf that is named, or a "
  "release that takes it",
  NO_IDS },
{ "policy-leaves",
  "the CPUID policy is refused at leaf 0 or 80000000",
  "the guest was given a higher highest leaf than this host has; since 4.22 "
  "leaf 0 also stands for another vendor of the processor (c520286a53); the "
  "context is not yet reached at that point",
  "since 4.14; from 4.18.4, 4.19.1 and 4.20 on the highest leaf is the same "
  "on every host (fa2d831803)",
  "move the guest to a host of the same vendor with as many leaves, or to a "
  "newer point release of Xen; level the features before a guest is started "
  "that shall move",
  NO_IDS },
{ "policy-leaf-7",
  "the CPUID policy is refused at leaf 7, though the features of the guest "
  "fit",
  "EAX of leaf 7, subleaf 0 tells how many subleaves there are: more than the "
  "host's processor has were refused, though nothing is in them (Ice Lake to "
  "Cascade Lake)",
  "since 4.15; mended in 4.19, 4.18.3 and 4.17.5 (a2330b51df)",
  "update Xen on the host that refuses it; the saved guest is sound",
  NO_IDS },
{ "policy-no-place",
  "the CPUID policy is refused with \"Numerical result out of range\" or "
  "\"Argument list too long\"",
  "the stream has a leaf or an MSR that this release has no place for: a "
  "newer release wrote it (7/2 or 8000001d into 4.14.1 to 4.14.4, 4.15.0 to "
  "4.15.2 and, for 7/2, 4.16.0), or two MSRs into 4.14.0",
  "4.14.0 to 4.16.0",
  "update Xen on that host to the last point release of its series, or write "
  "the saved guest for the release that it has: 'xl context-fix "
  "--target=X.Y.Z FILE NEW'",
  NO_IDS },
{ "policy-damaged",
  "the CPUID policy is refused with \"Numerical result out of range\" at a "
  "leaf or an MSR that no release has a place for",
  "the record in the stream is damaged or was put together: no release up to "
  "4.22 writes that leaf or MSR; or a release later than those wrote it",
  "since 4.14",
  "take another copy of the saved guest; updating Xen does not help up to "
  "4.22. 'xl context-check FILE' tells what else is damaged",
  IDS(MSG_GUEST_CPUID, MSG_GUEST_MSR) },
{ "policy-not-made",
  "the toolstack could not make or apply a CPUID policy for the guest",
  "the stream has no policy (it is of 4.13 or older, or was converted), so "
  "the toolstack makes one from the host's default and the cpuid key of the "
  "configuration; that key names a leaf or a bit that the host lacks, a line "
  "of the key is malformed, or Xen did not answer",
  "since 4.14; a failure ends the restore since 4.14.6, 4.15.5 and 4.16 "
  "(34990446ca), before that it was passed over",
  "take the cpuid key out of the configuration, or give one for this host",
  NO_IDS },
{ "static-data-ended",
  "what stands before the memory in the stream could not be used",
  "this line follows from another: the CPUID policy was refused or could not "
  "be made; the reason is the line above it",
  "since 4.14",
  "look at the line above; it begins with \"Failed to set CPUID policy\" or "
  "\"Failed to set ... policy\"",
  NO_IDS },
{ "parameter-refused",
  "the hypervisor refuses an HVM parameter of the stream",
  "most parameters can be set once: \"File exists\" (17) says that the "
  "toolstack had set another value from the configuration before; \"Invalid "
  "argument\" (22) that the release does not know the parameter or the value; "
  "\"No such device\" (19) that the domain has no such device; \"Interrupted "
  "system call\" (85) is a race on the host. The context is not the matter",
  "every release",
  "for 17, bring the configuration in line with the saved guest; for 85, try "
  "again",
  NO_IDS },
{ "parameter-viridian-group",
  "HVM parameter 9, the Viridian feature mask, is refused with \"Invalid "
  "argument\"",
  "the mask has a group that the release does not have, or lacks bit 0, the "
  "base: bits 1 and 2 came with 4.5, 3 with 4.6, 4 and 5 with 4.7, 6 with "
  "4.9, 7 to 9 with 4.13, 10 to 12 with 4.15; the context is not the matter",
  "every release",
  "restore it on the release that saved it or a later one; a bit above 12, or "
  "none at bit 0, is damage: take another copy of the file",
  IDS(MSG_GUEST_PARAM) },
{ "parameter-no-viridian",
  "HVM parameter 9, the Viridian feature mask, is refused with \"No such "
  "device\"",
  "Xen was built without CONFIG_VIRIDIAN, and the guest uses it (Windows "
  "does); the saved guest is sound",
  "since 4.22 (43c1c49b00)",
  "restore it on a host whose Xen has CONFIG_VIRIDIAN, or build that one with "
  "it",
  IDS(MSG_GUEST_PARAM) },
{ "parameter-of-hvm",
  "an HVM parameter is refused with \"No such device\"",
  "the guest in the stream is an HVM guest, and the configuration makes a PVH "
  "domain, which lacks the device of the parameter: 19 places the ACPI ports",
  "since 4.10",
  "restore it with the configuration of an HVM guest: 'xl restore CONFIG "
  "FILE', with type = \"hvm\" in CONFIG",
  IDS(MSG_GUEST_PARAM) },
{ "parameter-damaged",
  "the stream has an HVM parameter that no release has",
  "the record is damaged, or a release later than 4.22 wrote it",
  "every release",
  "take another copy of the saved guest",
  IDS(MSG_GUEST_PARAM) },
{ "parameter-newer",
  "the stream has an HVM parameter that this release does not know",
  "a newer release saved the guest: 36, the width of the x87 instruction "
  "pointer, came with 4.6.3, 37, the TSS with its size, with 4.9, and 38, the "
  "capabilities of machine checks, with 4.10. On a release that has it, the "
  "value is none: 36 takes 4 and 8, 38 needs a host with LMCE",
  "36: 4.6.0 and 4.6.1; 37: 4.6 to 4.8; 38: 4.6 to 4.9",
  "restore it on the release that saved it or a later one, or write the saved "
  "guest for the release that refuses it: 'xl context-fix --target=X.Y.Z FILE "
  "NEW'",
  IDS(MSG_GUEST_PARAM) },
{ "parameter-mca",
  "HVM parameter 38, the capabilities of machine checks, is refused with "
  "\"File exists\"",
  "the toolstack had set it from mca_caps of the configuration before, to "
  "another value than the stream has; the context is not the matter",
  "since 4.10",
  "restore it with a configuration whose mca_caps is that of the saved guest: "
  "'xl restore CONFIG FILE'",
  IDS(MSG_GUEST_PARAM) },
{ "parameter-viridian",
  "HVM parameter 9, the Viridian feature mask, is refused with \"File "
  "exists\"",
  "the toolstack had set the mask from the configuration before the one of "
  "the stream came: \"viridian=1\" means another mask in 4.5, 4.7, 4.9 and "
  "4.15; it is not the context that is refused, which was not even reached",
  "between releases in which the default differs, up to 4.14 and in the "
  "development tree of 4.15; mended in 4.15.0 (25ee478662)",
  "give the groups of the saved guest in the configuration ('xl restore "
  "NEWCONFIG FILE' with viridian=[...]), or leave viridian out of it: then "
  "the mask of the stream is used",
  IDS(MSG_LOAD_VIRIDIAN) },
{ "tsc-refused",
  "the TSC mode, frequency or offset of the guest is refused",
  "the mode is none that this release has (mode 3, PVRDTSCP, is gone since "
  "4.12), or the record is damaged",
  "every release",
  "run 'xl context-check' on the save file; choose another tsc_mode before "
  "the guest is saved",
  IDS(MSG_TSC_INFO_MODE) },
};
const size_t n_pages_policy = sizeof(pages_policy) / sizeof(pages_policy[0]);
