/* Objects, all of which have a length, and arrays of numbers, which are direct buffers as well. */
#include "functions.h"

#include <string.h>

/* As local references, each thread's own. */
static _Thread_local struct object *objects;

struct object *new_object(void) {
    struct object *object = calloc(1, sizeof *object);
    CHECK(object != NULL);
    object->next = objects;
    objects = object;
    return object;
}

void free_objects(void) {
    while (objects != NULL) {
        struct object *next = objects->next;
        free(objects->chars);
        free(objects->ints);
        free(objects);
        objects = next;
    }
}

jintArray int_array(jsize length) {
    struct object *object = new_object();
    object->length = length;
    object->ints = calloc((size_t)length, sizeof(jint));
    CHECK(object->ints != NULL);
    return (jintArray)object;
}

jint element(jintArray array, jsize index) {
    return ((struct object *)array)->ints[index];
}

static jsize JNICALL get_array_length(JNIEnv *e, jarray array) {
    (void)e;
    enter();
    return ((struct object *)array)->length;
}

static void JNICALL set_int_array_region(JNIEnv *e, jintArray array, jsize start, jsize length,
                                         const jint *from) {
    (void)e;
    enter();
    struct object *object = (struct object *)array;
    CHECK(start >= 0 && length >= 0 && start + length <= object->length);
    memcpy(object->ints + start, from, (size_t)length * sizeof(jint));
}

static void *JNICALL get_direct_buffer_address(JNIEnv *e, jobject buffer) {
    (void)e;
    enter();
    CHECK(buffer != NULL);
    return ((struct object *)buffer)->ints;
}

static void JNICALL delete_local_ref(JNIEnv *e, jobject object) {
    (void)e, (void)object;
}

void fill_objects(struct JNINativeInterface_ *functions) {
    functions->GetArrayLength = get_array_length;
    functions->SetIntArrayRegion = set_int_array_region;
    functions->GetDirectBufferAddress = get_direct_buffer_address;
    functions->DeleteLocalRef = delete_local_ref;
}
