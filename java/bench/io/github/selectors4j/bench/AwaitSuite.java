package io.github.selectors4j.bench;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import com.sun.management.ThreadMXBean;
import io.github.selectors4j.Awaiter;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.ThreadKinds;
import io.github.selectors4j.channels.DescriptorChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that each wait for a byte in a pipe of their own, and send it back. A turn has each do so
 * once.
 */
final class AwaitSuite {

  private static final int[] COUNTS = {1, 100, 1000, 9000};

  /** Contenders with more open slowly, and take long turns. */
  private static final int MANY = 1000;

  private static final int FEWER_ROUNDS = 5;

  private static final int[] COUNTED = {100, 1000};

  /** Until what is compiled allocates no more than it has to. */
  private static final int UNCOUNTED_BYTES = 500_000;

  private static final int COUNTED_BYTES = 100_000;

  private AwaitSuite() {}

  /** How a contender is opened for so many threads. */
  @FunctionalInterface
  private interface Opening {
    Contender open(int count) throws Exception;
  }

  private static Map<String, Opening> contenders() {
    Map<String, Opening> all = new LinkedHashMap<>();
    all.put("Pipe", InPipes::new);
    all.put("Awaiter", ByAwaiter::new);
    all.put("DescriptorChannel", InChannels::new);
    all.put("selector, hand-over", BySelector::new);
    all.put("poll(2), platform threads", ByPoll::new);
    return all;
  }

  static void run() throws Exception {
    Interleaved warming = new Interleaved("await");
    contenders().forEach((name, opening) -> warming.with(name, () -> opening.open(100)));
    warming.warmUp(3);
    for (int count : COUNTS) {
      Interleaved suite = new Interleaved("await", count > MANY ? FEWER_ROUNDS : 1);
      contenders().forEach((name, opening) -> suite.with(name, () -> opening.open(count)));
      suite.measureApart(count + " threads");
    }
    for (int count : COUNTED) {
      for (Map.Entry<String, Opening> contender : contenders().entrySet()) {
        System.out.printf(
            "{\"suite\": \"await-costs\", \"case\": \"%d threads, bytes\", \"contender\": \"%s\","
                + " \"values\": [%.2f]}%n",
            count, contender.getKey(), bytesAllocated(contender.getValue(), count));
      }
    }
  }

  /** So many turns of one contender, for who counts its system calls. */
  static void run(String name, int count, int turns) throws Exception {
    try (Contender contender = contenders().get(name).open(count)) {
      contender.take(turns);
    }
  }

  private static double bytesAllocated(Opening opening, int count) throws Exception {
    Method allocated = ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
    try (Contender contender = opening.open(count)) {
      contender.take(UNCOUNTED_BYTES / count);
      int turns = COUNTED_BYTES / count;
      long before = (long) allocated.invoke(ManagementFactory.getThreadMXBean());
      contender.take(turns);
      long after = (long) allocated.invoke(ManagementFactory.getThreadMXBean());
      return (double) (after - before) / turns / count;
    }
  }

  /** The threads, each with its pipe, and the pipe by which all send back. */
  private abstract static class Echoing implements Contender {
    private final Pipes pipes;
    private final int[] sinks;
    private final Pipe back = Pipe.open();
    private final int backSink = Natives.descriptor(back.sink());
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(1 << 14);
    private final List<Thread> threads = new ArrayList<>();
    private volatile Throwable failure;

    Echoing(int count) throws IOException {
      pipes = new Pipes(count, 0);
      sinks = pipes.writeEnds();
    }

    /** Waits for a byte and takes it; false at the end of the stream. */
    interface Source {
      boolean take() throws IOException, InterruptedException;
    }

    /** Called by the thread that will use it. */
    abstract Source source(Pipe.SourceChannel channel, ByteBuffer one) throws IOException;

    final void start(ThreadFactory kind) throws InterruptedException {
      ByteBuffer ones = ByteBuffer.allocateDirect(sinks.length);
      List<Pipe.SourceChannel> sources = pipes.sources();
      for (int i = 0; i < sinks.length; i++) {
        Pipe.SourceChannel channel = sources.get(i);
        ByteBuffer one = ones.slice(i, 1);
        Thread thread = kind.newThread(() -> echo(channel, one));
        threads.add(thread);
        thread.start();
      }
    }

    private void echo(Pipe.SourceChannel channel, ByteBuffer one) {
      try {
        Source source = source(channel, one);
        while (source.take()) {
          Natives.writeByte(backSink);
        }
      } catch (Throwable t) {
        failure = t;
      }
    }

    @Override
    public final long take(int turns) throws IOException {
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        for (int sink : sinks) {
          Natives.writeByte(sink);
        }
        for (int left = sinks.length; left > 0; ) {
          left -= back.source().read(arrived.clear());
        }
      }
      return failure == null ? System.nanoTime() - start : -1;
    }

    @Override
    public void close() throws IOException {
      for (Pipe pipe : pipes.all()) {
        pipe.sink().close();
      }
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      pipes.close();
      back.source().close();
      back.sink().close();
    }

    static ThreadFactory virtual() throws ReflectiveOperationException {
      List<ThreadFactory> kinds = ThreadKinds.all();
      return kinds.get(kinds.size() - 1);
    }
  }

  /** The JDK's own: a pipe that blocks. */
  private static final class InPipes extends Echoing {
    InPipes(int count) throws Exception {
      super(count);
      start(virtual());
    }

    @Override
    Source source(Pipe.SourceChannel channel, ByteBuffer one) throws IOException {
      channel.configureBlocking(true);
      return () -> channel.read(one.clear()) > 0;
    }
  }

  private static final class ByAwaiter extends Echoing {
    private final Awaiter awaiter = Awaiter.open();

    ByAwaiter(int count) throws Exception {
      super(count);
      start(virtual());
    }

    @Override
    Source source(Pipe.SourceChannel channel, ByteBuffer one) {
      return () -> {
        awaiter.await(channel, EVENT_READ);
        return channel.read(one.clear()) > 0;
      };
    }

    @Override
    public void close() throws IOException {
      super.close();
      awaiter.close();
    }
  }

  /** Which tries to read first, as the JDK's pipe does, and waits by the shared awaiter. */
  private static final class InChannels extends Echoing {
    InChannels(int count) throws Exception {
      super(count);
      start(virtual());
    }

    @Override
    Source source(Pipe.SourceChannel channel, ByteBuffer one) throws IOException {
      DescriptorChannel descriptor = DescriptorChannel.of(channel);
      return () -> descriptor.read(one.clear()) > 0;
    }
  }

  /** A thread selects, and tells those for whom something is ready. */
  private static final class BySelector extends Echoing {
    private final BaseSelector selector = EpollSelector.open();
    private final Thread selecting = new Thread(this::select);

    BySelector(int count) throws Exception {
      super(count);
      selecting.start();
      start(virtual());
    }

    private static final class Waiting {
      private final Thread thread = Thread.currentThread();
      private volatile boolean isReady;
    }

    private void select() {
      try {
        while (true) {
          selector.select(null, this::handOver);
        }
      } catch (ClosedSelectorException theEnd) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void handOver(SelectorKey key, int events) {
      selector.unregister(key.fileobj());
      Waiting waiting = (Waiting) key.data();
      waiting.isReady = true;
      LockSupport.unpark(waiting.thread);
    }

    @Override
    Source source(Pipe.SourceChannel channel, ByteBuffer one) {
      return () -> {
        Waiting waiting = new Waiting();
        selector.register(channel, EVENT_READ, waiting);
        while (!waiting.isReady) {
          LockSupport.park(this);
        }
        return channel.read(one.clear()) > 0;
      };
    }

    @Override
    public void close() throws IOException {
      super.close();
      selector.close();
    }
  }

  /** What there was before there were virtual threads. */
  private static final class ByPoll extends Echoing {
    private static final int STACK_BYTES = 1 << 17;

    ByPoll(int count) throws Exception {
      super(count);
      start(body -> new Thread(null, body, "poll", STACK_BYTES, false));
    }

    @Override
    Source source(Pipe.SourceChannel channel, ByteBuffer one) {
      int fd = Natives.descriptor(channel);
      return () -> Natives.pollOne(fd) > 0 && channel.read(one.clear()) > 0;
    }
  }
}
