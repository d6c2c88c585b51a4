package io.github.selectors4j.internal.loading;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A look at a library before it is loaded, as in elf(5): of a truncated one the JVM dies, and for a
 * file that is no library at all it prints a warning.
 */
final class ElfFile {
  private static final int HEADER_SIZE_32 = 52;
  private static final int HEADER_SIZE_64 = 64;
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS_OFFSET = 4;
  private static final int DATA_OFFSET = 5;
  private static final int CLASS_64 = 2;
  private static final int DATA_MSB = 2;

  private ElfFile() {}

  /**
   * Checks that the file has the segments that its header tells of.
   *
   * @throws IOException saying what is wrong with the file
   */
  static void check(File path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
      long length = file.length();
      ByteBuffer header = read(file, 0, (int) Math.min(length, HEADER_SIZE_64));
      if (length < HEADER_SIZE_32 || header.getInt(0) != MAGIC) {
        throw new IOException(path + " is no ELF file");
      }
      boolean is64 = header.get(CLASS_OFFSET) == CLASS_64;
      boolean isMsb = header.get(DATA_OFFSET) == DATA_MSB;
      if (is64 && length < HEADER_SIZE_64) {
        throw truncated(path);
      }
      header.order(isMsb ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      long tableOffset = is64 ? header.getLong(32) : Integer.toUnsignedLong(header.getInt(28));
      int entrySize = Short.toUnsignedInt(header.getShort(is64 ? 54 : 42));
      int count = Short.toUnsignedInt(header.getShort(is64 ? 56 : 44));
      requireWithin(path, length, tableOffset, (long) entrySize * count);
      if (count == 0) {
        throw new IOException(path + " has no program headers");
      }
      ByteBuffer table = read(file, tableOffset, entrySize * count).order(header.order());
      for (int i = 0; i < count; i++) {
        int entry = i * entrySize;
        if (is64) {
          requireWithin(path, length, table.getLong(entry + 8), table.getLong(entry + 32));
        } else {
          requireWithin(
              path,
              length,
              Integer.toUnsignedLong(table.getInt(entry + 4)),
              Integer.toUnsignedLong(table.getInt(entry + 16)));
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IOException(path + " has garbled program headers", e);
    }
  }

  private static ByteBuffer read(RandomAccessFile file, long offset, int size) throws IOException {
    byte[] bytes = new byte[size];
    file.seek(offset);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static void requireWithin(File path, long length, long offset, long size)
      throws IOException {
    if (offset < 0 || size < 0 || offset > length || size > length - offset) {
      throw truncated(path);
    }
  }

  private static IOException truncated(File path) {
    return new IOException(path + " is truncated or garbled");
  }
}
