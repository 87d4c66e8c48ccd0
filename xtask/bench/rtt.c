/* The barest ping: `rtt PORT COUNT SIZE` sends, receives, and prints each round
 * trip in nanoseconds, one a line. Each request has a number: a reflector may take
 * the same words again for its own reply come back. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int count = atoi(argv[2]);
    size_t size = (size_t)atoi(argv[3]);
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval patience = {.tv_sec = 1};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    long long *rtt = calloc((size_t)count, sizeof *rtt);
    static char request[65536], reply[65536];
    memset(request, 'x', size);
    if (fd < 0 || !rtt || connect(fd, (struct sockaddr *)&there, sizeof there)) {
        perror("rtt");
        return 1;
    }
    for (int i = 0; i < count; i++) {
        memcpy(request, &i, sizeof i < size ? sizeof i : size);
        long long start = now();
        if (send(fd, request, size, 0) < 0 || recv(fd, reply, sizeof reply, 0) < 0) {
            perror("rtt");
            return 1;
        }
        rtt[i] = now() - start;
    }
    for (int i = 0; i < count; i++) printf("%lld\n", rtt[i]);
}
