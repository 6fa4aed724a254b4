/* A disk whose power fails, under a server of several processes (PostgreSQL): preloaded into all of them, it keeps what
 * every unsynced write replaced, whichever process made it and whichever syncs it. At the cut it puts the old bytes back,
 * keeps some sectors of the new ones as a drive's cache might, and no process of that time writes, syncs or reads again.
 * (One process, SQLite: power_cut.c.)
 *
 * FAULT_CONTROL    fault.h; the test sets the number of writes and syncs until the cut; while it is 0, nothing is kept and
 *                  all is durable. A third number counts the cuts: a process of an earlier time is dead.
 * FAULT_FOLDER     files below it are watched
 * POWER_CUT_FOLDER an empty folder of the same file system: for each file with unsynced bytes a second name of it,
 *                  so that it is found however it is renamed, and is still that file when it is removed; and its undo log
 * POWER_CUT_DEAF   set: syncs do nothing, as on a drive that lies
 *
 * Names of files (creation, renaming, removal) are taken as durable at once, and so is what is written by stdio: caches and
 * statistics, which PostgreSQL does not trust after a crash.
 */
#include "fault.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/uio.h>

#define SECTOR 512
#define EXIT_CODE 137
#define PATH 4096

struct undo {
    off_t size, at;
    size_t length;
};

static int64_t born;
/* The process that began the server; its children have its number from it. */
static pid_t first;
static int lock_file = -1, deaf;
static const char *journal;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static ssize_t (*real_preadv)(int, const struct iovec *, int, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_prctl)(int, ...);

static void fail(const char *why) {
    fprintf(stderr, "power_cut_shared: %s\n", why);
    _exit(99);
}

__attribute__((constructor)) static void start(void) {
    if (real_write) return;
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    real_read = dlsym(RTLD_NEXT, "read");
    real_pread = dlsym(RTLD_NEXT, "pread");
    real_preadv = dlsym(RTLD_NEXT, "preadv");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_prctl = dlsym(RTLD_NEXT, "prctl");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_write = dlsym(RTLD_NEXT, "write");
    /* A copy: PostgreSQL writes its title over its environment. */
    const char *folder = getenv("POWER_CUT_FOLDER");
    if (folder) journal = strdup(folder);
    deaf = getenv("POWER_CUT_DEAF") != NULL;
    find_control();
    if (!journal || !control) {
        control = NULL;
        return;
    }
    char path[PATH];
    snprintf(path, sizeof path, "%s/lock", journal);
    born = control[2];
    first = getpid();
    lock_file = open(path, O_RDWR | O_CREAT, 0666);
    if (lock_file < 0) fail("there is no lock");
    /* Whoever starts the server may be another user than the server. */
    (void)!fchmod(lock_file, 0666);
}

/* A process of before the cut is as dead as its machine. Children have the time of their parents. */
static void die_if_dead(void) {
    if (control && control[2] != born) _exit(EXIT_CODE);
}

/* Record locks are of a process, so a child's are its own; each process of PostgreSQL has one thread. */
static void take(void) {
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    while (fcntl(lock_file, F_SETLKW, &all) != 0)
        if (errno != EINTR) fail("the lock can't be taken");
    if (control[2] != born) _exit(EXIT_CODE);
}

static void give(void) {
    struct flock all = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    fcntl(lock_file, F_SETLK, &all);
}

static int is_armed(void) { return control && control[0] > 0; }

static void journal_path(char *path, ino_t inode, const char *kind) {
    snprintf(path, PATH, "%s/%lu.%s", journal, (unsigned long)inode, kind);
}

static off_t size_of(int fd) {
    struct stat stat;
    if (fstat(fd, &stat) != 0) fail("a file has no size");
    return stat.st_size;
}

static void append(int log, const void *bytes, size_t length) {
    if (real_write(log, bytes, length) != (ssize_t)length) fail("an undo log can't be written");
}

/* Keeps what stands in a range before it changes. The lock is held. */
static void remember(int fd, off_t at, size_t length) {
    struct stat stat;
    if (fstat(fd, &stat) != 0) fail("a file can't be looked at");
    if (stat.st_nlink == 0) return;
    char named[PATH], log_path[PATH], own[64], own_path[PATH];
    journal_path(named, stat.st_ino, "file");
    journal_path(log_path, stat.st_ino, "undo");
    snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
    ssize_t end = readlink(own, own_path, sizeof own_path - 1);
    if (end < 0) fail("a file has no name");
    own_path[end] = 0;
    if (link(own_path, named) != 0 && errno != EEXIST) fail("a file gets no second name");
    int reader = open(named, O_RDONLY | O_CLOEXEC), log = open(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (reader < 0 || log < 0) fail("there is no undo log");
    size_t there = at >= stat.st_size ? 0 : (size_t)(stat.st_size - at) < length ? (size_t)(stat.st_size - at) : length;
    struct undo undo = {stat.st_size, at, there};
    char *bytes = malloc(there + 1);
    if (!bytes || real_pread(reader, bytes, there, at) != (ssize_t)there) fail("old bytes can't be read");
    append(log, &undo, sizeof undo);
    append(log, bytes, there);
    free(bytes);
    close(reader);
    close(log);
}

static void forget(ino_t inode) {
    char path[PATH];
    journal_path(path, inode, "undo");
    unlink(path);
    journal_path(path, inode, "file");
    unlink(path);
}

static char *whole(int fd, off_t *size) {
    *size = size_of(fd);
    char *bytes = malloc((size_t)*size + 1);
    if (!bytes || real_pread(fd, bytes, (size_t)*size, 0) != *size) fail("a file can't be read whole");
    return bytes;
}

static void put(int fd, const char *bytes, size_t length, off_t at) {
    if (real_pwrite(fd, bytes, length, at) != (ssize_t)length) fail("bytes can't be put back");
}

/* From the newest to the oldest. */
static void go_back(int fd, char *undo, off_t from, off_t end) {
    if (from >= end) return;
    struct undo one;
    memcpy(&one, undo + from, sizeof one);
    off_t next = from + (off_t)sizeof one + (off_t)one.length;
    go_back(fd, undo, next, end);
    put(fd, undo + from + sizeof one, one.length, one.at);
    if (real_ftruncate(fd, one.size) != 0) fail("no way back to the size");
}

/* A file is as it was synced last, but for some sectors: `kept` of eight survive. */
static void lose(ino_t inode, unsigned kept, unsigned *seed) {
    char path[PATH];
    journal_path(path, inode, "file");
    int fd = open(path, O_RDWR | O_CLOEXEC);
    journal_path(path, inode, "undo");
    int log = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || log < 0) fail("a journal is not whole");
    off_t size, length;
    char *now = whole(fd, &size), *undo = whole(log, &length);
    go_back(fd, undo, 0, length);
    for (off_t at = 0; at < size; at += SECTOR) {
        size_t some = size - at < SECTOR ? (size_t)(size - at) : SECTOR;
        if ((unsigned)rand_r(seed) % 8 < kept) put(fd, now + at, some, at);
    }
    free(now);
    free(undo);
    close(fd);
    close(log);
    forget(inode);
}

/* The lock is held, and is never given back. */
static void cut(void) {
    static const unsigned kept[] = {0, 4, 7};
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    /* The first process dies at the next thing it does, and whoever dies with it would leave the bytes half gone. */
    real_prctl(PR_SET_PDEATHSIG, 0);
    unsigned seed = (unsigned)control[2];
    unsigned share = kept[(unsigned)rand_r(&seed) % 3];
    /* First nobody goes on, then the bytes go. */
    __atomic_add_fetch(&control[2], 1, __ATOMIC_SEQ_CST);
    DIR *files = opendir(journal);
    if (!files) fail("there is no journal");
    for (struct dirent *entry; (entry = readdir(files));) {
        const char *kind = strchr(entry->d_name, '.');
        if (kind && strcmp(kind, ".undo") == 0) lose(strtoul(entry->d_name, NULL, 10), share, &seed);
    }
    struck();
    if (getppid() == first) kill(first, SIGKILL);
    _exit(EXIT_CODE);
}

/* Who waits for another that is dead would wait for ever: all children end with the first process. */
int prctl(int option, ...) {
    unsigned long rest[4];
    va_list all;
    va_start(all, option);
    for (int i = 0; i < 4; i++) rest[i] = va_arg(all, unsigned long);
    va_end(all);
    if (control && option == PR_SET_PDEATHSIG) rest[0] = SIGKILL;
    return real_prctl(option, rest[0], rest[1], rest[2], rest[3]);
}

/* Counts a write or sync; at the last one the power fails. The lock is held. */
static void count(void) {
    if (__atomic_sub_fetch(&control[0], 1, __ATOMIC_SEQ_CST) == 0) cut();
}

/* Begins a change of a range; gives whether the lock is held. */
static int begin(int fd, off_t at, size_t length) {
    off_t size;
    if (!real_write) start();
    die_if_dead();
    if (!is_armed() || !is_watched(fd, &size)) return 0;
    take();
    if (!is_armed()) {
        give();
        return 0;
    }
    count();
    remember(fd, at, length);
    return 1;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    int held = begin(fd, at, length);
    ssize_t written = real_pwrite(fd, bytes, length, at);
    if (held) give();
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    int held = begin(fd, at, length);
    ssize_t written = real_pwritev(fd, parts, count, at);
    if (held) give();
    return written;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return pwritev(fd, parts, count, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!real_write) start();
    off_t at = 0, size;
    if (is_armed() && is_watched(fd, &size)) at = fcntl(fd, F_GETFL) & O_APPEND ? size : lseek(fd, 0, SEEK_CUR);
    int held = begin(fd, at, length);
    ssize_t written = real_write(fd, bytes, length);
    if (held) give();
    return written;
}

int ftruncate(int fd, off_t size) {
    off_t before = 0;
    if (is_armed()) before = size_of(fd);
    int held = begin(fd, size, before > size ? (size_t)(before - size) : 0);
    int done = real_ftruncate(fd, size);
    if (held) give();
    return done;
}

int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int posix_fallocate(int fd, off_t at, off_t length) {
    int held = begin(fd, at + length, 0);
    int done = real_fallocate(fd, at, length);
    if (held) give();
    return done;
}

int posix_fallocate64(int fd, off_t at, off_t length) { return posix_fallocate(fd, at, length); }

static int sync_with(int (*real)(int), int fd) {
    off_t size;
    die_if_dead();
    if (!control || !is_watched(fd, &size)) return real(fd);
    /* Once it is not set any more, what it has kept until then is still forgotten: no later cut undoes what is synced. */
    take();
    if (is_armed()) count();
    struct stat stat;
    int done = real(fd);
    if (done == 0 && !deaf && fstat(fd, &stat) == 0) forget(stat.st_ino);
    give();
    return done;
}

int fsync(int fd) { return sync_with(real_fsync, fd); }

int fdatasync(int fd) { return sync_with(real_fdatasync, fd); }

/* What is read while the bytes go is told to nobody. */
ssize_t read(int fd, void *bytes, size_t length) {
    if (!real_write) start();
    ssize_t got = real_read(fd, bytes, length);
    die_if_dead();
    return got;
}

ssize_t pread(int fd, void *bytes, size_t length, off_t at) {
    ssize_t got = real_pread(fd, bytes, length, at);
    die_if_dead();
    return got;
}

ssize_t pread64(int fd, void *bytes, size_t length, off_t at) { return pread(fd, bytes, length, at); }

ssize_t preadv(int fd, const struct iovec *parts, int count, off_t at) {
    ssize_t got = real_preadv(fd, parts, count, at);
    die_if_dead();
    return got;
}

ssize_t preadv64(int fd, const struct iovec *parts, int count, off_t at) { return preadv(fd, parts, count, at); }
