/* What the library imports on Windows, to come between it and the system. */
#ifndef SELECTORS4J_TEST_IMPORTS_H
#define SELECTORS4J_TEST_IMPORTS_H

/* Has the library call another function in place of the one that it imports by this name, which is
 * returned. */
void *replace_import(const char *name, void *replacement);

#endif
