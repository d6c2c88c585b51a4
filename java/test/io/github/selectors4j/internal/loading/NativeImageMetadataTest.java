package io.github.selectors4j.internal.loading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.internal.fileobject.JdkMember;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the library looks up by name is what it tells GraalVM's native-image, which has to know. */
@Tag("mechanism-independent")
class NativeImageMetadataTest {
  private static final String FOLDER = "/META-INF/native-image/io.github.selectors4j/selectors4j/";

  /** A class, or, as no member's name has a dot, a member of the class before it. */
  private static final Pattern NAME =
      Pattern.compile("\"name\": \"([^\"]+)\"(?:, \"parameterTypes\": \\[([^]]*)])?");

  /** A class's name with slashes, and what is looked up in it, if anything, with its signature. */
  private static final Pattern JNI_LOOK_UP = Pattern.compile("(\\S+) (?:([^(]+)(\\(.*\\))?.*)?");

  /** Who looks up which class. */
  private static final Pattern REFLECTIVE_LOOK_UP =
      Pattern.compile(".*\\] (\\S+) (\\S+) .*\\(explicit\\)");

  private static final Set<String> JDK_21_LOOKS_UP =
      Set.of(
          "java.util.ImmutableCollections$Access",
          "sun.security.provider.NativePRNG",
          "sun.security.provider.SHA");

  @TempDir Path tmp;

  @Test
  void namesWhatIsLookedUpThroughJni() throws Exception {
    Set<String> lookedUp = new TreeSet<>();
    for (MatchResult line : traced(LoaderJvm.tracing(trace()), JNI_LOOK_UP)) {
      add(lookedUp, line.group(1).replace('/', '.'), line.group(2), line.group(3));
    }
    assertEquals(listed("jni-config.json"), lookedUp);
  }

  @Test
  void namesWhatIsLookedUpByReflection() throws Exception {
    Map<String, Set<String>> lookedUp = new HashMap<>();
    for (MatchResult line :
        traced("-Xlog:class+resolve=debug:file=" + trace(), REFLECTIVE_LOOK_UP)) {
      lookedUp.computeIfAbsent(line.group(1), who -> new TreeSet<>()).add(line.group(2));
    }
    // Java 21 names Class itself in the library's place, and in that of its launcher and of what
    // the
    // JDK makes names for temporary files with.
    Set<String> byClass = lookedUp.getOrDefault(Class.class.getName(), new TreeSet<>());
    byClass.removeAll(JDK_21_LOOKS_UP);
    byClass.remove(UseOfAll.class.getName());
    assertEquals(
        listed("reflect-config.json"), lookedUp.getOrDefault(JdkMember.class.getName(), byClass));
  }

  private Path trace() {
    return tmp.resolve("trace");
  }

  /** Those lines of {@link #trace}, which a JVM writes by that option, that match. */
  private List<MatchResult> traced(String option, Pattern pattern) throws Exception {
    List<String> command = LoaderJvm.command(Map.of(), UseOfAll.class);
    command.add(1, option);
    assertEquals(List.of(), LoaderJvm.run(command));
    return Files.readAllLines(trace()).stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(Matcher::toMatchResult)
        .toList();
  }

  private static Set<String> listed(String file) throws IOException {
    Set<String> listed = new TreeSet<>();
    try (InputStream stream = NativeLibrary.class.getResourceAsStream(FOLDER + file)) {
      String json = new String(Objects.requireNonNull(stream).readAllBytes(), UTF_8);
      String owner = "";
      for (MatchResult entry : NAME.matcher(json).results().toList()) {
        String name = entry.group(1);
        boolean isClass = name.contains(".");
        owner = isClass ? name : owner;
        String parameters = entry.group(2);
        add(
            listed,
            owner,
            isClass ? null : name,
            parameters == null ? null : "(" + parameters + ")");
      }
    }
    return listed;
  }

  private static void add(Set<String> names, String owner, String member, String parameters) {
    names.add(owner);
    if (member != null) {
      names.add(owner + "." + member + (parameters == null ? "" : parameters));
    }
  }
}
