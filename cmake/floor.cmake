# Links a library for any C library once more, for the linker to tell what is missing: to the functions
# that glibc has had since the oldest release, in one version, and musl has, too. It ships nowhere.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(floor "${PROJECT_SOURCE_DIR}/toolchains/floor.py")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${floor}")
execute_process(COMMAND "${Python3_EXECUTABLE}" "${floor}" "${SELECTORS4J_PLATFORM}"
                OUTPUT_VARIABLE functions RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "no list of the functions that ${SELECTORS4J_PLATFORM} may have")
endif()
string(REGEX REPLACE "([^\n]+)\n" "    \".globl \\1\\\\n\\1:\\\\n\"\n" functions "${functions}")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/floor.c" @ONLY CONTENT "__asm__(\n@functions@);\n")
add_library(selectors4j_floor SHARED $<TARGET_OBJECTS:selectors4j> "${PROJECT_BINARY_DIR}/floor.c")
target_link_options(selectors4j_floor PRIVATE -nostdlib -Wl,-z,defs)
