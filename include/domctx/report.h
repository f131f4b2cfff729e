/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Findings, the one shape of every message; and where output goes.
 */
#ifndef DOMCTX_H
#error "include <domctx.h>"
#endif
#ifndef DOMCTX_REPORT_H
#define DOMCTX_REPORT_H

/* -- Findings: the one shape of every message ---------------------------- */

/* How bad a finding is; ordered, worse is larger. */
enum domctx_severity {
    DOMCTX_NOTE,    /* no harm: something was repaired or dropped */
    DOMCTX_WARNING, /* worth a look, stops nothing */
    DOMCTX_ERROR,   /* the content will not load, does not fit, or would
                     * lose something */
    DOMCTX_FOREIGN, /* sound, but of another kind: nothing in it can be
                     * read as a context */
    DOMCTX_DAMAGED, /* the framing is broken or not recognised */
    DOMCTX_SYSTEM,  /* no memory, no such domain, no Xen, no privilege, I/O */
    DOMCTX_LIVE,    /* a live operation failed, the guest is as before */
    DOMCTX_LOST,    /* a live operation failed, the guest is not as before */
};

/* The finding has no place in a file. */
#define DOMCTX_NO_OFFSET UINT64_MAX

/* What a loader makes of a value; see domctx_check(). */
enum domctx_outcome {
    DOMCTX_NO_OUTCOME,      /* the finding is not about a loader */
    DOMCTX_CHANGED,         /* loads, but drops or corrects it, silently */
    DOMCTX_DEPENDS,         /* on the processor, the release's build or the
                             * configuration of the domain, which no context
                             * shows */
    DOMCTX_REFUSED,         /* the whole load fails with an error number */
    DOMCTX_CRASHES_DOMAIN,  /* inside the load, or when it runs on */
    DOMCTX_CRASHES_HOST,    /* likewise */
};

/* One finding.  The strings live as long as the report. */
struct domctx_finding {
    const char *id;        /* stable, e.g. "image-end-missing" */
    enum domctx_severity severity;
    char record[40];       /* "CPU/0", or "" */
    char field[40];        /* "cr0", or "" */
    uint64_t offset;       /* from the start of the input, or NO_OFFSET */
    char expected[64];     /* a value in words or digits, or "" */
    char found[64];        /* likewise */
    char text[240];        /* what is wrong, lower case, no full stop */
    enum domctx_outcome outcome;
    const char *error;     /* "EINVAL", as the toolstack sees it, or "" */
    const char *log;       /* what the hypervisor's log says, or "" */
    bool log_debug;        /* the log of a debug build only */
    uint64_t reserved[4];  /* 0 */
};

/* A list of findings.  Opaque. */
typedef struct domctx_report domctx_report;

/* A new, empty report, or NULL when memory is short.  Free it with
 * domctx_report_free(). */
domctx_report *domctx_report_new(void);

/* Free a report and the findings in it.  NULL is allowed. */
void domctx_report_free(domctx_report *report);

/* Forget all findings, so that the report is as new. */
void domctx_report_clear(domctx_report *report);

/*
 * Number of findings kept, in the order in which they were added.  At most
 * 4096 are kept.  What is added to a full report takes the place of a finding
 * that is less bad (of lower severity, or of equal severity and a lesser
 * outcome); without one, it is only counted.  So the worst is always there.
 *
 * This and the functions below take NULL for an empty report.
 */
size_t domctx_report_count(const domctx_report *report);

/* Finding number i, 0 <= i < count; NULL beyond.  Owned by the report and
 * valid until the next call that can add to it. */
const struct domctx_finding *domctx_report_get(const domctx_report *report,
                                               size_t i);

/* Number of findings that were counted but not kept. */
size_t domctx_report_dropped(const domctx_report *report);

/* The worst severity of those; DOMCTX_NOTE without any. */
enum domctx_severity domctx_report_dropped_worst(const domctx_report *report);

/* Number of all findings of that severity, kept or not. */
size_t domctx_report_total(const domctx_report *report,
                           enum domctx_severity severity);

/* The worst severity ever added (dropped ones included); DOMCTX_NOTE for an
 * empty report. */
enum domctx_severity domctx_report_worst(const domctx_report *report);

/* Add a copy of a finding to report (NULL: nowhere).  Its id, error and log
 * must live as long as the report, as those of this library do. */
void domctx_report_add(domctx_report *report,
                       const struct domctx_finding *finding);

/*
 * Asked about each finding that is forwarded: true to forward it, in what
 * severity it has set; false to leave it out.  It is also asked about what a
 * full report did not keep, of which severity and outcome alone are known:
 * its id is "".
 */
typedef bool domctx_filter(struct domctx_finding *finding, void *arg);

/*
 * Add the findings of from to report, each as the filter has it (NULL: as
 * it is); what from counted but did not keep is counted there too.  Either
 * report may be NULL.  With one report for both its findings are filtered.
 *
 * Returns 0, or -1 when memory is short, with one report for both alone.
 * Ids: no-memory.
 */
int domctx_report_forward(domctx_report *report, const domctx_report *from,
                          domctx_filter *filter, void *arg);

/* The word for a severity, e.g. "error"; never NULL. */
const char *domctx_severity_name(enum domctx_severity severity);

/* Documentation of a message id. */
struct domctx_message {
    const char *id;
    enum domctx_severity severity;
    const char *cause; /* one sentence */
    const char *mend;  /* one sentence: what the reader can do */
};

/* "refused", "crashes the domain", ...; "" for DOMCTX_NO_OUTCOME. */
const char *domctx_outcome_name(enum domctx_outcome outcome);

/* Message number i of the table of all messages, or NULL past the last.
 * The table is constant. */
const struct domctx_message *domctx_message_at(size_t i);

/* The message with that id, or NULL; of NULL there is none. */
const struct domctx_message *domctx_message_find(const char *id);

/* -- Output -------------------------------------------------------------- */

/* Where output goes, a piece at a time.  Anything but 0 stops the writer,
 * which then fails with "sink-failed". */
typedef int domctx_sink(void *arg, const char *text, size_t size);

/* What domctx_gather() has collected; zeroed: nothing yet.  Since 0.1. */
struct domctx_gathered {
    char *text;              /* malloc'ed, for the caller to free(), with a
                              * null character behind it; NULL: no text came */
    size_t size;             /* of the text */
    size_t room;             /* of the allocation */
    uint64_t reserved[3];    /* 0 */
};

/* A sink that collects the output in memory: its arg is a struct
 * domctx_gathered.  Returns 0, or -1 when memory is short.  Since 0.1. */
int domctx_gather(void *arg, const char *text, size_t size);

/* Write text to sink as a string of JSON; bytes that are no UTF-8 become
 * U+FFFD.  Since 0.1.
 * Ids: no-memory, sink-failed. */
int domctx_json_string(const char *text, domctx_sink *sink, void *arg,
                       domctx_report *report);

#endif /* DOMCTX_REPORT_H */
