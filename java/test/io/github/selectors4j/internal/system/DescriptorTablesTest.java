package io.github.selectors4j.internal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is kept by descriptor, where those are no small integers: the sockets of Windows. */
@Tag("mechanism-independent")
class DescriptorTablesTest {
  private static final int LAST_DENSE = DescriptorTable.MOST_DENSE - 1;
  private static final int[] DESCRIPTORS = {
    0, 63, 64, 4000, LAST_DENSE, DescriptorTable.MOST_DENSE, 0x7ffffff0, Integer.MAX_VALUE
  };

  @Test
  void table() {
    DescriptorTable table = new DescriptorTable();
    for (int fd : DESCRIPTORS) {
      assertEquals(0, table.get(fd));
      table.put(fd, fd / 2 + 1);
    }
    for (int fd : DESCRIPTORS) {
      assertEquals(fd / 2 + 1, table.get(fd));
      table.put(fd, 0);
      assertEquals(0, table.get(fd));
    }
  }

  @Test
  void set() {
    DescriptorSet set = new DescriptorSet();
    List<Integer> all = new ArrayList<>();
    for (int fd : DESCRIPTORS) {
      assertFalse(set.remove(fd));
      set.add(fd);
      set.add(fd);
      all.add(fd);
    }
    for (int fd : new int[] {4000, 0x7ffffff0}) {
      assertTrue(set.remove(fd));
      assertFalse(set.remove(fd));
      all.remove((Integer) fd);
    }
    List<Integer> drained = new ArrayList<>();
    set.drain(drained::add);
    assertEquals(all, drained.stream().sorted().toList());
    set.drain(fd -> assertEquals("none", fd));
  }

  @Test
  void bitsOfSelectOnWindows() {
    SetBits bits = new SetBits.Listed();
    List<Integer> sockets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int socket = Integer.MAX_VALUE - i * 10_000_000; // as far apart as can be
      assertEquals(i, bits.assign(socket));
      sockets.add(socket);
    }
    for (int i = 0; i < 200; i++) {
      assertEquals(i, bits.assign(sockets.get(i)), "has one already");
      assertEquals(sockets.get(i), bits.descriptor(i));
    }
    bits.free(150);
    bits.free(7);
    assertEquals(7, bits.assign(12), "the first that is free");
    assertEquals(150, bits.assign(sockets.get(7)));
    assertEquals(200, bits.assign(sockets.get(150)));
    assertEquals(12, bits.descriptor(7));
    assertEquals(sockets.get(7), bits.descriptor(150));
  }
}
