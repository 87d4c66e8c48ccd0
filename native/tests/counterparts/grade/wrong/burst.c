/* All pings at once, and replies numbered as they come. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int count, char **words) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))}, from;
    inet_pton(AF_INET, words[1], &server.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0), got = 0;
    (void)count;
    for (int number = 0; number < 10; number++) {
        char text[64];
        int length = snprintf(text, sizeof text, "PING %d %ld\r\n", number, (long)time(NULL));
        sendto(sock, text, length, 0, (struct sockaddr *)&server, sizeof server);
    }
    double start = now();
    while (got < 10) {
        struct pollfd ready = {.fd = sock, .events = POLLIN};
        double left = start + 1000 - now();
        if (left <= 0 || poll(&ready, 1, (int)left + 1) <= 0) break;
        char reply[2048];
        socklen_t size = sizeof from;
        int length = recvfrom(sock, reply, sizeof reply, 0, (struct sockaddr *)&from, &size);
        if (length < 4 || from.sin_port != server.sin_port || strncasecmp(reply, "ping", 4)) continue;
        printf("seq=%d time=%.2f ms\n", got++, now() - start);
    }
    for (; got < 10; got++) printf("seq=%d timed out\n", got);
    return 0;
}
