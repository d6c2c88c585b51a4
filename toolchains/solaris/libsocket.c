/* What the library takes from libsocket.so.1, for the linker: names only. */
#define FUNCTION(name)                                                                             \
    void name(void) {                                                                              \
    }

FUNCTION(accept)
FUNCTION(getsockopt)
FUNCTION(recv)
FUNCTION(recvmsg)
FUNCTION(send)
FUNCTION(sendmsg)
