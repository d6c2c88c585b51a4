package io.github.selectors4j.model;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.TestLibrary.POLLERR;
import static io.github.selectors4j.TestLibrary.POLLHUP;
import static io.github.selectors4j.TestLibrary.POLLIN;
import static io.github.selectors4j.TestLibrary.POLLOUT;
import static io.github.selectors4j.TestLibrary.POLLPRI;
import static io.github.selectors4j.TestLibrary.POLLRDHUP;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.internal.system.KqueueShim;

/** What the mechanisms' calls answer of an open file, and what a key is told of that. */
final class Answer {
  static final int READ_WRITE = EVENT_READ | EVENT_WRITE;
  static final int ALL = READ_WRITE | EVENT_PRIORITY | EVENT_HANGUP;

  /** Which FreeBSD's kqueue does not have, nor NetBSD's. */
  private static final int EXCEPT_FILTER = KqueueShim.value("EVFILT_EXCEPT");

  /** An error or a hang-up, which is reported without being asked for. */
  private static final int END = 16;

  /** Of a number that is not open. */
  static final int CLOSED = ALL | END;

  private static final int ENDED = READ_WRITE | EVENT_HANGUP | END;

  private Answer() {}

  /** What a key can ask for. */
  static int supported(Mechanism mechanism) {
    return switch (mechanism) {
      case SELECT -> ALL & ~EVENT_HANGUP;
      case KQUEUE -> EXCEPT_FILTER == 0 ? ALL & ~EVENT_PRIORITY : ALL;
      case EPOLL, POLL, DEVPOLL -> ALL;
    };
  }

  /** What the mechanism's call answers who asks for these events. */
  static int of(Mechanism mechanism, OpenFile file, int asked) {
    return switch (mechanism) {
      case SELECT -> ofSelect(file.polled(), asked);
      case KQUEUE -> ofKqueue(file, asked);
      case EPOLL, POLL, DEVPOLL -> ofPoll(file.polled(), asked);
    };
  }

  /** Hang-up and error wake whichever side asked. */
  static int ofPoll(int polled, int asked) {
    int events =
        when(polled, POLLIN, EVENT_READ)
            | when(polled, POLLOUT, EVENT_WRITE)
            | when(polled, POLLPRI, EVENT_PRIORITY)
            | when(polled, POLLRDHUP, EVENT_HANGUP);
    return (events & asked) | when(polled, POLLHUP | POLLERR, ENDED);
  }

  private static int ofSelect(int polled, int asked) {
    int events =
        when(polled, POLLIN | POLLHUP | POLLERR, EVENT_READ)
            | when(polled, POLLOUT | POLLERR, EVENT_WRITE)
            | when(polled, POLLPRI, EVENT_PRIORITY);
    return events & asked;
  }

  /** The filter for reading is that for a hang-up, too; asked for that alone, it wants the end. */
  private static int ofKqueue(OpenFile file, int asked) {
    int polled = file.polled();
    boolean pipe = Pipe.isEnd(file);
    int end = POLLRDHUP | POLLHUP | POLLERR;
    boolean endAlone = (asked & (EVENT_READ | EVENT_HANGUP)) == EVENT_HANGUP;
    int readable = endAlone && file.hasLowWaterMark() ? end : POLLIN | end;
    int events = 0;
    if ((asked & (EVENT_READ | EVENT_HANGUP)) != 0) {
      events = when(polled, readable, EVENT_READ) | when(polled, end, EVENT_HANGUP);
    }
    events |= when(polled, POLLPRI, EVENT_PRIORITY) & asked;
    if ((asked & EVENT_WRITE) != 0) {
      events |= when(polled, pipe ? POLLOUT | POLLERR : POLLOUT | POLLHUP | POLLERR, EVENT_WRITE);
    }
    return events;
  }

  /** What of an answer a key is told: a bare end as priority only if it asks for nothing else. */
  static int masked(int answer, int asked) {
    int events = answer & asked;
    return asked == EVENT_PRIORITY && (answer & END) != 0 ? EVENT_PRIORITY : events;
  }

  private static int when(int polled, int bits, int events) {
    return (polled & bits) == 0 ? 0 : events;
  }
}
