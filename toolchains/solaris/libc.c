/* What the library takes from Solaris' libc.so.1, for the linker: names only. */
#define FUNCTION(name)                                                                             \
    void name(void) {                                                                              \
    }

FUNCTION(___errno)
FUNCTION(close)
FUNCTION(fcntl)
FUNCTION(fstat)
FUNCTION(getrlimit)
FUNCTION(ioctl)
FUNCTION(memcpy)
FUNCTION(memmove)
FUNCTION(open)
FUNCTION(pipe)
FUNCTION(poll)
FUNCTION(pselect)
FUNCTION(pwrite)
FUNCTION(read)
FUNCTION(strchr)
FUNCTION(strcmp)
FUNCTION(strcpy)
FUNCTION(strerror)
FUNCTION(strlen)
FUNCTION(strncmp)
FUNCTION(write)
