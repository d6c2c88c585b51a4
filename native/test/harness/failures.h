/* The calls of JNI that a shim makes fail, one after the other. */
#ifndef SELECTORS4J_TEST_FAILURES_H
#define SELECTORS4J_TEST_FAILURES_H

/* Whichever fails, the exception is all that the caller gets; nothing stays borrowed, and what JNI
 * forbids while an exception is pending is not called. */
void check_failures_of_natives(void);

/* Whichever fails in JNI_OnLoad, the library loads; it is bound unless it can't be. */
void check_failures_of_loading(void);

#endif
