/* A calendar clock that a test sets: preloaded into a server, it shows the machine's time and so many seconds more. The
 * monotonic clock stays as it is, as where an operator or a time service sets the time.
 *
 * It is set to the seconds; it strikes where a wrong time is shown.
 */
#include "fault.h"
#include <time.h>

static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void) {
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    find_control();
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real_clock_gettime) start();
    int done = real_clock_gettime(clock, time);
    if (done == 0 && clock == CLOCK_REALTIME && control && control[0]) {
        time->tv_sec += (time_t)control[0];
        struck();
    }
    return done;
}
