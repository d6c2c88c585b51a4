/* What reads and writes. */
#include "arguments.h"
#include "fuzz.h"
#include "io_github_selectors4j_internal_system_IoShim.h"

#include <stdint.h>
#include <sys/uio.h>

/* One of the three ways to make a call, or no such way. */
static jint take_way(void) {
    return take_byte() % 5 - 1;
}

/* Reads or writes a part of a buffer, or of none; a length that is not negative fits. */
static jint fuzz_buffer(void) {
    enum { BYTES = 64 };
    const jint way = take_way(), fd = take_descriptor();
    const jint offset = take_byte() % (BYTES + 1), number = take_int();
    const jint length = number < 0 ? number : number % (BYTES - offset + 1);
    const uint8_t choice = take_byte();
    jobject buffer = choice / 2 % 8 == 0 ? NULL : int_array(BYTES / sizeof(jint));
    return choice % 2 == 0
               ? ENTRY(system_IoShim, read)(env, NULL, way, fd, buffer, offset, length)
               : ENTRY(system_IoShim, write)(env, NULL, way, fd, buffer, offset, length);
}

/* Reads or writes pieces that may overlap; a count that is not negative is right. */
static jint fuzz_pieces(void) {
    const jint way = take_way(), fd = take_descriptor();
    const uint8_t choice = take_byte();
    jint count = take_int();
    const int null = comes_with_null(count);
    struct iovec pieces[4];
    char *memory = memory_of_input(UINT8_MAX);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const size_t offset = take_byte();
        pieces[i] = (struct iovec){memory + offset, take_byte() % (UINT8_MAX - offset + 1)};
    }
    if (count >= 0) {
        count %= (jint)(sizeof pieces / sizeof *pieces) + 1;
    }
    const jlong vector = null ? 0 : (jlong)(intptr_t)pieces;
    return choice % 2 == 0 ? ENTRY(system_IoShim, readVector)(env, NULL, way, fd, vector, count)
                           : ENTRY(system_IoShim, writeVector)(env, NULL, way, fd, vector, count);
}

static jint fuzz_io(void) {
    switch (take_byte() % 8) {
    case 0:
    case 1:
        return fuzz_buffer();
    case 2:
    case 3:
        return fuzz_pieces();
    case 4: {
        jint accepted = ENTRY(system_IoShim, accept)(env, NULL, take_descriptor());
        close_if_open(accepted);
        return accepted;
    }
    case 5: {
        jint fd = take_descriptor(), events = take_int(), other = take_descriptor();
        return ENTRY(system_IoShim, poll)(env, NULL, fd, events, other, take_int());
    }
    case 6: {
        jint fd = take_descriptor(); /* options may be negative */
        return ENTRY(system_IoShim, socketOption)(env, NULL, fd, take_int()) != 0;
    }
    default: {
        jlong self = ENTRY(system_IoShim, thread)(env, NULL);
        CHECK(!ENTRY(system_IoShim, findAddress)(env, NULL) && !take_exception());
        return ENTRY(system_IoShim, interrupt)(env, NULL, take_byte() % 2 == 0 ? self : take_int());
    }
    }
}

driver *const io_drivers[] = {fuzz_io, NULL};
