/* What select and WSAPoll report of sockets in each state that a peer can bring about. */
#ifndef SELECTORS4J_TEST_SOCKETS_H
#define SELECTORS4J_TEST_SOCKETS_H

void select_reports_urgent_data(void);
void select_waits_on_despite_urgent_data(void);
void poll_reports_urgent_data(void);
void urgent_data_in_line_is_normal(void);
void both_report_the_peers_end(void);
void both_report_a_reset(void);
void both_report_a_connection_to_accept(void);
void both_report_datagrams(void);
void select_reports_a_refused_connection_as_writable(void);
void poll_reports_a_refused_connection(void);
void poll_reports_sockets_of_which_none_is_open(void);

#endif
