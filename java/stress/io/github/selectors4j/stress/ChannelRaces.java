package io.github.selectors4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.channels.DescriptorChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** The close of a channel that owns its descriptor, and calls that must not meet the next owner. */
public class ChannelRaces {

  private static final String CLOSED = "closed";

  /** A pipe with an x in it; who closes it opens another, of the same number, with a y in it. */
  abstract static class Owned {

    private final TestDescriptor sink;
    private final DescriptorChannel source;
    private TestDescriptor.Pair next;

    Owned() {
      int[] ends = new int[2];
      TestLibrary.check(TestLibrary.pipe(ends));
      sink = new TestDescriptor(ends[1]);
      sink.write("x");
      try {
        source = DescriptorChannel.adopt(ends[0]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    final String read() {
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      try {
        source.read(one);
        return String.valueOf((char) one.get(0));
      } catch (ClosedChannelException e) {
        return CLOSED;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    final void close() {
      try {
        source.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      next = TestDescriptor.pipe();
      next.wr().write("y");
    }

    /** What is in the next pipe, when all is over. */
    final String left() {
      String left = next.rd().read();
      next.rd().close();
      next.wr().close();
      sink.close();
      return left;
    }
  }

  /** The first turn of a channel is taken with the lock held. */
  @JCStressTest
  @State
  @Outcome(id = "x, y", expect = ACCEPTABLE, desc = "The read came first.")
  @Outcome(id = "closed, y", expect = ACCEPTABLE, desc = "The close did.")
  public static class WithRead extends Owned {
    @Actor
    public void read(LL_Result r) {
      r.r1 = read();
    }

    @Actor
    public void closeAndOpen() {
      close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = left();
    }
  }

  /** The second is not; it has to wait for a byte, which nobody writes. */
  @JCStressTest
  @State
  @Outcome(id = "xclosedy", expect = ACCEPTABLE, desc = "The first read came first.")
  @Outcome(id = "closedclosedy", expect = ACCEPTABLE, desc = "The close did.")
  public static class WithTwoReads extends Owned {
    @Actor
    public void read(L_Result r) {
      r.r1 = read() + read();
    }

    @Actor
    public void closeAndOpen() {
      close();
    }

    @Arbiter
    public void arbiter(L_Result r) {
      r.r1 += left();
    }
  }
}
