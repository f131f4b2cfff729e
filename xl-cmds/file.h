/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of the user: read whole, written whole or not at all.  "-" is
 * standard input and output.
 */
#ifndef XL_CMDS_FILE_H
#define XL_CMDS_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <domctx.h>

#include "progress.h"

/* No context comes near: 128 vCPUs, as many as Xen gives a guest, make half a
 * megabyte.  What a verb makes of it fits
 * beside it, with the tables of the most records (RECORDS_MAX), into 64 MiB
 * more: a dom0 has one GiB of memory or a few. */
#define FILE_MAX (UINT64_C(16) << 20)

/* Bytes that tell the format. */
#define FILE_HEAD 32

/* What a message calls the file. */
static inline const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static inline const char *output_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard output" : path;
}

/* A file being read. */
struct file_in {
    int fd;
    struct stat status;     /* when it was opened */
    bool standard_input;
    bool sought;            /* a file or disk, read at any place: */
    uint64_t start, size;   /* where our input begins, and its size */
    uint64_t at;            /* bytes of it that were read or stepped over */
    uint8_t head[FILE_HEAD];
    size_t head_size;       /* fewer only when there are no more */
    int sink;               /* where the kernel puts what a walk over a pipe
                             * steps over: /dev/null, or the file that all
                             * of it goes into; -1: none */
    bool spooling;          /* it is that file */
    int spool_error;        /* why that could not be written, or 0 */
    bool plain;             /* the kernel cannot: read and write */
    uint8_t *waste;         /* what is stepped over so */
    struct unpack *unpack;  /* what is read comes out of it */
    bool lost;              /* no context came out, nor the start of one */
    uint64_t most;          /* that file_read() takes: FILE_MAX at first, and
                             * of JSON then DOMCTX_JSON_MAX */
    struct progress progress;
};

/* Open a file of the user for reading; /dev/null; a nameless file, for data
 * that goes to a pipe later.  A descriptor, or -1 with errno.  The broker
 * calls these for sandboxed processes, and looks at the file for them: a FUSE
 * file system answers stat() of the user alone who mounted it, and NFS with
 * Kerberos of one who has a ticket.  Both let each holder of a descriptor
 * read. */
int file_open_name(const char *path, struct stat *status);
int file_open_null(void);
int file_open_nameless(void);

/* Open path and read its head. */
int file_open(struct file_in *in, const char *path, domctx_report *report);
void file_close(struct file_in *in);

/* From here on decompress a file of gzip or xz, and read it like a pipe.
 * Other files stay unchanged. */
int file_unpack(struct file_in *in, domctx_report *report);

/* Check that the compressed file was sound up to its end, or as far as a look
 * behind the read part tells: -1 with a finding if not. */
int file_unpacked(struct file_in *in, domctx_report *report);

/* As read(), of the decompressed bytes if the file is compressed; repeated
 * after a signal or for a pipe that does not block. */
typedef ssize_t file_getter(struct file_in *in, void *buf, size_t size);
file_getter file_get;

/* Call get until size bytes are read, or less at the end of the file: their
 * number, -1 if a call fails. */
int64_t file_fill(struct file_in *in, file_getter *get, void *buf,
                  size_t size);

/* Report the kind of a file that xl-context does not read, by more than its
 * head. -1. */
int file_unknown(struct file_in *in, domctx_report *report);

/* The file that is being written, which gets its name at the end, for reading
 * what is in it by now. */
struct file_out;
int file_read_back(struct file_in *in, const struct file_out *out,
                   domctx_report *report);

/* Read an open file from its beginning into malloc'ed memory.  From a pipe an
 * image is read up to its own end and no further. */
int file_read(struct file_in *in, uint8_t **buf, size_t *size,
              domctx_report *report);

/* Whether to repeat a failed read: after a signal, or for a pipe that does not
 * block, once poll() says that it has data. */
bool file_again(const struct file_in *in);

/* For a walk from behind the head of an open file on; its functions are good
 * until file_close(). */
struct domctx_reader file_walk(struct file_in *in);

/* A file being written. */
struct file_out {
    int fd;                    /* -1: nothing open */
    bool replaces;             /* gets its name at the end; else it is written
                                * directly */
    int dirfd;                 /* where, or -1: not known here */
    bool brokered;             /* the broker gives it the name */
    bool standard_output;
    char temp[NAME_MAX + 1];   /* names in dirfd */
    char name[NAME_MAX + 1];
};

/*
 * Begin to write path.  A regular file, or none yet: a temporary file beside
 * it, which file_commit() puts in its place.  A device, pipe or socket is
 * opened and written directly.  A symbolic link stays, and what it points at
 * is written.  All that can be wrong with path itself is found here.
 *
 * On failure out is as after file_discard().
 */
int file_create(struct file_out *out, const char *path,
                domctx_report *report);

/* From here on nothing that has a name is replaced or written to:
 * "file-exists", also if it comes while ours is being written. */
void file_never_replace(void);

/* The same for text, which may go to a terminal. */
int file_create_text(struct file_out *out, const char *path,
                     domctx_report *report);

/* Without this a save file is not replaced, "file-is-save": the memory of its
 * guest is nowhere else. */
void file_replace_saves(void);

/* The file, which replaces another, gets the mode and the owner of that; what
 * who runs this may not give away stays theirs, without the group's rights.
 * On failure as file_write(). */
int file_keep_owner(struct file_out *out, domctx_report *report);

/* The judgement of file_create() on path, nothing created. */
int file_check(const char *path, domctx_report *report);

/* Whether the two names are one file, whatever links lead to it: to be asked
 * outside the sandbox, which looks at no names.  And the refusal of that,
 * "file-is-input", always -1. */
bool file_is_same(const char *in, const char *out);
int file_refuse_same(const char *in, domctx_report *report);

/* Both, for what cannot be turned back into its input. */
int file_check_apart(const char *in, const char *out, domctx_report *report);

/* The same for what is copied piece by piece: only where no new file takes the
 * name of out at the end, as on a device or standard output. */
int file_check_place(const char *in, const char *out, domctx_report *report);

/* Whether a context of that many bytes can be read again, by any verb; -1 with
 * "result-too-large": nothing is to be written. */
int file_fits(uint64_t size, domctx_report *report);

/* Append; flush to the disk and put in place.  After a failure the file that
 * was there before is still whole and out is as after file_discard().  The new
 * one is there, but its name may not outlive a crash of the host, which is
 * told: FILE_UNFLUSHED. */
#define FILE_UNFLUSHED 1
int file_write(struct file_out *out, const void *buf, size_t size,
               domctx_report *report);
int file_commit(struct file_out *out, domctx_report *report);

/* A domctx_sink that appends to out; arg is a struct file_sink. */
struct file_sink {
    struct file_out *out;
    domctx_report *report;
};
int file_sink_put(void *arg, const char *text, size_t size);

/*
 * Append size bytes of in, which must be sought, from offset on: by the
 * kernel, sharing blocks where the file system can.  Holes stay holes.  On
 * failure as file_write().
 */
int file_copy(struct file_out *out, struct file_in *in, uint64_t offset,
              uint64_t size, domctx_report *report);

/*
 * A pipe whose bytes are needed again: from here on a walk over it copies all
 * that it reads or skips into a file.  That is the output file, if it gets its
 * name at the end, or else a file without a name.  When the walk has reached
 * the end of the pipe, file_spooled() makes in stand for that file.
 *
 * While in->spool_error is not 0 a walk failed because of it: file_spooled()
 * then raises the finding.
 */
int file_spool(struct file_in *in, struct file_out *out,
               domctx_report *report);
int file_spooled(struct file_in *in, domctx_report *report);

/* Write size bytes to a descriptor that waits for them; -1 with errno. */
int file_put(int fd, const void *buf, size_t size);

/* Write size bytes to the file that in is spooled to; -1 with errno. */
int file_spool_put(struct file_in *in, const void *buf, size_t size);

/* Of a file that gets its name at the end: write at any place, move bytes,
 * set the size.  On failure as file_write(). */
int file_write_at(struct file_out *out, uint64_t at, const void *buf,
                  size_t size, domctx_report *report);
int file_shift(struct file_out *out, uint64_t from, uint64_t to,
               uint64_t size, domctx_report *report);
int file_resize(struct file_out *out, uint64_t size, domctx_report *report);

/* Give up with the finding for errno; always -1. */
int file_fail(struct file_out *out, domctx_report *report);

/* Give up: remove the temporary file.  Harmless after file_commit(). */
void file_discard(struct file_out *out);

/*
 * Write buf to the new file path, mode 0600, and flush it; never over a file
 * that exists, and nothing is left of it on failure.  Returns 0, or -1 with
 * errno.
 */
int file_write_new(const char *path, const void *buf, size_t size);

#endif /* XL_CMDS_FILE_H */
