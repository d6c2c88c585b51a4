/* What the library makes of a refusal of Winsock's. */
#ifndef SELECTORS4J_TEST_REFUSALS_H
#define SELECTORS4J_TEST_REFUSALS_H

/* Refuses each call of Winsock once, with each error that the library has a name for: the error is
 * told, no socket is lost, and all goes on. */
void check_refusals(void);

/* Without Winsock, the library does not load. */
void check_refusal_to_start(void);

#endif
