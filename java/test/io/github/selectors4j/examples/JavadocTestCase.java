package io.github.selectors4j.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Runs the code in Javadoc: with a pipe that has a byte to read. */
@Timeout(60)
abstract class JavadocTestCase {
  final List<Object> seen = new ArrayList<>();
  final ByteBuffer buffer = ByteBuffer.allocate(100);
  Pipe pipe;

  @BeforeEach
  void openReadablePipe() throws IOException {
    pipe = Pipe.open();
    pipe.sink().write(ByteBuffer.allocate(1));
  }

  @AfterEach
  void closePipe() throws IOException {
    pipe.source().close();
    pipe.sink().close();
  }

  void handle(Object what) {
    seen.add(what);
  }
}
