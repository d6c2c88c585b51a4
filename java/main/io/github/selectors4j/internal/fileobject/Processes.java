package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.Platform;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.SystemCalls;

/** Processes themselves, by pidfd_open(2): readable once they have ended. */
public final class Processes {

  private Processes() {}

  /** Whether a file object is a process. */
  public static boolean isProcess(Object fileobj) {
    return (fileobj instanceof Process || fileobj instanceof ProcessHandle)
        && !(fileobj instanceof HasFileno);
  }

  /**
   * A pidfd of a process, or, when it has ended, a descriptor that is always readable.
   *
   * @return the descriptor, the caller's to close
   * @throws UnsupportedOperationException where there are no pidfds, and from {@code
   *     Process.toHandle()} of a class that has none
   * @throws SystemCallException as the system refuses
   */
  static int open(Object process) throws SystemCallException {
    ProcessHandle handle =
        process instanceof Process child ? child.toHandle() : (ProcessHandle) process;
    // By its start time, the handle knows its process from a later one of the same number: as long
    // as it lives, nobody else has the number.
    if (handle.isAlive()) {
      int pidfd = Descriptors.pidfd((int) handle.pid());
      if (handle.isAlive()) {
        return check(pidfd, handle);
      }
      if (pidfd >= 0) {
        Descriptors.close(pidfd);
      }
    }
    return Descriptors.openEnded();
  }

  private static int check(int pidfd, ProcessHandle handle) throws SystemCallException {
    // A container's filter may answer EPERM to a call that it does not know.
    if (pidfd == -Errno.ENOSYS || pidfd == -Errno.EPERM) {
      throw new UnsupportedOperationException(
          "process "
              + handle.pid()
              + " can't be watched on "
              + Platform.describe()
              + ", which lacks pidfd_open (Linux 5.3): use its onExit().thenRun(selector::wakeup)");
    }
    return SystemCalls.check(pidfd, "pidfd_open(" + handle.pid() + ")");
  }
}
