package io.github.selectors4j.internal.loading;

import static io.github.selectors4j.internal.loading.ExtractionSlot.LOCK_SUFFIX;
import static io.github.selectors4j.internal.loading.ExtractionSlot.lockFile;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The slots that killed processes of this user have left behind, to be removed. A shared temp
 * directory may hold anything under their names: all else is left alone.
 */
final class DeadSlots {

  private static final int DIRECTORY_MODE = 0040700;
  private static final int SET_GROUP_ID = 02000;

  /** Not the names that others make with the prefix, as {@code mktemp} does. */
  private static final String UNPREDICTABLE_NAME =
      LibraryExtractor.UNPREDICTABLE_PREFIX + "[0-9a-f]{1,16}";

  /** How many entries of a directory are looked through; a new JVM takes about 2 µs for each. */
  private static final int MOST_ENTRIES = 10_000;

  private final File parent;
  private final String librarySuffix;

  /** Who has made the living one. */
  private final @Nullable Object owner;

  /** Of others' slots, and of what may be such. */
  private final List<String> names = new ArrayList<>();

  /**
   * Looks for slots beside a living one, which is still there to tell whose they have to be.
   *
   * @param number its own number
   * @param numbers a bit for each of the predictable names that there may be
   */
  DeadSlots(File parent, ExtractionSlot living, int number, long numbers) {
    this.parent = parent;
    String library = living.library().getFileName().toString();
    librarySuffix = library.substring(library.indexOf('-'));
    owner = ownerOf(living.directory());
    for (int i = 0; i < LibraryExtractor.SLOTS; i++) {
      if (i != number && (numbers >>> i & 1) != 0) {
        names.add(LibraryExtractor.PREFIX + i);
      }
    }
    // Every start would take up to 20 ms longer if it listed the directory.
    File last = new File(parent, LibraryExtractor.PREFIX + (LibraryExtractor.SLOTS - 1));
    if (numbers < 0 && Files.exists(last.toPath(), LinkOption.NOFOLLOW_LINKS)) {
      addUnpredictable();
    }
  }

  private static @Nullable Object ownerOf(Path directory) {
    try {
      return Platform.isWindows() ? null : Files.getAttribute(directory, "unix:uid");
    } catch (IOException e) {
      return null; // then it takes none for this user's
    }
  }

  /** A shared temp directory may hold any number of entries. */
  private void addUnpredictable() {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent.toPath())) {
      int left = MOST_ENTRIES;
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(LibraryExtractor.UNPREDICTABLE_PREFIX)
            && name.matches(UNPREDICTABLE_NAME)) {
          names.add(name);
        }
        if (--left == 0) {
          return;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // One may make files there and not see those of others.
    }
  }

  /** Removes those whose process is dead. */
  void remove() {
    for (String name : names) {
      File slot = new File(parent, name);
      if (slot.exists()) {
        removeIfDead(slot.toPath());
      }
    }
  }

  private void removeIfDead(Path slot) {
    try {
      File[] files = isOwn(slot) ? slot.toFile().listFiles() : null;
      if (files == null || !Arrays.stream(files).allMatch(this::isLibraryOrLock)) {
        return;
      }
      for (File file : files) {
        if (file.getName().endsWith(LOCK_SUFFIX) && !removeIfUnlocked(libraryOf(file))) {
          return;
        }
      }
      ExtractionSlot.deleteIfEmpty(slot);
    } catch (IOException e) {
      // In use, or gone already.
    }
  }

  private boolean isOwn(Path slot) throws IOException {
    if (Platform.isWindows()) {
      return Files.isDirectory(slot, LinkOption.NOFOLLOW_LINKS);
    }
    Map<String, Object> found =
        Files.readAttributes(slot, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    return Objects.equals(owner, found.get("uid"))
        // A directory takes the set-group-ID bit over from the one that it is in.
        && found.get("mode") instanceof Integer mode
        && (mode & ~SET_GROUP_ID) == DIRECTORY_MODE;
  }

  private boolean isLibraryOrLock(File file) {
    return libraryOf(file).toString().endsWith(librarySuffix)
        && Files.isRegularFile(file.toPath(), LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean removeIfUnlocked(Path library) throws IOException {
    try (FileChannel lock =
        FileChannel.open(lockFile(library), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (lock.tryLock() == null) {
        return false;
      }
      lock.write(ByteBuffer.allocate(1));
      ExtractionSlot.remove(library, lock);
      return true;
    }
  }

  private static Path libraryOf(File libraryOrLock) {
    String path = libraryOrLock.getPath();
    return Path.of(
        path.endsWith(LOCK_SUFFIX)
            ? path.substring(0, path.length() - LOCK_SUFFIX.length())
            : path);
  }
}
