#include "imports.h"

#include "jvm.h"

#include <string.h>
#include <windows.h>

static char *at(HMODULE module, DWORD offset) {
    return (char *)module + offset;
}

/* The pointer through which the library calls the function. */
static void **find_import(HMODULE module, const char *name) {
    const IMAGE_NT_HEADERS *headers =
        (void *)at(module, (DWORD)((IMAGE_DOS_HEADER *)module)->e_lfanew);
    const IMAGE_DATA_DIRECTORY *directory =
        &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    const IMAGE_IMPORT_DESCRIPTOR *from = (void *)at(module, directory->VirtualAddress);
    for (; from->Name != 0; from++) {
        const IMAGE_THUNK_DATA *names = (void *)at(module, from->OriginalFirstThunk);
        void **functions = (void **)at(module, from->FirstThunk);
        for (int i = 0; names[i].u1.AddressOfData != 0; i++) {
            const IMAGE_IMPORT_BY_NAME *imported =
                (void *)at(module, (DWORD)names[i].u1.AddressOfData);
            if (!IMAGE_SNAP_BY_ORDINAL(names[i].u1.Ordinal) &&
                strcmp((const char *)imported->Name, name) == 0) {
                return &functions[i];
            }
        }
    }
    return NULL;
}

void *replace_import(const char *name, void *replacement) {
    void **function = find_import(GetModuleHandleA("selectors4j.dll"), name);
    CHECK(function != NULL);
    DWORD protection;
    CHECK(VirtualProtect(function, sizeof *function, PAGE_READWRITE, &protection));
    void *replaced = *function;
    *function = replacement;
    CHECK(VirtualProtect(function, sizeof *function, protection, &protection));
    return replaced;
}
