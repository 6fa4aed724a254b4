/* What the faults that a test sets while a server runs have in common.
 *
 * FAULT_CONTROL  a file of three 64-bit numbers: what the test sets, 0 for no fault; how often it struck; one of the fault's own
 * FAULT_FOLDER   files below it are watched, where the fault is of files
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
#include <unistd.h>

static volatile int64_t *control;

static inline void find_control(void) {
    const char *path = getenv("FAULT_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(NULL, 24, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    close(fd);
}

static inline void struck(void) { __atomic_add_fetch(&control[1], 1, __ATOMIC_RELAXED); }

/* Whether a regular file below the folder is behind a descriptor; its size with that. */
static inline int is_watched(int fd, off_t *size) {
    const char *folder = getenv("FAULT_FOLDER");
    struct stat stat;
    if (!folder || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) return 0;
    *size = stat.st_size;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t named = readlink(link, path, sizeof path - 1);
    if (named < 0) return 0;
    path[named] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}
