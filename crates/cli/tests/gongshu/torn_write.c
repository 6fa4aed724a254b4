/* A process that dies in the middle of a write while a test says so: preloaded into a database server of several
 * processes, it lets one write get there in part, and ends the process that made it.
 * It is set to the number of writes of all processes until one is torn; it strikes where that one is.
 */
#include "fault.h"
#include <sys/uio.h>

#define EXIT_CODE 137

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);

__attribute__((constructor)) static void start(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    find_control();
}

/* Whether this write is the one. */
static int strikes(int fd, size_t length) {
    off_t size;
    if (!control || control[0] <= 0 || length < 2 || !is_watched(fd, &size)) return 0;
    /* Below 0 it has struck; the test sets it anew. */
    if (__atomic_sub_fetch(&control[0], 1, __ATOMIC_RELAXED) != 0) return 0;
    struck();
    return 1;
}

/* Any whole number of sectors, or of bytes where the write is shorter than one. */
static size_t part(size_t length) {
    unsigned seed = (unsigned)getpid();
    size_t some = (size_t)rand_r(&seed) % length;
    return some > 512 ? some / 512 * 512 : some;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    if (strikes(fd, length)) {
        (void)!real_pwrite(fd, bytes, part(length), at);
        _exit(EXIT_CODE);
    }
    return real_pwrite(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    if (count > 0 && strikes(fd, parts[0].iov_len)) {
        (void)!real_pwrite(fd, parts[0].iov_base, part(parts[0].iov_len), at);
        _exit(EXIT_CODE);
    }
    return real_pwritev(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return pwritev(fd, parts, count, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!real_write) start();
    if (strikes(fd, length)) {
        (void)!real_write(fd, bytes, part(length));
        _exit(EXIT_CODE);
    }
    return real_write(fd, bytes, length);
}
