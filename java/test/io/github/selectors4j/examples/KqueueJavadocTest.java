package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.select.Kqueue.KQ_EV_ADD;
import static io.github.selectors4j.select.Kqueue.KQ_EV_ONESHOT;
import static io.github.selectors4j.select.Kqueue.KQ_FILTER_READ;
import static io.github.selectors4j.select.Kqueue.KQ_FILTER_TIMER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.KqueueSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.select.Kevent;
import io.github.selectors4j.select.Kqueue;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the code in the Javadoc of kqueue's selector and primitive. */
@RequiresMechanism(Mechanism.KQUEUE)
class KqueueJavadocTest extends JavadocTestCase {
  @Test
  void kqueueSelector() throws Exception {
    try (KqueueSelector inner = KqueueSelector.open();
        BaseSelector outer = DefaultSelector.open()) {
      inner.register(pipe.source(), EVENT_READ);
      outer.register(inner, EVENT_READ); // readable while inner has ready keys
      outer.select();
      inner.selectNow((key, events) -> pipe.source().read(buffer));
    }
    assertEquals(1, buffer.position());
  }

  @Test
  void kqueue() throws Exception {
    try (Kqueue queue = Kqueue.open()) {
      Kevent timer = new Kevent(1, KQ_FILTER_TIMER, KQ_EV_ADD | KQ_EV_ONESHOT, 0, 20, 0); // 20 ms
      handle(queue.control(List.of(timer), 1, null));
    }
    assertEquals(1, ((Kevent) ((List<?>) seen.get(0)).get(0)).ident());
  }

  @Test
  void kevent() throws Exception {
    pipe.sink().write(ByteBuffer.allocate(4));
    try (Kqueue queue = Kqueue.open();
        KqueueSelector selector = KqueueSelector.open()) {
      int fd = selector.register(pipe.source(), EVENT_READ).fd();
      Kevent change = new Kevent(fd, KQ_FILTER_READ, KQ_EV_ADD, 0, 0, 0);
      Kevent event = queue.control(List.of(change), 1, null).get(0);
      long bytesToRead = event.data();
      assertEquals(5, bytesToRead);
    }
  }
}
