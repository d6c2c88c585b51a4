/**
 * Loops of others: any file object in Netty's, Vert.x's and Jetty's, and a whole selector in
 * Netty's native loop, libuv's and GLib's. And C libraries that hand out descriptors, in a
 * selector's loop: libpq and libcurl close sockets and open others under the same numbers, and the
 * selector is told of a number only. {@code scripts/test-frameworks} runs these tests, and the
 * servers that they talk to.
 */
package io.github.selectors4j.frameworks;
