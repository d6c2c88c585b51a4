package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.select.Poll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** The exceptional condition, and the peer's end, each only where it is asked for. */
class PriorityAndHangupTest extends DescriptorTestCase {

  private static final Duration LONG = Duration.ofSeconds(30);

  @EveryMechanism
  void urgentDataIsPriority(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Connection tcp = new Connection()) {
      if (isRefused(selector, tcp.channel, EVENT_PRIORITY)) {
        return;
      }
      SelectorKey key = selector.register(tcp.channel, EVENT_PRIORITY);
      tcp.peer.getOutputStream().write('a');
      assertEquals(List.of(), selector.select(Duration.ofMillis(50)));
      tcp.peer.sendUrgentData('!');
      List<ReadyKey> ready = selector.select(LONG);
      assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), ready);
      assertTrue(ready.get(0).isPriority());
      assertTrue(!ready.get(0).isReadable() && !ready.get(0).isWritable());
      SelectorKey all = selector.modify(tcp.channel, EVENT_READ | EVENT_WRITE | EVENT_PRIORITY);
      assertEquals(
          List.of(new ReadyKey(all, EVENT_READ | EVENT_WRITE | EVENT_PRIORITY)),
          selector.select(LONG));
      SelectorKey reading = selector.modify(tcp.channel, EVENT_READ);
      assertEquals(List.of(new ReadyKey(reading, EVENT_READ)), selector.select(LONG));
    }
  }

  /** Windows' select tells of both in the set of exceptions. */
  @EveryMechanism
  void aRefusedConnectionIsNoPriority(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.KQUEUE) {
      return; // It reports the side that the kernel reports.
    }
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) server.getLocalSocketAddress();
    }
    try (BaseSelector selector = mechanism.open();
        SocketChannel client = SocketChannel.open()) {
      client.configureBlocking(false);
      assertFalse(client.connect(nobody));
      SelectorKey key = selector.register(client, EVENT_WRITE | EVENT_PRIORITY);
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(LONG));
      SelectorKey both = selector.modify(client, EVENT_READ | EVENT_PRIORITY);
      assertEquals(List.of(new ReadyKey(both, EVENT_READ)), selector.select(LONG));
    }
  }

  /** A server that has stopped to read, and still wants to hear that its peer is gone. */
  @EveryMechanism
  void aHalfCloseIsAHangupWhileReadingIsPaused(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Connection tcp = new Connection()) {
      if (isRefused(selector, tcp.channel, EVENT_HANGUP)) {
        return;
      }
      SelectorKey key = selector.register(tcp.channel, EVENT_HANGUP);
      tcp.peer.getOutputStream().write(new byte[1000]);
      assertEquals(List.of(), selector.select(Duration.ofMillis(50)), "bytes are no hang-up");
      tcp.peer.shutdownOutput();
      List<ReadyKey> ready = selector.select(LONG);
      assertEquals(List.of(new ReadyKey(key, EVENT_HANGUP)), ready);
      assertTrue(ready.get(0).isHangup());
      assertEquals(ready, selector.select(LONG), "it stays one");
      SelectorKey both = selector.modify(tcp.channel, EVENT_READ | EVENT_HANGUP);
      assertEquals(List.of(new ReadyKey(both, EVENT_READ | EVENT_HANGUP)), selector.select(LONG));
      assertEquals(1000, tcp.channel.read(ByteBuffer.allocate(2000)));
      assertEquals(List.of(new ReadyKey(both, EVENT_READ | EVENT_HANGUP)), selector.select(LONG));
      SelectorKey reading = selector.modify(tcp.channel, EVENT_READ);
      assertEquals(List.of(new ReadyKey(reading, EVENT_READ)), selector.select(LONG));
    }
  }

  @EveryMechanism
  void aResetIsAHangup(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Connection tcp = new Connection()) {
      if (isRefused(selector, tcp.channel, EVENT_HANGUP)) {
        return;
      }
      SelectorKey key = selector.register(tcp.channel, EVENT_HANGUP);
      tcp.reset();
      assertEquals(List.of(new ReadyKey(key, EVENT_HANGUP)), selector.select(LONG));
      SelectorKey all = selector.modify(tcp.channel, EVENT_READ | EVENT_WRITE | EVENT_HANGUP);
      assertEquals(List.of(new ReadyKey(all, all.events())), selector.select(LONG));
    }
  }

  /** It is the peer's doing, and not one's own. */
  @EveryMechanism
  void oneOwnEndOfWritingIsNoHangup(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        Connection tcp = new Connection()) {
      if (isRefused(selector, tcp.channel, EVENT_HANGUP)) {
        return;
      }
      SelectorKey key = selector.register(tcp.channel, EVENT_WRITE | EVENT_HANGUP);
      tcp.channel.shutdownOutput();
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(LONG));
    }
  }

  /** A number that is closed is ready for all that it asked for. */
  @EveryMechanism
  void aClosedNumberIsReadyForAll(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.EPOLL || mechanism == Mechanism.KQUEUE) {
      return; // These forget it.
    }
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ | EVENT_PRIORITY);
      pipe.closeSource();
      assertEquals(List.of(new ReadyKey(key, key.events())), selector.selectNow());
    }
  }

  /** On a pipe, its writer's end. */
  @EveryMechanism
  void anEndOfAPipeIsAHangup(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      if (isRefused(selector, pipe.source, EVENT_HANGUP)) {
        return;
      }
      SelectorKey key = selector.register(pipe.source, EVENT_HANGUP);
      assertEquals(List.of(), selector.selectNow());
      pipe.closeSink();
      assertEquals(List.of(new ReadyKey(key, EVENT_HANGUP)), selector.select(LONG));
    }
  }

  /** A bare error or hang-up counts as priority only where nothing else is asked for. */
  @EveryMechanism
  void aBareHangupCountsAsPriorityForWhoAsksForNothingElse(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.SELECT || mechanism == Mechanism.KQUEUE) {
      return; // These report the side that the kernel reports.
    }
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_PRIORITY);
      pipe.closeSink();
      assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), selector.select(LONG));
      SelectorKey both = selector.modify(pipe.source, EVENT_PRIORITY | EVENT_READ);
      assertEquals(List.of(new ReadyKey(both, EVENT_READ)), selector.select(LONG));
      if (mechanism == Mechanism.POLL && Poll.POLLRDHUP == 0) {
        return; // It can't wait for a hang-up.
      }
      SelectorKey hangup = selector.modify(pipe.source, EVENT_PRIORITY | EVENT_HANGUP);
      assertEquals(List.of(new ReadyKey(hangup, EVENT_HANGUP)), selector.select(LONG));
    }
  }

  /** Refused with both names where the mechanism can't, and what is registered stays. */
  private static boolean isRefused(BaseSelector selector, Object fileobj, int events)
      throws Exception {
    Mechanism mechanism = selector.mechanism();
    boolean expected =
        events == EVENT_HANGUP
            ? mechanism == Mechanism.SELECT || (mechanism == Mechanism.POLL && Poll.POLLRDHUP == 0)
            : mechanism == Mechanism.KQUEUE && KqueueShim.value("EVFILT_EXCEPT") == 0;
    if (!expected) {
      return false;
    }
    String name = events == EVENT_HANGUP ? "EVENT_HANGUP" : "EVENT_PRIORITY";
    SelectorKey key = selector.register(fileobj, EVENT_READ);
    for (int asked : new int[] {events, events | EVENT_READ}) {
      Exception refusal =
          assertThrows(UnsupportedOperationException.class, () -> selector.modify(fileobj, asked));
      assertTrue(refusal.getMessage().contains(mechanism.name()), refusal::getMessage);
      assertTrue(refusal.getMessage().contains(name), refusal::getMessage);
    }
    assertSame(key, selector.getKey(fileobj));
    selector.unregister(fileobj);
    assertThrows(UnsupportedOperationException.class, () -> selector.register(fileobj, events));
    assertTrue(selector.getMap().isEmpty());
    return true;
  }

  private static final class Connection implements AutoCloseable {
    final SocketChannel channel;
    final Socket peer;

    Connection() throws Exception {
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        channel = SocketChannel.open(server.getLocalSocketAddress());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        peer = server.accept();
      }
    }

    void reset() throws Exception {
      peer.setSoLinger(true, 0);
      peer.close();
    }

    @Override
    public void close() throws IOException {
      channel.close();
      peer.close();
    }
  }
}
