/* Both ends of what courses' programs speak, in C.
 *
 *     courses serve KIND
 *     courses ping KIND ADDRESS PORT
 *
 * A server prints `PORT <n>` and runs until its standard input closes. A client pings five
 * times, one after another, and exits 0 if every reply was its ping's. */

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PINGS = 5, ROOM = 2048, LITTLE = 896 };

/* Each server writes its reply to `reply` and returns its length; 0 is silence. */

static size_t number_plus_one(const char *request, size_t length, char *reply)
{
    unsigned number;
    struct timeval now;
    if (length < 5 || sscanf(request, "PING %u", &number) != 1)
        return (size_t)sprintf(reply, "error: no PING");
    gettimeofday(&now, NULL);
    return (size_t)sprintf(reply, "%u %lld %ld \r\n", number + 1, (long long)now.tv_sec, (long)now.tv_usec);
}

/* Java's writeUTF: two bytes of length, big-endian, and that many of text. */
static size_t java_utf(const char *request, size_t length, char *reply)
{
    const unsigned char *head = (const unsigned char *)request;
    if (length < 2 || (size_t)(head[0] << 8 | head[1]) != length - 2)
        exit(1);
    memcpy(reply, request, length);
    return length;
}

/* A number in 8 bytes, little-endian, in a datagram of 896. */
static size_t u64le(const char *request, size_t length, char *reply)
{
    if (length != LITTLE)
        exit(1);
    memcpy(reply, request, length);
    return length;
}

/* Each client writes ping `number` to `request`, and returns its length; the reply has to
 * fit `fits`. */

static size_t ping_number_plus_one(unsigned number, char *request)
{
    struct timeval now;
    gettimeofday(&now, NULL);
    return (size_t)sprintf(request, "PING %u %lld %ld \r\n", number, (long long)now.tv_sec, (long)now.tv_usec);
}

static int fits_number_plus_one(unsigned number, const char *request, size_t length, const char *reply, size_t got)
{
    unsigned returned;
    long long seconds;
    long micros;
    char end[3] = "";
    (void)request, (void)length;
    return got > 2 && sscanf(reply, "%u %lld %ld %2c", &returned, &seconds, &micros, end) >= 3
        && returned == number + 1 && memcmp(reply + got - 3, " \r\n", 3) == 0;
}

static size_t ping_java_utf(unsigned number, char *request)
{
    struct timeval now;
    gettimeofday(&now, NULL);
    int text = sprintf(request + 2, "PING %u %lld", number, now.tv_sec * 1000LL + now.tv_usec / 1000);
    request[0] = (char)(text >> 8);
    request[1] = (char)text;
    return (size_t)text + 2;
}

static size_t ping_u64le(unsigned number, char *request)
{
    memset(request, 'x', LITTLE);
    for (int byte = 0; byte < 8; byte++)
        request[byte] = (char)((uint64_t)number >> 8 * byte);
    return LITTLE;
}

static int fits_echo(unsigned number, const char *request, size_t length, const char *reply, size_t got)
{
    (void)number;
    return got == length && memcmp(request, reply, length) == 0;
}

static const struct kind {
    const char *name;
    size_t (*serve)(const char *, size_t, char *);
    size_t (*ping)(unsigned, char *);
    int (*fits)(unsigned, const char *, size_t, const char *, size_t);
} KINDS[] = {
    { "number-plus-one", number_plus_one, ping_number_plus_one, fits_number_plus_one },
    { "java-utf", java_utf, ping_java_utf, fits_echo },
    { "u64le", u64le, ping_u64le, fits_echo },
};

static int serve(const struct kind *kind, int sock)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    char request[ROOM], reply[ROOM];

    if (bind(sock, (struct sockaddr *)&address, size) || getsockname(sock, (struct sockaddr *)&address, &size))
        return 1;
    printf("PORT %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        struct pollfd sources[] = { { .fd = sock, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
        if (poll(sources, 2, -1) < 0)
            return 1;
        if (sources[1].revents)
            return 0;
        struct sockaddr_in client;
        size = sizeof client;
        ssize_t got = recvfrom(sock, request, ROOM - 1, 0, (struct sockaddr *)&client, &size);
        if (got < 0)
            return 1;
        request[got] = '\0';
        size_t length = kind->serve(request, (size_t)got, reply);
        sendto(sock, reply, length, 0, (struct sockaddr *)&client, size);
    }
}

static int ping(const struct kind *kind, int sock, const char *host, const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
    char request[ROOM], reply[ROOM];

    if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || connect(sock, (struct sockaddr *)&address, sizeof address))
        return 1;
    for (unsigned number = 0; number < PINGS; number++) {
        size_t length = kind->ping(number, request);
        struct pollfd source = { .fd = sock, .events = POLLIN };
        if (send(sock, request, length, 0) < 0 || poll(&source, 1, 5000) <= 0) {
            printf("%u timed out\n", number);
            return 1;
        }
        ssize_t got = recv(sock, reply, ROOM - 1, 0);
        if (got < 0)
            return 1;
        reply[got] = '\0';
        if (!kind->fits(number, request, length, reply, (size_t)got)) {
            printf("%u got %s\n", number, reply);
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    for (size_t at = 0; argc > 2 && at < sizeof KINDS / sizeof *KINDS; at++) {
        if (strcmp(argv[2], KINDS[at].name) != 0)
            continue;
        if (strcmp(argv[1], "serve") == 0)
            return serve(&KINDS[at], sock);
        if (argc == 5)
            return ping(&KINDS[at], sock, argv[3], argv[4]);
    }
    fprintf(stderr, "usage: courses serve KIND | ping KIND ADDRESS PORT\n");
    return 2;
}
