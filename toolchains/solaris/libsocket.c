/* What the library takes from Solaris' libsocket.so.1, for the linker: names only. */
#define FUNCTION(name)                                                                             \
    void name(void) {                                                                              \
    }

FUNCTION(__xnet_recvmsg)
FUNCTION(__xnet_sendmsg)
FUNCTION(accept)
FUNCTION(getsockopt)
FUNCTION(recv)
FUNCTION(send)
