/* A client in C: ten times `PING <number> <seconds> <microseconds> CRLF`, a second each.
 *
 *     nyu_client ADDRESS PORT
 *
 * Its course's server answers `<number + 1> <seconds> <microseconds> CRLF`; an
 * echo will do as well. A reply answers a ping if it brings the ping's time back.
 * Exits 0 if every ping was answered. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { PINGS = 10, TIMEOUT_US = 1000000 };

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* The RTT in microseconds, or -1 if no reply came in time. */
static long long ping(int sock, int number)
{
    char request[64], stamp[40], reply[2048];
    struct timeval wall;

    gettimeofday(&wall, NULL);
    snprintf(stamp, sizeof stamp, "%lld %06ld", (long long)wall.tv_sec, (long)wall.tv_usec);
    int length = snprintf(request, sizeof request, "PING %d %s \r\n", number, stamp);

    long long sent = now_us();
    if (send(sock, request, (size_t)length, 0) < 0) {
        perror("send");
        return -1;
    }
    for (;;) {
        long long left = sent + TIMEOUT_US - now_us();
        struct pollfd source = { .fd = sock, .events = POLLIN };
        if (left <= 0 || poll(&source, 1, (int)((left + 999) / 1000)) <= 0)
            return -1;
        ssize_t got = recv(sock, reply, sizeof reply - 1, 0);
        long long rtt = now_us() - sent;
        if (got < 0) {
            perror("recv");
            return -1;
        }
        reply[got] = '\0';
        if (rtt <= TIMEOUT_US && strstr(reply, stamp))
            return rtt;
        printf("ignored %s\n", reply);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in server = { .sin_family = AF_INET };
    int answered = 0;

    if (argc != 3 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
        fprintf(stderr, "usage: nyu_client ADDRESS PORT\n");
        return 2;
    }
    server.sin_port = htons((unsigned short)atoi(argv[2]));
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (sock < 0 || connect(sock, (struct sockaddr *)&server, sizeof server) < 0) {
        perror("connect");
        return 1;
    }
    for (int number = 0; number < PINGS; number++) {
        long long rtt = ping(sock, number);
        if (rtt < 0) {
            printf("%d timed out\n", number);
        } else {
            printf("%d %.3f ms\n", number, (double)rtt / 1000);
            answered++;
        }
    }
    printf("%d sent, %d answered\n", PINGS, answered);
    return answered == PINGS ? 0 : 1;
}
