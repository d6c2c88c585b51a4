package io.github.selectors4j.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchFilesTest {
  @TempDir Path folder;

  @Test
  void reportsChangesAndSumsThemUp() throws Exception {
    try (ExampleProcess example = ExampleProcess.start(WatchFiles.class, folder.toString())) {
      example.await("^Watching ");
      Path file = Files.createFile(folder.resolve("a file"));
      example.await("^created a file$");
      example.await("^written a file$");
      Files.move(file, folder.resolve("b"));
      example.await("^moved away a file$");
      example.await("^moved here b$");
      Files.delete(folder.resolve("b"));
      example.await("^deleted b$");
      example.await("^changes in the last second: \\d$");
    }
  }
}
