/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * naive_set DOMID SECONDS: what a restore must not do.  Pauses the domain,
 * fetches its HVM context, and sets the very same bytes after that time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <xenctrl.h>

#define CONTEXT_MAX 65536 /* 2 vCPUs: below 11000 bytes on Xen 4.17 */

static int naive_set(xc_interface *xch, uint32_t domid, unsigned int wait)
{
    static uint8_t context[CONTEXT_MAX];
    int length = xc_domain_hvm_getcontext(xch, domid, context,
                                          sizeof(context));

    if (length < 0) {
        perror("get");
        return 1;
    }
    sleep(wait);
    if (xc_domain_hvm_setcontext(xch, domid, context, (uint32_t)length) != 0) {
        perror("set");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    xc_interface *xch;
    uint32_t domid;
    int rc;

    if (argc != 3) {
        fputs("usage: naive_set DOMID SECONDS\n", stderr);
        return 2;
    }
    domid = (uint32_t)strtoul(argv[1], NULL, 10);
    xch = xc_interface_open(NULL, NULL, 0);
    if (xch == NULL || xc_domain_pause(xch, domid) != 0) {
        perror("pause");
        return 1;
    }
    rc = naive_set(xch, domid, (unsigned int)strtoul(argv[2], NULL, 10));
    if (xc_domain_unpause(xch, domid) != 0) {
        perror("unpause");
        rc = 1;
    }
    xc_interface_close(xch);
    return rc;
}
