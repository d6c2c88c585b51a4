package io.github.selectors4j;

import io.github.selectors4j.select.Devpoll;
import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.Kevent;
import io.github.selectors4j.select.Kqueue;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever they are given, the selectors and primitives throw what the contract has for it, with a
 * message, and the JVM lives.
 */
@Timeout(120)
class HostileArgumentsTest extends DescriptorTestCase {

  private TestDescriptor.Pair pair;

  /** Ready to write, and given to no call: so no wait lasts. */
  private TestDescriptor ready;

  @BeforeEach
  void open() {
    pair = makeSocketPair();
    ready = makeSocketPair().rd().moveTo(HIGH_FD);
  }

  private void assertContractual(Hostile.Call... calls) {
    Hostile.assertContractual(new Object[] {pair.rd(), pair.wr(), pair.rd().fileno()}, calls);
  }

  @EveryMechanism
  void ofASelector(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      selector.register(ready, BaseSelector.EVENT_WRITE);
      assertContractual(
          hostile -> selector.register(hostile.object(), hostile.number()),
          hostile -> selector.register(hostile.object(), 1 + (hostile.number() & 1), "data"),
          hostile -> selector.modify(hostile.object(), hostile.number()),
          hostile -> selector.modify(hostile.object(), 1 + (hostile.number() & 1), "other"),
          hostile -> selector.unregister(hostile.object()),
          hostile -> selector.getKey(hostile.object()),
          hostile -> selector.getMap().get(hostile.object()),
          hostile -> selector.getMap().containsKey(hostile.object()),
          hostile -> selector.select(hostile.timeout()),
          hostile -> selector.selectNanos(hostile.nanos(), (key, events) -> {}),
          hostile -> selector.select(hostile.timeout(), null));
    }
  }

  @EveryMechanism
  void ofAPrimitive(Mechanism mechanism) throws Exception {
    switch (mechanism) {
      case SELECT -> ofSelect();
      case POLL -> ofPoll();
      case EPOLL -> ofEpoll();
      case DEVPOLL -> ofDevpoll();
      case KQUEUE -> ofKqueue();
    }
  }

  private void ofSelect() {
    assertContractual(
        hostile ->
            Select.select(
                Arrays.asList(hostile.object(), hostile.object()),
                Arrays.asList(hostile.object(), ready),
                Arrays.asList(hostile.object()),
                hostile.timeout()),
        hostile -> Select.select(List.of(pair.rd()), List.of(ready), List.of(), hostile.timeout()));
  }

  private void ofPoll() throws Exception {
    try (Poll poll = Poll.open()) {
      poll.register(ready, Poll.POLLOUT);
      assertContractual(
          hostile -> poll.register(hostile.object()),
          hostile -> poll.register(hostile.object(), hostile.number()),
          hostile -> poll.modify(hostile.object(), hostile.number()),
          hostile -> poll.unregister(hostile.object()),
          hostile -> poll.poll(hostile.timeout()));
    }
  }

  private void ofEpoll() throws Exception {
    try (Epoll epoll = Epoll.open()) {
      epoll.register(ready, Epoll.EPOLLOUT);
      assertContractual(
          hostile -> epoll.register(hostile.object()),
          hostile -> epoll.register(hostile.object(), hostile.number()),
          hostile -> epoll.modify(hostile.object(), hostile.number()),
          hostile -> epoll.unregister(hostile.object()),
          hostile -> epoll.poll(hostile.timeout(), hostile.number()),
          hostile -> {
            try (Epoll none = Epoll.fromFd(hostile.noDescriptor())) {
              none.poll(hostile.timeout(), hostile.number());
            }
          });
    }
  }

  private void ofDevpoll() throws Exception {
    try (Devpoll devpoll = Devpoll.open()) {
      devpoll.register(ready, Poll.POLLOUT);
      assertContractual(
          hostile -> devpoll.register(hostile.object()),
          hostile -> devpoll.register(hostile.object(), hostile.number()),
          hostile -> devpoll.modify(hostile.object(), hostile.number()),
          hostile -> devpoll.unregister(hostile.object()),
          hostile -> devpoll.poll(hostile.timeout()));
    }
  }

  private void ofKqueue() throws Exception {
    try (Kqueue kqueue = Kqueue.open()) {
      kqueue.control(List.of(kevent(ready.fileno(), Kqueue.KQ_EV_ADD)), 0, null);
      assertContractual(
          hostile -> kqueue.control(null, hostile.number(), hostile.timeout()),
          hostile ->
              kqueue.control(
                  List.of(
                      kevent(hostile.noDescriptor(), hostile.number()),
                      kevent(pair.rd().fileno(), hostile.number())),
                  hostile.number(),
                  hostile.timeout()),
          hostile -> {
            try (Kqueue none = Kqueue.fromFd(hostile.noDescriptor())) {
              none.control(null, hostile.number(), hostile.timeout());
            }
          });
    }
  }

  private static Kevent kevent(int fd, int flags) {
    return new Kevent(fd, Kqueue.KQ_FILTER_WRITE, flags, 0, 0, 0);
  }
}
