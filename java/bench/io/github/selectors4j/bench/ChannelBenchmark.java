package io.github.selectors4j.bench;

import io.github.selectors4j.channels.DescriptorChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What writing a message to a pipe and reading it allocates, with {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChannelBenchmark {

  private static final int MESSAGE = 64;

  /** Where the message is. */
  @Param({"direct buffer", "array"})
  public String memory;

  private Pipe pipe;
  private DescriptorChannel source;
  private DescriptorChannel sink;
  private ByteBuffer buffer;

  /** Opens a pipe. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    pipe = Pipe.open();
    source = DescriptorChannel.of(pipe.source());
    sink = DescriptorChannel.of(pipe.sink());
    boolean isDirect = memory.startsWith("direct");
    buffer = isDirect ? ByteBuffer.allocateDirect(MESSAGE) : ByteBuffer.allocate(MESSAGE);
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    source.close();
    sink.close();
    pipe.source().close();
    pipe.sink().close();
  }

  /** Moves the message. */
  @Benchmark
  public int writeAndRead() throws IOException {
    return sink.write(buffer.clear()) + source.read(buffer.clear());
  }
}
