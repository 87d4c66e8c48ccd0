/* A right client for the assignment, in C. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **words) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    inet_pton(AF_INET, words[1], &server.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    int received = 0;
    double sum = 0, least = 1e9, most = 0;
    (void)count;
    for (int number = 0; number < 10; number++) {
        char text[64];
        double start = now();
        int length = snprintf(text, sizeof text, "PING %d %.6f\r\n", number, start);
        sendto(sock, text, length, 0, (struct sockaddr *)&server, sizeof server);
        double rtt = -1;
        for (;;) {
            double left = start + 1 - now();
            if (left <= 0) break;
            struct pollfd ready = {.fd = sock, .events = POLLIN};
            if (poll(&ready, 1, (int)(left * 1000) + 1) == 0) break;
            char reply[2048];
            struct sockaddr_in sender;
            socklen_t size = sizeof sender;
            ssize_t got = recvfrom(sock, reply, sizeof reply - 1, 0, (struct sockaddr *)&sender, &size);
            if (got < 0) continue;
            reply[got] = 0;
            int seen;
            if (sender.sin_port != server.sin_port) continue;
            if (sscanf(reply, "%*[PpIiNnGg] %d", &seen) != 1 || seen != number) continue;
            rtt = now() - start;
            break;
        }
        if (rtt >= 0 && rtt <= 1) {
            received++;
            sum += rtt;
            if (rtt < least) least = rtt;
            if (rtt > most) most = rtt;
            printf("seq=%d time=%.2f ms\n", number, rtt * 1000);
        } else {
            printf("seq=%d timed out\n", number);
        }
    }
    printf("10 packets transmitted, %d received, %d%% packet loss\n", received, (10 - received) * 10);
    if (received) printf("rtt min/avg/max = %.3f/%.3f/%.3f ms\n", least * 1000, sum / received * 1000, most * 1000);
    close(sock);
    return 0;
}
