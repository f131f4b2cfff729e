/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupts from the pins of the IOAPIC to the vCPUs (82093AA datasheet,
 * section 3.2.4; Intel SDM volume 3A, section 11.6.2). */
#include "html/html.h"
#include "catalogue/codes.h"
#include "context/lapic.h"

#include <inttypes.h>
#include <stdio.h>

#define PINS 48
#define ROW 22                /* height of a pin, in pixels */
#define SPLIT 210             /* where the pins end */
#define FAR 430               /* where the vCPUs begin */
#define WIDTH 660

struct pin {
    uint64_t vector, mode, logical, dest, masked, level, remote_irr;
};

struct vcpu {
    uint32_t number;
    struct lapic lapic;
    const struct context_record *regs;
};

struct wiring {
    struct pin pin[PINS];
    size_t pins;
    struct vcpu vcpu[HTML_VCPUS];
    size_t vcpus;
};

static bool read_pin(const struct context_record *record, size_t i,
                     struct pin *pin)
{
    uint64_t bits;

    if (!html_get(record, "redirtbl[].bits", i, &bits))
        return false;
    *pin = (struct pin){
        .vector = bits & 0xff, .mode = bits >> 8 & 7,
        .logical = bits >> 11 & 1, .remote_irr = bits >> 14 & 1,
        .level = bits >> 15 & 1, .masked = bits >> 16 & 1,
        .dest = bits >> 56,
    };
    return true;
}

static void read_vcpus(const struct html *html, struct wiring *wiring)
{
    struct html_vcpus vcpus;

    html_vcpus(html, &vcpus);
    for (size_t i = 0; i < vcpus.n; i++) {
        struct vcpu *vcpu = &wiring->vcpu[wiring->vcpus];

        vcpu->number = vcpus.vcpu[i];
        vcpu->regs = html_record(html, CODE_LAPIC_REGS, vcpu->number);
        vcpu->lapic = context_lapic(html->context, vcpu->number);
        if (vcpu->lapic.known)
            wiring->vcpus++;
    }
}

static bool reaches(const struct pin *pin, const struct vcpu *vcpu)
{
    return lapic_hears(&vcpu->lapic, pin->logical, pin->dest);
}

/* A pin with a vector below 16 is not set up (Intel SDM volume 3A, section
 * 11.6.2). */
static bool is_wired(const struct pin *pin)
{
    return !pin->masked || pin->vector >= 16;
}

static const char *state(const struct wiring *wiring, const struct pin *pin)
{
    for (size_t i = 0; i < wiring->vcpus; i++) {
        if (!reaches(pin, &wiring->vcpu[i]))
            continue;
        if (lapic_has(wiring->vcpu[i].regs, "isr", pin->vector))
            return "in service";
        if (lapic_has(wiring->vcpu[i].regs, "irr", pin->vector))
            return "pending";
    }
    return pin->remote_irr ? "waits for an EOI" : "";
}

/* -- the picture ------------------------------------------------------ */

static size_t count_wired(const struct wiring *wiring)
{
    size_t n = 0;

    for (size_t i = 0; i < wiring->pins; i++)
        n += is_wired(&wiring->pin[i]);
    return n;
}

/* The middle of row i of n, in a picture of so many rows. */
static size_t middle(size_t i, size_t n, size_t rows)
{
    return rows * ROW * (2 * i + 1) / (2 * n) + 4;
}

static void put_pin(struct html *html, const struct wiring *wiring, size_t i,
                    size_t y, size_t rows)
{
    const struct pin *pin = &wiring->pin[i];
    const char *kind = pin->masked ? "masked"
                       : *state(wiring, pin) ? "waits" : "open";

    html_tag_f(html, "<text x=\"8\" y=\"%zu\"%s>pin %zu  vector %" PRIu64
               "%s</text>\n", y + 4, pin->masked ? " class=\"dim\"" : "", i,
               pin->vector, pin->masked ? ", masked" : "");
    for (size_t k = 0; k < wiring->vcpus; k++)
        if (reaches(pin, &wiring->vcpu[k]))
            html_tag_f(html, "<path class=\"%s\" d=\"M%d %zu C%d %zu %d %zu "
                       "%d %zu\"/>\n", kind, SPLIT, y, SPLIT + 90, y,
                       FAR - 90, middle(k, wiring->vcpus, rows), FAR,
                       middle(k, wiring->vcpus, rows));
}

static void put_picture(struct html *html, const struct wiring *wiring)
{
    size_t wired = count_wired(wiring), row = 0;
    size_t rows = wired > wiring->vcpus ? wired : wiring->vcpus;

    html_tag_f(html, "<svg viewBox=\"0 0 %d %zu\" width=\"%d\" "
               "height=\"%zu\" role=\"img\" aria-label=\"pins of the IOAPIC "
               "and the vCPUs that they interrupt\">\n", WIDTH,
               rows * ROW + 8, WIDTH, rows * ROW + 8);
    for (size_t i = 0; i < wiring->pins; i++)
        if (is_wired(&wiring->pin[i])) {
            put_pin(html, wiring, i, middle(row, wired, rows), rows);
            row++;
        }
    for (size_t k = 0; k < wiring->vcpus; k++) {
        size_t y = middle(k, wiring->vcpus, rows);

        html_tag_f(html, "<rect x=\"%d\" y=\"%zu\" width=\"220\" height=\"18\""
                   " rx=\"4\"/><text x=\"%d\" y=\"%zu\">vCPU %" PRIu32
                   ", APIC id %" PRIu64 "</text>\n", FAR, y - 9, FAR + 8,
                   y + 4, wiring->vcpu[k].number, wiring->vcpu[k].lapic.id);
    }
    html_tag(html, "</svg>\n");
}

/* -- the table -------------------------------------------------------- */

static void put_targets(struct html *html, const struct wiring *wiring,
                        const struct pin *pin)
{
    size_t n = 0;

    for (size_t i = 0; i < wiring->vcpus; i++) {
        if (!reaches(pin, &wiring->vcpu[i]))
            continue;
        html_tag_f(html, "%s%" PRIu32, n++ ? ", " : "",
                   wiring->vcpu[i].number);
    }
    if (n == 0)
        html_tag(html, "none that is up");
}

static void put_table(struct html *html, const struct wiring *wiring)
{
    static const char *const modes[] = { "fixed", "lowest priority", "SMI",
                                         "reserved", "NMI", "INIT",
                                         "reserved", "ExtINT" };

    html_tag(html, "<details><summary>All pins</summary><div class=\"wide\">"
             "<table class=\"n\"><thead><tr><th>pin</th><th>vector</th>"
             "<th>vCPU</th><th>destination</th><th>delivery</th>"
             "<th>trigger</th><th>state</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < wiring->pins; i++) {
        const struct pin *pin = &wiring->pin[i];

        html_tag_f(html, "<tr%s><th scope=\"row\">%zu</th><td>%" PRIu64
                   "</td><td>", pin->masked ? " class=\"dim\"" : "", i,
                   pin->vector);
        put_targets(html, wiring, pin);
        html_tag_f(html, "</td><td>%s 0x%02" PRIx64 "</td><td>%s</td>"
                   "<td>%s</td><td>%s</td></tr>\n",
                   pin->logical ? "logical" : "physical", pin->dest,
                   modes[pin->mode], pin->level ? "level" : "edge",
                   pin->masked ? "masked" : state(wiring, pin));
    }
    html_tag(html, "</tbody></table></div></details>\n");
}

void html_interrupts(struct html *html)
{
    const struct context_record *ioapic = html_record(html, CODE_IOAPIC, 0);
    struct wiring wiring = { .pins = 0 };

    while (wiring.pins < PINS &&
           read_pin(ioapic, wiring.pins, &wiring.pin[wiring.pins]))
        wiring.pins++;
    read_vcpus(html, &wiring);
    if (wiring.pins == 0 || wiring.vcpus == 0)
        return;
    html_tag(html, "<section id=\"interrupts\">"
             "<h2>Interrupts, from pin to vCPU</h2>\n");
    if (count_wired(&wiring) > 0) {
        html_tag(html, "<p class=\"dim\">Pins with a vector; dashed ones are "
                 "masked, thick ones have an interrupt on the way. Event "
                 "channels do not go this way.</p>\n<div class=\"wide\">");
        put_picture(html, &wiring);
        html_tag(html, "</div>\n");
    } else {
        html_tag(html, "<p>No pin has a vector.</p>\n");
    }
    put_table(html, &wiring);
    html_tag(html, "</section>\n");
}
