package io.github.selectors4j.bench;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.github.selectors4j.channels.DescriptorChannel;
import io.github.selectors4j.internal.system.IoShim;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** A message that is written to a pipe, which has room, and read from it. */
final class ChannelSuite {

  private static final int MESSAGE = 64;

  private ChannelSuite() {}

  static void run() throws IOException {
    Pipe pipe = Pipe.open();
    run(pipe, "pipe", true, true);
    run(pipe, "pipe, O_NONBLOCK", false, true);
    // Last: code that is compiled for both kinds of buffer is slower with each.
    run(pipe, "pipe, arrays", true, false);
    pipe.source().close();
    pipe.sink().close();
  }

  private static void run(Pipe pipe, String name, boolean blocks, boolean isDirect)
      throws IOException {
    pipe.source().configureBlocking(blocks);
    pipe.sink().configureBlocking(blocks);
    int in = Natives.descriptor(pipe.source());
    int out = Natives.descriptor(pipe.sink());
    Interleaved suite = new Interleaved("channel");
    for (boolean warm : new boolean[] {false, true}) {
      suite
          .with("C", () -> turns -> Natives.channelTurns(in, out, turns))
          .with("C, RWF_NOWAIT", () -> turns -> Natives.channelTurnsNowait(in, out, turns))
          .with("DescriptorChannel", () -> new Descriptors(in, out, allocate(isDirect)))
          .with("NIO", () -> new Nio(pipe, allocate(isDirect)))
          .with("file streams", () -> new Streams(in, out));
      if (isDirect) {
        suite
            .with("bare JNI", () -> new Bare(blocks ? IoShim.NOWAIT : IoShim.PLAIN, in, out))
            .with("JNA, Pointer", () -> new JnaPointer(in, out))
            .with("JNA, ByteBuffer", () -> new JnaBuffer(in, out));
      }
      if (warm) {
        suite.measure(name);
      } else {
        suite.warmUp(5);
      }
    }
  }

  private static ByteBuffer allocate(boolean isDirect) {
    return isDirect ? ByteBuffer.allocateDirect(MESSAGE) : ByteBuffer.allocate(MESSAGE);
  }

  /** A way to write a message and to read it. */
  private abstract static class Moving implements Contender {

    @Override
    public final long take(int turns) throws IOException {
      long moved = 0;
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        moved += turn();
      }
      return Contender.elapsed(start, moved, 2L * MESSAGE * turns);
    }

    /** Returns how many bytes were written and read. */
    abstract long turn() throws IOException;
  }

  /** This library's native calls. */
  private static final class Bare extends Moving {
    private final ByteBuffer buffer = allocate(true);
    private final int how;
    private final int in;
    private final int out;

    Bare(int how, int in, int out) {
      this.how = how;
      this.in = in;
      this.out = out;
    }

    @Override
    long turn() {
      return (long) IoShim.write(how, out, buffer, 0, MESSAGE)
          + IoShim.read(how, in, buffer, 0, MESSAGE);
    }
  }

  private static final class Descriptors extends Moving {
    private final DescriptorChannel in;
    private final DescriptorChannel out;
    private final ByteBuffer buffer;

    Descriptors(int in, int out, ByteBuffer buffer) throws IOException {
      this.in = DescriptorChannel.of(in);
      this.out = DescriptorChannel.of(out);
      this.buffer = buffer;
    }

    @Override
    long turn() throws IOException {
      return (long) out.write(buffer.clear()) + in.read(buffer.clear());
    }

    @Override
    public void close() throws IOException {
      in.close();
      out.close();
    }
  }

  private static final class Nio extends Moving {
    private final Pipe.SourceChannel in;
    private final Pipe.SinkChannel out;
    private final ByteBuffer buffer;

    Nio(Pipe pipe, ByteBuffer buffer) {
      this.buffer = buffer;
      in = pipe.source();
      out = pipe.sink();
    }

    @Override
    long turn() throws IOException {
      return (long) out.write(buffer.clear()) + in.read(buffer.clear());
    }
  }

  /** Linux opens the same pipe anew by its path; the stream's own descriptor always blocks. */
  private static final class Streams extends Moving {
    private final FileInputStream in;
    private final FileOutputStream out;
    private final byte[] message = new byte[MESSAGE];

    Streams(int in, int out) throws IOException {
      this.in = new FileInputStream("/proc/self/fd/" + in);
      this.out = new FileOutputStream("/proc/self/fd/" + out);
    }

    @Override
    long turn() throws IOException {
      out.write(message);
      return (long) message.length + in.read(message);
    }

    @Override
    public void close() throws IOException {
      in.close();
      out.close();
    }
  }

  /** JNA's direct mapping, with a direct buffer. A {@code size_t} has 64 bits. */
  private static final class JnaBuffer extends Moving {
    static {
      Native.register(JnaBuffer.class, Platform.C_LIBRARY_NAME);
    }

    private final ByteBuffer buffer = allocate(true);
    private final int in;
    private final int out;

    JnaBuffer(int in, int out) {
      this.in = in;
      this.out = out;
    }

    private static native long read(int fd, ByteBuffer bytes, long count);

    private static native long write(int fd, ByteBuffer bytes, long count);

    @Override
    long turn() {
      return write(out, buffer, MESSAGE) + read(in, buffer, MESSAGE);
    }
  }

  /** The same with memory of JNA's own, which is its fastest way. */
  private static final class JnaPointer extends Moving {
    static {
      Native.register(JnaPointer.class, Platform.C_LIBRARY_NAME);
    }

    private final Pointer memory = new Memory(MESSAGE);
    private final int in;
    private final int out;

    JnaPointer(int in, int out) {
      this.in = in;
      this.out = out;
    }

    private static native long read(int fd, Pointer bytes, long count);

    private static native long write(int fd, Pointer bytes, long count);

    @Override
    long turn() {
      return write(out, memory, MESSAGE) + read(in, memory, MESSAGE);
    }
  }
}
