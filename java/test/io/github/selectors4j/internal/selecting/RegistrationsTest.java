package io.github.selectors4j.internal.selecting;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Rendezvous;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.SelectorKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The keys by descriptor, also where descriptors are no small integers: the sockets of Windows. */
@Tag("mechanism-independent")
class RegistrationsTest {
  private static final int[] DESCRIPTORS = {
    3, 64, 4000, (1 << 20) - 1, 1 << 20, 0x12345678, 0x7ffffff0, Integer.MAX_VALUE
  };

  /** So many that who looks meets some that are about to go. */
  private static final int CHANGES = 300_000;

  /** Registered when there is nothing more to look for. */
  private static final int LAST = 5;

  private final Registrations registrations = new Registrations();

  @Test
  void areFoundUnderAnyNumber() {
    for (int i = DESCRIPTORS.length - 1; i >= 0; i--) {
      int fd = DESCRIPTORS[i];
      assertNull(registrations.get(fd));
      assertNull(registrations.watching(fd, 0));
      SelectorKey key = put(fd);
      int generation = registrations.generation(fd);
      assertEquals(registrations.newestGeneration(), generation);
      assertSame(key, registrations.get(fd));
      assertSame(key, registrations.watching(fd, generation));
      assertNull(registrations.watching(fd, generation - 1));
      assertSame(key, registrations.watchingUntil(fd, generation));
      assertNull(registrations.watchingUntil(fd, generation - 1), "it is newer");
    }
    assertEquals(IntStream.of(DESCRIPTORS).boxed().toList(), numbers());
  }

  /** Who selects looks without the lock. */
  @Test
  void areLookedForWhileTheyGo() throws Exception {
    for (int fd : new int[] {3, 1 << 20}) {
      Rendezvous start = new Rendezvous(2);
      try (SelectThread<Integer> looking = SelectThread.start(() -> lookUntilLast(fd, start))) {
        start.await();
        for (int i = 0; i < CHANGES; i++) {
          registrations.remove(put(fd));
        }
        put(LAST);
        assertTrue(looking.result() > 0);
      }
      registrations.remove(registrations.get(LAST));
    }
  }

  private int lookUntilLast(int fd, Rendezvous start) {
    start.await();
    int looks = 0;
    do {
      int generation = registrations.newestGeneration();
      SelectorKey key = registrations.watching(fd, generation);
      SelectorKey older = registrations.watchingUntil(fd, generation);
      assertTrue(key == null || key.fd() == fd);
      assertTrue(older == null || older.fd() == fd);
      looks++;
    } while (registrations.get(LAST) == null);
    return looks;
  }

  @Test
  void changeAndGoUnderAnyNumber() {
    for (int fd : DESCRIPTORS) {
      int generation = registrations.generation(put(fd).fd());
      SelectorKey changed = new SelectorKey(fd, fd, EVENT_WRITE, null);
      registrations.replace(changed, generation);
      assertSame(changed, registrations.watching(fd, generation));
    }
    assertEquals(DESCRIPTORS.length, registrations.size());
    for (int fd : DESCRIPTORS) {
      assertFalse(registrations.remove(registrations.get(fd)));
      assertNull(registrations.get(fd));
    }
    assertEquals(0, registrations.size());
    assertEquals(List.of(), numbers());
  }

  @Test
  void tellWhichDescriptorsTheSelectorMade() {
    for (int fd : DESCRIPTORS) {
      SelectorKey key = new SelectorKey("object " + fd, fd, EVENT_READ, null);
      registrations.put(key, registrations.nextGeneration(), true);
      assertTrue(registrations.remove(key));
      assertFalse(registrations.remove(put(fd)), "the next one's is not");
    }
  }

  private SelectorKey put(int fd) {
    SelectorKey key = new SelectorKey(fd, fd, EVENT_READ, null);
    registrations.put(key, registrations.nextGeneration(), false);
    return key;
  }

  private List<Integer> numbers() {
    return registrations.all().stream().map(SelectorKey::fd).toList();
  }
}
