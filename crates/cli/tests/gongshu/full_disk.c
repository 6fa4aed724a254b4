/* A disk that is full while a test says so: preloaded into a server, it refuses writes that would make a file longer.
 * It is set to 1 while the disk is full; it strikes where a write is refused.
 */
#include "fault.h"
#include <errno.h>
#include <sys/uio.h>

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_ftruncate)(int, off_t);

__attribute__((constructor)) static void start(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    find_control();
}

/* Whether there is no room for a file of this length. */
static int refused(int fd, off_t length) {
    off_t size;
    if (!control || !control[0] || !is_watched(fd, &size) || length <= size) return 0;
    struck();
    errno = ENOSPC;
    return 1;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return refused(fd, at + (off_t)length) ? -1 : real_pwrite(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    off_t length = 0;
    for (int i = 0; i < count; i++) length += (off_t)parts[i].iov_len;
    return refused(fd, at + length) ? -1 : real_pwritev(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return pwritev(fd, parts, count, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!real_write) start();
    if (control && control[0]) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        if (at >= 0 && refused(fd, at + (off_t)length)) return -1;
    }
    return real_write(fd, bytes, length);
}

int ftruncate(int fd, off_t length) { return refused(fd, length) ? -1 : real_ftruncate(fd, length); }

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }
