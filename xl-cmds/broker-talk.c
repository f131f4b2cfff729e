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

/* The descriptor that came with a message, or -1. */
static int fd_of(struct msghdr *message)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    int fd = -1;

    if (header && header->cmsg_level == SOL_SOCKET &&
        header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(&fd, CMSG_DATA(header), sizeof(int));
    return fd;
}

int talk_get(int from, void *data, size_t size, int *fd)
{
    union fd_room room = { .bytes = { 0 } };
    struct iovec part = { data, size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    ssize_t got;

    /* without room for them the kernel drops those that come unasked */
    if (fd) {
        message.msg_control = room.bytes;
        message.msg_controllen = sizeof(room.bytes);
        *fd = -1;
    }
    do
        got = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (fd && got > 0)
        *fd = fd_of(&message);
    if (got >= 0 && got != (ssize_t)size)
        errno = EPIPE;
    return got == (ssize_t)size ? 0 : -1;
}
