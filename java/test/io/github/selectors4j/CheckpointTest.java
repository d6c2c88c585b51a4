package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.DescriptorLeakCheck.openDescriptors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an application does that is checkpointed and restored, as with CRaC: closes its selectors
 * before, since no descriptor may be open then, and makes them anew after.
 */
class CheckpointTest extends DescriptorTestCase {

  @EveryMechanism
  void aSelectorIsClosedAndMadeAnew(Mechanism mechanism) throws Exception {
    TestDescriptor.Pair sockets = makeSocketPair();
    Process cat = new ProcessBuilder("cat").start();
    Map<Integer, String> without = openDescriptors();
    List<SelectorKey> keys = new ArrayList<>();
    for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
      BaseSelector selector = mechanism.open();
      if (checkpoint == 0) {
        selector.register(sockets.rd(), EVENT_READ, "input");
        selector.register(cat.getInputStream(), EVENT_READ, "child");
        selector.register(cat.getOutputStream(), EVENT_WRITE, "to child");
      } else {
        for (SelectorKey key : keys) {
          selector.register(key.fileobj(), key.events(), key.data());
        }
      }
      assertReports(selector, List.of("to child"));
      selector.unregister(cat.getOutputStream());

      sockets.wr().write("x");
      assertReports(selector, List.of("input"));
      assertEquals("x", sockets.rd().read());
      cat.getOutputStream().write('y');
      cat.getOutputStream().flush();
      assertReports(selector, List.of("child"));
      assertEquals('y', cat.getInputStream().read());

      selector.register(cat.getOutputStream(), EVENT_WRITE, "to child");
      keys = List.copyOf(selector.getMap().values());
      selector.unregister(cat.getOutputStream());
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        selector.close(); // in another thread, as a checkpoint's hook runs
        assertInstanceOf(ClosedSelectorException.class, blocked.failure());
      }
      assertEquals(without, openDescriptors());
    }
    ProcessStreamsTest.end(cat);
  }

  private static void assertReports(BaseSelector selector, List<String> data) throws Exception {
    assertEquals(data, selector.select().stream().map(ready -> ready.key().data()).toList());
  }
}
