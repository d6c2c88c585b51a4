package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;

/** What a selector tells of itself. */
class StateTest {

  @EveryMechanism
  void isRegistered(Mechanism mechanism) throws Exception {
    BaseSelector selector = mechanism.open();
    try (selector;
        TestPipe pipe = TestPipe.open();
        TestPipe other = TestPipe.open()) {
      HasFileno registered = () -> pipe.source;
      HasFileno another = () -> pipe.source;
      HasFileno broken =
          () -> {
            throw new IOException("no descriptor");
          };
      assertFalse(selector.isRegistered(registered));
      selector.register(registered, EVENT_READ);
      assertTrue(selector.isRegistered(registered));
      assertTrue(selector.isRegistered(another));
      assertTrue(selector.isRegistered(pipe.source));
      assertFalse(selector.isRegistered(other.source));
      assertFalse(selector.isRegistered(-1));
      assertFalse(selector.isRegistered(broken));
      assertFalse(selector.isRegistered("no file object"));
      assertThrows(NullPointerException.class, () -> selector.isRegistered(null));
      selector.unregister(registered);
      assertFalse(selector.isRegistered(registered));
    }
    assertThrows(ClosedSelectorException.class, () -> selector.isRegistered(0));
  }

  @EveryMechanism
  void itsString(Mechanism mechanism) throws Exception {
    BaseSelector selector = mechanism.open();
    String name = selector.getClass().getSimpleName();
    try (selector;
        TestPipe pipe = TestPipe.open()) {
      assertEquals(name + "[0 registered]", selector.toString());
      selector.register(pipe.source, EVENT_READ);
      selector.register(pipe.sink, EVENT_READ);
      assertEquals(name + "[2 registered]", selector.toString());
      selector.unregister(pipe.sink);
      assertEquals(name + "[1 registered]", selector.toString());
    }
    assertEquals(name + "[closed]", selector.toString());
  }
}
