package io.github.selectors4j.internal.loading;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A directory that only this user can enter, with the library in it, and a file beside that which
 * is locked from before the library's first byte until it is removed: a slot whose file can be
 * locked is a dead process's. (A process id would prove nothing to another container.)
 *
 * <p>It is not the library that is locked. Processes hold such locks, not threads, and lose them on
 * closing the file in any place, as the JVM does before it has loaded it; Windows loads no file
 * that is open for writing. For the same reason slots are used by one thread of a JVM at a time,
 * whatever its class loader, which {@link #JVM_WIDE_MONITOR} sees to.
 */
final class ExtractionSlot {
  /** Held while a slot is in use. A literal is the same object to all class loaders. */
  static final Object JVM_WIDE_MONITOR = "selectors4j extraction";

  // By name: PosixFilePermissions.fromString asks an enum for its constants, which a new JVM does
  // by a method handle, the first of its life.
  private static final Set<PosixFilePermission> DIRECTORY_PERMISSIONS =
      Set.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
  private static final Set<PosixFilePermission> FILE_PERMISSIONS = Set.of(OWNER_READ, OWNER_WRITE);

  /** What the name of a lock's file has behind the library's. */
  static final String LOCK_SUFFIX = ".lock";

  private final Path directory;
  private final Path library;
  private final FileChannel lock;

  private ExtractionSlot(Path directory, Path library, FileChannel lock) {
    this.directory = directory;
    this.library = library;
    this.lock = lock;
  }

  /** Fails, too, when another process has just removed the new slot as dead. */
  static ExtractionSlot create(Path directory, String fileName) throws IOException {
    Files.createDirectory(directory, permissions(DIRECTORY_PERMISSIONS));
    // A name of its own: two processes may find themselves in one slot, after a third removed it,
    // and what has the name after locking is the very file that was locked.
    Path library = directory.resolve(Long.toHexString(System.nanoTime()) + "-" + fileName);
    try {
      withstandUmask(directory.toFile(), true);
      return new ExtractionSlot(directory, library, createLocked(lockFile(library)));
    } catch (IOException e) {
      Files.deleteIfExists(lockFile(library));
      deleteIfEmpty(directory);
      throw e;
    }
  }

  /**
   * Writes the library.
   *
   * @return its file
   */
  File write(byte[] content) throws IOException {
    Files.createFile(library, permissions(FILE_PERMISSIONS));
    withstandUmask(library.toFile(), false);
    try (FileOutputStream file = new FileOutputStream(library.toFile())) { // uninterruptible
      file.write(content);
    }
    return library.toFile();
  }

  Path directory() {
    return directory;
  }

  Path library() {
    return library;
  }

  /** Fails on Windows while the library is loaded. */
  void remove() throws IOException {
    remove(library, lock);
    deleteIfEmpty(directory);
  }

  /** Removes a library and its lock, which is released at last. */
  static void remove(Path library, FileChannel lock) throws IOException {
    try (lock) {
      Files.deleteIfExists(library);
      Files.deleteIfExists(lockFile(library));
    }
  }

  /** Or lets another process do it. */
  static void deleteIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // Not empty, or on Windows another process looks into it: that one removes it.
    }
  }

  /** The file beside a library that is locked. */
  static Path lockFile(Path library) {
    return library.resolveSibling(library.getFileName() + LOCK_SUFFIX);
  }

  /**
   * Creates a file and locks it. Until it is locked it may be taken for a dead process's; who
   * removes it as such writes to it before, for on Windows the name of a file in use can outlast
   * its removal.
   */
  private static FileChannel createLocked(Path lockFile) throws IOException {
    FileChannel lock =
        FileChannel.open(
            lockFile,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            permissions(FILE_PERMISSIONS));
    try {
      withstandUmask(lockFile.toFile(), false);
      if (!tryLock(lock) || Files.size(lockFile) > 0) {
        throw new NoSuchFileException(lockFile.toString(), null, "removed as a dead process's");
      }
      return lock;
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** True, too, where the file system has no locks: then no process takes another for dead. */
  private static boolean tryLock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  private static FileAttribute<?>[] permissions(Set<PosixFilePermission> permissions) {
    return Platform.isWindows()
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  /** Adds what a umask may have taken from the permissions of the user. */
  private static void withstandUmask(File file, boolean isDirectory) throws IOException {
    if (!Platform.isWindows()
        && !(file.setReadable(true, true)
            && file.setWritable(true, true)
            && (!isDirectory || file.setExecutable(true, true)))) {
      throw new IOException(file + ": its permissions can't be set");
    }
  }
}
