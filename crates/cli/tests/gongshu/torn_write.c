/* A process that dies in the middle of a write while a test says so: preloaded into a database server of several
 * processes, it lets one write get there in part, and ends the process that made it.
 *
 * FAULT_FOLDER   files below it are watched
 * FAULT_CONTROL  a file of two 64-bit numbers: writes of all processes until the next torn one, 0 for none; how many
 *                were torn
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXIT_CODE 137

static volatile int64_t *control;
static const char *folder;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);

__attribute__((constructor)) static void start(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    folder = getenv("FAULT_FOLDER");
    const char *path = getenv("FAULT_CONTROL");
    int fd = folder && path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    close(fd);
}

/* Whether this write is the one. */
static int strikes(int fd, size_t length) {
    if (!control || control[0] <= 0 || length < 2) return 0;
    struct stat stat;
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t named = readlink(link, path, sizeof path - 1);
    if (named < 0) return 0;
    path[named] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return 0;
    /* Below 0 it has struck; the test sets it anew. */
    if (__atomic_sub_fetch(&control[0], 1, __ATOMIC_RELAXED) != 0) return 0;
    __atomic_add_fetch(&control[1], 1, __ATOMIC_RELAXED);
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
