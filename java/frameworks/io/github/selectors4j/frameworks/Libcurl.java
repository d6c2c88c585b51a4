package io.github.selectors4j.frameworks;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/**
 * What the tests call of {@code <curl/curl.h>}; a Java {@code long} is C's, and a {@code size_t}.
 */
interface Libcurl extends Library {
  Libcurl LIBRARY = Native.load("libcurl.so.4", Libcurl.class);

  int CURLE_OK = 0;
  int CURLM_OK = 0;

  long CURL_GLOBAL_DEFAULT = 3;

  int CURLOPT_FORBID_REUSE = 75;
  int CURLOPT_NOSIGNAL = 99;
  int CURLOPT_POSTFIELDSIZE = 60;
  int CURLOPT_URL = 10002;
  int CURLOPT_PROXY = 10004;
  int CURLOPT_COPYPOSTFIELDS = 10165;
  int CURLOPT_RESOLVE = 10203;
  int CURLOPT_WRITEFUNCTION = 20011;

  int CURLMOPT_SOCKETFUNCTION = 20001;
  int CURLMOPT_TIMERFUNCTION = 20004;

  int CURL_SOCKET_TIMEOUT = -1;
  int CURL_POLL_IN = 1;
  int CURL_POLL_OUT = 2;
  int CURL_POLL_REMOVE = 4;
  int CURL_CSELECT_IN = 1;
  int CURL_CSELECT_OUT = 2;

  /** Is told which socket to watch for what. */
  interface SocketFunction extends Callback {
    int watch(Pointer easy, int fd, int what, Pointer argument, Pointer ofSocket);
  }

  /** Is told when to call CURL_SOCKET_TIMEOUT; -1 is never. */
  interface TimerFunction extends Callback {
    int set(Pointer multi, long milliseconds, Pointer argument);
  }

  /** Takes bytes that have been received. */
  interface WriteFunction extends Callback {
    long write(Pointer bytes, long size, long count, Pointer argument);
  }

  int curl_global_init(long flags);

  Pointer curl_easy_init();

  int curl_easy_setopt(Pointer easy, int option, Object... argument);

  String curl_easy_strerror(int code);

  void curl_easy_cleanup(Pointer easy);

  Pointer curl_slist_append(Pointer list, String line);

  void curl_slist_free_all(Pointer list);

  Pointer curl_multi_init();

  int curl_multi_setopt(Pointer multi, int option, Object... argument);

  int curl_multi_add_handle(Pointer multi, Pointer easy);

  int curl_multi_remove_handle(Pointer multi, Pointer easy);

  int curl_multi_socket_action(Pointer multi, int fd, int events, IntByReference running);

  /** A {@code CURLMsg}: its kind, the easy handle, and how that has ended. */
  Pointer curl_multi_info_read(Pointer multi, IntByReference left);

  int curl_multi_cleanup(Pointer multi);
}
