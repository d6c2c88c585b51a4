package io.github.selectors4j.internal.loading;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.MissingResourceException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.scijava.nativelib.JniExtractor;

/**
 * Puts the library of the jar into a directory that only this user can enter, and takes it away
 * again on {@link #close}, which is due as soon as it is loaded.
 *
 * <p>The directory is {@code selectors4j-<slot>}, with the first slot that is free: a shared temp
 * directory may hold anything under that name, so what exists is passed over. When all are taken,
 * it is {@code selectors4j-64-<hex>}, which nobody knows in advance. A process that is killed in
 * between leaves its slot behind for the next process to remove.
 */
final class LibraryExtractor implements JniExtractor, AutoCloseable {
  /** The property that names the directory to extract below; {@code java.io.tmpdir} if absent. */
  static final String TMPDIR = "selectors4j.tmpdir";

  private static final String PREFIX = "selectors4j-";
  private static final int SLOTS = 64;
  private static final int UNPREDICTABLE_NAMES = 16;
  private static final String UNPREDICTABLE_PREFIX = PREFIX + SLOTS + "-";

  /** Not the names that others make with the prefix, as {@code mktemp} does. */
  private static final String UNPREDICTABLE_NAME = UNPREDICTABLE_PREFIX + "[0-9a-f]{1,16}";

  /** How many entries of a directory are looked through; a new JVM takes about 2 µs for each. */
  private static final int MOST_ENTRIES = 10_000;

  private final File parent =
      new File(System.getProperty(TMPDIR, System.getProperty("java.io.tmpdir", "")))
          .getAbsoluteFile();

  /** What the paths of all slots begin with. */
  private final String prefix = parent.getPath() + File.separator + PREFIX;

  private @Nullable ExtractionSlot slot;
  private int number;
  private boolean isLoaded;

  /** The directory to extract below. */
  File parent() {
    return parent;
  }

  @Override
  public File extractJni(String libPath, String libname) throws IOException {
    String fileName = System.mapLibraryName(libname);
    byte[] content = read(libPath + fileName);
    slot = createSlot(fileName);
    return slot.write(content);
  }

  /**
   * A slot under the first name that will do. Whatever it is that another one suffers from: on
   * Windows, a directory that is about to be removed is refused in several ways.
   */
  ExtractionSlot createSlot(String fileName) throws IOException {
    for (int i = 0; ; i++) {
      number = i;
      String name =
          i < SLOTS ? PREFIX + i : UNPREDICTABLE_PREFIX + Long.toHexString(System.nanoTime());
      try {
        return ExtractionSlot.create(parent.toPath().resolve(name), fileName);
      } catch (IOException e) {
        if (i + 1 == SLOTS + UNPREDICTABLE_NAMES) {
          throw e;
        }
      }
    }
  }

  /** What was extracted is loaded, and its natives are there to be called. */
  void setLoaded() {
    isLoaded = true;
  }

  /** Does nothing: one library needs no register. */
  @Override
  public void extractRegistered() {}

  /** Removes what this extracted, and what dead processes left behind. */
  @Override
  public void close() {
    if (slot == null) {
      return;
    }
    List<String> others = others();
    if (!others.isEmpty()) {
      slot.findOwner();
    }
    try {
      slot.remove();
    } catch (IOException e) {
      // Windows removes no library that is in use; the next process does.
    }
    for (String name : others) {
      File other = new File(parent, name);
      if (other.exists()) {
        slot.removeIfDead(other.toPath());
      }
    }
  }

  /** The names of others' slots, and of what may be such. */
  private List<String> others() {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      if (i != number && mayExist(i)) {
        others.add(PREFIX + i);
      }
    }
    // Every start would take up to 20 ms longer if it listed the directory.
    if (mayExist(SLOTS - 1)
        && Files.exists(Path.of(prefix + (SLOTS - 1)), LinkOption.NOFOLLOW_LINKS)) {
      addUnpredictable(others);
    }
    return others;
  }

  private boolean mayExist(int slot) {
    return !isLoaded || NativeLibrary.mayExist(prefix, slot);
  }

  /** A shared temp directory may hold anything, and any number of it. */
  private void addUnpredictable(List<String> others) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent.toPath())) {
      int left = MOST_ENTRIES;
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(UNPREDICTABLE_PREFIX) && name.matches(UNPREDICTABLE_NAME)) {
          others.add(name);
        }
        if (--left == 0) {
          return;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // One may make files there and not see those of others.
    }
  }

  private static byte[] read(String resource) throws IOException {
    byte[] content = readBesideThisClass(resource);
    if (content != null) {
      return content;
    }
    try (InputStream stream = LibraryExtractor.class.getResourceAsStream("/" + resource)) {
      if (stream == null) {
        throw new MissingResourceException(
            resource + " is not beside the classes", LibraryExtractor.class.getName(), resource);
      }
      return stream.readAllBytes();
    }
  }

  /**
   * What the jar or the directory of this class has under that name, or null: it may be in a jar of
   * its own. A class loader finds it in any place, but looks through the JDK's modules first, which
   * takes a new JVM a quarter of its first use.
   */
  private static byte @Nullable [] readBesideThisClass(String resource) {
    try {
      CodeSource source = LibraryExtractor.class.getProtectionDomain().getCodeSource();
      if (source == null) {
        return null;
      }
      File place = new File(source.getLocation().toURI());
      if (place.isDirectory()) {
        return Files.readAllBytes(new File(place, resource).toPath());
      }
      try (ZipFile jar = new ZipFile(place)) {
        ZipEntry entry = jar.getEntry(resource);
        return entry == null ? null : jar.getInputStream(entry).readAllBytes();
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return null; // it is not there, or the place is none of the file system's
    }
  }
}
