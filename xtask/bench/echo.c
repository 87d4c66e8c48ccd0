/* A bare UDP echo on loopback, to compare with: `echo` answers one datagram at a
 * time, `echo batch` up to 64 a system call. Says "PORT n" first. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, LARGEST = 2048 };

static void one_by_one(int fd) {
    static char buffer[65536];
    for (;;) {
        struct sockaddr_in from;
        socklen_t len = sizeof from;
        ssize_t got = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &len);
        if (got >= 0) sendto(fd, buffer, (size_t)got, 0, (struct sockaddr *)&from, len);
    }
}

static void batches(int fd) {
    static char buffers[BATCH][LARGEST];
    static struct sockaddr_in from[BATCH];
    static struct iovec vectors[BATCH];
    static struct mmsghdr messages[BATCH];
    for (;;) {
        for (int i = 0; i < BATCH; i++) {
            vectors[i] = (struct iovec){buffers[i], LARGEST};
            messages[i].msg_hdr = (struct msghdr){
                .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
        }
        int got = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < got; i++) vectors[i].iov_len = messages[i].msg_len;
        for (int sent = 0; sent < got;) {
            int now = sendmmsg(fd, messages + sent, (unsigned)(got - sent), 0);
            sent += now > 0 ? now : 1;
        }
    }
}

int main(int argc, char **argv) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof here;
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, len) || getsockname(fd, (struct sockaddr *)&here, &len)) {
        perror("echo");
        return 1;
    }
    printf("PORT %d\n", ntohs(here.sin_port));
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "batch")) batches(fd);
    one_by_one(fd);
}
