package io.github.selectors4j.internal.loading;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.security.CodeSource;
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

  /** What the names of slots begin with. */
  static final String PREFIX = "selectors4j-";

  /** How many names everybody knows in advance. */
  static final int SLOTS = 64;

  /** What the others begin with. */
  static final String UNPREDICTABLE_PREFIX = PREFIX + SLOTS + "-";

  private static final int UNPREDICTABLE_NAMES = 16;

  private final File parent =
      new File(System.getProperty(TMPDIR, System.getProperty("java.io.tmpdir", "")))
          .getAbsoluteFile();

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
    long slots = mayExist();
    long own = number < SLOTS ? 1L << number : 0;
    DeadSlots dead = (slots & ~own) == 0 ? null : new DeadSlots(parent, slot, number, slots);
    try {
      slot.remove();
    } catch (IOException e) {
      // Windows removes no library that is in use; the next process does.
    }
    if (dead != null) {
      dead.remove();
    }
  }

  /** A bit for each slot of a predictable name. */
  private long mayExist() {
    return isLoaded ? NativeLibrary.mayExist(parent.getPath() + File.separator + PREFIX) : -1;
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
      File place = file(source.getLocation());
      if (place.isDirectory()) {
        return Files.readAllBytes(new File(place, resource).toPath());
      }
      try (ZipFile jar = new ZipFile(place)) {
        ZipEntry entry = jar.getEntry(resource);
        return entry == null ? null : read(jar, entry);
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return null; // it is not there, or the place is none of the file system's
    }
  }

  /** A parser of URIs takes its time, and most have no escapes to be told from a name. */
  private static File file(URL location) throws URISyntaxException {
    String path = location.getPath();
    return "file".equals(location.getProtocol()) && path.indexOf('%') < 0
        ? new File(path)
        : new File(location.toURI());
  }

  /** A jar that has no stream open any more is closed without a search for them. */
  private static byte[] read(ZipFile jar, ZipEntry entry) throws IOException {
    try (InputStream stream = jar.getInputStream(entry)) {
      byte[] content = new byte[(int) entry.getSize()];
      if (stream.readNBytes(content, 0, content.length) < content.length) {
        throw new IOException(jar.getName() + " has less of " + entry.getName() + " than it tells");
      }
      return content;
    }
  }
}
