package org.example.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.selectors4j.channels.DescriptorChannel;
import io.github.selectors4j.channels.SelectableChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Prints what comes on stdin first, once a selector of the JDK's has said that it is there. */
public final class FromStdin {
  private FromStdin() {}

  public static void main(String[] args) throws IOException {
    try (Selector selector = Selector.open();
        SelectableChannel stdin = SelectableChannels.of(System.in);
        DescriptorChannel reader = DescriptorChannel.of(System.in)) {
      stdin.register(selector, SelectionKey.OP_READ);
      selector.select();
      ByteBuffer line = ByteBuffer.allocate(100);
      reader.read(line);
      System.out.print(new String(line.array(), 0, line.position(), UTF_8));
    }
    System.exit(0); // whatever else it was started in
  }
}
