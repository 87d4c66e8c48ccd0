// Redes de Computadores - ping UDP com SO_RCVTIMEO
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define QTD 10

long agora_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

int main(int argc, char *argv[]) {
    struct sockaddr_in servidor = {0}, origem;
    servidor.sin_family = AF_INET;
    servidor.sin_port = htons(atoi(argv[2]));
    servidor.sin_addr.s_addr = inet_addr(argv[1]);
    int s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP), recebidos = 0;
    for (int i = 1; i <= QTD; i++) {
        char msg[64], resp[2048];
        snprintf(msg, sizeof(msg), "Ping %d %ld", i, (long)time(NULL));
        long inicio = agora_us(), rtt = -1, resta;
        sendto(s, msg, strlen(msg), 0, (struct sockaddr *)&servidor, sizeof(servidor));
        while (rtt < 0 && (resta = inicio + 1000000 - agora_us()) > 0) {
            struct timeval limite = {resta / 1000000, resta % 1000000};
            setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limite, sizeof(limite));
            socklen_t tam = sizeof(origem);
            ssize_t n = recvfrom(s, resp, sizeof(resp) - 1, 0, (struct sockaddr *)&origem, &tam);
            if (n < 0) break;
            resp[n] = '\0';
            char palavra[16];
            int numero;
            if (origem.sin_port == servidor.sin_port && sscanf(resp, "%15s %d", palavra, &numero) == 2 && numero == i)
                rtt = agora_us() - inicio;
        }
        if (rtt >= 0) {
            recebidos++;
            printf("Ping %d: resposta em %ld us\n", i, rtt);
        } else {
            printf("Ping %d: tempo esgotado\n", i);
        }
    }
    printf("Perda de pacotes: %d%%\n", (QTD - recebidos) * 100 / QTD);
    return 0;
}
