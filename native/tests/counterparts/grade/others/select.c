/* UDP ping with select() */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000.0 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
    if (argc < 3) { fprintf(stderr, "usage: %s host port\n", argv[0]); return 2; }
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *server;
    int error = getaddrinfo(argv[1], argv[2], &hints, &server);
    if (error) { fprintf(stderr, "%s\n", gai_strerror(error)); return 1; }
    int fd = socket(server->ai_family, server->ai_socktype, 0);
    double best = 0, worst = 0, total = 0;
    int got = 0;
    printf("PING %s (%s) over UDP\n", argv[1], argv[2]);
    for (int seq = 1; seq <= 10; seq++) {
        char out[128], in[70000];
        int len = sprintf(out, "PING %d %ld\n", seq, (long)time(NULL));
        double t0 = ms(), rtt = -1;
        sendto(fd, out, len, 0, server->ai_addr, server->ai_addrlen);
        while (rtt < 0) {
            double left = 1000 - (ms() - t0);
            if (left <= 0) break;
            fd_set set;
            FD_ZERO(&set);
            FD_SET(fd, &set);
            struct timeval tv = {left / 1000, (long)(left * 1000) % 1000000};
            if (select(fd + 1, &set, NULL, NULL, &tv) <= 0) break;
            struct sockaddr_in from;
            socklen_t size = sizeof from;
            int n = recvfrom(fd, in, sizeof in - 1, 0, (struct sockaddr *)&from, &size);
            if (n <= 0) continue;
            in[n] = 0;
            if (from.sin_port != ((struct sockaddr_in *)server->ai_addr)->sin_port) continue;
            if (strncasecmp(in, "PING ", 5) == 0 && atoi(in + 5) == seq) rtt = ms() - t0;
        }
        if (rtt < 0) {
            printf("Request timeout for seq %d\n", seq);
            continue;
        }
        if (!got || rtt < best) best = rtt;
        if (rtt > worst) worst = rtt;
        total += rtt;
        got++;
        printf("%d bytes from %s: seq=%d time=%.3f ms\n", len, argv[1], seq, rtt);
    }
    printf("--- %s ping statistics ---\n", argv[1]);
    printf("10 packets transmitted, %d packets received, %.1f%% packet loss\n", got, (10 - got) * 10.0);
    if (got) printf("round-trip min/avg/max = %.3f/%.3f/%.3f ms\n", best, total / got, worst);
    freeaddrinfo(server);
    close(fd);
    return 0;
}
