/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "raise.h"

#define VARIABLE "XL_CONTEXT_EDIT"   /* the name of the file, for the shell */

/* -- the file --------------------------------------------------------- */

static int failed(struct edit_text *text, const char *what,
                  domctx_report *report)
{
    int number = errno;

    edit_text_end(text, false);
    return cmd_raise(report, MSG_FILE_TEMP, NULL, "cannot make %s: %s", what,
                     strerror(number));
}

int edit_text_begin(struct edit_text *text, char *was, size_t size,
                    domctx_report *report)
{
    const char *folder = getenv("TMPDIR");

    *text = (struct edit_text){ .was = was, .was_size = size };
    if (!folder || !*folder)
        folder = "/tmp";
    if (snprintf(text->folder, sizeof(text->folder),
                 "%s/xl-context-edit.XXXXXX",
                 folder) >= (int)sizeof(text->folder)) {
        text->folder[0] = '\0';
        errno = ENAMETOOLONG;
        return failed(text, "a folder in TMPDIR", report);
    }
    if (!mkdtemp(text->folder)) {
        text->folder[0] = '\0';
        return failed(text, "a folder for the text", report);
    }
    snprintf(text->file, sizeof(text->file), "%s/context.json",
             text->folder);
    return file_write_new(text->file, was, size) < 0
               ? failed(text, "a file for the text", report)
               : 0;
}

/* As bytes: what they are is not looked at here. */
static int read_text(FILE *stream, uint8_t **now, size_t *size)
{
    size_t room = 0;

    for (*size = 0; !feof(stream) && *size <= DOMCTX_JSON_MAX;) {
        if (*size == room) {
            uint8_t *more = realloc(*now, room = 2 * room + BUFSIZ);

            if (!more)
                return -1;
            *now = more;
        }
        *size += fread(*now + *size, 1, room - *size, stream);
        if (ferror(stream))
            return -1;
    }
    errno = EFBIG;
    return *size <= DOMCTX_JSON_MAX ? 0 : -1;
}

/* What the editor left: a FIFO there would be waited for without end, a device
 * has an end of its own. */
static FILE *open_text(const struct edit_text *text)
{
    int fd = open(text->file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;
    FILE *stream = NULL;
    int number = 0;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
        number = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    else
        stream = fdopen(fd, "r");
    if (!stream) {
        close(fd);
        if (number)
            errno = number;
    }
    return stream;
}

/* A text that is gone or as it was is nothing that anybody typed. */
bool edit_text_typed(const struct edit_text *text)
{
    FILE *stream = open_text(text);
    uint8_t *now = NULL;
    size_t size = 0;
    bool same = !stream;

    if (stream) {
        same = read_text(stream, &now, &size) == 0 &&
               size == text->was_size && memcmp(now, text->was, size) == 0;
        fclose(stream);
        free(now);
    }
    return !same;
}

void edit_text_end(struct edit_text *text, bool keep)
{
    if (!keep && text->file[0])
        unlink(text->file);
    if (!keep && text->folder[0])
        rmdir(text->folder);
    free(text->was);
    *text = (struct edit_text){ .was = NULL };
}

/* -- the editor ------------------------------------------------------- */

static const char *named_editor(void)
{
    const char *name = getenv("VISUAL");

    if (!name || !*name)
        name = getenv("EDITOR");
    return name && *name ? name : NULL;
}

static int no_editor(const char *name, int status, domctx_report *report)
{
    if (status < 0)
        return cmd_raise(report, MSG_EDIT_EDITOR, NULL,
                         "the editor '%.80s' cannot be run: %s", name,
                         strerror(errno));
    return cmd_raise(report, MSG_EDIT_EDITOR, NULL,
                     "the editor '%.80s' ended with %s %d", name,
                     WIFEXITED(status) ? "status" : "signal",
                     WIFEXITED(status) ? WEXITSTATUS(status)
                                       : WTERMSIG(status));
}

bool edit_has_editor(void)
{
    return named_editor() ||
           (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

/* The variable is words for a shell, as git takes it: it may have options. */
static int run_editor(const struct edit_text *text, domctx_report *report)
{
    const char *name = named_editor() ? named_editor() : "vi";
    size_t room = strlen(name) + sizeof(" \"$" VARIABLE "\"");
    char *command = malloc(room);
    int status;

    if (!command)
        return cmd_no_memory(report, room);
    snprintf(command, room, "%s \"$" VARIABLE "\"", name);
    fflush(NULL);
    status = setenv(VARIABLE, text->file, 1) < 0 ? -1 : system(command);
    unsetenv(VARIABLE);
    free(command);
    return status == 0 ? 0 : no_editor(name, status, report);
}

int edit_text_run(struct edit_text *text, uint8_t **now, size_t *size,
                  domctx_report *report)
{
    FILE *stream = NULL;
    int result = -1;

    *now = NULL;
    if (run_editor(text, report) < 0)
        return -1;
    stream = open_text(text);
    if (stream)
        result = read_text(stream, now, size);
    if (result < 0)
        cmd_raise(report, MSG_FILE_READ, NULL,
                  "cannot read what the editor left: %s",
                  errno == EINVAL ? "no regular file" : strerror(errno));
    if (stream)
        fclose(stream);
    if (result < 0) {
        free(*now);
        *now = NULL;
    }
    if (result == 0 && *size == text->was_size &&
        memcmp(*now, text->was, *size) == 0) {
        free(*now);
        *now = NULL;
    }
    return result;
}

/* -- questions -------------------------------------------------------- */

bool edit_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

int edit_ask(const char *question)
{
    char answer[80];

    fflush(stdout);
    fprintf(stderr, "%s ", question);
    fflush(stderr);
    if (!fgets(answer, sizeof(answer), stdin))
        return 0;
    return tolower((unsigned char)answer[0]);
}
