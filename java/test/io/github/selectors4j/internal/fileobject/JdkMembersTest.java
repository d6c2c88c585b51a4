package io.github.selectors4j.internal.fileobject;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.loading.LoaderJvm;
import io.github.selectors4j.internal.loading.Platform;
import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's private members, and what is said where one is missing. */
@Tag("mechanism-independent")
class JdkMembersTest {

  @TempDir Path tmp;

  @Test
  void thisJdkHasThemAll() {
    List<JdkMember> members = JdkMembers.all();
    assertEquals(16, members.size(), members::toString);
    for (JdkMember member : members) {
      assertTrue(member.isPresent(), () -> member + " is missing in " + Platform.jdk());
    }
  }

  @Test
  void whatTheJdkLacksHasNoValue() {
    for (JdkMember lacking :
        List.of(
            JdkMember.field("java.io.FileDescriptor", "number", "I"),
            JdkMember.field("java.io.FileDescriptor", "fd", "J"),
            JdkMember.field("java.io.Descriptor", "fd", "I"),
            JdkMember.intMethod("java.io.FileDescriptor", "fd"),
            JdkMember.type("java.io.Descriptor"))) {
      assertFalse(lacking.isPresent(), lacking::toString);
      assertFalse(lacking.isOf(FileDescriptor.in), lacking::toString);
      assertNull(lacking.get(FileDescriptor.in), lacking::toString);
      assertEquals(-1, lacking.getInt(FileDescriptor.in), lacking::toString);
      assertEquals(-1, lacking.call(FileDescriptor.in), lacking::toString);
    }
  }

  @Test
  void namesEachMemberThatIsMissing() throws Exception {
    Map<String, List<String>> missing =
        Map.ofEntries(
            Map.entry("FileDescriptor", List.of("java.io.FileDescriptor.fd")),
            Map.entry("FileInputStream", List.of("java.io.FileDescriptor.fd")),
            Map.entry("FileOutputStream", List.of("java.io.FileDescriptor.fd")),
            Map.entry("RandomAccessFile", List.of("java.io.FileDescriptor.fd")),
            Map.entry(
                "FileChannel",
                List.of("java.io.FileDescriptor.fd", "sun.nio.ch.FileChannelImpl.fd")),
            Map.entry("Pipe", List.of("sun.nio.ch.SelChImpl.getFDVal")),
            Map.entry(
                "SocketChannel",
                List.of("sun.nio.ch.SelChImpl.getFDVal", "sun.nio.ch.SocketChannelImpl.fdVal")),
            Map.entry(
                "Socket",
                List.of(
                    "java.io.FileDescriptor.fd",
                    "java.net.Socket.impl",
                    "java.net.DelegatingSocketImpl.delegate",
                    "java.net.SocketImpl.fd")),
            Map.entry(
                "ServerSocket",
                List.of(
                    "java.io.FileDescriptor.fd",
                    "java.net.ServerSocket.impl",
                    "java.net.DelegatingSocketImpl.delegate",
                    "java.net.SocketImpl.fd")),
            Map.entry(
                "DatagramSocket",
                List.of("sun.nio.ch.SelChImpl.getFDVal", "java.net.DatagramSocket.delegate")),
            Map.entry(
                "System.in",
                List.of(
                    "java.io.FileDescriptor.fd",
                    "java.io.FileDescriptor.parent",
                    "java.io.FilterInputStream.in")),
            Map.entry(
                "System.out",
                List.of(
                    "java.io.FileDescriptor.fd",
                    "java.io.FileDescriptor.parent",
                    "java.io.FilterOutputStream.out")),
            Map.entry(
                "a child's output",
                List.of("java.io.FileDescriptor.fd", "java.io.FilterInputStream.in")),
            Map.entry(
                "a child's input",
                List.of("java.io.FileDescriptor.fd", "java.io.FilterOutputStream.out")));
    String[] all =
        missing.values().stream().flatMap(List::stream).distinct().toArray(String[]::new);
    Map<String, String> outcomes = without(all);
    assertEquals(missing.keySet(), outcomes.keySet());
    outcomes.forEach((kind, outcome) -> assertMissing(outcome, missing.get(kind)));
  }

  /** Of a connection the number is read directly only because that is faster. */
  @Test
  void doesWithoutWhatIsNotNeeded() throws Exception {
    Map<String, String> outcomes =
        without("java.io.FileDescriptor.fd", "sun.nio.ch.SocketChannelImpl.fdVal");
    for (String channels : List.of("Pipe", "SocketChannel", "DatagramSocket")) {
      assertEquals("taken", outcomes.remove(channels));
    }
    assertFalse(outcomes.isEmpty());
    outcomes.forEach(
        (kind, outcome) -> assertMissing(outcome, List.of("java.io.FileDescriptor.fd")));
  }

  private static void assertMissing(String outcome, List<String> members) {
    assertTrue(outcome.contains("has no descriptor that can be read: "), outcome);
    assertTrue(
        outcome.endsWith(
            (members.size() == 1 ? " is" : " are")
                + " missing in this JDK ("
                + Platform.jdk()
                + "): register its descriptor's number or a HasFileno"),
        outcome);
    for (String member : members) {
      assertTrue(outcome.contains(member), () -> outcome + " does not name " + member);
    }
  }

  /** What becomes of each kind of file object in a JVM without these members. */
  private Map<String, String> without(String... members) throws Exception {
    List<String> command = LoaderJvm.command(Map.of(), EveryKind.class, tmp.toString());
    command.add(1, LoaderJvm.hiding(tmp.resolve("trace"), members));
    return LoaderJvm.run(command).stream()
        .map(line -> line.split("\t"))
        .collect(toMap(line -> line[0], line -> line[1]));
  }
}
