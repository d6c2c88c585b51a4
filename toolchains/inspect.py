"""inspect.py PLATFORM LIBRARY HEADERS: what is wrong with a library, a line each; silent if nothing.

HEADERS is the folder that `javac -h` wrote: the library has to export what it declares, neither less
nor more. build/lief/bin/python runs this; scripts/check-platforms makes that.
"""
import pathlib
import re
import socket
import sys

import lief

from floor import floor

ELF, MACHO, PE = lief.ELF.ARCH, lief.MachO.Header.CPU_TYPE, lief.PE.Header.MACHINE_TYPES
SYSTEM_V, SOLARIS = "SYSTEMV", "SOLARIS"
MECHANISMS = {"select", "poll", "epoll", "devpoll", "kqueue"}

# The platform's machine, bits, byte order, libraries needed, and the newest version of the C library's
# symbols that it may ask for.
ELF_PLATFORMS = {
    "linux_64": (ELF.X86_64, 64, "LSB", [], None),
    "linux_arm64": (ELF.AARCH64, 64, "LSB", [], None),
    "linux_ppc64le": (ELF.PPC64, 64, "LSB", [], None),
    "linux_s390x": (ELF.S390, 64, "MSB", [], None),
    "linux_riscv64": (ELF.RISCV, 64, "LSB", [], None),
    "linux_loongarch64": (ELF.LOONGARCH, 64, "LSB", [], None),
    "linux_32": (ELF.I386, 32, "LSB", ["libc.so.6"], "GLIBC_2.17"),
    "linux_arm": (ELF.ARM, 32, "LSB", ["libc.so.6"], "GLIBC_2.17"),
    "freebsd_64": (ELF.X86_64, 64, "LSB", ["libc.so.7", "libthr.so.3"], "FBSD_1.5"),
    "freebsd_arm64": (ELF.AARCH64, 64, "LSB", ["libc.so.7", "libthr.so.3"], "FBSD_1.5"),
    "netbsd_64": (ELF.X86_64, 64, "LSB", ["libc.so.12", "libpthread.so.1"], None),
    "openbsd_64": (ELF.X86_64, 64, "LSB", ["libc.so", "libpthread.so"], None),
    "sunos_64": (ELF.X86_64, 64, "LSB", ["libc.so.1", "libsocket.so.1"], None),
}
MACHO_PLATFORMS = {"osx_64": MACHO.X86_64, "osx_arm64": MACHO.ARM64}
PE_PLATFORMS = {"windows_64": PE.AMD64, "windows_32": PE.I386, "windows_arm64": PE.ARM64}

# The mechanisms that a library of that system has.
SYSTEMS = {
    "linux": "select poll epoll",
    "osx": "select poll kqueue",
    "freebsd": "select poll kqueue",
    "netbsd": "select poll kqueue",
    "openbsd": "select poll kqueue",
    "sunos": "select poll devpoll",
    "windows": "select poll",
}
# What a library does without where it is missing: imports that are weak.
WEAK = {"netbsd": {"__kevent100"}}
# Functions whose structures, as the shims are compiled with them, came with a version.
STRUCTURE_VERSIONS = {("freebsd", "kevent"): "FBSD_1.5", ("freebsd", "fstat"): "FBSD_1.5"}
# What the compiler brings for 64-bit arithmetic on 32-bit machines.
HELPERS_32 = {"__divdi3", "__moddi3", "__aeabi_ldivmod"}
# What zig's linker for macOS exports of itself.
LINKERS_OWN = {"__dso_handle", "_mh_dylib_header"}
# In every Windows since 10. Other compilers than ours may call on it for a copy where these have code.
WINDOWS_C_LIBRARY = re.compile(r"msvcrt\.dll|api-ms-win-crt-\w+-l1-1-0\.dll")
C_FUNCTIONS = {
    "C:" + name
    for name in """bsearch calloc free malloc memcpy memmove memset qsort realloc strchr strcmp strcpy
    strerror strlen strncmp""".split()
}
# What the start of every library by mingw takes, and its message when that fails.
MINGW_RUNTIME = {
    "C:" + name
    for name in """__acrt_iob_func __iob_func __stdio_common_vfprintf _amsg_exit _execute_onexit_table
    _exit _fpreset _initialize_onexit_table _initterm _initterm_e _iob _lock _register_onexit_function
    _unlock abort fwrite vfprintf""".split()
} | {
    "kernel32:" + name
    for name in """DeleteCriticalSection EnterCriticalSection GetLastError InitializeCriticalSection
    LeaveCriticalSection TlsGetValue VirtualProtect VirtualQuery""".split()
}
# It unwinds the stack on 32 bits by a library that it looks for.
MINGW_RUNTIME_32 = {
    "kernel32:" + name for name in "FreeLibrary GetModuleHandleA GetProcAddress LoadLibraryA".split()
}


def declared(headers, mechanisms):
    """The functions that Java declares for a platform with those mechanisms."""
    absent = {f"{name.capitalize()}Shim" for name in MECHANISMS - mechanisms}
    names = {"JNI_OnLoad", "JNI_OnLoad_selectors4j"}
    for header in headers.glob("*.h"):
        compiled = headers.parent / "classes" / (header.stem.replace("_", "/") + ".class")
        if header.stem.split("_")[-1] not in absent and compiled.exists():
            names |= set(re.findall(r"^JNIEXPORT \w+ JNICALL (\w+)", header.read_text(), re.M))
    return names


def is_until(newest, version):
    """Whether a version such as GLIBC_2.17 is of the same library and not newer."""
    (name, numbers), (other_name, other_numbers) = (v.rsplit("_", 1) for v in (newest, version))
    return name == other_name and [*map(int, other_numbers.split("."))] <= [*map(int, numbers.split("."))]


def inspect_elf(platform, library):
    machine, bits, order, needed, newest = ELF_PLATFORMS[platform]
    header = library.header
    if header.machine_type != machine:
        yield f"machine {header.machine_type}"
    if header.identity_class.name != f"ELF{bits}" or header.identity_data.name != order:
        yield f"{header.identity_class.name} {header.identity_data.name}"
    if header.identity_os_abi.name != (SOLARIS if platform == "sunos_64" else SYSTEM_V):
        yield f"OS ABI {header.identity_os_abi.name}"
    if sorted(library.libraries) != needed:
        yield f"needs {library.libraries}"
    names = [entry.name for entry in library.dynamic_entries if entry.tag.name == "SONAME"]
    if names != ["libselectors4j.so"]:
        yield f"is called {names}"
    if any(s.type.name == "GNU_STACK" and s.has(lief.ELF.Segment.FLAGS.X) for s in library.segments):
        yield "wants an executable stack"
    for requirement in library.symbols_version_requirement:
        for version in requirement.get_auxiliary_symbols():
            if newest and not is_until(newest, version.name):
                yield f"asks for {version.name}"
            if not needed:
                yield f"asks for {version.name}, which only one libc has"
    for symbol in library.imported_symbols:
        is_weak = symbol.binding == lief.ELF.Symbol.BINDING.WEAK
        if is_weak != (symbol.name in WEAK.get(platform.split("_")[0], ())):
            yield f"imports {symbol.name} {'weakly' if is_weak else 'of need'}"
        expected = STRUCTURE_VERSIONS.get((platform.split("_")[0], symbol.name))
        if expected and symbol.symbol_version.symbol_version_auxiliary.name != expected:
            yield f"does not ask for {symbol.name}@{expected}"


def inspect_macho(platform, library):
    if library.header.cpu_type != MACHO_PLATFORMS[platform]:
        yield f"machine {library.header.cpu_type}"
    if library.build_version.minos != [11, 0, 0]:
        yield f"for macOS {library.build_version.minos}"
    if [entry.name for entry in library.libraries] != [
        "@rpath/libselectors4j.dylib",
        "/usr/lib/libSystem.B.dylib",
    ]:
        yield f"is or needs {[entry.name for entry in library.libraries]}"
    if platform == "osx_arm64" and not library.has_code_signature:
        yield "has no code signature"


def inspect_pe(platform, library):
    if library.header.machine != PE_PLATFORMS[platform]:
        yield f"machine {library.header.machine}"


def imports_and_exports(library):
    if isinstance(library, lief.ELF.Binary):
        symbols = [symbol for symbol in library.dynamic_symbols if symbol.name]
        imports = {symbol.name for symbol in symbols if symbol.shndx == 0}
        return imports, {symbol.name for symbol in symbols} - imports
    if isinstance(library, lief.MachO.Binary):
        imports = {
            re.sub(r"^_|\$DARWIN_EXTSN$|\$INODE64$", "", symbol.name) for symbol in library.imported_symbols
        }
        exports = {entry.symbol.name[1:] for entry in library.dyld_info.exports} - LINKERS_OWN
        return {re.sub(r"^__(\w+)_chk$", r"\1", name) for name in imports}, exports
    imports = {
        f"{'C' if WINDOWS_C_LIBRARY.match(dll.name.lower()) else dll.name.lower().removesuffix('.dll')}"
        f":{entry.name}"
        for dll in library.imports
        for entry in dll.entries
    }
    return imports, {entry.name for entry in library.get_export().entries}


def inspect(platform, path, headers):
    library = lief.parse(str(path))
    inspect_format, kind = (
        (inspect_elf, lief.ELF.Binary)
        if platform in ELF_PLATFORMS
        else (inspect_macho, lief.MachO.Binary)
        if platform in MACHO_PLATFORMS
        else (inspect_pe, lief.PE.Binary)
    )
    if not isinstance(library, kind):
        yield f"is not of {kind.__module__}"
        return
    yield from inspect_format(platform, library)

    system, machine = platform.split("_")
    imports, exports = imports_and_exports(library)
    expected = declared(headers, set(SYSTEMS[system].split()))
    for name in sorted(expected - exports):
        yield f"does not export {name}"
    for name in sorted(exports - expected):
        yield f"exports {name}, which Java does not declare"
    _, allowed = floor(platform)
    if system == "linux" and machine in ("32", "arm"):
        allowed |= HELPERS_32
    elif system == "windows":
        allowed |= C_FUNCTIONS | MINGW_RUNTIME | (MINGW_RUNTIME_32 if machine == "32" else set())
    weak = WEAK.get(system, set())
    for name in sorted(imports - allowed - weak):
        yield f"imports {name}"
    for name in sorted(imports & weak & allowed):
        yield f"imports {name}, which need not be weak any more"
    if system == "netbsd":
        # A function whose structures have changed since keeps its name for what was linked before.
        renamed = {found[1] for name in allowed if (found := re.fullmatch(r"__([a-z]\w*?)\d+", name))}
        for name in sorted(imports & renamed):
            yield f"imports {name} as it once was"

    contents = path.read_bytes()
    for leak in (str(pathlib.Path.cwd()), str(pathlib.Path.home()) + "/", socket.gethostname()):
        if len(leak) > 3 and leak.encode() in contents:
            yield f"contains {leak}"


if __name__ == "__main__":
    lief.logging.disable()
    platform, path, headers = sys.argv[1:]
    wrong = list(inspect(platform, pathlib.Path(path), pathlib.Path(headers)))
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(bool(wrong))
