/* Who opened what. */
#include "interposed.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define DESCRIPTORS 65536
#define VIOLATIONS 64

struct entry {
    enum kind kind;
    int users;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry entries[DESCRIPTORS];
static char violations[VIOLATIONS][128];
static size_t violation_count;

/* One for all that are out of range; it is never opened. */
static struct entry *entry_of(int fd) {
    static struct entry none;
    return fd >= 0 && fd < DESCRIPTORS ? &entries[fd] : &none;
}

static void record(const char *call, int fd, const char *why) {
    if (violation_count < VIOLATIONS) {
        snprintf(violations[violation_count++], sizeof *violations, "%s of fd %d, which %s", call,
                 fd, why);
    }
}

void ledger_violation(const char *call, int fd, const char *why) {
    pthread_mutex_lock(&lock);
    record(call, fd, why);
    pthread_mutex_unlock(&lock);
}

void ledger_opened(int fd, enum kind kind) {
    pthread_mutex_lock(&lock);
    struct entry *entry = entry_of(fd);
    if (fd < 0 || fd >= DESCRIPTORS) {
        record("opening", fd, "is beyond the ledger");
    } else if (entry->kind != KIND_NONE) {
        record("opening", fd, "somebody else closed for the library");
    }
    entry->kind = fd >= 0 && fd < DESCRIPTORS ? kind : KIND_NONE;
    pthread_mutex_unlock(&lock);
}

void ledger_closing(int fd) {
    pthread_mutex_lock(&lock);
    struct entry *entry = entry_of(fd);
    if (entry->kind == KIND_NONE) {
        record("close", fd, "is not the library's");
    } else if (entry->kind == KIND_LENT) {
        record("close", fd, "is lent, and its owner's to close");
        pthread_mutex_unlock(&lock);
        return;
    } else if (entry->users > 0) {
        record("close", fd, "another thread's system call uses");
    }
    entry->kind = KIND_NONE;
    pthread_mutex_unlock(&lock);
}

void ledger_taken_back(int fd) {
    pthread_mutex_lock(&lock);
    struct entry *entry = entry_of(fd);
    if (entry->kind != KIND_LENT) {
        record("closing", fd, "is not lent any more");
    } else if (entry->users > 0) {
        record("closing", fd, "a system call of the library uses");
    }
    entry->kind = KIND_NONE;
    pthread_mutex_unlock(&lock);
}

enum kind ledger_kind(int fd) {
    pthread_mutex_lock(&lock);
    enum kind kind = entry_of(fd)->kind;
    pthread_mutex_unlock(&lock);
    return kind;
}

bool ledger_use(enum call call, int fd, enum kind kind, enum kind or_kind) {
    pthread_mutex_lock(&lock);
    struct entry *entry = entry_of(fd);
    bool ours = entry->kind == kind || entry->kind == or_kind;
    if (ours) {
        entry->users++;
    } else {
        record(call_names[call], fd,
               entry->kind == KIND_NONE ? "is not the library's" : "is not meant for that");
    }
    pthread_mutex_unlock(&lock);
    return ours;
}

bool ledger_use_for_io(enum call call, int fd) {
    static const enum kind kinds[] = {KIND_ACCEPTED, KIND_ADOPTED, KIND_DUPLICATE,
                                      KIND_EVENTFD,  KIND_LENT,    KIND_PIPE};
    enum kind kind = ledger_kind(fd);
    size_t i = 0;
    while (i < sizeof kinds / sizeof *kinds && kinds[i] != kind) {
        i++;
    }
    return ledger_use(call, fd, i < sizeof kinds / sizeof *kinds ? kind : KIND_PIPE, KIND_EVENTFD);
}

bool ledger_use_if_wakeup(int fd) {
    pthread_mutex_lock(&lock);
    struct entry *entry = entry_of(fd);
    bool wakeup = entry->kind == KIND_EVENTFD || entry->kind == KIND_PIPE;
    if (wakeup) {
        entry->users++;
    }
    pthread_mutex_unlock(&lock);
    return wakeup;
}

void ledger_release(int fd) {
    pthread_mutex_lock(&lock);
    entry_of(fd)->users--;
    pthread_mutex_unlock(&lock);
}

size_t ledger_list(int *fds, size_t room) {
    size_t count = 0;
    pthread_mutex_lock(&lock);
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        if (entries[fd].kind != KIND_NONE) {
            if (count < room) {
                fds[count] = fd;
            }
            count++;
        }
    }
    pthread_mutex_unlock(&lock);
    return count;
}

bool ledger_take_violation(char *text, size_t size) {
    pthread_mutex_lock(&lock);
    bool any = violation_count > 0;
    if (any) {
        snprintf(text, size, "%s", violations[0]);
        violation_count--;
        memmove(violations[0], violations[1], violation_count * sizeof *violations);
    }
    pthread_mutex_unlock(&lock);
    return any;
}
