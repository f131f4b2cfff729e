/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages, a descriptor with one of them. */
#include "broker-talk.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union fd_room {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int talk_put(int to, void *data, size_t size, int fd)
{
    union fd_room room = { .bytes = { 0 } };
    struct iovec part = { data, size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    struct cmsghdr *header;
    ssize_t sent;

    if (fd >= 0) {
        message.msg_control = room.bytes;
        message.msg_controllen = sizeof(room.bytes);
        header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof(int));
    }
    do
        sent = sendmsg(to, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size ? 0 : -1;
}

int talk_get(int from, void *data, size_t size, int *fd)
{
    union fd_room room = { .bytes = { 0 } };
    struct iovec part = { data, size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    struct cmsghdr *header;
    ssize_t got;

    message.msg_control = room.bytes;
    message.msg_controllen = sizeof(room.bytes);
    do
        got = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (fd)
        *fd = -1;
    if (fd && header && header->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(header), sizeof(int));
    if (got >= 0 && got != (ssize_t)size)
        errno = EPIPE;
    return got == (ssize_t)size ? 0 : -1;
}
