package io.github.selectors4j.bench;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.List;

/** Channels that contenders watch, for writing or for reading. */
record Watched(List<? extends SelectableChannel> channels, boolean isForWriting) {

  int[] descriptors() {
    return channels.stream().mapToInt(Natives::descriptor).toArray();
  }

  /** File objects that are numbers. */
  Integer[] numbers() {
    return Arrays.stream(descriptors()).boxed().toArray(Integer[]::new);
  }

  int count() {
    return channels.size();
  }

  /** What the JDK's selectors are asked for. */
  int operation() {
    return isForWriting ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
  }
}
