/* What makes, duplicates, closes or asks about descriptors. */
#include "arguments.h"
#include "fuzz.h"
#include "io_github_selectors4j_internal_selecting_Wakeup.h"
#include "io_github_selectors4j_internal_system_Descriptors.h"

static jint fuzz_descriptors(void) {
    switch (take_byte() % 11) {
    case 0:
        return ENTRY(system_Descriptors, flags)(env, NULL, take_int());
    case 1: {
        jint duplicate = ENTRY(system_Descriptors, duplicate)(env, NULL, take_int());
        close_if_open(duplicate);
        return duplicate;
    }
    case 2:
        return ENTRY(system_Descriptors, close)(env, NULL, take_spare_descriptor());
    case 3: {
        jintArray ends = take_array();
        jint made = ENTRY(system_Descriptors, pipe)(env, NULL, ends);
        for (jsize end = 0; made == 0 && end < 2; end++) {
            close_if_open(element(ends, end));
        }
        return made;
    }
    case 4:
        return ENTRY(selecting_Wakeup, write)(env, NULL, take_descriptor());
    case 5:
        return ENTRY(selecting_Wakeup, read)(env, NULL, take_descriptor());
    case 6:
        return ENTRY(system_Descriptors, mode)(env, NULL, take_int());
    case 7:
        return ENTRY(system_Descriptors, limit)(env, NULL);
    case 8: {
        jint pidfd = ENTRY(system_Descriptors, pidfd)(env, NULL, take_int());
        close_if_open(pidfd);
        return pidfd;
    }
    case 9:
        return (jint)ENTRY(system_Descriptors, socketInode)(env, NULL, take_int());
    default: {
        jint eventfd = ENTRY(selecting_Wakeup, eventfd)(env, NULL);
        close_if_open(eventfd);
        return eventfd;
    }
    }
}

driver *const descriptor_drivers[] = {fuzz_descriptors, NULL};
