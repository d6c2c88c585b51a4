/* Strings, and whether those that were lent have been given back. */
#include "functions.h"

#include <string.h>

static _Thread_local int borrowed;

jstring string(const char *chars) {
    struct object *object = new_object();
    object->length = (jsize)strlen(chars);
    object->chars = malloc((size_t)object->length + 1);
    CHECK(object->chars != NULL);
    strcpy(object->chars, chars);
    return (jstring)object;
}

const char *chars_of(jstring string) {
    return ((struct object *)string)->chars;
}

static const char *JNICALL get_string_utf_chars(JNIEnv *e, jstring string, jboolean *is_copy) {
    (void)e;
    CHECK(string != NULL && is_copy == NULL);
    if (throw_if(JNI_FALSE)) {
        return NULL;
    }
    borrowed++;
    return chars_of(string);
}

/* All strings here are in ASCII. */
static jsize JNICALL get_string_length(JNIEnv *e, jstring string) {
    (void)e;
    CHECK(string != NULL);
    return (jsize)strlen(chars_of(string));
}

/* With a zero behind them, which some JVMs leave out. */
static void JNICALL get_string_utf_region(JNIEnv *e, jstring string, jsize start, jsize length,
                                          char *chars) {
    CHECK(start >= 0 && length >= 0 && start + length <= get_string_length(e, string));
    memcpy(chars, chars_of(string) + start, (size_t)length);
    chars[length] = 0;
}

static void JNICALL release_string_utf_chars(JNIEnv *e, jstring string, const char *chars) {
    (void)e;
    CHECK(chars == chars_of(string));
    borrowed--;
}

static jstring JNICALL new_string_utf(JNIEnv *e, const char *chars) {
    (void)e;
    return throw_if(JNI_FALSE) ? NULL : string(chars);
}

static jstring JNICALL new_string(JNIEnv *e, const jchar *chars, jsize length) {
    (void)e;
    char ascii[512] = "";
    CHECK(length < (jsize)sizeof ascii);
    for (jsize i = 0; i < length; i++) {
        ascii[i] = (char)chars[i];
    }
    return throw_if(JNI_FALSE) ? NULL : string(ascii);
}

void check_nothing_borrowed(void) {
    CHECK_EQUAL(borrowed, 0);
}

void fill_strings(struct JNINativeInterface_ *functions) {
    functions->GetStringUTFChars = get_string_utf_chars;
    functions->ReleaseStringUTFChars = release_string_utf_chars;
    functions->GetStringLength = get_string_length;
    functions->GetStringUTFLength = get_string_length;
    functions->GetStringUTFRegion = get_string_utf_region;
    functions->NewStringUTF = new_string_utf;
    functions->NewString = new_string;
}
