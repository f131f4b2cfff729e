/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What xen-hvmctx needs of libxenctrl: its one domain is a file, which
 * HVMCTX_BLOB names.  Built by fake-xenctrl.sh.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct xc_interface_core xc_interface;
xc_interface *xc_interface_open(void *logger, void *dombuild_logger,
                                unsigned int flags);
int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid,
                             uint8_t *ctxt_buf, uint32_t size);

/* More than 128 vCPUs take. */
static uint8_t blob[4 << 20];
static size_t blob_size;

xc_interface *xc_interface_open(void *logger, void *dombuild_logger,
                                unsigned int flags)
{
    const char *name = getenv("HVMCTX_BLOB");
    FILE *file = name ? fopen(name, "rb") : NULL;

    (void)logger;
    (void)dombuild_logger;
    (void)flags;
    if (!file)
        return NULL;
    blob_size = fread(blob, 1, sizeof(blob), file);
    fclose(file);
    return (xc_interface *)blob;
}

int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid,
                             uint8_t *ctxt_buf, uint32_t size)
{
    (void)xch;
    (void)domid;
    if (!ctxt_buf)
        return (int)blob_size;
    if (size < blob_size)
        return -1;
    memcpy(ctxt_buf, blob, blob_size);
    return (int)blob_size;
}
