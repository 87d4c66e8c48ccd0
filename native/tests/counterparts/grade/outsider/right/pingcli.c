/* pingcli.c -- UDP pinger.  gcc -o pingcli pingcli.c ; ./pingcli host port */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <netdb.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <arpa/inet.h>

static double now(void)
{
    struct timeval tv;
    gettimeofday(&tv, NULL);
    return tv.tv_sec + tv.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    if (argc < 3) { fprintf(stderr, "usage: %s host port\n", argv[0]); return 1; }
    struct hostent *he = gethostbyname(argv[1]);
    if (!he) { fprintf(stderr, "unknown host\n"); return 1; }
    struct sockaddr_in srv, from;
    memset(&srv, 0, sizeof srv);
    srv.sin_family = AF_INET;
    srv.sin_port = htons(atoi(argv[2]));
    memcpy(&srv.sin_addr, he->h_addr_list[0], he->h_length);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    int i, ok = 0;

    for (i = 1; i <= 10; i++) {
        char msg[128], buf[2048];
        double t0 = now(), t1 = 0;
        int got = 0;
        snprintf(msg, sizeof msg, "Ping %d %.6f", i, t0);
        sendto(fd, msg, strlen(msg), 0, (struct sockaddr *)&srv, sizeof srv);
        for (;;) {
            double left = t0 + 1.0 - now();
            struct timeval tv;
            socklen_t fl = sizeof from;
            ssize_t n;
            if (left < 0.000001) break;
            tv.tv_sec = (long)left;
            tv.tv_usec = (long)((left - (long)left) * 1e6);
            if (tv.tv_sec == 0 && tv.tv_usec == 0) tv.tv_usec = 1;
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
            n = recvfrom(fd, buf, sizeof buf - 1, 0, (struct sockaddr *)&from, &fl);
            if (n < 0) continue;          /* EAGAIN: the loop test decides */
            t1 = now();
            buf[n] = 0;
            if (from.sin_addr.s_addr != srv.sin_addr.s_addr || from.sin_port != srv.sin_port) continue;
            if ((size_t)n == strlen(msg) && strcasecmp(buf, msg) == 0) { got = 1; break; }
        }
        if (got) {
            ok++;
            printf("%d: %s\tRTT %.6f sec\n", i, buf, t1 - t0);
        } else
            printf("%d: Request timed out\n", i);
        fflush(stdout);
    }
    printf("lost %d%%\n", (10 - ok) * 10);
    close(fd);
    return 0;
}
