/* A calendar clock that a test sets: preloaded into a server, it shows the machine's time and so many seconds more. The
 * monotonic clock stays as it is, as where an operator or a time service sets the time.
 *
 * FAULT_CONTROL  a file of two 64-bit numbers: the seconds; how often a wrong time was shown
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *control;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void) {
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    const char *path = getenv("FAULT_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real_clock_gettime) start();
    int done = real_clock_gettime(clock, time);
    if (done == 0 && clock == CLOCK_REALTIME && control && control[0]) {
        time->tv_sec += (time_t)control[0];
        __atomic_add_fetch(&control[1], 1, __ATOMIC_RELAXED);
    }
    return done;
}
