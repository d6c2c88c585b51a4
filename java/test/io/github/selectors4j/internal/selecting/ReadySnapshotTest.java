package io.github.selectors4j.internal.selecting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectorKey;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("mechanism-independent")
final class ReadySnapshotTest {

  /** Of 100 keys: more than there was room for at first, or fewer. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100, 1000})
  void listsAllInTheirOrder(int capacity) {
    List<ReadyKey> expected =
        IntStream.range(0, 100).mapToObj(fd -> new ReadyKey(key(fd), 1 + fd % 3)).toList();
    List<ReadyKey> list = listed(capacity, expected);
    assertEquals(expected, list);
    assertEquals(expected, list.stream().toList());
    assertEquals(expected, IntStream.range(0, list.size()).mapToObj(list::get).toList());
  }

  @Test
  void endsWhereTheKeysEnd() {
    List<ReadyKey> list = listed(16, List.of(new ReadyKey(key(3), 1)));
    assertThrows(IndexOutOfBoundsException.class, () -> list.get(1));
    assertThrows(IndexOutOfBoundsException.class, () -> list.get(-1));
    Iterator<ReadyKey> iterator = list.iterator();
    iterator.next();
    assertFalse(iterator.hasNext());
    assertThrows(NoSuchElementException.class, iterator::next);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void canNotBeChanged(int size) {
    ReadyKey one = new ReadyKey(key(3), 1);
    List<ReadyKey> list = listed(16, List.of(one).subList(0, size));
    assertThrows(UnsupportedOperationException.class, () -> list.add(one));
    if (size > 0) {
      assertThrows(UnsupportedOperationException.class, () -> list.set(0, one));
      assertThrows(UnsupportedOperationException.class, () -> list.remove(0));
      assertThrows(UnsupportedOperationException.class, list::clear);
      Iterator<ReadyKey> iterator = list.iterator();
      iterator.next();
      assertThrows(UnsupportedOperationException.class, iterator::remove);
    }
  }

  private static SelectorKey key(int fd) {
    return new SelectorKey(fd, fd, BaseSelector.EVENT_READ | BaseSelector.EVENT_WRITE, null);
  }

  private static List<ReadyKey> listed(int capacity, List<ReadyKey> ready) {
    ReadySnapshot snapshot = new ReadySnapshot(capacity);
    ready.forEach(each -> snapshot.ready(each.key(), each.events()));
    return snapshot.list();
  }
}
