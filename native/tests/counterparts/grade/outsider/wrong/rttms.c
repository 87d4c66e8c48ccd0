#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>
#include <poll.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

static double segundos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
    if (argc != 3) { printf("uso: %s ip porta\n", argv[0]); return 1; }
    struct sockaddr_in sv = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[2])) };
    inet_pton(AF_INET, argv[1], &sv.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    connect(s, (struct sockaddr *)&sv, sizeof sv);
    double min = 1e9, max = 0, soma = 0;
    int ok = 0;
    for (int i = 1; i <= 10; i++) {
        char m[80], r[1025];
        int n = snprintf(m, sizeof m, "Ping %d %ld", i, (long)time(NULL));
        double t0 = segundos(), rtt = -1, falta;
        send(s, m, n, 0);
        while (rtt < 0 && (falta = t0 + 1 - segundos()) > 0) {
            struct pollfd p = { s, POLLIN, 0 };
            if (poll(&p, 1, (int)(falta * 1000) + 1) <= 0) continue;
            int k = recv(s, r, 1024, 0);
            if (k < 0) continue;
            r[k] = 0;
            if (strcasecmp(r, m) == 0) rtt = segundos() - t0;
        }
        if (rtt < 0) { printf("Ping %d: tempo esgotado\n", i); continue; }
        printf("Ping %d: RTT = %.6f ms\n", i, rtt);
        ok++; soma += rtt;
        if (rtt < min) min = rtt;
        if (rtt > max) max = rtt;
    }
    printf("Perda: %d%%\n", (10 - ok) * 10);
    if (ok) printf("RTT min/med/max = %.6f / %.6f / %.6f ms\n", min, soma / ok, max);
    return 0;
}
