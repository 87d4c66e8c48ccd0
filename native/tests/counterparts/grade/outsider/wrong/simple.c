/* simple UDP ping client */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <time.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <arpa/inet.h>

int main(int argc, char *argv[])
{
    int sock, i, n;
    struct sockaddr_in server;
    char msg[64], reply[2049];
    struct timeval start, end;
    struct timeval timeout = {1, 0};
    (void)timeout;

    if (argc < 3) { printf("usage: %s ip port\n", argv[0]); exit(1); }
    sock = socket(AF_INET, SOCK_DGRAM, 0);
    memset(&server, 0, sizeof(server));
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = inet_addr(argv[1]);
    server.sin_port = htons(atoi(argv[2]));
    connect(sock, (struct sockaddr *)&server, sizeof(server));

    for (i = 1; i <= 10; i++) {
        gettimeofday(&start, NULL);
        sprintf(msg, "Ping %d %ld.%06ld", i, (long)start.tv_sec, (long)start.tv_usec);
        send(sock, msg, strlen(msg), 0);
        do {
            n = recv(sock, reply, 2048, 0);
            if (n < 0) break;
            reply[n] = '\0';
        } while (strcasecmp(reply, msg) != 0);
        gettimeofday(&end, NULL);
        if (n < 0)
            printf("Request timed out\n");
        else
            printf("%s RTT: %.3f ms\n", reply, (end.tv_sec - start.tv_sec) * 1000.0 + (end.tv_usec - start.tv_usec) / 1000.0);
        fflush(stdout);
    }
    close(sock);
    return 0;
}
