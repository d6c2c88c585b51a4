package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * getMap: live, read-only, ascending, weakly consistent, and asked by descriptor or file object.
 */
class MapViewTest {

  @EveryMechanism
  void isLive(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      Map<Integer, SelectorKey> map = selector.getMap();
      assertTrue(map.isEmpty());
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      assertEquals(1, map.size());
      assertEquals(Map.of(pipe.source, key), map);
      assertEquals(Map.of(pipe.source, key).hashCode(), map.hashCode());
      SelectorKey modified = selector.modify(pipe.source, EVENT_WRITE);
      assertSame(modified, map.get(pipe.source));
      assertTrue(map.containsValue(modified));
      assertFalse(map.containsValue(key));
      selector.unregister(pipe.source);
      assertTrue(map.isEmpty());
      assertEquals(0, map.size());
    }
  }

  @EveryMechanism
  void isAskedByDescriptorOrFileObject(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      HasFileno registered = () -> pipe.source;
      SelectorKey key = selector.register(registered, EVENT_READ);
      Map<?, SelectorKey> map = selector.getMap();
      HasFileno another = () -> pipe.source;
      for (Object found : List.of(registered, another, pipe.source)) {
        assertSame(key, map.get(found));
        assertTrue(map.containsKey(found));
      }
      HasFileno closed =
          () -> {
            throw new IOException("closed");
          };
      for (Object unknown :
          List.of(
              pipe.sink, -1, Integer.MAX_VALUE, "1", new Object(), (long) pipe.source, closed)) {
        assertNull(map.get(unknown));
        assertFalse(map.containsKey(unknown));
      }
    }
  }

  @EveryMechanism
  @SuppressWarnings("NullAway")
  void takesNoNull(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Map<Integer, SelectorKey> map = selector.getMap();
      assertThrowsExactly(NullPointerException.class, () -> map.get(null));
      assertThrowsExactly(NullPointerException.class, () -> map.containsKey(null));
    }
  }

  @EveryMechanism
  void ascends(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open();
        Duplicates duplicates = Duplicates.of(pipe.source, 100)) {
      List<Integer> descending = new ArrayList<>(duplicates.fds());
      Collections.reverse(descending);
      for (int fd : descending) {
        selector.register(fd, EVENT_READ);
      }
      Map<Integer, SelectorKey> map = selector.getMap();
      assertEquals(duplicates.fds(), List.copyOf(map.keySet()));
      assertEquals(duplicates.fds(), map.values().stream().map(SelectorKey::fd).toList());
      assertEquals(
          duplicates.fds(), map.entrySet().stream().map(entry -> entry.getValue().fd()).toList());
    }
  }

  @EveryMechanism
  void isReadOnly(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      Map<Integer, SelectorKey> map = selector.getMap();
      assertThrows(UnsupportedOperationException.class, () -> map.put(pipe.sink, key));
      assertThrows(UnsupportedOperationException.class, () -> map.remove(pipe.source));
      assertThrows(UnsupportedOperationException.class, map::clear);
      assertThrows(UnsupportedOperationException.class, () -> map.putIfAbsent(pipe.source, key));
      assertThrows(UnsupportedOperationException.class, () -> map.remove(pipe.sink, key));
      assertThrows(UnsupportedOperationException.class, () -> map.replace(pipe.sink, key));
      assertThrows(UnsupportedOperationException.class, () -> map.putAll(Map.of()));
      assertThrows(
          UnsupportedOperationException.class, () -> map.computeIfPresent(pipe.sink, (fd, k) -> k));
      assertThrows(
          UnsupportedOperationException.class, () -> map.keySet().remove((Object) pipe.source));
      assertThrows(UnsupportedOperationException.class, () -> map.values().clear());
      Iterator<Map.Entry<Integer, SelectorKey>> entries = map.entrySet().iterator();
      Map.Entry<Integer, SelectorKey> entry = entries.next();
      assertThrows(UnsupportedOperationException.class, () -> entry.setValue(key));
      assertThrows(UnsupportedOperationException.class, entries::remove);
      assertThrowsExactly(NoSuchElementException.class, entries::next);
      assertEquals(Map.of(pipe.source, key), map);
    }
  }

  @EveryMechanism
  void goesOnWhileItsKeysComeAndGo(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open();
        Duplicates duplicates = Duplicates.of(pipe.source, 3)) {
      List<Integer> fds = duplicates.fds();
      selector.register(fds.get(0), EVENT_READ);
      selector.register(fds.get(2), EVENT_READ);
      Iterator<Integer> iterator = selector.getMap().keySet().iterator();
      assertEquals(fds.get(0), iterator.next());
      selector.register(fds.get(1), EVENT_READ);
      assertTrue(iterator.hasNext());
      fds.forEach(selector::unregister);
      assertTrue(fds.contains(iterator.next()), "what hasNext promised");
      while (iterator.hasNext()) {
        iterator.next();
      }
      selector.getMap().keySet().forEach(fd -> selector.unregister(fd));
    }
  }

  /** Whatever is registered throughout is seen by every iteration, once, in order. */
  @EveryMechanism
  void isWeaklyConsistentUnderChangesByOtherThreads(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open();
        Duplicates duplicates = Duplicates.of(pipe.source, 300);
        Crew crew = new Crew()) {
      List<Integer> fds = duplicates.fds();
      List<Integer> lasting = new ArrayList<>();
      for (int i = 0; i < fds.size(); i += 3) {
        selector.register(fds.get(i), EVENT_READ);
        lasting.add(fds.get(i));
      }
      for (int changer = 1; changer <= 2; changer++) {
        int first = changer;
        crew.start(
            () -> {
              for (int round = 0; round < 20; round++) {
                for (int i = first; i < fds.size(); i += 3) {
                  selector.register(fds.get(i), EVENT_READ);
                }
                for (int i = first; i < fds.size(); i += 3) {
                  selector.unregister(fds.get(i));
                }
              }
            });
      }
      crew.start(
          () -> {
            for (int round = 0; round < 500; round++) {
              List<Integer> seen = new ArrayList<>();
              selector.getMap().forEach((fd, key) -> seen.add(key.fd()));
              assertEquals(seen.stream().sorted().distinct().toList(), seen);
              assertTrue(seen.containsAll(lasting), "a lasting key was passed over");
            }
          });
      crew.await();
      assertEquals(lasting, List.copyOf(selector.getMap().keySet()));
    }
  }
}
