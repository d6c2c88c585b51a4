package io.github.selectors4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Mechanism;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is found, by few steps, and what is printed then is a test that finds it again. */
@Tag("mechanism-independent")
class SearchTest {
  private static final int SEED = 42;
  private static final int STEPS = 20_000;

  @TempDir Path folder;

  @Test
  void findsWhatIsWrongWithOneKindOfEvent() throws Exception {
    assertFound(
        4, List.of(Mechanism.POLL), WrongModels::withoutHangUp, "WrongModels::withoutHangUp");
  }

  @Test
  void findsWhatTakesSeveralStepsToShow() throws Exception {
    assertFound(6, List.of(Mechanism.POLL), WrongModels::withoutReuse, "WrongModels::withoutReuse");
  }

  @Test
  void findsTheSelectorThatIsNotLikeTheOthers() throws Exception {
    String source =
        assertFound(
            4,
            List.of(Mechanism.POLL, Mechanism.EPOLL),
            WrongModels::ofPoll,
            "WrongModels::ofPoll");
    assertTrue(source.contains("List.of(Mechanism.EPOLL),"), source);
  }

  @Test
  void findsWhatIsWrongWithPriorityAndHangUp() {
    assertFound(4, Mechanism.POLL, WrongModels::withoutUrgentData);
    assertFound(4, Mechanism.POLL, WrongModels::withoutHangUpOfReaders);
    assertFound(4, Mechanism.POLL, WrongModels::withPriorityOfHangUp);
  }

  @Test
  void findsWhatIsWrongWithANumberThatWasReopened() {
    assertFound(6, Mechanism.EPOLL, WrongModels::withoutLookAtTheFile);
  }

  @Test
  void findsWhatIsWrongWithWhatAHandlerLeavesOver() {
    assertFound(7, Mechanism.POLL, WrongModels::withoutLeftOvers);
  }

  @Test
  void findsWhatIsWrongWithAnAwaiter() throws Exception {
    assertFound(
        3, List.of(Mechanism.POLL), WrongModels.WITHOUT_CANCEL, "WrongModels.WITHOUT_CANCEL");
  }

  @Test
  void findsWhatIsWrongWithAnInterruptedAwait() {
    assertFound(4, Mechanism.SELECT, WrongModels.WITHOUT_LAST_LOOK);
  }

  @Test
  void findsWhatIsWrongWithANumberThatIsAwaitedForAnotherFile() {
    assertFound(5, Mechanism.EPOLL, WrongModels.WITHOUT_FILES);
  }

  @Test
  void takesTheSameStepsForTheSameSeed() {
    assertEquals(
        failure(List.of(Mechanism.POLL), WrongModels::withoutReuse, "").getMessage(),
        failure(List.of(Mechanism.POLL), WrongModels::withoutReuse, "").getMessage());
  }

  private static Disagreement failure(
      List<Mechanism> mechanisms, SelectorModel.Factory models, String modelsSource) {
    Search search = new Search(mechanisms, models, modelsSource);
    return assertThrows(Disagreement.class, () -> search.run(SEED, STEPS));
  }

  /** Which prints the source of a test that finds it again. */
  private String assertFound(
      int mostSteps, List<Mechanism> mechanisms, SelectorModel.Factory models, String modelsSource)
      throws Exception {
    String message = found(mostSteps, mechanisms, models, modelsSource);
    String source = source(message);
    Disagreement again = assertThrows(Disagreement.class, () -> runPrinted(source));
    assertTrue(message.contains(again.getMessage()), () -> message + "\nis not " + again);
    return source;
  }

  private static void assertFound(
      int mostSteps, Mechanism mechanism, SelectorModel.Factory models) {
    found(mostSteps, List.of(mechanism), models, "");
  }

  private static String found(
      int mostSteps,
      List<Mechanism> mechanisms,
      SelectorModel.Factory models,
      String modelsSource) {
    String message = failure(mechanisms, models, modelsSource).getMessage();
    long steps =
        source(message).lines().filter(line -> line.strip().startsWith("new Step.")).count();
    assertTrue(steps <= mostSteps, message);
    return message;
  }

  private static String source(String message) {
    return message.substring(message.indexOf("package "));
  }

  /** Compiles a test as the build does, and runs it in this package. */
  private void runPrinted(String source) throws Throwable {
    Path file = Files.writeString(folder.resolve("SeedTest.java"), source);
    List<String> command = new ArrayList<>();
    String jdk = Objects.requireNonNull(System.getProperty("selectors4j.test.jdk"));
    command.add(Path.of(jdk, "bin", "javac").toString());
    command.addAll(List.of("--release", "17", "-proc:none", "-Xlint:all,-path", "-Werror"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-d", folder.toString(), file.toString()));
    Path log = folder.resolve("log");
    Process javac =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int status = javac.waitFor();
    assertEquals(0, status, source + Files.readString(log));
    Path compiled;
    try (var files = Files.walk(folder)) {
      compiled = files.filter(each -> each.endsWith("SeedTest.class")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(compiled);
    // Hidden, so that the next one may have the same name.
    Class<?> test = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
    Constructor<?> constructor = test.getDeclaredConstructor();
    Method method = test.getDeclaredMethod("agrees");
    try {
      method.invoke(constructor.newInstance());
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
