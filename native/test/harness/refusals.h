/* What the library makes of a refusal of Winsock's. */
#ifndef SELECTORS4J_TEST_REFUSALS_H
#define SELECTORS4J_TEST_REFUSALS_H

/* Refuses each call of Winsock once: there is an error, no socket is lost, and all goes on. */
void check_refusals(void);

#endif
