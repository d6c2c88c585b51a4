package io.github.selectors4j.internal.system;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that a system call reads and writes in place. It is freed when nothing refers to it any
 * more: whoever passes the address to a native method keeps this object reachable meanwhile.
 */
final class DirectMemory {

  static {
    NativeLibrary.bind(DirectMemory.class);
  }

  final ByteBuffer buffer;
  final long address;

  /** Zeroed memory of that many bytes; throws if the native library can't be loaded. */
  DirectMemory(int bytes) {
    NativeLibrary.load();
    buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    address = address(buffer);
  }

  /** Where the memory of a direct buffer begins. */
  static native long address(ByteBuffer buffer);
}
