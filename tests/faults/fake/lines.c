/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupt lines, and how many of them assert each GSI. */
#include <string.h>

#include <xenctrl.h>
#include <xen/hvm/save.h>

#include "world.h"

/* Lines of PCI_IRQ count for their GSI; PCI_IRQ clears all counters and
 * ISA_IRQ and PCI_LINK add to them. */
void fake_count_pci(struct fake_domain *d)
{
    const uint8_t *body = fake_body(d, HVM_SAVE_CODE(PCI_IRQ), 0);
    memset(d->gsi, 0, sizeof(d->gsi));
    for (unsigned int line = 0; line < 128; line++) {
        if (body[line / 8] & 1u << line % 8) {
            d->gsi[16 + line % 32]++;
        }
    }
}

void fake_count_isa(struct fake_domain *d)
{
    const uint8_t *body = fake_body(d, HVM_SAVE_CODE(ISA_IRQ), 0);
    for (unsigned int irq = 0; irq < 16; irq++) {
        if (body[irq / 8] & 1u << irq % 8) {
            d->gsi[irq]++;
        }
    }
}

void fake_count_links(struct fake_domain *d)
{
    const uint8_t *pci = fake_body(d, HVM_SAVE_CODE(PCI_IRQ), 0);
    const uint8_t *body = fake_body(d, HVM_SAVE_CODE(PCI_LINK), 0);
    for (unsigned int line = 0; line < 128; line++) {
        unsigned int route = body[line % 4];
        if (route != 0 && pci[line / 8] & 1u << line % 8) {
            d->gsi[route]++;
        }
    }
}

void fake_count_gsis(struct fake_domain *d)
{
    fake_count_pci(d);
    fake_count_isa(d);
    fake_count_links(d);
}
