/* What the library imports on Windows, to come between it and the system. */
#ifndef SELECTORS4J_TEST_IMPORTS_H
#define SELECTORS4J_TEST_IMPORTS_H

/* Has the library call another function in place of the one that it imports by this name, which is
 * returned. */
void *replace_import(const char *name, void *replacement);

/* Calls a function with the name of each function that the library imports from another. */
void for_each_import(const char *from, void (*function)(const char *name));

#endif
