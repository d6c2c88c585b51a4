package io.github.selectors4j.internal.system;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What epoll sets of this process hold, as proc_pid_fdinfo(5) tells: a line for each file, with the
 * number that it had when it was added.
 */
public final class EpollEntries {

  private static final File DESCRIPTORS = new File("/proc/self/fdinfo");
  private static final Pattern ENTRY =
      Pattern.compile("tfd: *(\\d+) events: *\\p{XDigit}+ data: *(\\p{XDigit}+)");

  private EpollEntries() {}

  /** Is told what a set holds. */
  public interface Visitor {
    /** A file, by its number, and the data beside it. */
    void visit(int fd, long data);
  }

  /**
   * Tells all that a set holds at one moment; nothing of what is no set, or closed by now.
   *
   * @throws IOException when the system does not tell
   */
  public static void visit(int set, Visitor visitor) throws IOException {
    File file = new File(DESCRIPTORS, Integer.toString(set));
    if (!file.exists()) {
      if (!DESCRIPTORS.isDirectory()) {
        throw new IOException(DESCRIPTORS + " is missing");
      }
      return;
    }
    // No channel: an interrupted thread may ask, too.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(file), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = ENTRY.matcher(line);
        if (matcher.lookingAt()) {
          long data = Long.parseUnsignedLong(matcher.group(2), 16);
          visitor.visit(Integer.parseInt(matcher.group(1)), data);
        }
      }
    }
  }
}
