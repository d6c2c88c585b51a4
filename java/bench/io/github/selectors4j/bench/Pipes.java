package io.github.selectors4j.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pipes that all contenders watch, some of them with a byte to read. */
final class Pipes implements AutoCloseable {

  /** How many there are, and how many of them are ready, in what is measured of epoll. */
  static final int[][] EPOLL_ROWS = {
    {1, 0}, {1, 1}, {16, 16}, {64, 64}, {256, 256}, {1000, 1}, {1500, 100}, {1000, 1000}
  };

  private final List<Pipe> pipes;

  /** That many pipes; the ready ones are spread evenly. */
  Pipes(int count, int ready) throws IOException {
    pipes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Pipe pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      pipes.add(pipe);
    }
    for (int i = 0; i < ready; i++) {
      pipes.get((int) ((long) i * count / ready)).sink().write(ByteBuffer.allocate(1));
    }
  }

  private Pipes(List<Pipe> pipes) {
    this.pipes = pipes;
  }

  /** The first of these pipes; they stay these ones' to close. */
  Pipes first(int count) {
    return new Pipes(pipes.subList(0, count));
  }

  List<Pipe> all() {
    return pipes;
  }

  int count() {
    return pipes.size();
  }

  /** The read ends. */
  List<Pipe.SourceChannel> sources() {
    return pipes.stream().map(Pipe::source).toList();
  }

  /** The read ends, watched for reading. */
  Watched reading() {
    return new Watched(sources(), false);
  }

  /** The write ends, which have room, watched for writing. */
  Watched writing() throws IOException {
    for (Pipe pipe : pipes) {
      pipe.sink().configureBlocking(false);
    }
    return new Watched(pipes.stream().map(Pipe::sink).toList(), true);
  }

  int[] readEnds() {
    return pipes.stream().mapToInt(pipe -> Natives.descriptor(pipe.source())).toArray();
  }

  int[] writeEnds() {
    return pipes.stream().mapToInt(pipe -> Natives.descriptor(pipe.sink())).toArray();
  }

  /** The read ends, as file objects that are numbers. */
  Integer[] boxedReadEnds() {
    return Arrays.stream(readEnds()).boxed().toArray(Integer[]::new);
  }

  @Override
  public void close() throws IOException {
    for (Pipe pipe : pipes) {
      pipe.source().close();
      pipe.sink().close();
    }
  }
}
