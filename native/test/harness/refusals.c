#include "refusals.h"

#include "imports.h"
#include "shims.h"

#include <windows.h>

/* An error that no shim makes up. */
#define REFUSAL WSAENETDOWN

static int calls_until_refusal;
static const char *refused; /* the function, once it was */
static int open_sockets;

static int refuses(const char *name) {
    if (--calls_until_refusal != 0) {
        return 0;
    }
    refused = name;
    WSASetLastError(REFUSAL);
    return 1;
}

/* A function between the library and the system, which is refused once and otherwise passed on. */
#define REFUSABLE(result, name, parameters, arguments, refusal)                                    \
    static __typeof__(&name) system_##name;                                                        \
    static result WSAAPI refusable_##name parameters {                                             \
        return refuses(#name) ? (refusal) : system_##name arguments;                               \
    }

REFUSABLE(int, WSADuplicateSocketW, (SOCKET s, DWORD process, WSAPROTOCOL_INFOW *info),
          (s, process, info), SOCKET_ERROR)
REFUSABLE(int, WSAPoll, (WSAPOLLFD * fds, ULONG count, int timeout), (fds, count, timeout),
          SOCKET_ERROR)
REFUSABLE(int, bind, (SOCKET s, const struct sockaddr *name, int size), (s, name, size),
          SOCKET_ERROR)
REFUSABLE(int, connect, (SOCKET s, const struct sockaddr *name, int size), (s, name, size),
          SOCKET_ERROR)
REFUSABLE(int, getsockname, (SOCKET s, struct sockaddr *name, int *size), (s, name, size),
          SOCKET_ERROR)
REFUSABLE(int, getsockopt, (SOCKET s, int level, int option, char *value, int *size),
          (s, level, option, value, size), SOCKET_ERROR)
REFUSABLE(int, ioctlsocket, (SOCKET s, long command, u_long *value), (s, command, value),
          SOCKET_ERROR)
REFUSABLE(int, listen, (SOCKET s, int backlog), (s, backlog), SOCKET_ERROR)
REFUSABLE(int, recv, (SOCKET s, char *buffer, int size, int flags), (s, buffer, size, flags),
          SOCKET_ERROR)
REFUSABLE(int, select,
          (int count, fd_set *read, fd_set *write, fd_set *except, const PTIMEVAL timeout),
          (count, read, write, except, timeout), SOCKET_ERROR)
REFUSABLE(int, send, (SOCKET s, const char *buffer, int size, int flags), (s, buffer, size, flags),
          SOCKET_ERROR)
REFUSABLE(int, setsockopt, (SOCKET s, int level, int option, const char *value, int size),
          (s, level, option, value, size), SOCKET_ERROR)
REFUSABLE(BOOL, SetHandleInformation, (HANDLE handle, DWORD mask, DWORD flags),
          (handle, mask, flags), FALSE)

/* Those that make and close sockets keep count of them, too. */
static __typeof__(&WSASocketW) system_WSASocketW;
static __typeof__(&accept) system_accept;
static __typeof__(&closesocket) system_closesocket;

static SOCKET counted(SOCKET made) {
    open_sockets += made != INVALID_SOCKET;
    return made;
}

static SOCKET WSAAPI refusable_WSASocketW(int family, int type, int protocol,
                                          WSAPROTOCOL_INFOW *info, GROUP group, DWORD flags) {
    return refuses("WSASocketW")
               ? INVALID_SOCKET
               : counted(system_WSASocketW(family, type, protocol, info, group, flags));
}

static SOCKET WSAAPI refusable_accept(SOCKET s, struct sockaddr *peer, int *size) {
    return refuses("accept") ? INVALID_SOCKET : counted(system_accept(s, peer, size));
}

/* What is closed is closed, whatever is said of it. */
static int WSAAPI refusable_closesocket(SOCKET s) {
    int result = system_closesocket(s);
    open_sockets -= result == 0;
    return refuses("closesocket") ? SOCKET_ERROR : result;
}

#define ENTRY(name)                                                                                \
    { #name, (void *)refusable_##name, (void **)&system_##name }

static const struct {
    const char *name;
    void *refusable;
    void **system;
} functions[] = {
    ENTRY(WSADuplicateSocketW),
    ENTRY(WSAPoll),
    ENTRY(WSASocketW),
    ENTRY(accept),
    ENTRY(bind),
    ENTRY(closesocket),
    ENTRY(connect),
    ENTRY(getsockname),
    ENTRY(getsockopt),
    ENTRY(ioctlsocket),
    ENTRY(listen),
    ENTRY(recv),
    ENTRY(select),
    ENTRY(send),
    ENTRY(setsockopt),
    ENTRY(SetHandleInformation),
};

/* What can't fail, what fails when the library is loaded, and what answers by failing. */
static const char *const others[] = {"WSAGetLastError", "htonl", "WSAStartup", "getpeername"};

/* A method's result: the refusal, if it met that. Of its own listener it need not tell that it was
 * closed with an error. */
static jint result_of(jint result, const char *refused_before) {
    if (refused == refused_before) {
        CHECK(result >= 0);
    } else if (result >= 0) {
        CHECK(strcmp(refused, "closesocket") == 0);
    } else {
        CHECK_EQUAL(result, -REFUSAL);
    }
    return result;
}

#define RESULT_OF(call) (before = refused, result_of(call, before))

/* Each native method that calls Winsock; a refusal is one method's, and makes no difference to what
 * comes after it. */
static void call_all(void) {
    const char *before;
    jintArray array = int_array(2);
    if (RESULT_OF(NATIVE(Descriptors, pipe)(env, NULL, array)) < 0) {
        CHECK_EQUAL(open_sockets, 0);
        CHECK_EQUAL(NATIVE(Descriptors, pipe)(env, NULL, array), 0);
    }
    const jint reader = element(array, 0), writer = element(array, 1);
    CHECK_EQUAL(open_sockets, 2);
    RESULT_OF(NATIVE(Descriptors, flags)(env, NULL, reader));
    jint duplicate = RESULT_OF(NATIVE(Descriptors, duplicate)(env, NULL, reader));
    CHECK_EQUAL(open_sockets, duplicate < 0 ? 2 : 3);
    if (duplicate >= 0) {
        RESULT_OF(NATIVE(Descriptors, close)(env, NULL, duplicate));
    }
    watch_nothing();
    watch(WRITE, writer);
    RESULT_OF(select_for(0));
    char pollfds[16] = "";
    put_pollfd(pollfds, 0, writer, poll_value("POLLOUT"));
    RESULT_OF(poll_for(pollfds, 1, 0));
    if (RESULT_OF(NATIVE(Wakeup, write)(env, NULL, writer)) < 0) {
        CHECK_EQUAL(NATIVE(Wakeup, write)(env, NULL, writer), 8);
    }
    watch_nothing();
    watch(READ, reader);
    RESULT_OF(select_for(20000 * MILLIS));
    RESULT_OF(NATIVE(Wakeup, read)(env, NULL, reader));
    RESULT_OF(NATIVE(Descriptors, close)(env, NULL, reader));
    RESULT_OF(NATIVE(Descriptors, close)(env, NULL, writer));
    CHECK_EQUAL(open_sockets, 0);
    free_objects();
}

static void check_list(const char *import) {
    int listed = 0;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        listed += strcmp(functions[i].name, import) == 0;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        listed += strcmp(others[i], import) == 0;
    }
    if (listed != 1) {
        fprintf(stderr, "%s\n", import);
    }
    CHECK_EQUAL(listed, 1);
}

void check_refusals(void) {
    enum { FUNCTIONS = sizeof functions / sizeof *functions };
    int met[FUNCTIONS] = {0};
    for_each_import("ws2_32.dll", check_list);
    for (int i = 0; i < FUNCTIONS; i++) {
        *functions[i].system = replace_import(functions[i].name, functions[i].refusable);
    }
    int nth = 1;
    do {
        calls_until_refusal = nth++;
        refused = NULL;
        call_all();
        for (int i = 0; i < FUNCTIONS; i++) {
            met[i] |= refused != NULL && strcmp(functions[i].name, refused) == 0;
        }
    } while (refused != NULL);
    for (int i = 0; i < FUNCTIONS; i++) {
        CHECK(met[i]);
        replace_import(functions[i].name, *functions[i].system);
    }
}
