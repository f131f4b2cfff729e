/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* errno of Linux, which Xen uses, too (xen/include/public/errno.h). */
#include "explain/numbers.h"

#include <string.h>

static const struct number_name numbers_errno_rows[] = {
    { 0, "no error", "Success" },
    { 1, "EPERM", "Operation not permitted" },
    { 2, "ENOENT", "No such file or directory" },
    { 3, "ESRCH", "No such process" },
    { 4, "EINTR", "Interrupted system call" },
    { 5, "EIO", "Input/output error" },
    { 6, "ENXIO", "No such device or address" },
    { 7, "E2BIG", "Argument list too long" },
    { 8, "ENOEXEC", "Exec format error" },
    { 9, "EBADF", "Bad file descriptor" },
    { 10, "ECHILD", "No child processes" },
    { 11, "EAGAIN", "Resource temporarily unavailable" },
    { 12, "ENOMEM", "Cannot allocate memory" },
    { 13, "EACCES", "Permission denied" },
    { 14, "EFAULT", "Bad address" },
    { 16, "EBUSY", "Device or resource busy" },
    { 17, "EEXIST", "File exists" },
    { 18, "EXDEV", "Invalid cross-device link" },
    { 19, "ENODEV", "No such device" },
    { 20, "ENOTDIR", "Not a directory" },
    { 21, "EISDIR", "Is a directory" },
    { 22, "EINVAL", "Invalid argument" },
    { 23, "ENFILE", "Too many open files in system" },
    { 24, "EMFILE", "Too many open files" },
    { 25, "ENOTTY", "Inappropriate ioctl for device" },
    { 26, "ETXTBSY", "Text file busy" },
    { 27, "EFBIG", "File too large" },
    { 28, "ENOSPC", "No space left on device" },
    { 29, "ESPIPE", "Illegal seek" },
    { 30, "EROFS", "Read-only file system" },
    { 31, "EMLINK", "Too many links" },
    { 32, "EPIPE", "Broken pipe" },
    { 33, "EDOM", "Numerical argument out of domain" },
    { 34, "ERANGE", "Numerical result out of range" },
    { 35, "EDEADLK", "Resource deadlock avoided" },
    { 36, "ENAMETOOLONG", "File name too long" },
    { 37, "ENOLCK", "No locks available" },
    { 38, "ENOSYS", "Function not implemented" },
    { 39, "ENOTEMPTY", "Directory not empty" },
    { 40, "ELOOP", "Too many levels of symbolic links" },
    { 61, "ENODATA", "No data available" },
    { 62, "ETIME", "Timer expired" },
    { 71, "EPROTO", "Protocol error" },
    { 74, "EBADMSG", "Bad message" },
    { 75, "EOVERFLOW", "Value too large for defined data type" },
    { 84, "EILSEQ", "Invalid or incomplete multibyte or wide character" },
    { 85, "ERESTART", "Interrupted system call should be restarted" },
    { 88, "ENOTSOCK", "Socket operation on non-socket" },
    { 90, "EMSGSIZE", "Message too long" },
    { 92, "ENOPROTOOPT", "Protocol not available" },
    { 95, "EOPNOTSUPP", "Operation not supported" },
    { 98, "EADDRINUSE", "Address already in use" },
    { 99, "EADDRNOTAVAIL", "Cannot assign requested address" },
    { 100, "ENETDOWN", "Network is down" },
    { 101, "ENETUNREACH", "Network is unreachable" },
    { 103, "ECONNABORTED", "Software caused connection abort" },
    { 104, "ECONNRESET", "Connection reset by peer" },
    { 105, "ENOBUFS", "No buffer space available" },
    { 106, "EISCONN", "Transport endpoint is already connected" },
    { 107, "ENOTCONN", "Transport endpoint is not connected" },
    { 110, "ETIMEDOUT", "Connection timed out" },
    { 111, "ECONNREFUSED", "Connection refused" },
    { 112, "EHOSTDOWN", "Host is down" },
    { 113, "EHOSTUNREACH", "No route to host" },
    { 114, "EALREADY", "Operation already in progress" },
    { 115, "EINPROGRESS", "Operation now in progress" },
    { 122, "EDQUOT", "Disk quota exceeded" },
    { 125, "ECANCELED", "Operation canceled" },
};
TABLE(numbers_errno);

/* What strerror() of glibc 2.36 says where a daemon has set its locale, as
 * libvirtd does, of errors that a restore meets. */
static const struct number_name numbers_errno_abroad_rows[] = {
    /* German */
    { 0, "", "Erfolg" },
    { 1, "", "Die Operation ist nicht erlaubt" },
    { 2, "", "Datei oder Verzeichnis nicht gefunden" },
    { 5, "", "Eingabe-/Ausgabefehler" },
    { 9, "", "Ung\303\274ltiger Dateideskriptor" },
    { 11, "", "Die Ressource ist zur Zeit nicht verf\303\274gbar" },
    { 12, "", "Nicht gen\303\274gend Hauptspeicher verf\303\274gbar" },
    { 13, "", "Keine Berechtigung" },
    { 14, "", "Ung\303\274ltige Adresse" },
    { 16, "", "Das Ger\303\244t oder die Ressource ist belegt" },
    { 17, "", "Die Datei existiert bereits" },
    { 19, "", "Kein passendes Ger\303\244t gefunden" },
    { 22, "", "Das Argument ist ung\303\274ltig" },
    { 28, "", "Auf dem Ger\303\244t ist kein Speicherplatz mehr "
             "verf\303\274gbar" },
    { 32, "", "Daten\303\274bergabe unterbrochen (broken pipe)" },
    { 34, "", "Das numerische Ergebnis ist au\303\237erhalb des "
             "g\303\274ltigen Bereiches" },
    { 38, "", "Die angeforderte Funktion ist nicht implementiert" },
    { 95, "", "Die Operation wird nicht unterst\303\274tzt" },
    { 104, "", "Die Verbindung wurde vom Kommunikationspartner "
             "zur\303\274ckgesetzt" },
    { 110, "", "Die Wartezeit f\303\274r die Verbindung ist abgelaufen" },
    { 111, "", "Verbindungsaufbau abgelehnt" },
    { 113, "", "Keine Route zum Zielrechner" },
    /* French */
    { 0, "", "Succ\303\250s" },
    { 1, "", "Op\303\251ration non permise" },
    { 2, "", "Aucun fichier ou dossier de ce type" },
    { 5, "", "Erreur d'entr\303\251e/sortie" },
    { 9, "", "Mauvais descripteur de fichier" },
    { 11, "", "Ressource temporairement non disponible" },
    { 12, "", "Ne peut allouer de la m\303\251moire" },
    { 13, "", "Permission non accord\303\251e" },
    { 14, "", "Mauvaise adresse" },
    { 16, "", "P\303\251riph\303\251rique ou ressource occup\303\251" },
    { 17, "", "Le fichier existe" },
    { 19, "", "Aucun p\303\251riph\303\251rique de ce type" },
    { 22, "", "Argument invalide" },
    { 28, "", "Aucun espace disponible sur le p\303\251riph\303\251rique" },
    { 32, "", "Relais bris\303\251 (pipe)" },
    { 34, "", "Le r\303\251sultat num\303\251rique est en dehors "
             "de l'intervalle" },
    { 38, "", "Fonction non implant\303\251e" },
    { 95, "", "Op\303\251ration non support\303\251e" },
    { 104, "", "Connexion r\303\251-initialis\303\251e par le correspondant" },
    { 110, "", "Connexion termin\303\251e par expiration du "
             "d\303\251lai d'attente" },
    { 111, "", "Connexion refus\303\251e" },
    { 113, "", "Aucun chemin d'acc\303\250s pour atteindre "
             "l'h\303\264te cible" },
};
static TABLE(numbers_errno_abroad);

const char *errno_text(size_t i)
{
    if (i < numbers_errno.n)
        return numbers_errno.rows[i].words;
    i -= numbers_errno.n;
    return i < numbers_errno_abroad.n ? numbers_errno_abroad.rows[i].words
                                      : NULL;
}

/* libxc keeps 31 characters of a text. */
#define CUT_TEXT 31

static int find_text(const struct number_table *table, const char *text,
                     size_t length)
{
    for (size_t i = 0; i < table->n; i++) {
        const char *words = table->rows[i].words;

        if (strncmp(words, text, length) == 0 &&
            (strlen(words) == length || length == CUT_TEXT))
            return (int)table->rows[i].number;
    }
    return -1;
}

int errno_of_text(const char *text, size_t length)
{
    int number;

    while (length > 0 && strchr(" .;,", text[length - 1]))
        length--;
    number = find_text(&numbers_errno, text, length);
    return number >= 0 ? number
                       : find_text(&numbers_errno_abroad, text, length);
}
