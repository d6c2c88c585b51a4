/* The library's loading, by the system. */
#include "jvm.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#include <time.h>
#endif

#ifdef _WIN32
static HMODULE library;

static void open_library(const char *path) {
    library = LoadLibraryA(path);
    if (library == NULL) {
        printf("LoadLibrary(%s): error %lu\n", path, GetLastError());
        exit(1);
    }
}

void *exported(const char *name) {
    void *function = (void *)GetProcAddress(library, name);
    CHECK(function != NULL);
    return function;
}

double seconds(void) {
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart / (double)frequency.QuadPart;
}
#else
static void *library;

static void open_library(const char *path) {
    library = dlopen(path, RTLD_NOW);
    if (library == NULL) {
        printf("%s\n", dlerror());
        exit(1);
    }
}

void *exported(const char *name) {
    void *function = dlsym(library, name);
    CHECK(function != NULL);
    return function;
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
#endif

void load_library(const char *path) {
    open_library(path);
    make_environment();
    registered = 0;
    CHECK_EQUAL(load_from(LIBRARY_CLASS), JNI_VERSION_1_8);
    CHECK_EQUAL(registered, 1);
}

int run_tests(int argc, char **argv, test_function *const tests[], const char *const names[],
              int count) {
    CHECK(argc == 2);
    setvbuf(stdout, NULL, _IONBF, 0);
    load_library(argv[1]);
    for (int i = 0; i < count; i++) {
        printf("%s\n", names[i]);
        tests[i]();
        check_nothing_borrowed();
        CHECK(!take_exception());
        free_objects();
    }
    printf("%d passed, 0 failed\n", count);
    return 0;
}
