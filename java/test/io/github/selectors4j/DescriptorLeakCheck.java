package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test, or a test class, after which the process holds other descriptors than before it:
 * one too many is a leak, one too few is somebody else's descriptor that was closed. Registered on
 * every test class through {@code META-INF/services}.
 */
public final class DescriptorLeakCheck
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  /**
   * Process streams are closed by the JDK's reaper thread, some time after the child has exited.
   */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Path OPEN_DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Namespace NAMESPACE = Namespace.create(DescriptorLeakCheck.class);

  static {
    // The first channel makes the JDK open a descriptor that it keeps for good (the one it dup2s
    // over a closing socket).
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (!context.getRequiredTestClass().getPackageName().endsWith(".loading")) {
      SharedOnes.open();
    }
    remember(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    remember(context);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    compare(context);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    compare(context);
  }

  /** What the library opens once, and keeps. */
  private static final class SharedOnes {
    static {
      try {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel sink = pipe.sink();
            Pipe.SourceChannel source = pipe.source()) {
          sink.write(ByteBuffer.allocate(1));
          Awaiter.shared().await(source, BaseSelector.EVENT_READ);
        }
      } catch (IOException | InterruptedException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    static void open() {}
  }

  private static void remember(ExtensionContext context) throws IOException {
    context.getStore(NAMESPACE).put(context.getUniqueId(), new Snapshot(openDescriptors()));
  }

  private static void compare(ExtensionContext context) throws IOException {
    Map<Integer, String> before =
        context.getStore(NAMESPACE).remove(context.getUniqueId(), Snapshot.class).descriptors();
    long deadline = System.nanoTime() + GRACE.toNanos();
    Map<Integer, String> after = openDescriptors();
    while (!after.equals(before)) {
      if (System.nanoTime() - deadline > 0) {
        fail(
            "%s changed the process's descriptors: left open %s, closed though not its own %s"
                .formatted(context.getDisplayName(), minus(after, before), minus(before, after)));
      }
      LockSupport.parkNanos(1_000_000);
      after = openDescriptors();
    }
  }

  /**
   * Every open descriptor with what it names, but for those that the JVM opens whenever it likes.
   */
  public static Map<Integer, String> openDescriptors() throws IOException {
    Map<Integer, String> open = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(OPEN_DESCRIPTORS)) {
      for (Path entry : entries) {
        String target;
        try {
          target = Files.readSymbolicLink(entry).toString();
        } catch (NoSuchFileException closedMeanwhile) {
          continue;
        }
        int number = Integer.parseInt(entry.getFileName().toString());
        if (!isTheJvmsOwn(target) && !isAWaitOfOldNetBsd(number, target)) {
          open.put(number, target);
        }
      }
    }
    return open;
  }

  /** What its emulation keeps while somebody waits, as the pollers of awaiters always do. */
  private static boolean isAWaitOfOldNetBsd(int number, String target) {
    return number >= 512
        && target.equals("anon_inode:[eventpoll]")
        && "kqueue".equals(System.getProperty("selectors4j.mechanism"));
  }

  private static boolean isTheJvmsOwn(String target) {
    return target.endsWith(".jar")
        || target.endsWith(".class") // another thread loads one
        || target.endsWith("/lib/modules")
        || target.endsWith("random")
        || target.matches(".*/ffi\\w+ \\(deleted\\)") // where JNA has callbacks, once it has any
        || target.startsWith("/sys/fs/cgroup/") // now and then it reads its container's limits
        || target.matches("/proc/\\d+/(fd|task).*");
  }

  private static Map<Integer, String> minus(Map<Integer, String> left, Map<Integer, String> right) {
    Map<Integer, String> difference = new TreeMap<>(left);
    difference.entrySet().removeAll(right.entrySet());
    return difference;
  }

  private record Snapshot(Map<Integer, String> descriptors) {}
}
