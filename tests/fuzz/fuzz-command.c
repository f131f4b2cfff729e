/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole commands: how they end and what they say, that the input stays as it
 * is, and that what is written is good where it was written for. */
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#include "sandbox.h"
#include "verbs.h"

#define ROOM 64
#define WORDS_MAX 8
#define SAID_MAX (1u << 20)

/* A folder, files in it, and where words go. */
static char folder[ROOM], in[ROOM + 8], out[ROOM + 8];
static int said = -1;

static void clear(void)
{
    unlink(in);
    unlink(out);
    rmdir(folder);
}

static bool begin(void)
{
    /* no disk is wanted for files of a moment */
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    if (said >= 0)
        return true;
    snprintf(folder, sizeof(folder), "%s/xl-context-fuzz.XXXXXX", parent);
    said = memfd_create("said", MFD_CLOEXEC);
    if (said < 0 || !mkdtemp(folder))
        return false;
    snprintf(in, sizeof(in), "%s/in", folder);
    snprintf(out, sizeof(out), "%s/out", folder);
    atexit(clear);
    return true;
}

/* -- a command ------------------------------------------------------------ */

static int run_here(char **words, int n)
{
    struct session session;
    int status;

    if (!session_open(&session, "xl-context "))
        return EXIT_USAGE;
    verb_run(&session, verb_find(words[0]), n, words);
    sandbox_leave();
    status = session_status(&session);
    session_close(&session);
    return status;
}

/* Its words go to the file. */
static int run_quietly(char **words, int n)
{
    int kept[2] = { dup(1), dup(2) }, status;

    HOLDS(ftruncate(said, 0) == 0 && lseek(said, 0, SEEK_SET) == 0);
    fflush(NULL);
    HOLDS(dup2(said, 1) == 1 && dup2(said, 2) == 2);
    status = run_here(words, n);
    fflush(NULL);
    HOLDS(dup2(kept[0], 1) == 1 && dup2(kept[1], 2) == 2);
    close(kept[0]);
    close(kept[1]);
    return status;
}

/* The words of the last command. */
static char *said_words(void)
{
    static char words[SAID_MAX + 1];
    ssize_t size = pread(said, words, SAID_MAX, 0);

    words[size > 0 ? size : 0] = '\0';
    return words;
}

/* An id in brackets is among them. */
static bool names_an_id(void)
{
    for (char *p = said_words(); (p = strchr(p, '[')); p++) {
        size_t length = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz-0123456789");
        char id[80];

        if (p[1 + length] != ']' || length >= sizeof(id))
            continue;
        memcpy(id, p + 1, length);
        id[length] = '\0';
        if (domctx_message_find(id))
            return true;
    }
    return false;
}

/* Whether the file is what it was. */
static bool is_same(const uint8_t *data, size_t size)
{
    static uint8_t now[1 << 16];
    int fd = open(in, O_RDONLY | O_CLOEXEC);
    size_t at = 0;
    ssize_t got = 0;

    while (fd >= 0 && (got = read(fd, now, sizeof(now))) > 0) {
        if ((size_t)got > size - at ||
            memcmp(now, data + at, (size_t)got) != 0)
            break;
        at += (size_t)got;
    }
    if (fd >= 0)
        close(fd);
    return got == 0 && at == size;
}

/* Run "VERB WORD...", of which "IN" and "OUT" are the files; usage: it may
 * find the command line wrong for this input.  Its exit status. */
static int command(const char *line, bool usage)
{
    char text[200], *words[WORDS_MAX + 2], *word, *rest = text;
    int n = 0, status;

    snprintf(text, sizeof(text), "%s", line);
    while (n < WORDS_MAX && (word = strsep(&rest, " "))) {
        words[n++] = strcmp(word, "IN") == 0 ? in
                     : strcmp(word, "OUT") == 0 ? out : word;
        if (n == 1)
            words[n++] = (char *)"--no-sandbox";
    }
    words[n] = NULL;
    status = run_quietly(words, n);
    HOLDS(status == 0 || status == 1 || status == 3 || status == 4 ||
          (usage && status == EXIT_USAGE));
    return status;
}

/* The same on the input, which stays as it is. */
static int reads(const char *line, bool usage, const uint8_t *data,
                 size_t size)
{
    int status = command(line, usage);

    HOLDS(status < EXIT_USAGE || names_an_id());
    HOLDS(is_same(data, size));
    return status;
}

/* The same where it writes: all or nothing, and what check is good with, or an
 * edit of what it was not good with before. */
static void writes(const char *line, const char *check, bool usage,
                   const uint8_t *data, size_t size)
{
    int status = reads(line, usage, data, size);
    bool as_before = strstr(said_words(), "[edit-refused-before]") != NULL;

    HOLDS((access(out, F_OK) == 0) == (status < EXIT_USAGE));
    if (status < EXIT_USAGE)
        HOLDS(command(check, false) < EXIT_USAGE || as_before);
    unlink(out);
}

static bool write_in(const uint8_t *data, size_t size)
{
    int fd = open(in, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, data, size) == (ssize_t)size;

    if (fd >= 0)
        close(fd);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!begin() || !write_in(data, size))
        return 0;
    reads("show IN", false, data, size);
    reads("show --json IN", false, data, size);
    reads("check IN", false, data, size);
    reads("check --target=4.20 IN", false, data, size);
    reads("diff IN IN", false, data, size);
    reads("diagnose IN", false, data, size);
    reads("explain IN", true, data, size);
    writes("convert IN OUT", "show OUT", false, data, size);
    writes("convert --target=4.20 --to=json IN OUT", "check --target=4.20 OUT",
           false, data, size);
    writes("fix IN OUT", "check OUT", false, data, size);
    writes("fix --target=4.17 IN OUT", "check --target=4.17 OUT", false, data,
           size);
    writes("edit --set CPU/0.rip=0x1234 IN OUT", "show OUT", true, data,
           size);
    return 0;
}
