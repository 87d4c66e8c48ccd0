/* The textbook's server in C: each request comes back in capitals, 4 in 11 never.
 *
 *     upper_server SEED
 *
 * Says `PORT <n>` first, then the fate of each request, as server.py does.
 * Runs until its standard input closes. */

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* xorshift32: any seed but 0 walks through every other value. */
static uint32_t draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static int first_number(const char *text)
{
    return atoi(text + strcspn(text, "0123456789"));
}

static void fail(const char *doing)
{
    perror(doing);
    exit(1);
}

int main(int argc, char **argv)
{
    uint32_t state = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    struct sockaddr_in self = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t self_size = sizeof self;
    int sock = socket(AF_INET, SOCK_DGRAM, 0);

    if (state == 0) {
        fprintf(stderr, "usage: upper_server SEED, where SEED is not 0\n");
        return 2;
    }
    if (sock < 0 || bind(sock, (struct sockaddr *)&self, sizeof self) < 0)
        fail("bind");
    if (getsockname(sock, (struct sockaddr *)&self, &self_size) < 0)
        fail("getsockname");
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("PORT %d\n", ntohs(self.sin_port));

    struct pollfd sources[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = sock, .events = POLLIN } };
    for (;;) {
        if (poll(sources, 2, -1) < 0)
            fail("poll");
        if (sources[0].revents) {
            char ignored[64];
            if (read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
                return 0;
        }
        if (sources[1].revents) {
            char text[1025];
            struct sockaddr_in client;
            socklen_t client_size = sizeof client;
            ssize_t length = recvfrom(sock, text, sizeof text - 1, 0, (struct sockaddr *)&client, &client_size);
            if (length < 0)
                fail("recvfrom");
            text[length] = '\0';
            if (draw(&state) % 11 < 4) {
                printf("dropped %d\n", first_number(text));
                continue;
            }
            printf("answered %d\n", first_number(text));
            for (ssize_t place = 0; place < length; place++)
                text[place] = (char)toupper((unsigned char)text[place]);
            if (sendto(sock, text, (size_t)length, 0, (struct sockaddr *)&client, client_size) < 0)
                fail("sendto");
        }
    }
}
