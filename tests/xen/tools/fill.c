/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fill ports DOMID COUNT   event channels of a domain, unbound, for domain 0
 * fill grants DOMID FRAMES its grant table grows to as many frames, as it
 *                          does for whoever maps one of them
 *
 * Prints how many there are then.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xen/memory.h>

static int fill_ports(xc_interface *xch, uint32_t domid, unsigned long count)
{
    unsigned long made = 0;

    while (made < count && xc_evtchn_alloc_unbound(xch, domid, 0) >= 0)
        made++;
    printf("%lu\n", made);
    return made > 0 ? 0 : 1;
}

static int fill_grants(uint32_t domid, unsigned long frames)
{
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    xenforeignmemory_resource_handle *mapped;
    void *at = NULL;

    if (fmem == NULL)
        return 1;
    mapped = xenforeignmemory_map_resource(
        fmem, (domid_t)domid, XENMEM_resource_grant_table,
        XENMEM_resource_grant_table_id_shared, frames - 1, 1, &at, PROT_READ,
        0);
    if (mapped == NULL)
        return 1;
    xenforeignmemory_unmap_resource(fmem, mapped);
    xenforeignmemory_close(fmem);
    printf("%lu\n", frames);
    return 0;
}

int main(int argc, char **argv)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    unsigned long count;
    uint32_t domid;
    int rc;

    if (argc != 4 || xch == NULL)
        return 2;
    domid = (uint32_t)strtoul(argv[2], NULL, 10);
    count = strtoul(argv[3], NULL, 10);
    rc = strcmp(argv[1], "grants") == 0 ? fill_grants(domid, count)
                                        : fill_ports(xch, domid, count);
    if (rc != 0)
        perror(argv[1]);
    xc_interface_close(xch);
    return rc;
}
