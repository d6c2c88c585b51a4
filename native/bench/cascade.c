/* Runs the cascade over a contender's library. */
#include "cascade.h"
#include "bench.h"

#include <dlfcn.h>

struct contender {
    struct cascade cascade;
    void *library;
    void *loop;
    void (*pass)(void *);
    void (*close)(void *);
};

NATIVE(jlong, openCascade)
(JNIEnv *env, jclass type, jstring path, jintArray read_ends, jintArray write_ends) {
    (void)type;
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    (*env)->ReleaseStringUTFChars(env, path, name);
    if (library == NULL) {
        return 0;
    }
    struct contender *contender = calloc(1, sizeof *contender);
    contender->library = library;
    contender->cascade.count = (*env)->GetArrayLength(env, read_ends);
    contender->cascade.read_ends = copy_of(env, read_ends);
    contender->cascade.write_ends = copy_of(env, write_ends);
    void *(*open)(struct cascade *) = dlsym(library, "cascade_open");
    contender->pass = dlsym(library, "cascade_pass");
    contender->close = dlsym(library, "cascade_close");
    contender->loop = open(&contender->cascade);
    return (jlong)(intptr_t)contender;
}

NATIVE(jlong, cascadeTurns)
(JNIEnv *env, jclass type, jlong handle, jint turns, jint active, jint writes) {
    (void)env, (void)type;
    struct contender *contender = (struct contender *)(intptr_t)handle;
    struct cascade *cascade = &contender->cascade;
    int64_t start = now();
    for (int turn = 0; turn < turns; turn++) {
        cascade->fired = cascade->caught = 0;
        cascade->writes = writes;
        for (int i = 0; i < active; i++) {
            cascade_fire(cascade, i * (cascade->count / active));
        }
        do {
            contender->pass(contender->loop);
        } while (cascade->caught != cascade->fired);
        if (cascade->fired != active + writes) {
            return -1;
        }
    }
    return now() - start;
}

NATIVE(void, closeCascade)(JNIEnv *env, jclass type, jlong handle) {
    (void)env, (void)type;
    struct contender *contender = (struct contender *)(intptr_t)handle;
    contender->close(contender->loop);
    dlclose(contender->library);
    free(contender->cascade.read_ends);
    free(contender->cascade.write_ends);
    free(contender);
}
