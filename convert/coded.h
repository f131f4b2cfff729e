/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes that were turned into text: a dump, a mail, a literal of a program. */
#ifndef CONVERT_CODED_H
#define CONVERT_CODED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether some first bytes are what the caller looks for. */
typedef bool coded_is(const uint8_t *p, size_t size);

#define CODED_ROOM 190 /* with what stands around it, a finding's text */

/*
 * The command that turns the text whose first size bytes are at p back, so
 * that is() says yes to what it codes; false if there is none.  Of its words
 * FILE stands for the name of the text.  In a mail other lines may stand
 * before it and behind, and > in front of each.
 */
bool coded_by(const uint8_t *p, size_t size, coded_is *is,
              char command[CODED_ROOM]);

/* The name by which iconv knows the encoding of a text of JSON in wider units
 * than bytes, as PowerShell and Notepad write it; NULL if p begins none. */
const char *coded_wide(const uint8_t *p, size_t size);

#endif /* CONVERT_CODED_H */
