package io.github.selectors4j.frameworks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;

/** An easy handle of libcurl's, and what it has to bring. */
final class LibcurlTransfer implements AutoCloseable {
  private static final Libcurl LIBCURL = Libcurl.LIBRARY;

  private final String url;
  private final byte[] expected;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final Pointer easy = LIBCURL.curl_easy_init();
  private final Libcurl.WriteFunction writeFunction =
      this::writeFunction; // kept alive by this only
  private Pointer addresses;

  /** Gets something. */
  LibcurlTransfer(String url, byte[] expected) {
    this.url = url;
    this.expected = expected;
    set(Libcurl.CURLOPT_URL, url);
    set(Libcurl.CURLOPT_PROXY, ""); // whatever the environment says
    set(Libcurl.CURLOPT_NOSIGNAL, 1L);
    set(Libcurl.CURLOPT_WRITEFUNCTION, writeFunction);
  }

  /** Sends a body first. */
  LibcurlTransfer post(byte[] body) {
    set(Libcurl.CURLOPT_POSTFIELDSIZE, (long) body.length);
    set(Libcurl.CURLOPT_COPYPOSTFIELDS, new String(body, US_ASCII));
    return this;
  }

  /** Over a connection of its own. */
  LibcurlTransfer alone() {
    set(Libcurl.CURLOPT_FORBID_REUSE, 1L);
    return this;
  }

  /** To a host that has these addresses: {@code host:port:address,…}. */
  LibcurlTransfer resolving(String addresses) {
    this.addresses = LIBCURL.curl_slist_append(null, addresses);
    set(Libcurl.CURLOPT_RESOLVE, this.addresses);
    return this;
  }

  Pointer handle() {
    return easy;
  }

  void assertDone(int result) {
    assertEquals("No error", LIBCURL.curl_easy_strerror(result), this::toString);
    assertArrayEquals(expected, received.toByteArray(), this::toString);
  }

  private void set(int option, Object value) {
    assertEquals(Libcurl.CURLE_OK, LIBCURL.curl_easy_setopt(easy, option, value));
  }

  private long writeFunction(Pointer bytes, long size, long count, Pointer argument) {
    received.writeBytes(bytes.getByteArray(0, (int) count)); // the size is always 1
    return count;
  }

  @Override
  public void close() {
    LIBCURL.curl_easy_cleanup(easy);
    LIBCURL.curl_slist_free_all(addresses);
  }

  @Override
  public String toString() {
    return "%s (%d of %d bytes)".formatted(url, received.size(), expected.length);
  }
}
