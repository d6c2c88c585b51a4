package io.github.selectors4j;

import static io.github.selectors4j.Mechanism.DEVPOLL;
import static io.github.selectors4j.Mechanism.EPOLL;
import static io.github.selectors4j.Mechanism.KQUEUE;
import static io.github.selectors4j.Mechanism.POLL;
import static io.github.selectors4j.Mechanism.SELECT;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the library is at when a system call fails. */
enum FaultScenario {
  OPENING(List.of("close"), FaultySelectors::open) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return plus(
          super.calls(mechanism),
          switch (mechanism) {
            case EPOLL -> List.of("eventfd", "epoll_create1", "epoll_ctl(ADD)");
            case POLL, SELECT -> List.of("eventfd");
            case KQUEUE -> plus(PIPE, List.of("kqueue", "kevent(ADD)", "EV_ERROR(ADD)"));
            case DEVPOLL -> plus(PIPE, List.of("open(/dev/poll)", "fcntl(F_GETFL)", "pwrite"));
          });
    }
  },
  CHANGING(List.of(), FaultySelectors::change) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return switch (mechanism) {
        case EPOLL -> List.of("epoll_ctl(ADD)", "epoll_ctl(MOD)", "epoll_ctl(DEL)");
        case KQUEUE ->
            List.of("kevent(ADD)", "kevent(DELETE)", "EV_ERROR(ADD)", "EV_ERROR(DELETE)");
        case DEVPOLL -> List.of("fcntl(F_GETFL)", "pwrite", "pwrite(POLLREMOVE)");
        case POLL, SELECT -> List.of("fcntl(F_GETFL)");
      };
    }

    /** What an epoll set lacks is added. */
    @Override
    boolean tells(String call, String errno) {
      return super.tells(call, errno) && !(call.equals("epoll_ctl(MOD)") && errno.equals("ENOENT"));
    }
  },
  WATCHING_A_PROCESS(List.of("close"), FaultySelectors::watchAProcess) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return plus(
          super.calls(mechanism),
          switch (mechanism) {
            case EPOLL -> List.of("fcntl(F_DUPFD_CLOEXEC)", "pipe2", "epoll_ctl(ADD)");
            case POLL, SELECT -> List.of("fcntl(F_DUPFD_CLOEXEC)", "pipe2", "fcntl(F_GETFL)");
            case KQUEUE -> plus(PIPE, List.of("fcntl(F_DUPFD)", "kevent(ADD)", "EV_ERROR(ADD)"));
            case DEVPOLL -> plus(PIPE, List.of("fcntl(F_DUPFD)", "fcntl(F_GETFL)", "pwrite"));
          });
    }
  },
  WATCHING_A_CHILDS_INPUT(List.of("close"), FaultySelectors::watchAnInput) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return plus(
          super.calls(mechanism),
          switch (mechanism) {
            case EPOLL -> List.of("pipe2", "epoll_ctl(ADD)");
            case POLL, SELECT -> List.of("pipe2", "fcntl(F_GETFL)");
            case KQUEUE -> List.of("socketpair", "fcntl(F_SETFD)", "kevent(ADD)", "EV_ERROR(ADD)");
            case DEVPOLL -> plus(PIPE, List.of("fcntl(F_GETFL)", "pwrite"));
          });
    }

    /** What a registration is refused for, a select tries again later. */
    @Override
    boolean mayTell() {
      return true;
    }
  },
  WATCHING_AN_END(List.of("close", "pidfd_open"), FaultySelectors::watchAnEnd) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return plus(
          super.calls(mechanism),
          switch (mechanism) {
            case EPOLL -> List.of("pipe2", "epoll_ctl(ADD)");
            case POLL, SELECT -> List.of("pipe2", "fcntl(F_GETFL)");
            case KQUEUE -> plus(PIPE, List.of("kevent(ADD)", "EV_ERROR(ADD)"));
            case DEVPOLL -> plus(PIPE, List.of("fcntl(F_GETFL)", "pwrite"));
          });
    }
  },
  /** Whether the number names the same file is asked in passing, and then told by an error. */
  CHANGING_NOTHING(List.of(), FaultySelectors::changeNothing) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return switch (mechanism) {
        case EPOLL -> List.of("epoll_ctl(ADD)");
        case KQUEUE -> List.of("kevent(ADD)", "EV_ERROR(ENABLE)");
        case DEVPOLL -> List.of("fcntl(F_GETFL)", "pwrite");
        case POLL, SELECT -> List.of("fcntl(F_GETFL)");
      };
    }

    @Override
    boolean tells(String call, String errno) {
      return switch (call) {
        case "epoll_ctl(ADD)" -> !errno.equals("EEXIST");
        case "EV_ERROR(ENABLE)" -> !errno.equals("ENOENT");
        default -> super.tells(call, errno);
      };
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
  /** An epoll set and a kqueue are told of changes without ending their wait. */
  CHANGING_DURING_A_SELECT(
      Set.of(DEVPOLL, POLL, SELECT),
      List.of("write", "read"),
      FaultySelectors::changeDuringASelect),
  CLOSING_DURING_A_SELECT(List.of("write"), FaultySelectors::closeDuringASelect),
  OPENING_AN_AWAITER(List.of("close"), FaultyAwaiters::open) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return OPENING.calls(mechanism).stream()
          .filter(call -> !call.equals("fcntl(F_GETFL)"))
          .toList();
    }
  },
  AWAITING(List.of(), FaultyAwaiters::await) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return switch (mechanism) {
        case EPOLL -> List.of("epoll_ctl(ADD)", "epoll_ctl(MOD)");
        case KQUEUE -> List.of("kevent(ADD)", "EV_ERROR(ADD)", "EV_ERROR(ENABLE)");
        case DEVPOLL -> List.of("fcntl(F_GETFL)", "pwrite", "pwrite(POLLREMOVE)", "write", "read");
        case POLL -> List.of("fcntl(F_GETFL)", "write", "read");
        // Whether it is open is what the poller asks, too, and believes.
        case SELECT -> List.of("write", "read");
      };
    }

    /**
     * What is refused so may be ready all the same, and what is not there, or is there, is found
     * out.
     */
    @Override
    boolean tells(String call, String errno) {
      return switch (call) {
        case "epoll_ctl(ADD)" -> !errno.equals("EPERM");
        case "epoll_ctl(MOD)" -> !errno.equals("EPERM") && !errno.equals("ENOENT");
        case "EV_ERROR(ENABLE)" -> !errno.equals("ENOENT");
        default -> super.tells(call, errno);
      };
    }

    /** A wake-up may be of the poller's own accord. */
    @Override
    boolean mayTell() {
      return true;
    }
  },
  AWAITING_WHILE_THE_WAIT_FAILS(List.of(), FaultyAwaiters::wait) {
    @Override
    List<String> calls(Mechanism mechanism) {
      return waits(mechanism).subList(0, 1);
    }

    /** Whoever waits when the wait fails is told. */
    @Override
    boolean mayTell() {
      return true;
    }
  },
  LOOKING(List.of("poll"), FaultyAwaiters::look) {
    /** The poller of an awaiter over poll makes the same call. */
    @Override
    boolean mayTell() {
      return true;
    }
  },
  CLOSING_AN_AWAITER(List.of("write"), FaultyAwaiters::close),
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
  ADAPTING(Set.of(EPOLL), List.of("epoll_ctl(MOD)", "poll"), FaultySelectors::adapt) {
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
  KQUEUE_PRIMITIVE(
      Set.of(KQUEUE),
      List.of(
          "kqueue",
          "fcntl(F_SETFD)",
          "kevent",
          "kevent(ADD)",
          "kevent(DELETE)",
          "EV_ERROR(ADD)",
          "EV_ERROR(DELETE)",
          "close"),
      FaultyPrimitives::kqueue) {
    @Override
    boolean tells(String call, String errno) {
      return call.startsWith("EV_ERROR(")
          || (call.equals("kevent(DELETE)") && !errno.equals("EINTR"))
          || super.tells(call, errno);
    }
  },
  DEVPOLL_PRIMITIVE(
      Set.of(DEVPOLL),
      List.of("open(/dev/poll)", "pwrite", "pwrite(POLLREMOVE)", "ioctl(DP_POLL)", "close"),
      FaultyPrimitives::devpoll) {
    @Override
    boolean tells(String call, String errno) {
      return (call.equals("pwrite(POLLREMOVE)") && !errno.equals("EINTR"))
          || super.tells(call, errno);
    }
  },
  POLL_PRIMITIVE(Set.of(POLL), List.of("poll", "ppoll"), FaultyPrimitives::poll),
  SELECT_PRIMITIVE(Set.of(SELECT), List.of("fcntl(F_GETFL)", "pselect"), FaultyPrimitives::select) {
    @Override
    boolean tells(String call, String errno) {
      return errno.equals("EBADF") || super.tells(call, errno);
    }
  };

  /** What is done; a part of it with the fault in force. */
  interface Script {
    void run(Mechanism mechanism, Fault fault) throws Exception;
  }

  /** What opens a pipe where no call does all of it. */
  private static final List<String> PIPE = List.of("pipe", "fcntl(F_SETFD)", "fcntl(F_SETFL)");

  private final Set<Mechanism> mechanisms;
  private final List<String> calls;
  private final Script script;

  FaultScenario(List<String> calls, Script script) {
    this(Set.of(Mechanism.values()), calls, script);
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
      // Nothing is left to be done about it; a file that stays in a set is dropped later.
      case "close", "epoll_ctl(DEL)", "kevent(DELETE)", "EV_ERROR(DELETE)", "pwrite(POLLREMOVE)" ->
          false;
      // kqueue: the changes are in force all the same.
      case "epoll_wait", "poll", "kevent", "kevent(ADD)", "pwrite", "ioctl(DP_POLL)" ->
          !errno.equals("EINTR");
      case "epoll_pwait2", "ppoll" -> !Set.of("EINTR", "ENOSYS", "EPERM").contains(errno);
      // It is asked for in another way, as macOS has it of devices.
      case "EV_ERROR(ADD)" -> !errno.equals("EINVAL");
      // The selector looks which descriptor that is, and goes on.
      case "pselect" -> !Set.of("EINTR", "EBADF").contains(errno);
      case "read", "write" -> !Set.of("EINTR", "EAGAIN").contains(errno);
      default -> true;
    };
  }

  /** Whether it depends on which call it is. */
  boolean mayTell() {
    return false;
  }

  void run(Mechanism mechanism, Fault fault) throws Exception {
    script.run(mechanism, fault);
  }

  /** The system calls that a mechanism's selectors and primitive make. */
  static List<String> allCalls(Mechanism mechanism) {
    return Stream.of(values())
        .filter(scenario -> scenario.mechanisms.contains(mechanism))
        .flatMap(scenario -> scenario.calls(mechanism).stream())
        .distinct()
        .toList();
  }

  static List<String> waits(Mechanism mechanism) {
    return switch (mechanism) {
      case EPOLL -> List.of("epoll_wait", "epoll_pwait2");
      case POLL -> List.of("poll", "ppoll");
      case SELECT -> List.of("pselect");
      case KQUEUE -> List.of("kevent");
      case DEVPOLL -> List.of("ioctl(DP_POLL)");
    };
  }

  private static List<String> plus(List<String> calls, List<String> more) {
    List<String> all = new ArrayList<>(calls);
    all.addAll(more);
    return all;
  }
}
