"""floor.py [--name] PLATFORM: the functions that the platform's oldest system has, a line each; or where
that list is from.

Of glibc, FreeBSD, NetBSD and OpenBSD zig ships which release has which, and of musl its newest release's
names; of the other systems there are lists of the project's own. inspect.py compares imports with that,
and the linker has it for the C library that 64-bit Linux is not linked with.
"""
import functools
import pathlib
import re
import sys

TOOLCHAINS = pathlib.Path(__file__).parent
ZIG_SYSTEMS = {"freebsd": "FreeBSD", "netbsd": "NetBSD", "openbsd": "OpenBSD"}

C = "memcpy memmove memset strchr strcmp strcpy strerror strlen strncmp abs"
POSIX = """accept close fcntl getrlimit getsockopt pipe poll pselect pthread_kill pthread_self read readlink readv
recv recvmsg send sendmsg sigaction write writev"""
OSX = f"{C} {POSIX} __error fstat socketpair kqueue kevent dyld_stub_binder"
WINDOWS = """ws2_32:WSADuplicateSocketW ws2_32:WSAGetLastError ws2_32:WSAPoll ws2_32:WSARecv
ws2_32:WSASend ws2_32:WSASocketW
ws2_32:WSAStartup ws2_32:accept ws2_32:bind ws2_32:closesocket ws2_32:connect
ws2_32:getpeername ws2_32:getsockname ws2_32:getsockopt ws2_32:htonl ws2_32:ioctlsocket ws2_32:listen
ws2_32:recv ws2_32:select ws2_32:send ws2_32:setsockopt
kernel32:FormatMessageW kernel32:GetCurrentProcessId kernel32:GetTickCount64
kernel32:SetHandleInformation kernel32:Sleep"""


def setting(platform, name):
    """What the platform's file sets a variable to, or None."""
    found = re.search(rf"^set\({name} (.*)\)", (TOOLCHAINS / f"{platform}.cmake").read_text(), re.M)
    return found and found[1]


def zig_libc():
    found = sorted(TOOLCHAINS.glob("../build/ziglang/lib/python3*/site-packages/ziglang/lib/libc"))
    if not found:
        sys.exit("no zig in build/ziglang: run scripts/build-platforms")
    return found[-1]


class Bytes:
    """A file as zig's build of stub libraries reads it."""

    def __init__(self, path):
        self.contents = path.read_bytes()
        self.at = 0

    def number(self, size=1):
        self.at += size
        return int.from_bytes(self.contents[self.at - size : self.at], "little")

    def leb128(self):
        value = shift = 0
        while True:
            byte = self.number()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self):
        start = self.at
        self.at = self.contents.index(0, start) + 1
        return self.contents[start : self.at - 1].decode()


@functools.cache
def abilist(system, target):
    """The functions of a target, and the versions in which each library got them: {name: {(library, version)}}."""
    file = Bytes(zig_libc() / system / "abilists")
    libraries = [file.text() for _ in range(file.number())]
    versions = [(file.number(), file.number(), file.number())[:2] for _ in range(file.number())]
    bit = [file.text() for _ in range(file.number())].index(target)
    functions = {}
    name = None
    for _ in range(file.number(2)):
        name = name or file.text()
        targets, library = file.leb128(), file.number()
        last = False
        while not last:
            version = file.number()
            last = version >= 0x80
            if targets >> bit & 1:
                functions.setdefault(name, set()).add((libraries[library & 0x1F], versions[version & 0x7F]))
        if library >= 0x80:
            name = None
    return functions


def musl():
    """Those on every machine: what depends on one is between #if and #endif."""
    depth, names = 0, set()
    for line in (zig_libc() / "musl" / "libc.S").read_text().splitlines():
        if re.match(r"#(if|endif)", line):
            depth += -1 if line.startswith("#endif") else 1
        elif depth == 0 and (found := re.match(r"(?:\.globl|\.weak|WEAK\w*) (\w+)", line)):
            names.add(found[1])
    return names


def floor(platform):
    """A name for the oldest system, and its functions; of Windows, with their libraries."""
    system = platform.split("_")[0]
    if system == "osx":
        return "a list of the project's own", set(OSX.split())
    if system == "windows":
        return "a list of the project's own", set(WINDOWS.split())
    if system == "sunos":
        own = "".join(stub.read_text() for stub in (TOOLCHAINS / "solaris").glob("*.c"))
        return "a list of the project's own", set(re.findall(r"^FUNCTION\((\w+)\)", own, re.M))
    machine, release, abi = setting(platform, "ZIG_TARGET").split("-")
    if system == "linux":
        glibc = setting(platform, "GLIBC") or abi.split(".", 1)[1]
        oldest = tuple(map(int, glibc.split(".")))
        abi = "gnueabihf" if platform == "linux_arm" else "gnu"
        functions = abilist("glibc", f"{machine}-linux-{abi}")
        if not setting(platform, "GLIBC"):
            return f"glibc {glibc}, by zig", at(functions, oldest)
        # An import without a version gets the first or the newest of several, as it happens.
        single = {name for name, versions in functions.items() if len({v for _, v in versions}) == 1}
        return f"glibc {glibc} and musl, by zig", single & at(functions, oldest) & musl()
    oldest = tuple(map(int, release.split(".")[1:]))
    functions = abilist(system, f"{machine}-{system}-none")
    # FreeBSD's symbols have versions of their own, one for each release since 7.
    newest = (1, oldest[0] - 7) if system == "freebsd" else oldest
    return f"{ZIG_SYSTEMS[system]} {release.split('.', 1)[1]}, by zig", at(functions, newest)


def at(functions, newest, libraries=("c", "pthread")):
    return {
        name
        for name, versions in functions.items()
        if any(library in libraries and version <= newest for library, version in versions)
    }


if __name__ == "__main__":
    *options, platform = sys.argv[1:] or [""]
    if options not in ([], ["--name"]) or not (TOOLCHAINS / f"{platform}.cmake").exists():
        sys.exit(__doc__)
    name, functions = floor(platform)
    print(name if options else "\n".join(sorted(functions)))
