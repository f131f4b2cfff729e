/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <config.h>

#include "version.h"

#include <string.h>

#include "clean.h"
#include "sandbox.h"
#include "unpack.h"

/* Linux tells of the hypervisor in files, each a line, to everybody. */
#define HYPERVISOR "/sys/hypervisor/"
#define LINE_ROOM 64

/* The line of a file, without its end; empty if there is none. */
static const char *line_of(const char *path, char line[LINE_ROOM])
{
    FILE *file = fopen(path, "re");

    if (!file || !fgets(line, LINE_ROOM, file))
        line[0] = '\0';
    if (file)
        fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return line;
}

/* "4.17.5-pre" */
static void put_running(FILE *stream)
{
    char type[LINE_ROOM], part[LINE_ROOM];

    if (strcmp(line_of(HYPERVISOR "type", type), "xen") != 0) {
        fputs("none", stream);
        return;
    }
    put_clean(stream, line_of(HYPERVISOR "version/major", part));
    putc('.', stream);
    put_clean(stream, line_of(HYPERVISOR "version/minor", part));
    put_clean(stream, line_of(HYPERVISOR "version/extra", part));
}

void put_version(FILE *stream)
{
    fputs(PACKAGE_STRING "\nXen: built ", stream);
#ifdef BUILT_FOR_XEN
    fputs("for " BUILT_FOR_XEN, stream);
#else
    fputs("without", stream);
#endif
    fputs(", running here: ", stream);
    put_running(stream);
    fprintf(stream, "\nlibraries: " BUILT_WITH "\nsandbox: %s\n"
                    "compressed files: %s\n"
                    "mistakes: <" PACKAGE_BUGREPORT ">\n",
            sandbox_built(), unpack_built());
}
