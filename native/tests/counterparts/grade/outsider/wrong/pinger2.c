#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <netdb.h>
#include <sys/time.h>
#include <sys/select.h>
#include <sys/socket.h>

static long us(void) { struct timeval t; gettimeofday(&t, 0); return t.tv_sec * 1000000L + t.tv_usec; }

int main(int c, char **v)
{
    struct addrinfo hints, *res;
    int s, tries, lost = 0, seq = 1;
    if (c < 3) return fprintf(stderr, "%s host port\n", v[0]), 1;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_DGRAM;
    if (getaddrinfo(v[1], v[2], &hints, &res)) return fprintf(stderr, "bad host\n"), 1;
    s = socket(AF_INET, SOCK_DGRAM, 0);
    connect(s, res->ai_addr, res->ai_addrlen);
    for (tries = 0; tries < 10; tries++) {
        char out[100], in[1000];
        long t0 = us(), left;
        int got = 0;
        sprintf(out, "Ping %d %ld", seq, t0);
        send(s, out, strlen(out), 0);
        while (!got && (left = t0 + 1000000 - us()) > 0) {
            fd_set f;
            struct timeval tv = { left / 1000000, left % 1000000 };
            FD_ZERO(&f);
            FD_SET(s, &f);
            if (select(s + 1, &f, 0, 0, &tv) != 1) continue;
            int n = recv(s, in, sizeof in - 1, 0);
            if (n < 0) continue;
            in[n] = 0;
            if (!strcasecmp(in, out)) got = 1;
        }
        if (got) printf("%s  rtt %.3f ms\n", in, (us() - t0) / 1000.0);
        else { printf("%s  Request timed out\n", out); lost++; }
    }
    printf("Lost %d of 10 (%d%%)\n", lost, lost * 10);
    return 0;
}
