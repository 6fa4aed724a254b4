/* A disk that is full while a test says so: preloaded into a server, it refuses writes that would make a file longer.
 *
 * FAULT_FOLDER   files below it are watched
 * FAULT_CONTROL  a file of two 64-bit numbers: other than 0 while the disk is full; how many writes were refused
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static volatile int64_t *control;
static const char *folder;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_ftruncate)(int, off_t);

__attribute__((constructor)) static void start(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    folder = getenv("FAULT_FOLDER");
    const char *path = getenv("FAULT_CONTROL");
    int fd = folder && path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    close(fd);
}

/* Whether there is no room for a file of this length. */
static int refused(int fd, off_t length) {
    if (!control || !control[0]) return 0;
    struct stat stat;
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) || length <= stat.st_size) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t named = readlink(link, path, sizeof path - 1);
    if (named < 0) return 0;
    path[named] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return 0;
    __atomic_add_fetch(&control[1], 1, __ATOMIC_RELAXED);
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
