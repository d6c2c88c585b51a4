package io.github.selectors4j;

import static io.github.selectors4j.Mechanism.EPOLL;
import static io.github.selectors4j.Mechanism.POLL;
import static io.github.selectors4j.Mechanism.SELECT;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the library is at when a system call fails. */
enum FaultScenario {
  OPENING(List.of("eventfd", "close"), FaultySelectors::open) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return mechanism == EPOLL
          ? plus(super.calls(mechanism), "epoll_create1", "epoll_ctl(ADD)")
          : super.calls(mechanism);
    }
  },
  CHANGING(List.of(), FaultySelectors::change) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return mechanism == EPOLL
          ? List.of("epoll_ctl(ADD)", "epoll_ctl(MOD)", "epoll_ctl(DEL)")
          : List.of("fcntl(F_GETFD)");
    }
  },
  WATCHING_A_PROCESS(
      List.of("fcntl(F_DUPFD_CLOEXEC)", "pipe2", "close"), FaultySelectors::watchAProcess) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return plus(super.calls(mechanism), mechanism == EPOLL ? "epoll_ctl(ADD)" : "fcntl(F_GETFD)");
    }
  },
  WAITING(List.of(), FaultySelectors::await) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return waits(mechanism);
    }
  },
  WAKING_UP(List.of("write", "read"), FaultySelectors::wakeUp),
  WAKING_UP_A_SELECT(List.of("write", "read"), FaultySelectors::wakeUpASelect),
  INTERRUPTING_A_SELECT(List.of("write", "read"), FaultySelectors::interruptASelect),
  /** An epoll set is told of changes without ending its wait. */
  CHANGING_DURING_A_SELECT(
      Set.of(POLL, SELECT), List.of("write", "read"), FaultySelectors::changeDuringASelect),
  CLOSING_DURING_A_SELECT(List.of("write"), FaultySelectors::closeDuringASelect),
  TAKING_OVER(List.of("membarrier"), FaultySelectors::takeOver) {
    @Override
    boolean tells(String call, String errno) {
      return false;
    }
  },
  REPLACING_A_SET(
      Set.of(EPOLL),
      List.of("epoll_create1", "epoll_ctl(ADD)", "epoll_ctl(MOD)", "dup3", "close"),
      FaultySelectors::replaceASet) {
    @Override
    boolean tells(String call, String errno) {
      return false;
    }
  },
  EPOLL_PRIMITIVE(
      Set.of(EPOLL),
      List.of(
          "epoll_create1",
          "epoll_ctl(ADD)",
          "epoll_ctl(MOD)",
          "epoll_ctl(DEL)",
          "epoll_wait",
          "epoll_pwait2",
          "close"),
      FaultyPrimitives::epoll) {
    @Override
    boolean tells(String call, String errno) {
      return call.equals("epoll_ctl(DEL)") || super.tells(call, errno);
    }
  },
  POLL_PRIMITIVE(Set.of(POLL), List.of("poll", "ppoll"), FaultyPrimitives::poll),
  SELECT_PRIMITIVE(Set.of(SELECT), List.of("fcntl(F_GETFD)", "pselect"), FaultyPrimitives::select) {
    @Override
    boolean tells(String call, String errno) {
      return errno.equals("EBADF") || super.tells(call, errno);
    }
  };

  /** What is done; a part of it with the fault in force. */
  interface Script {
    void run(Mechanism mechanism, Fault fault) throws Exception;
  }

  private final Set<Mechanism> mechanisms;
  private final List<String> calls;
  private final Script script;

  FaultScenario(List<String> calls, Script script) {
    this(Set.of(EPOLL, POLL, SELECT), calls, script);
  }

  FaultScenario(Set<Mechanism> mechanisms, List<String> calls, Script script) {
    this.mechanisms = mechanisms;
    this.calls = calls;
    this.script = script;
  }

  Set<Mechanism> mechanisms() {
    return mechanisms;
  }

  /** The system calls that are made. */
  List<String> calls(Mechanism mechanism) {
    return calls;
  }

  /** Whether an exception has to tell of the failure; else nobody may notice it. */
  boolean tells(String call, String errno) {
    return switch (call) {
      // Nothing is left to be done about it; a file that stays in an epoll set is dropped later.
      case "close", "epoll_ctl(DEL)" -> false;
      case "epoll_wait", "poll" -> !errno.equals("EINTR");
      case "epoll_pwait2", "ppoll" -> !Set.of("EINTR", "ENOSYS", "EPERM").contains(errno);
      // The selector looks which descriptor that is, and goes on.
      case "pselect" -> !Set.of("EINTR", "EBADF").contains(errno);
      case "read", "write" -> !Set.of("EINTR", "EAGAIN").contains(errno);
      default -> true;
    };
  }

  void run(Mechanism mechanism, Fault fault) throws Exception {
    script.run(mechanism, fault);
  }

  static List<String> waits(Mechanism mechanism) {
    return switch (mechanism) {
      case EPOLL -> List.of("epoll_wait", "epoll_pwait2");
      case POLL -> List.of("poll", "ppoll");
      case SELECT -> List.of("pselect");
      default -> throw new IllegalArgumentException(mechanism + " is not of Linux");
    };
  }

  private static List<String> plus(List<String> calls, String... more) {
    List<String> all = new ArrayList<>(calls);
    all.addAll(List.of(more));
    return all;
  }
}
