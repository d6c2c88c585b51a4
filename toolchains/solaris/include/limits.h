/* limits.h(3head). */
#pragma once

#define IOV_MAX 16
#define PIPE_BUF 5120
