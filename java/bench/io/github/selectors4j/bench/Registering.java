package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.internal.system.EpollShim;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;

/** Registers all pipes with a new selector. */
final class Registering {

  private Registering() {}

  /** With a set of epoll's, in C. */
  record AllInC(Pipes pipes) implements Contender {
    @Override
    public long take(int turns) {
      int[] descriptors = pipes.readEnds();
      long elapsed = 0;
      for (int turn = 0; turn < turns; turn++) {
        elapsed += Natives.registerAll(descriptors);
      }
      return elapsed;
    }
  }

  /** With a set of epoll's, by this library's native call alone. */
  record AllBare(Pipes pipes) implements Contender {
    @Override
    public long take(int turns) throws IOException {
      int[] descriptors = pipes.readEnds();
      int events = EpollShim.value("EPOLLIN");
      long elapsed = 0;
      for (int turn = 0; turn < turns; turn++) {
        int epfd = EpollShim.open();
        long start = System.nanoTime();
        for (int fd : descriptors) {
          EpollShim.control(epfd, EpollShim.ADD, fd, events, fd);
        }
        elapsed += System.nanoTime() - start;
        Natives.close(epfd);
      }
      return elapsed;
    }
  }

  /** With a selector of this library. */
  record All(Pipes pipes) implements Contender {
    @Override
    public long take(int turns) throws IOException {
      Integer[] descriptors = pipes.boxedReadEnds();
      long elapsed = 0;
      for (int turn = 0; turn < turns; turn++) {
        try (BaseSelector selector = EpollSelector.open()) {
          long start = System.nanoTime();
          for (Integer fd : descriptors) {
            selector.register(fd, BaseSelector.EVENT_READ);
          }
          elapsed += System.nanoTime() - start;
        }
      }
      return elapsed;
    }
  }

  /** With {@code java.nio}'s, which does it with the next select. */
  record AllInNio(Pipes pipes) implements Contender {
    @Override
    public long take(int turns) throws IOException {
      List<Pipe.SourceChannel> sources = pipes.sources();
      long elapsed = 0;
      for (int turn = 0; turn < turns; turn++) {
        try (Selector selector = Selector.open()) {
          long start = System.nanoTime();
          for (Pipe.SourceChannel source : sources) {
            source.register(selector, SelectionKey.OP_READ);
          }
          selector.selectNow(key -> {});
          elapsed += System.nanoTime() - start;
        }
      }
      return elapsed;
    }
  }
}
