/* The barest beat: `beat sleep COUNT` sleeps until each millisecond, `beat look COUNT`
 * only looks at the clock, and neither does anything then. Prints how late each one was,
 * in nanoseconds, one a line; last, `MISSED n`: how many milliseconds passed unseen. What
 * these two miss, the machine did not let anybody keep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

enum { INTERVAL = 1000000, SECOND = 1000000000 };

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * (long long)SECOND + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int sleeps = strcmp(argv[1], "sleep") == 0;
    int count = atoi(argv[2]);
    long long *late = calloc((size_t)count, sizeof *late), missed = 0;
    if (!late) return 1;
    prctl(PR_SET_TIMERSLACK, 1);
    long long due = now();
    for (int beat = 0; beat < count; beat++) {
        struct timespec until = {due / SECOND, due % SECOND};
        if (sleeps) clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        long long at = now();
        while (at < due) at = now();
        long long slots = (at - due) / INTERVAL;
        missed += slots;
        due += slots * INTERVAL;
        late[beat] = at - due;
        due += INTERVAL;
    }
    for (int beat = 0; beat < count; beat++) printf("%lld\n", late[beat]);
    printf("MISSED %lld\n", missed);
    return 0;
}
