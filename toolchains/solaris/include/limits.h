/* limits.h(3head). IOV_MAX is left out: later systems have a higher one. */
#pragma once

#define PIPE_BUF 5120
