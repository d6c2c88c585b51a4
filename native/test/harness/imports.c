#include "imports.h"

#include "jvm.h"

#include <stddef.h>
#include <string.h>
#include <windows.h>

static char *at(HMODULE module, DWORD offset) {
    return (char *)module + offset;
}

/* What the library imports from others, up to one without a name. */
static const IMAGE_IMPORT_DESCRIPTOR *imports_of(HMODULE module) {
    const IMAGE_NT_HEADERS *headers =
        (void *)at(module, (DWORD)((IMAGE_DOS_HEADER *)module)->e_lfanew);
    const IMAGE_DATA_DIRECTORY *directory =
        &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    return (void *)at(module, directory->VirtualAddress);
}

/* The name of an import from another library; NULL after the last, and empty if it has but a
 * number. */
static const char *import_name(HMODULE module, const IMAGE_IMPORT_DESCRIPTOR *from, int index) {
    const IMAGE_THUNK_DATA *imported =
        (const IMAGE_THUNK_DATA *)at(module, from->OriginalFirstThunk) + index;
    if (imported->u1.AddressOfData == 0) {
        return NULL;
    }
    return IMAGE_SNAP_BY_ORDINAL(imported->u1.Ordinal)
               ? ""
               : at(module,
                    (DWORD)imported->u1.AddressOfData + offsetof(IMAGE_IMPORT_BY_NAME, Name));
}

/* The pointer through which the library calls the function. */
static void **find_import(HMODULE module, const char *name) {
    const char *found;
    for (const IMAGE_IMPORT_DESCRIPTOR *from = imports_of(module); from->Name != 0; from++) {
        for (int i = 0; (found = import_name(module, from, i)) != NULL; i++) {
            if (strcmp(found, name) == 0) {
                return (void **)at(module, from->FirstThunk) + i;
            }
        }
    }
    return NULL;
}

void for_each_import(const char *from_name, void (*function)(const char *name)) {
    HMODULE module = GetModuleHandleA("selectors4j.dll");
    int imports = 0;
    for (const IMAGE_IMPORT_DESCRIPTOR *from = imports_of(module); from->Name != 0; from++) {
        const char *name;
        if (_stricmp(at(module, from->Name), from_name) == 0) {
            for (; (name = import_name(module, from, imports)) != NULL; imports++) {
                function(name);
            }
        }
    }
    CHECK(imports > 0);
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
