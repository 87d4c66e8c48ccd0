/* The barest monitor: `fleet PORT TARGETS MILLIS SECONDS` sends a request to each of so many
 * addresses of loopback every MILLIS, spread over that time, from one socket; what is due
 * within a millisecond takes one system call, and so do the kernel's times of sending it and what
 * has come, with the kernel's times. It prints how many were sent, how many of these the kernel
 * timed and how many came back, and keeps nothing of them. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/net_tstamp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, LARGEST = 128, CONTROL = 128 };

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    long targets = atol(argv[2]);
    long long interval = atoll(argv[3]) * 1000000, end = atoll(argv[4]) * 1000000000;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int room = 4 << 20, on = 1;
    int stamps = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
                 SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
                 SOF_TIMESTAMPING_OPT_TSONLY;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof stamps);
    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    static char out[BATCH][LARGEST], in[BATCH][LARGEST], control[BATCH][CONTROL];
    static struct sockaddr_in to[BATCH], from[BATCH];
    struct iovec sent[BATCH], came[BATCH];
    struct mmsghdr sending[BATCH] = {0}, receiving[BATCH] = {0}, leaving[BATCH] = {0};
    for (int i = 0; i < BATCH; i++) {
        to[i].sin_family = AF_INET;
        to[i].sin_port = htons((unsigned short)atoi(argv[1]));
        sent[i].iov_base = out[i];
        came[i] = (struct iovec){in[i], LARGEST};
        sending[i].msg_hdr = (struct msghdr){&to[i], sizeof to[i], &sent[i], 1, 0, 0, 0};
    }
    long long start = now(), next = 0, timed = 0, replies = 0, turn;
    while ((turn = now() - start) < end) {
        for (int count = BATCH; count == BATCH;) {
            for (int i = 0; i < BATCH; i++)
                receiving[i].msg_hdr = (struct msghdr){&from[i], sizeof from[i], &came[i], 1,
                                                       control[i], CONTROL, 0};
            count = recvmmsg(fd, receiving, BATCH, MSG_DONTWAIT, NULL);
            if (count > 0) replies += count;
        }
        /* Slot k is target k % TARGETS's. */
        while (next * interval / targets <= turn) {
            int count = 0;
            for (; count < BATCH && next * interval / targets <= turn; count++, next++) {
                unsigned target = (unsigned)(next % targets);
                to[count].sin_addr.s_addr = htonl(0x7f010000u + target / 250 * 256 + target % 250 + 1);
                /* When it is due: no two are alike, or a reflector takes one for its own reply. */
                long long due = next * interval / targets;
                sent[count].iov_len = (size_t)snprintf(out[count], LARGEST, "Ping %lld %lld.%09lld",
                                                       next / targets + 1, due / 1000000000,
                                                       due % 1000000000);
            }
            for (int first = 0; first < count;) {
                int went = sendmmsg(fd, sending + first, (unsigned)(count - first), 0);
                first += went > 0 ? went : 1;
            }
            /* They are there by now. Without a payload, each is a time and a number. */
            for (int i = 0; i < count; i++)
                leaving[i].msg_hdr = (struct msghdr){0, 0, 0, 0, control[i], CONTROL, 0};
            int left = recvmmsg(fd, leaving, (unsigned)count, MSG_ERRQUEUE | MSG_DONTWAIT, NULL);
            if (left > 0) timed += left;
        }
        struct timespec rest = {0, 1000000 - (now() - start - turn)};
        if (rest.tv_nsec > 0) nanosleep(&rest, NULL);
    }
    printf("%lld sent, %lld timed, %lld came back\n", next, timed, replies);
    return 0;
}
