package io.github.selectors4j.bench;

import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pipes that all contenders watch, some of them with a byte to read. */
final class Pipes implements AutoCloseable {

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

  int count() {
    return pipes.size();
  }

  /** The read ends. */
  List<Pipe.SourceChannel> sources() {
    return pipes.stream().map(Pipe::source).toList();
  }

  int[] readEnds() {
    return pipes.stream().mapToInt(pipe -> descriptor(pipe.source())).toArray();
  }

  int[] writeEnds() {
    return pipes.stream().mapToInt(pipe -> descriptor(pipe.sink())).toArray();
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

  private static int descriptor(Object fileobj) {
    try {
      return FileObjects.descriptor(fileobj);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
