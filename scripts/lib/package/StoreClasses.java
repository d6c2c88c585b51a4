import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * {@code java StoreClasses.java JAR}: has a jar hold its classes as they are, not compressed. So a
 * first use of the library takes a tenth less of the processor's time: a new JVM has compiled
 * nothing yet of what takes a class out of a jar.
 */
final class StoreClasses {

  private static final long UNKNOWN = -1;

  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Path stored = Path.of(jar + ".stored");
    try (ZipFile from = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(stored);
        ZipOutputStream to = new ZipOutputStream(file)) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        boolean isClass = entry.getName().endsWith(".class");
        ZipEntry copy = new ZipEntry(entry); // with its time, whatever the time zone
        copy.setMethod(isClass ? ZipEntry.STORED : ZipEntry.DEFLATED);
        copy.setCompressedSize(isClass ? entry.getSize() : UNKNOWN);
        to.putNextEntry(copy);
        from.getInputStream(entry).transferTo(to);
        to.closeEntry();
      }
    }
    Files.move(stored, jar, StandardCopyOption.REPLACE_EXISTING);
  }
}
