package io.github.selectors4j.bench;

/** The C contenders, over {@code native/bench}. Times are in nanoseconds, -1 for a wrong result. */
final class Natives {

  static {
    System.load(System.getProperty("bench.natives") + "/libselectors4jbench.so");
  }

  private Natives() {}

  /** A loop over these descriptors, each watched for writing or for reading. */
  static native long openLoop(int[] descriptors, boolean isForWriting);

  static native void closeLoop(long loop);

  static native long epollTurns(long loop, int turns, int ready, int timeoutMillis);

  /** One wait that copies a descriptor and its events for each result; how many that are. */
  static native int epollInto(int epfd, int[] results, int maximum);

  static native long pollTurns(long loop, int turns, int ready);

  static native long selectTurns(long loop, int turns, int ready);

  static native long modifyTurns(int[] descriptors, int turns);

  static native long registerTurns(int[] descriptors, int turns);

  static native long registerAll(int[] descriptors);

  /** A turn writes 64 bytes to a pipe and reads them, with write(2) and read(2). */
  static native long channelTurns(int in, int out, int turns);

  /** The same with pwritev2(2) and preadv2(2), told not to wait. */
  static native long channelTurnsNowait(int in, int out, int turns);

  /** Keeps this thread on one processor; false where there is but one. */
  static native boolean stayOnProcessor(int index);

  /** A turn is a wake-up of another thread, and one by it; each stays on a processor of its own. */
  static native long wakeupTurns(int turns);

  /** The cascade over the library at that path; 0 when that can't be loaded. */
  static native long openCascade(String path, int[] readEnds, int[] writeEnds);

  static native long cascadeTurns(long cascade, int turns, int active, int writes);

  static native void closeCascade(long cascade);

  /** How often this thread was made to yield its processor. */
  static native long preemptions();

  static native int close(int fd);

  /** Sets TCP_NODELAY, for which a channel over a descriptor has no method. */
  static native boolean noDelay(int fd);

  /** The descriptor of a channel of the JDK's. */
  static native int descriptor(Object channel);

  /** Reads once and writes it back; false at the end of the stream, and when that fails. */
  static native boolean echo(int fd);

  /** Waits until a descriptor can be read, with poll(2); 1 then. */
  static native int pollOne(int fd);

  static native int readByte(int fd);

  /** Reads a byte of each; false when one has none. */
  static native boolean readByteOfEach(int[] fds);

  static native int writeByte(int fd);
}
