/* What has to do with Java: strings, the members of objects, and the natives of classes. */
#include "arguments.h"
#include "fuzz.h"
#include "io_github_selectors4j_internal_fileobject_JdkMember.h"
#include "io_github_selectors4j_internal_loading_NativeLibrary.h"
#include "io_github_selectors4j_internal_system_Descriptors.h"
#include "io_github_selectors4j_internal_system_DevpollShim.h"
#include "io_github_selectors4j_internal_system_DirectMemory.h"
#include "io_github_selectors4j_internal_system_EpollShim.h"
#include "io_github_selectors4j_internal_system_Errno.h"
#include "io_github_selectors4j_internal_system_IoShim.h"
#include "io_github_selectors4j_internal_system_KqueueShim.h"
#include "io_github_selectors4j_internal_system_PollShim.h"

static jint fuzz_constants(void) {
    switch (take_byte() % 12) {
    case 11:
        return ENTRY(loading_NativeLibrary, mayExist)(env, NULL, take_string()) != 0;
    case 10:
        return ENTRY(system_IoShim, constant)(env, NULL, take_string()) != 0;
    case 0:
        return ENTRY(system_PollShim, constant)(env, NULL, take_string()) != 0;
    case 1:
        return ENTRY(system_EpollShim, constant)(env, NULL, take_string()) != 0;
    case 2:
        return ENTRY(system_DevpollShim, constant)(env, NULL, take_string()) != 0;
    case 3:
        return ENTRY(system_KqueueShim, constant)(env, NULL, take_string()) != 0;
    case 4:
        return ENTRY(system_Errno, number)(env, NULL, take_string());
    case 5:
        return ENTRY(system_Errno, symbol)(env, NULL, take_int()) != NULL;
    case 7:
        return ENTRY(system_Descriptors, constant)(env, NULL, take_string()) != 0;
    case 6:
        return ENTRY(system_Errno, message)(env, NULL, take_int()) == NULL;
    case 8:
        return ENTRY(loading_NativeLibrary, has)(env, NULL, take_string());
    default:
        return ENTRY(loading_NativeLibrary, bind)(env, NULL, take_string(), take_string());
    }
}

static jlong look_up(jobject owner) {
    jlong id = ENTRY(fileobject_JdkMember, lookUp)(env, NULL, owner, take_string(), take_string());
    CHECK(!take_exception() || id == 0);
    return id;
}

static jint fuzz_objects(void) {
    jobject object = take_byte() % 4 == 0 ? NULL : int_array(1);
    jlong field = look_up(object);
    jlong method = look_up(object);
    CHECK((object != NULL && field != 0) ==
          (ENTRY(fileobject_JdkMember, getObject)(env, NULL, object, field) != NULL));
    CHECK_EQUAL(ENTRY(fileobject_JdkMember, getInt)(env, NULL, object, field),
                object != NULL && field != 0 ? 1 : -1);
    ENTRY(fileobject_JdkMember, setInt)(env, NULL, object, field, 0);
    CHECK_EQUAL(ENTRY(fileobject_JdkMember, getInt)(env, NULL, object, field),
                object != NULL && field != 0 ? 0 : -1);
    ENTRY(fileobject_JdkMember, setTrue)(env, NULL, object, field);
    CHECK_EQUAL(ENTRY(fileobject_JdkMember, callInt)(env, NULL, object, method),
                object != NULL && method != 0 ? 1 : -1);
    return ENTRY(system_DirectMemory, address)(env, NULL, object) != 0;
}

driver *const object_drivers[] = {fuzz_constants, fuzz_objects, NULL};
