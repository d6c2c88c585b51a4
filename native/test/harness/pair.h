/* The pair of sockets that ends a wait on Windows, and strangers who connect to its port. */
#ifndef SELECTORS4J_TEST_PAIR_H
#define SELECTORS4J_TEST_PAIR_H

void pairs_with_no_stranger(void);
void pairs_though_strangers_hang_up(void);
void pairs_while_strangers_keep_trying(void);

#endif
