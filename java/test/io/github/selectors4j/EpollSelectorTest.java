package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CPython's {@code EpollSelectorTestCase}. */
@RequiresMechanism(Mechanism.EPOLL)
class EpollSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return EpollSelector.open();
  }

  @Test
  void test_register_file(@TempDir Path directory) throws IOException {
    BaseSelector s = makeSelector();
    RandomAccessFile file =
        addCleanup(new RandomAccessFile(directory.resolve("file").toFile(), "rw"));
    SystemCallException refusal =
        assertThrows(SystemCallException.class, () -> s.register(file, EVENT_READ));
    assertEquals("EPERM", refusal.errnoName());
    assertTrue(refusal.getMessage().contains("PollSelector"), refusal::getMessage);
    assertThrows(NoSuchElementException.class, () -> s.getKey(file));
    assertEquals(List.of(), s.selectNow());
  }
}
