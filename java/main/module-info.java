/** Python's {@code selectors} for Java: wait for readiness on any file descriptor. */
module io.github.selectors4j {
  requires static jdk.net;
  requires static org.jspecify;

  exports io.github.selectors4j;
  exports io.github.selectors4j.channels;
  exports io.github.selectors4j.select;
}
