/* stdlib.h(3head). */
#pragma once

int abs(int number);
