/* The clocks of a machine that sleeps and whose wall clock is set, for one process.
 *
 * Loaded before the C library (LD_PRELOAD), it adds to CLOCK_REALTIME and CLOCK_BOOTTIME
 * what the file named by UDPING_CLOCKS holds: two 64-bit numbers of nanoseconds. The
 * file may change at any time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead(void)
{
    static volatile int64_t *file;
    if (file == NULL) {
        int fd = open(getenv("UDPING_CLOCKS"), O_RDONLY);
        void *map = mmap(NULL, 16, PROT_READ, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED)
            abort();
        file = map;
    }
    return file;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    long failed = syscall(SYS_clock_gettime, clock, time);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME)) {
        int64_t by = ahead()[clock == CLOCK_BOOTTIME];
        int64_t nanos = time->tv_sec * INT64_C(1000000000) + time->tv_nsec + by;
        time->tv_sec = nanos / 1000000000;
        time->tv_nsec = nanos % 1000000000;
    }
    return failed == 0 ? 0 : -1;
}
