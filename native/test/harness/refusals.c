#include "refusals.h"

#include "imports.h"
#include "shims.h"

#include <windows.h>

static jint refusal; /* the error */
static int calls_until_refusal;
static const char *refused; /* the function, once it was */
static int open_sockets;

static int refuses(const char *name) {
    if (--calls_until_refusal != 0) {
        return 0;
    }
    refused = name;
    WSASetLastError(refusal);
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
REFUSABLE(int, WSARecv,
          (SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD done, LPDWORD flags,
           LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE completed),
          (s, buffers, count, done, flags, overlapped, completed), SOCKET_ERROR)
REFUSABLE(int, WSASend,
          (SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD done, DWORD flags,
           LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE completed),
          (s, buffers, count, done, flags, overlapped, completed), SOCKET_ERROR)
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
    ENTRY(WSARecv),
    ENTRY(WSASend),
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

/* What can't fail, what is refused elsewhere, and what answers by failing. */
static const char *const others[] = {"WSAGetLastError", "htonl", "WSAStartup", "getpeername"};

/* The same of the system's: what the shims call, and what only the compiler's start-up code does.
 */
static const char *const others_of_system[] = {
    "FormatMessageW",
    "GetCurrentProcessId",
    "GetTickCount64",
    "Sleep",
    "DeleteCriticalSection",
    "EnterCriticalSection",
    "FreeLibrary",
    "GetLastError",
    "GetModuleHandleA",
    "GetProcAddress",
    "InitializeCriticalSection",
    "LeaveCriticalSection",
    "LoadLibraryA",
    "TlsGetValue",
    "VirtualProtect",
    "VirtualQuery",
};

/* A method's result: the refusal, if it met that. */
static jint result_of(jint result, const char *refused_before) {
    if (refused == refused_before) {
        CHECK(result >= 0);
    } else {
        CHECK_EQUAL(result, -refusal);
    }
    return result;
}

#define RESULT_OF(call) (before = refused, result_of(call, before))

/* Whether there is a pair all the same: its listener need not be closed without an error, and a
 * connection that was reset is a stranger's. */
static int pair_bears_refusal(void) {
    return refused != NULL && (strcmp(refused, "closesocket") == 0 ||
                               (strcmp(refused, "accept") == 0 && refusal == WSAECONNRESET));
}

/* Each native method that calls Winsock; a refusal is one method's, and makes no difference to what
 * comes after it. */
static void call_all(void) {
    const char *before;
    jintArray array = int_array(2);
    const jint made = NATIVE(system_Descriptors, pipe)(env, NULL, array);
    CHECK_EQUAL(made, refused == NULL || pair_bears_refusal() ? 0 : -refusal);
    if (made < 0) {
        CHECK_EQUAL(open_sockets, 0);
        CHECK_EQUAL(NATIVE(system_Descriptors, pipe)(env, NULL, array), 0);
    }
    const jint reader = element(array, 0), writer = element(array, 1);
    CHECK_EQUAL(open_sockets, 2);
    RESULT_OF(NATIVE(system_Descriptors, flags)(env, NULL, reader));
    jint duplicate = RESULT_OF(NATIVE(system_Descriptors, duplicate)(env, NULL, reader));
    CHECK_EQUAL(open_sockets, duplicate < 0 ? 2 : 3);
    if (duplicate >= 0) {
        RESULT_OF(NATIVE(system_Descriptors, close)(env, NULL, duplicate));
    }
    watch_nothing();
    watch(WRITE, writer);
    RESULT_OF(select_for(0));
    char pollfds[16] = "";
    put_pollfd(pollfds, 0, writer, poll_value("POLLOUT"));
    RESULT_OF(poll_for(pollfds, 1, 0));
    if (RESULT_OF(NATIVE(selecting_Wakeup, write)(env, NULL, writer)) < 0) {
        CHECK_EQUAL(NATIVE(selecting_Wakeup, write)(env, NULL, writer), 8);
    }
    watch_nothing();
    watch(READ, reader);
    RESULT_OF(select_for(20000 * MILLIS));
    RESULT_OF(NATIVE(selecting_Wakeup, read)(env, NULL, reader));
    char bytes[8] = "", vector[2 * 16] = "";
    put_piece(vector, 0, bytes);
    put_piece(vector, 1, bytes + 4);
    const jlong pieces = (jlong)(intptr_t)vector;
    if (RESULT_OF(NATIVE(system_IoShim, writeVector)(env, NULL, 0, writer, pieces, 2)) < 0) {
        CHECK_EQUAL(NATIVE(system_IoShim, writeVector)(env, NULL, 0, writer, pieces, 2), 8);
    }
    do {
        watch_nothing();
        watch(READ, reader);
    } while (select_for(20000 * MILLIS) < 0);
    RESULT_OF(NATIVE(system_IoShim, readVector)(env, NULL, 0, reader, pieces, 2));
    RESULT_OF(NATIVE(system_Descriptors, close)(env, NULL, reader));
    RESULT_OF(NATIVE(system_Descriptors, close)(env, NULL, writer));
    CHECK_EQUAL(open_sockets, 0);
    free_objects();
}

static int contains(const char *const names[], size_t count, const char *name) {
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0) {
        i++;
    }
    return i < count;
}

static void check_list(const char *import, const char *const unrefused[], size_t count) {
    int refusable = 0;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        refusable |= strcmp(functions[i].name, import) == 0;
    }
    if (refusable + contains(unrefused, count, import) != 1) {
        printf("%s is not refused\n", import);
        exit(1);
    }
}

static void check_list_of_winsock(const char *import) {
    check_list(import, others, sizeof others / sizeof *others);
}

static void check_list_of_system(const char *import) {
    check_list(import, others_of_system, sizeof others_of_system / sizeof *others_of_system);
}

/* Notes which functions were refused. */
static void refuse_each_call(int met[]) {
    int nth = 1;
    do {
        calls_until_refusal = nth++;
        refused = NULL;
        call_all();
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
            met[i] |= refused != NULL && strcmp(functions[i].name, refused) == 0;
        }
    } while (refused != NULL);
}

void check_refusals(void) {
    enum { FUNCTIONS = sizeof functions / sizeof *functions };
    for_each_import("ws2_32.dll", check_list_of_winsock);
    for_each_import("kernel32.dll", check_list_of_system);
    for (int i = 0; i < FUNCTIONS; i++) {
        *functions[i].system = replace_import(functions[i].name, functions[i].refusable);
    }
    int errors = 0;
    for (refusal = WSABASEERR; refusal < WSABASEERR + 1000; refusal++) {
        if (NATIVE(system_Errno, symbol)(env, NULL, refusal) != NULL) {
            int met[FUNCTIONS] = {0};
            refuse_each_call(met);
            for (int i = 0; i < FUNCTIONS; i++) {
                CHECK(met[i]);
            }
            errors++;
        }
    }
    CHECK(errors > 20);
    for (int i = 0; i < FUNCTIONS; i++) {
        replace_import(functions[i].name, *functions[i].system);
    }
}

static int WSAAPI refuse_to_start(WORD version, WSADATA *data) {
    (void)version, (void)data;
    return WSASYSNOTREADY;
}

void check_refusal_to_start(void) {
    void *start = replace_import("WSAStartup", (void *)refuse_to_start);
    registered = 0;
    CHECK_EQUAL(load_from(LIBRARY_CLASS), JNI_ERR);
    CHECK_EQUAL(registered, 0);
    replace_import("WSAStartup", start);
    CHECK_EQUAL(load_from(LIBRARY_CLASS), JNI_VERSION_1_8);
    CHECK_EQUAL(registered, 1);
}
