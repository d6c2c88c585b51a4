package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.check;

import io.github.selectors4j.Mechanisms;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.model.OpenFile.Transfer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A few numbers of the process's descriptor table, and the model of what they name. */
final class DescriptorTable implements AutoCloseable {
  static final int SLOTS = 7;

  /** So that they lie on both sides of FD_SETSIZE. */
  private static final int FIRST = Mechanisms.IN_QEMU ? 900 : 1021;

  private final OpenFile[] files = new OpenFile[SLOTS];
  private final IntConsumer renamed;
  private final Runnable between;
  private Pipe fifo = new Pipe();
  private @Nullable Path fifoPath;

  /**
   * A table without files.
   *
   * @param renamed told of every slot that has come to name another file, or none
   * @param between told after one and before another does so in a single step
   */
  DescriptorTable(IntConsumer renamed, Runnable between) {
    this.renamed = renamed;
    this.between = between;
  }

  static int number(int slot) {
    return FIRST + slot;
  }

  static int slot(int number) {
    return number - FIRST;
  }

  /** What a slot names, or null. */
  @Nullable OpenFile file(int slot) {
    return files[slot];
  }

  /** Opens files in place of whatever the slots name; false when that can't be done. */
  boolean open(Kind kind, int slot, int other) throws IOException {
    if (kind.isPair() && slot == other) {
      return false;
    }
    switch (kind) {
      case PIPE -> {
        Pipe pipe = new Pipe();
        place(pair(kind), new int[] {slot, other}, pipe.reader(), pipe.writer());
      }
      case SOCKET -> place(pair(kind), new int[] {slot, other}, UnixSocket.pair());
      case TCP -> place(pair(kind), new int[] {slot, other}, TcpSocket.pair());
      case TERMINAL -> place(pair(kind), new int[] {slot, other}, Terminal.pair());
      case EVENTFD ->
          place(new int[] {check(TestLibrary.eventfd(0))}, new int[] {slot}, new Counter());
      case FIFO_READER -> {
        int end = openFifo(TestLibrary.O_RDONLY);
        place(new int[] {end}, new int[] {slot}, fifo.reader());
      }
      case FIFO_WRITER -> {
        if (!fifo.hasReader()) {
          return false;
        }
        int end = openFifo(TestLibrary.O_WRONLY);
        place(new int[] {end}, new int[] {slot}, fifo.writer());
      }
    }
    return true;
  }

  private static int[] pair(Kind kind) {
    int[] pair = new int[2];
    check(
        switch (kind) {
          case PIPE -> TestLibrary.pipe(pair);
          case SOCKET -> TestLibrary.socketpair(pair);
          case TCP -> TestLibrary.tcpPair(pair);
          case TERMINAL -> TestLibrary.openpty(pair);
          default -> throw new IllegalArgumentException(kind + " is no pair");
        });
    return pair;
  }

  private int openFifo(int flags) throws IOException {
    if (!fifo.hasEnds()) {
      fifo = new Pipe();
    }
    if (fifoPath == null) {
      fifoPath = Files.createTempDirectory("selectors4j-model").resolve("fifo");
      check(TestLibrary.mkfifo(fifoPath.toString()));
    }
    return check(TestLibrary.open(fifoPath.toString(), flags | TestLibrary.O_NONBLOCK));
  }

  private void place(int[] descriptors, int[] slots, OpenFile... opened) {
    for (int i = 0; i < slots.length; i++) {
      if (i > 0) {
        between.run();
      }
      check(TestLibrary.setFl(descriptors[i], TestLibrary.O_NONBLOCK));
      check(TestLibrary.dup2(descriptors[i], number(slots[i])));
      check(TestLibrary.close(descriptors[i]));
      name(slots[i], opened[i]);
    }
  }

  /** Makes a slot name what another one names; false when that is nothing, or already so. */
  boolean duplicate(int from, int to) {
    OpenFile file = files[from];
    if (file == null || files[to] == file) {
      return false;
    }
    check(TestLibrary.dup2(number(from), number(to)));
    name(to, file);
    return true;
  }

  boolean close(int slot) {
    if (files[slot] == null) {
      return false;
    }
    check(TestLibrary.close(number(slot)));
    name(slot, null);
    return true;
  }

  private void name(int slot, @Nullable OpenFile file) {
    OpenFile before = files[slot];
    files[slot] = file;
    if (file != null) {
      file.opened();
    }
    if (before != null) {
      before.closed();
    }
    renamed.accept(slot);
    settle();
  }

  boolean shutdown(int slot, boolean read, boolean write) {
    OpenFile file = files[slot];
    if (file == null || !file.takesShutdown()) {
      return false;
    }
    int how =
        read && write ? TestLibrary.SHUT_RDWR : read ? TestLibrary.SHUT_RD : TestLibrary.SHUT_WR;
    check(TestLibrary.shutdown(number(slot), how));
    file.shutdown(read, write);
    settle();
    return true;
  }

  boolean transfer(Transfer transfer, int slot) {
    OpenFile file = files[slot];
    if (file == null || !file.knows(transfer)) {
      return false;
    }
    int number = number(slot);
    int result =
        file instanceof Counter
            ? transferNumber(transfer, number)
            : transferBytes(transfer, number);
    int expected = file.transfer(transfer);
    if (result != expected) {
      throw new Disagreement(
          transfer + " on fd " + number + " has the result " + result + ", not " + expected);
    }
    settle();
    return true;
  }

  boolean sendUrgent(int slot) {
    OpenFile file = files[slot];
    if (file == null || !file.knowsUrgent()) {
      return false;
    }
    int result = TestLibrary.sendUrgent(number(slot));
    int expected = file.sendUrgent();
    if (result != expected) {
      throw new Disagreement(
          "urgent data on fd " + number(slot) + ": " + result + ", not " + expected);
    }
    settle();
    return true;
  }

  boolean takeUrgent(int slot) {
    OpenFile file = files[slot];
    if (file == null || !file.hasUrgent()) {
      return false;
    }
    check(TestLibrary.receiveUrgent(number(slot)));
    file.takeUrgent();
    settle();
    return true;
  }

  private static int transferBytes(Transfer transfer, int number) {
    byte[] bytes = new byte[4096];
    int result;
    do {
      result =
          switch (transfer) {
            case WRITE -> TestLibrary.write(number, bytes, 1);
            case FILL -> TestLibrary.write(number, bytes, bytes.length);
            case READ -> TestLibrary.read(number, bytes, 1);
            case DRAIN -> TestLibrary.read(number, bytes, bytes.length);
          };
    } while (result > 0 && (transfer == Transfer.FILL || transfer == Transfer.DRAIN));
    return result;
  }

  private static int transferNumber(Transfer transfer, int number) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    return switch (transfer) {
      case WRITE -> TestLibrary.write(number, bytes.putLong(1).array(), Long.BYTES);
      case READ, DRAIN -> TestLibrary.read(number, bytes.array(), Long.BYTES);
      case FILL -> {
        TestLibrary.read(number, bytes.array(), Long.BYTES);
        yield TestLibrary.write(number, bytes.putLong(0, -2).array(), Long.BYTES);
      }
    };
  }

  private void settle() {
    for (int slot = 0; slot < SLOTS; slot++) {
      OpenFile file = files[slot];
      if (file != null) {
        file.settle(number(slot));
      }
    }
  }

  /** Whatever the model says of the files. */
  @Override
  public void close() throws IOException {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (files[slot] != null) {
        files[slot] = null;
        check(TestLibrary.close(number(slot)));
      }
    }
    if (fifoPath != null) {
      Files.delete(fifoPath);
      Files.delete(fifoPath.getParent());
    }
  }
}
