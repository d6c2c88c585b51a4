package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.Awaiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Thousands of pipes, and for each a thread that waits for a byte: virtual threads from Java 21 on,
 * platform threads before that. Any other descriptor would do as well.
 */
public final class VirtualThreads {
  private VirtualThreads() {}

  public static void main(String[] args) throws Exception {
    int wanted = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    List<Pipe> pipes = open(wanted);
    ExecutorService threads = executor();
    List<Future<Integer>> bytes = new ArrayList<>();
    for (Pipe pipe : pipes) {
      Pipe.SourceChannel source = pipe.source();
      bytes.add(threads.submit(() -> awaitByte(source)));
    }
    int sum = 0;
    for (Pipe pipe : pipes) {
      pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
    }
    for (Future<Integer> read : bytes) {
      sum += read.get();
    }
    System.out.println(sum + " threads have read a byte each");
    threads.shutdown();
  }

  private static int awaitByte(Pipe.SourceChannel source) throws Exception {
    Awaiter.shared().await(source, EVENT_READ);
    return source.read(ByteBuffer.allocate(1));
  }

  /** As many as the process may open: see ulimit -n. */
  private static List<Pipe> open(int wanted) {
    List<Pipe> pipes = new ArrayList<>();
    try {
      while (pipes.size() < wanted) {
        pipes.add(Pipe.open());
      }
    } catch (IOException tooMany) {
      System.out.println("no more than " + pipes.size() + " pipes: " + tooMany.getMessage());
      // The awaiter needs two.
      for (int i = 0; i < 8 && !pipes.isEmpty(); i++) {
        Pipe last = pipes.remove(pipes.size() - 1);
        try {
          last.source().close();
          last.sink().close();
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return pipes;
  }

  /** A thread for each task: a virtual one, where there are some. */
  static ExecutorService executor() throws ReflectiveOperationException {
    return Runtime.version().feature() < 21
        ? Executors.newCachedThreadPool()
        : (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }
}
