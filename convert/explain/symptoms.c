/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What people say of a guest that has moved.  Their words are not Xen's, so
 * each row wants several of them, in any order.
 */
#include "explain/symptoms.h"

#include <stdbool.h>
#include <string.h>

#define MOVED "migrat|restor|resum|moved|mov"

/* Words are heads of words in lower case; '|' stands between those that
 * mean the same.  "~" asks for one of the words of moving unless the text
 * has four words or fewer. */
static const struct symptom {
    const char *page, *words;
} symptoms[] = {
    { "clock-jumps", "clock|clocks|time|date jump|jumps|skew|unstable|"
                     "backward|wrong|off ~" },
    { "clocks-before-4.6", "clock jump ~" },
    { "clocks-before-4.6", "windows clock|time jump ~" },
    { "tsc-apart", "time|tsc|clocksource backward|unstable|skew ~" },
    { "tsc-apart", "clocksource tsc unstable" },
    { "rtc-offset", "rtc wrong|off ~" },
    { "rtc-offset", "wall clock ~" },
    { "viridian-time-sources", "reference time ~" },
    { "viridian-time-sources", "time_ref_count" },
    { "migration-hangs", "migrat hang|stuck|stall|stop 0|0%|percent" },
    { "migration-hangs", "migrat 0 %|percent" },
    { "migration-hangs", "migrat never|not end|finish|complete" },
    { "guest-hangs", "hang|hung|freez|froz|stuck|unrespons|still ~" },
    { "guest-crashes", "blue|bsod screen ~" },
    { "guest-crashes", "bsod" },
    { "guest-crashes", "crash|panic|reboot guest|windows|linux|vm ~" },
    { "guest-crashes", "clock_watchdog_timeout" },
    { "guest-hangs", "clock_watchdog_timeout" },
    { "tsc-apart", "clock_watchdog_timeout" },
    { "guest-slow", "slow|sluggish|performance ~" },
    { "pat-before-4.2", "device memory wrong ~" },
    { "pat-before-4.2", "slow hap|npt|ept ~" },
    { "device-model-died", "restor successful|success device|qemu model|"
                           "died|exit|crash" },
    { "device-model-died", "device model died|exit|crash|gone ~" },
    { "device-model-died", "qemu died|exit|crash|gone|killed ~" },
    { "network-or-disk-gone", "network|net|nic|disk|vbd|vif gone|lost|dead|"
                              "missing|down|not|no ~" },
    { "hpet-32-bit", "no input|keyboard|mouse console|windows|alive ~" },
    { "hpet-32-bit", "no input ~" },
    { "posted-interrupts", "interrupt lost|missing ~" },
    { "fpu-never-used", "fpu|floating exception ~" },
    { "stale-sysenter", "crash sysenter" },
    { "syscall-registers", "syscall crash ~" },
    { "viridian-parameter", "eoi ignored ~" },
    { "viridian-parameter", "windows|viridian hang|freez ~" },
    { "cpuid-faulting", "cpuid fault off|gone|lost ~" },
    { "synthetic-timer", "xsa-504|xsa504" },
    { "synthetic-timer", "xen panic|crash divid ~" },
    { "one-variable-mtrr", "only one variable mtrr" },
    { "one-variable-mtrr", "mtrr lost|missing ~" },
    { "query-crash", "hvm_save_one" },
    { "query-crash", "xen crash quer|tool|record" },
    { "partial-get", "tool record another|half vcpu" },
    { "partial-get", "getcontext_partial|xc_domain_hvm_getcontext_partial" },
    { "operation-not-permitted", "operation not permitted" },
    { "save-file-lost", "file save|checkpoint broken|damaged|truncated|cut|"
                        "corrupt|usable|used" },
    { "save-not-suspended", "save|suspend hang|timeout|fail guest|windows" },
};

#define TEXT_ROOM 400

static bool is_blank(char c)
{
    return strchr(" \t\r\n.,;!?\"'()", c) != NULL;
}

/* The text in lower case with one blank in front of each word and behind
 * the last; how many words. */
static size_t plain_words(const char *text, char plain[TEXT_ROOM])
{
    size_t n = 0, words = 0;

    while (*text && n + 2 < TEXT_ROOM) {
        if (is_blank(*text)) {
            text++;
            continue;
        }
        plain[n++] = ' ';
        words++;
        for (; *text && !is_blank(*text) && n + 2 < TEXT_ROOM; text++)
            plain[n++] = *text >= 'A' && *text <= 'Z'
                             ? (char)(*text - 'A' + 'a') : *text;
    }
    plain[n] = ' ';
    plain[n + 1 < TEXT_ROOM ? n + 1 : n] = '\0';
    return words;
}

/* Whether one of "a|b" begins a word. */
static bool has_one(const char *plain, const char *words, size_t length)
{
    while (length > 0) {
        size_t one = 0;

        while (one < length && words[one] != '|')
            one++;
        for (const char *p = plain; (p = strchr(p, ' ')); p++)
            if (strncmp(p + 1, words, one) == 0)
                return true;
        words += one;
        length -= one;
        if (length > 0) {
            words++;
            length--;
        }
    }
    return false;
}

/* How many words a row asks for, 0 when one of them is missing. */
static size_t fit(const struct symptom *symptom, const char *plain,
                  size_t n_words)
{
    const char *words = symptom->words;
    size_t n = 0;

    while (*words) {
        size_t length = strcspn(words, " ");

        if (*words == '~') {
            if (n_words > 4 && !has_one(plain, MOVED, strlen(MOVED)))
                return 0;
        } else if (!has_one(plain, words, length)) {
            return 0;
        }
        n += 2;
        words += length;
        words += *words == ' ';
    }
    return n;
}

/* "kernel: ", "xl[12]: ", "(XEN) ": a line of a log, in words that are no
 * person's. */
static bool is_log_line(const char *text)
{
    size_t length = strcspn(text, " ");

    return length > 0 &&
           (text[length - 1] == ':' || *text == '(' || *text == '[') &&
           strncmp(text, "clocksource:", 12) != 0;
}

size_t symptom_pages(const char *text, const char *pages[SYMPTOM_PAGES])
{
    size_t fits[SYMPTOM_PAGES] = { 0 }, n = 0;
    char plain[TEXT_ROOM];
    size_t words = plain_words(text, plain);

    if (strlen(text) >= TEXT_ROOM - 2 || is_log_line(text))
        return 0;
    for (size_t i = 0; i < sizeof(symptoms) / sizeof(symptoms[0]); i++) {
        size_t one = fit(&symptoms[i], plain, words), at = n;
        bool known = false;

        for (size_t k = 0; k < n; k++)
            known |= strcmp(pages[k], symptoms[i].page) == 0;
        if (one == 0 || known)
            continue;
        while (at > 0 && fits[at - 1] < one) {
            if (at < SYMPTOM_PAGES) {
                fits[at] = fits[at - 1];
                pages[at] = pages[at - 1];
            }
            at--;
        }
        if (at < SYMPTOM_PAGES) {
            fits[at] = one;
            pages[at] = symptoms[i].page;
            n += n < SYMPTOM_PAGES;
        }
    }
    return n;
}
