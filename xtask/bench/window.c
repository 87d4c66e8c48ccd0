/* The barest flood: `window PORT COUNT WINDOW SIZE` keeps a window of requests in
 * flight, up to 64 a system call, and prints round trips a second. Nothing must be
 * lost, or it gives up: on loopback with a window below the socket's buffer nothing is.
 * Each request has a number: a reflector may take the same words again for its own
 * reply come back. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, LARGEST = 2048 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    long count = atol(argv[2]), window = atol(argv[3]);
    size_t size = (size_t)atoi(argv[4]);
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval patience = {.tv_sec = 1};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd < 0 || connect(fd, (struct sockaddr *)&there, sizeof there)) {
        perror("window");
        return 1;
    }
    static char requests[BATCH][LARGEST], replies[BATCH][LARGEST];
    struct iovec out[BATCH], in[BATCH];
    struct mmsghdr sending[BATCH] = {0}, receiving[BATCH] = {0};
    for (int i = 0; i < BATCH; i++) {
        memset(requests[i], 'x', size);
        out[i] = (struct iovec){requests[i], size};
        in[i] = (struct iovec){replies[i], LARGEST};
        sending[i].msg_hdr = (struct msghdr){.msg_iov = &out[i], .msg_iovlen = 1};
        receiving[i].msg_hdr = (struct msghdr){.msg_iov = &in[i], .msg_iovlen = 1};
    }
    long sent = 0, received = 0;
    double start = now();
    while (received < count) {
        while (sent < count && sent - received < window) {
            long room = window - (sent - received), left = count - sent;
            long some = room < left ? room : left;
            if (some > BATCH) some = BATCH;
            for (long i = 0, number = sent; i < some; i++, number++)
                memcpy(requests[i], &number, sizeof number < size ? sizeof number : size);
            int went = sendmmsg(fd, sending, (unsigned)some, 0);
            if (went < 0) {
                perror("window");
                return 1;
            }
            sent += went;
        }
        int got = recvmmsg(fd, receiving, BATCH, MSG_WAITFORONE, NULL);
        if (got < 0) {
            perror("window");
            return 1;
        }
        received += got;
    }
    printf("%.0f\n", (double)count / (now() - start));
}
