/* pinga! - trabalho de redes 2/2023 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <netdb.h>
#include <sys/socket.h>

#define QTD 10

static int64_t micros(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* devolve RTT em microssegundos, ou -1 se nao houve resposta em 1 s */
static int64_t um_ping(int s, int n) {
    char m[100], r[1500];
    struct timespec rel;
    clock_gettime(CLOCK_REALTIME, &rel);
    int len = sprintf(m, "Ping %d %ld%06ld", n, (long)rel.tv_sec, rel.tv_nsec / 1000);
    int64_t ini = micros();
    send(s, m, len, 0);
    int64_t falta;
    while ((falta = ini + 1000000 - micros()) > 0) {
        struct pollfd p = { s, POLLIN, 0 };
        struct timespec ts = { falta / 1000000, falta % 1000000 * 1000 };
        if (ppoll(&p, 1, &ts, NULL) <= 0) continue;
        ssize_t q = recv(s, r, sizeof r - 1, 0);
        int64_t fim = micros();
        if (q < 0) continue;   /* porta fechada: ECONNREFUSED */
        r[q] = '\0';
        int k;
        char cmd[8];
        if (sscanf(r, "%7s %d", cmd, &k) == 2 && !strcasecmp(cmd, "ping") && k == n && fim - ini <= 1000000)
            return fim - ini;
    }
    return -1;
}

int main(int argc, char *argv[]) {
    char *host = argc > 1 ? argv[1] : "localhost", *porta = argc > 2 ? argv[2] : "12000";
    struct addrinfo h = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM }, *ai;
    int e = getaddrinfo(host, porta, &h, &ai);
    if (e) { fprintf(stderr, "erro: %s\n", gai_strerror(e)); exit(1); }
    int s = socket(ai->ai_family, ai->ai_socktype, 0);
    if (connect(s, ai->ai_addr, ai->ai_addrlen) < 0) { perror("connect"); exit(1); }
    setbuf(stdout, NULL);

    int64_t min = INT64_MAX, max = 0, soma = 0;
    int ok = 0;
    for (int n = 1; n <= QTD; n++) {
        int64_t ini = micros();
        printf("Enviando ping n. %d... ", n);
        int64_t rtt = um_ping(s, n);
        if (rtt < 0) puts("sem resposta (timeout)");
        else {
            printf("resposta em %lld µs\n", (long long)rtt);
            ok++; soma += rtt;
            if (rtt < min) min = rtt;
            if (rtt > max) max = rtt;
        }
        int64_t d = ini + 1000000 - micros();
        if (d > 0 && n < QTD) usleep(d);
    }
    printf("\n*** RESUMO ***\nperda de pacotes..: %d%%\n", 100 * (QTD - ok) / QTD);
    if (ok) printf("RTT minimo........: %lld µs\nRTT medio.........: %lld µs\nRTT maximo........: %lld µs\n",
        (long long)min, (long long)(soma / ok), (long long)max);
    return 0;
}
