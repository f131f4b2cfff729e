/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What makes a context that was loaded take effect:
 *
 *   trigger octets DOMID ADDRESS HEX   write into the domain's memory, in one
 *                                      page
 *   trigger intx DOMID DEVICE          assert INTA of a PCI device, as the
 *                                      device model does
 */
#define XC_WANT_COMPAT_DEVICEMODEL_API
#define XC_WANT_COMPAT_MAP_FOREIGN_API
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xenctrl.h>

static int octets(xc_interface *xch, uint32_t domid, unsigned long address,
                  const char *hex)
{
    size_t count = strlen(hex) / 2, at = address % XC_PAGE_SIZE;
    uint8_t *page;

    if (at + count > XC_PAGE_SIZE) {
        fputs("trigger: more than a page\n", stderr);
        return 2;
    }
    page = xc_map_foreign_range(xch, domid, XC_PAGE_SIZE,
                                PROT_READ | PROT_WRITE,
                                address >> XC_PAGE_SHIFT);
    if (page == NULL) {
        perror("trigger: mapping the page");
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned int octet;

        if (sscanf(hex + 2 * i, "%2x", &octet) != 1)
            return 2;
        page[at + i] = (uint8_t)octet;
    }
    munmap(page, XC_PAGE_SIZE);
    return 0;
}

static int intx(xc_interface *xch, uint32_t domid, unsigned long device)
{
    if (xc_hvm_set_pci_intx_level(xch, (uint16_t)domid, 0, 0,
                                  (uint8_t)device, 0, 1) != 0) {
        perror("trigger: the interrupt line");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    int rc = 2;

    if (xch == NULL) {
        perror("trigger: xc_interface_open");
        return 1;
    }
    if (argc == 5 && strcmp(argv[1], "octets") == 0)
        rc = octets(xch, (uint32_t)strtoul(argv[2], NULL, 10),
                    strtoul(argv[3], NULL, 0), argv[4]);
    else if (argc == 4 && strcmp(argv[1], "intx") == 0)
        rc = intx(xch, (uint32_t)strtoul(argv[2], NULL, 10),
                  strtoul(argv[3], NULL, 10));
    else
        fputs("usage: trigger octets DOMID ADDRESS HEX | intx DOMID DEVICE\n",
              stderr);
    xc_interface_close(xch);
    return rc;
}
