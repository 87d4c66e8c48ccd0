/* A right client for the assignment with fixed fields of 40 bytes, in C. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

int main(int count, char **words) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    inet_pton(AF_INET, words[1], &server.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    connect(sock, (struct sockaddr *)&server, sizeof server);
    (void)count;
    for (int number = 0; number < 5; number++) {
        char text[64], reply[2048];
        long start = now(), left, rtt = -1;
        snprintf(text, sizeof text, "%05d0%04ld%-30s", number, start / 1000 % 10000, "ping");
        send(sock, text, 40, 0);
        while (rtt < 0 && (left = start + 1000000 - now()) > 0) {
            struct timeval wait = {left / 1000000, left % 1000000};
            setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
            if (recv(sock, reply, sizeof reply, 0) == 40 && !memcmp(reply, text, 5) && reply[5] == '1') rtt = now() - start;
        }
        if (rtt < 0) printf("pacote %d perdido\n", number);
        else printf("pacote %d rtt %.2f ms\n", number, rtt / 1e3);
    }
    return 0;
}
