# Fails when one of the objects imports a function that interposed.cmake does not know.
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND "${NM}" -u -P "${object}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
  list(TRANSFORM symbols REPLACE " .*" "")
  list(FILTER symbols EXCLUDE REGEX "^Java_")  # what the table of natives names
  list(REMOVE_ITEM symbols ${KNOWN})
  if(symbols)
    message(FATAL_ERROR "${object} imports ${symbols}: in native/test/interposed.cmake, wrap what is a "
        "system call, and list what is none")
  endif()
endforeach()
