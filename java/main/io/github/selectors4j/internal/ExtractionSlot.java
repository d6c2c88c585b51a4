package io.github.selectors4j.internal;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A directory that only this user can enter, and the file in it.
 *
 * <p>The file is locked from before its first byte until it is removed: a slot whose file can be
 * locked is a dead process's. (A process id would prove nothing to another container.) Processes
 * hold such locks, not threads, and lose them on closing the file in any place; so slots are used
 * by one thread of a JVM at a time, whatever its class loader, which {@link #JVM_WIDE_MONITOR} sees
 * to. That loading the file closes it does no harm, for it isn't needed any more then.
 *
 * <p>Windows loads no file that is open for writing, so there the lock ends with the last byte, and
 * a file is a dead process's when it is too old to be about to be loaded.
 */
final class ExtractionSlot {
  /** Held while a slot is in use. A literal is the same object to all class loaders. */
  static final Object JVM_WIDE_MONITOR = "selectors4j extraction";

  private static final String DIRECTORY_PERMISSIONS = "rwx------";
  private static final String FILE_PERMISSIONS = "rw-------";
  private static final int DIRECTORY_MODE = 0040700;

  /** How long a file may wait to be loaded. */
  private static final long LOADED_WITHIN_MILLIS = 60_000;

  private final Path directory;
  private final Path file;
  private final RandomAccessFile locked;
  private final @Nullable Object owner;

  private ExtractionSlot(
      Path directory, Path file, RandomAccessFile locked, @Nullable Object owner) {
    this.directory = directory;
    this.file = file;
    this.locked = locked;
    this.owner = owner;
  }

  /** Null when the name is taken, or another process has just removed the new slot as dead. */
  static @Nullable ExtractionSlot create(Path directory, String fileName) throws IOException {
    try {
      Files.createDirectory(directory, permissions(DIRECTORY_PERMISSIONS));
    } catch (FileAlreadyExistsException e) {
      return null;
    }
    // A name of its own: what exists under it after locking is the very file that was locked.
    Path file = directory.resolve(Long.toHexString(System.nanoTime()) + "-" + fileName);
    try {
      withstandUmask(directory, DIRECTORY_PERMISSIONS);
      Files.createFile(file, permissions(FILE_PERMISSIONS));
      withstandUmask(file, FILE_PERMISSIONS);
      Object owner = Platform.isWindows() ? null : Files.getAttribute(directory, "unix:uid");
      RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
      if (tryLock(opened.getChannel()) && Files.exists(file)) {
        return new ExtractionSlot(directory, file, opened, owner);
      }
      opened.close();
      return null;
    } catch (IOException e) {
      boolean vanished =
          e instanceof NoSuchFileException
              || (e instanceof FileNotFoundException && !Files.exists(file));
      Files.deleteIfExists(file);
      deleteIfEmpty(directory);
      if (vanished) {
        return null;
      }
      throw e;
    }
  }

  File write(byte[] content) throws IOException {
    locked.write(content); // not by its channel, which an interrupt would close
    if (Platform.isWindows()) {
      locked.close(); // a file that is open for writing can't be loaded there
    }
    return file.toFile();
  }

  /** Fails on Windows while the library is loaded. */
  void remove() throws IOException {
    remove(file, locked);
    deleteIfEmpty(directory);
  }

  /** Removes a slot of the same user if its process is dead, and leaves alone all else. */
  void removeIfDead(Path other) {
    try {
      File[] files = isOwn(other) ? other.toFile().listFiles() : null;
      if (files == null || !Arrays.stream(files).allMatch(this::isLibrary)) {
        return;
      }
      for (File left : files) {
        if (mayBeLoadedYet(left)) {
          return;
        }
        FileChannel opened =
            FileChannel.open(left.toPath(), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (opened) {
          if (opened.tryLock() == null) {
            return;
          }
          remove(left.toPath(), opened);
        }
      }
      deleteIfEmpty(other);
    } catch (IOException e) {
      // In use, or gone already.
    }
  }

  /** Not empty: two processes may find themselves in one slot, after a third one removed it. */
  private static void deleteIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // The other one removes it.
    }
  }

  private static void remove(Path file, Closeable locked) throws IOException {
    if (!Platform.isWindows()) { // which removes no open file
      Files.deleteIfExists(file);
    }
    locked.close();
    Files.deleteIfExists(file);
  }

  private static boolean mayBeLoadedYet(File left) {
    return Platform.isWindows()
        && System.currentTimeMillis() - left.lastModified() < LOADED_WITHIN_MILLIS;
  }

  private boolean isLibrary(File left) {
    String name = file.getFileName().toString();
    return left.getName().endsWith(name.substring(name.indexOf('-')));
  }

  private boolean isOwn(Path other) throws IOException {
    if (Platform.isWindows()) {
      return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS);
    }
    Map<String, Object> found =
        Files.readAttributes(other, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    return Objects.equals(owner, found.get("uid"))
        && Objects.equals(found.get("mode"), DIRECTORY_MODE);
  }

  /** True, too, where the file system has no locks: then no process takes another for dead. */
  private static boolean tryLock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  private static FileAttribute<?>[] permissions(String permissions) {
    return Platform.isWindows()
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
  }

  private static void withstandUmask(Path path, String permissions) throws IOException {
    if (!Platform.isWindows()) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }
}
