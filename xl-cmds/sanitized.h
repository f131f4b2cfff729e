/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SANITIZED is defined in a build with the address sanitizer: gcc and clang
 * tell that in two ways. */
#ifndef XL_CMDS_SANITIZED_H
#define XL_CMDS_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif /* XL_CMDS_SANITIZED_H */
