/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <domctx.h>

const char *domctx_version(void)
{
    return DOMCTX_VERSION;
}
