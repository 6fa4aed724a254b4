/* A disk whose power fails, for tests: preloaded into a server, it remembers what every unsynced write replaced. After a
 * given number of writes and syncs it puts the old bytes back, keeps some sectors of the new ones as a drive's cache
 * might, and ends the process. What was synced stays.
 *
 * POWER_CUT_FOLDER  files below it are watched (SQLite's shared memory is not: it does not outlive a power cut)
 * POWER_CUT_AFTER   writes and syncs until the cut
 * POWER_CUT_SEED    decides which sectors survive
 * POWER_CUT_TORN    set: all before the last write is on the disk, synced or not, and of that write its first part
 * POWER_CUT_DEAF    set: syncs do nothing, as on a drive that lies
 *
 * Names of files (creation, renaming, removal) are taken as durable at once.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 1024
#define SECTOR 512
#define EXIT_CODE 137

struct undo {
    struct undo *before;
    off_t size, at;
    size_t length;
    char bytes[];
};

/* `held` is a descriptor of our own, never closed: closing one would drop the process's locks on the file. */
struct file {
    dev_t device;
    ino_t inode;
    int held;
    struct undo *undo;
};

static struct file files[FILES_MAX];
static int files_count;
static long operations, cut_after = -1;
static unsigned seed;
static int deaf, torn;
static const char *folder;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void start(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    folder = getenv("POWER_CUT_FOLDER");
    const char *after = getenv("POWER_CUT_AFTER"), *number = getenv("POWER_CUT_SEED");
    if (folder && after) cut_after = atol(after);
    if (number) seed = (unsigned)atol(number);
    deaf = getenv("POWER_CUT_DEAF") != NULL;
    torn = getenv("POWER_CUT_TORN") != NULL;
}

static void fail(const char *why) {
    fprintf(stderr, "power_cut: %s\n", why);
    _exit(99);
}

/* The watched file behind a descriptor, or none. The lock is held. */
static struct file *watched(int fd) {
    struct stat stat;
    if (cut_after < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) return NULL;
    for (int i = 0; i < files_count; i++)
        if (files[i].device == stat.st_dev && files[i].inode == stat.st_ino) return &files[i];
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return NULL;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return NULL;
    if (files_count == FILES_MAX) fail("too many files");
    int held = open(link, O_RDWR | O_CLOEXEC);
    if (held < 0) fail("a written file can't be opened again");
    files[files_count] = (struct file){stat.st_dev, stat.st_ino, held, NULL};
    return &files[files_count++];
}

static off_t size_of(int fd) {
    struct stat stat;
    if (fstat(fd, &stat) != 0) fail("a file has no size");
    return stat.st_size;
}

/* Keeps what stands in a range before it changes. */
static void remember(struct file *file, off_t at, size_t length) {
    off_t size = size_of(file->held);
    size_t there = at >= size ? 0 : (size_t)(size - at) < length ? (size_t)(size - at) : length;
    struct undo *undo = malloc(sizeof *undo + there);
    if (!undo) fail("out of memory");
    *undo = (struct undo){file->undo, size, at, there};
    if (there && pread(file->held, undo->bytes, there, at) != (ssize_t)there) fail("old bytes can't be read");
    file->undo = undo;
}

static void forget(struct file *file) {
    while (file->undo) {
        struct undo *undo = file->undo;
        file->undo = undo->before;
        free(undo);
    }
}

/* Back to the last sync, but for some sectors: `kept` of eight survive. */
static void lose(struct file *file, unsigned kept) {
    off_t size = size_of(file->held);
    char *now = malloc((size_t)size + 1);
    if (!now || pread(file->held, now, (size_t)size, 0) != size) fail("new bytes can't be read");
    for (struct undo *undo = file->undo; undo; undo = undo->before) {
        if (real_pwrite(file->held, undo->bytes, undo->length, undo->at) != (ssize_t)undo->length) fail("no way back");
        if (real_ftruncate(file->held, undo->size) != 0) fail("no way back to the size");
    }
    for (off_t at = 0; at < size; at += SECTOR) {
        size_t length = size - at < SECTOR ? (size_t)(size - at) : SECTOR;
        if ((unsigned)rand_r(&seed) % 8 >= kept) continue;
        if (real_pwrite(file->held, now + at, length, at) != (ssize_t)length) fail("a sector can't be kept");
    }
}

/* Counts an operation; at the last one the power fails. The lock is held, so that nothing is written meanwhile. */
static void count(void) {
    if (++operations < cut_after) return;
    if (torn) _exit(EXIT_CODE);
    static const unsigned kept[] = {0, 4, 7};
    unsigned share = kept[(unsigned)rand_r(&seed) % 3];
    for (int i = 0; i < files_count; i++)
        if (files[i].undo) lose(&files[i], share);
    _exit(EXIT_CODE);
}

/* The power fails while this write is under way: any number of its first bytes get there. */
static void tear(struct file *file, const void *bytes, size_t length, off_t at) {
    if (!torn || operations + 1 < cut_after || length == 0) return;
    size_t part = (size_t)rand_r(&seed) % length;
    if (part && real_pwrite(file->held, bytes, part, at) != (ssize_t)part) fail("a part can't be written");
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    if (file) {
        tear(file, bytes, length, at);
        count();
        remember(file, at, length);
    }
    ssize_t written = real_pwrite(fd, bytes, length, at);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!real_write) start();
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    if (file) {
        off_t at = fcntl(fd, F_GETFL) & O_APPEND ? size_of(fd) : lseek(fd, 0, SEEK_CUR);
        tear(file, bytes, length, at);
        count();
        remember(file, at, length);
    }
    ssize_t written = real_write(fd, bytes, length);
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate(int fd, off_t size) {
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    if (file) {
        count();
        off_t before = size_of(fd);
        remember(file, size, before > size ? (size_t)(before - size) : 0);
    }
    int done = real_ftruncate(fd, size);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

static int sync_with(int (*real)(int), int fd) {
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    if (file) count();
    int done = real(fd);
    if (file && done == 0 && !deaf) forget(file);
    pthread_mutex_unlock(&lock);
    return done;
}

int fsync(int fd) { return sync_with(real_fsync, fd); }

int fdatasync(int fd) { return sync_with(real_fdatasync, fd); }
