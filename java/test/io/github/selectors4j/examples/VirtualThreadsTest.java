package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("mechanism-independent")
@Timeout(60)
class VirtualThreadsTest {
  @Test
  void eachThreadReadsItsByte() throws Exception {
    int threads = Runtime.version().feature() < 21 ? 200 : 2000;
    try (ExampleProcess example = ExampleProcess.start(VirtualThreads.class, "" + threads)) {
      assertEquals(List.of(threads + " threads have read a byte each"), example.awaitEnd());
      assertEquals(0, example.process.waitFor());
    }
  }
}
