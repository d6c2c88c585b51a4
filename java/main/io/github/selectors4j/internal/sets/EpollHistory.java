package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.sets.OneShotSet.EarlierFiles;
import io.github.selectors4j.internal.sets.OneShotSet.Met;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.EpollEntries;
import io.github.selectors4j.internal.system.EpollShim;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The earlier files of an epoll set's numbers. A number that was closed, and names another file, is
 * not in the set under that one's name; but the file before is as long as a duplicate keeps it
 * open, and is what a change meets once the number names it again. Of a socket its inode tells; of
 * all else only /proc tells which of them that was, by the generations that are there, before and
 * after.
 *
 * <p>Any thread may call any method, for one number one at a time.
 */
final class EpollHistory {

  /** What the set held under all numbers. */
  private record Look(int turn, DescriptorSet several) {}

  private final int set;

  /** How many looks have begun. */
  private final AtomicInteger looks = new AtomicInteger();

  private volatile @Nullable Look latest;

  /** Of a set that holds nothing yet but its wake-up. */
  EpollHistory(int set) {
    this.set = set;
  }

  /** What may be left of a number that names another file by now, which has been added. */
  EarlierFiles of(int fd) {
    return new OfNumber(fd);
  }

  /** The generations under one number; null when the system doesn't tell. */
  private int @Nullable [] look(int number) {
    int turn = looks.incrementAndGet();
    DescriptorSet all = new DescriptorSet();
    DescriptorSet several = new DescriptorSet();
    int[][] generations = {{}};
    try {
      EpollEntries.visit(
          set,
          (fd, data) -> {
            (all.contains(fd) ? several : all).add(fd);
            if (fd == number) {
              int count = generations[0].length;
              generations[0] = Arrays.copyOf(generations[0], count + 1);
              generations[0][count] = OneShotEpoll.generation(data);
            }
          });
    } catch (IOException unreadable) {
      return null;
    }
    if (all.isEmpty()) {
      return null; // not even the wake-up
    }
    Look before = latest;
    if (before == null || turn - before.turn > 0) {
      latest = new Look(turn, several);
    }
    return generations[0];
  }

  /**
   * Which file a change has met.
   *
   * @param before the generations that were there
   * @param after those that are
   * @param awaited the generation that the file had which is awaited
   */
  static Met met(int[] before, int[] after, int awaited) {
    if (!contains(before, awaited) || contains(after, awaited)) {
      return Met.ANOTHER;
    }
    for (int generation : before) {
      if (generation != awaited && !contains(after, generation)) {
        return Met.UNKNOWN; // one of the two was closed meanwhile
      }
    }
    return Met.AWAITED;
  }

  private static boolean contains(int[] generations, int generation) {
    for (int one : generations) {
      if (one == generation) {
        return true;
      }
    }
    return false;
  }

  private final class OfNumber implements EarlierFiles {
    private final int fd;
    private final int since = looks.get();
    private int @Nullable [] before;

    /** Of the awaited file, if that is a socket; else 0. */
    private long inode;

    /** Whether the number named that before the change. */
    private boolean isInodeNamed;

    OfNumber(int fd) {
      this.fd = fd;
      inode = Descriptors.socketInode(fd);
    }

    @Override
    public void follow() {
      if (inode != 0) {
        inode = Descriptors.socketInode(fd);
      }
    }

    private boolean isInodeNamed() {
      return inode != 0 && Descriptors.socketInode(fd) == inode;
    }

    /** A look for any number tells of all that had their files before. */
    @Override
    public boolean areGone() {
      Look look = latest;
      return look != null && look.turn - since > 0 && !look.several.contains(fd);
    }

    @Override
    public boolean isAdded(int generation, int events) {
      return !isInodeNamed()
          && OneShotEpoll.control(set, EpollShim.ADD, fd, generation, events) >= 0;
    }

    @Override
    public boolean mayBeMet(int awaited) {
      isInodeNamed = isInodeNamed();
      if (isInodeNamed) {
        return true;
      }
      int[] there = look(fd);
      before = there;
      if (there == null) {
        return true; // there may be a descriptor for it next time
      }
      for (int generation : there) {
        if (generation != awaited) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Met met(int awaited) {
      if (isInodeNamed) {
        return isInodeNamed() ? Met.AWAITED : Met.UNKNOWN;
      }
      int[] after = before == null ? null : look(fd);
      return before == null || after == null
          ? Met.AWAITED
          : EpollHistory.met(before, after, awaited);
    }
  }
}
