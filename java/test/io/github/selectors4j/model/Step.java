package io.github.selectors4j.model;

import io.github.selectors4j.model.OpenFile.Transfer;
import java.io.IOException;
import java.time.Duration;

/** One thing that a program may do. A slot is one of a few descriptor numbers. */
sealed interface Step {

  /** Does it, to the kernel, to all selectors and to the model; false when it makes no sense. */
  boolean perform(Trial trial) throws IOException;

  /** Opens one or two files, in place of what the slots name. */
  record Open(Kind kind, int slot, int other) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      boolean may = trial.mayOpen(slot) && (!kind.isPair() || trial.mayOpen(other));
      return may && trial.table().open(kind, slot, other);
    }
  }

  /** Makes a slot name what another one names, in place of what it names. */
  record Duplicate(int from, int to) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.mayDuplicate(from, to) && trial.table().duplicate(from, to);
    }
  }

  record Close(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().close(slot);
    }
  }

  record Write(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().transfer(Transfer.WRITE, slot);
    }
  }

  /** Writes as much as there is room for. */
  record Fill(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return !trial.seesEmptied(slot) && trial.table().transfer(Transfer.FILL, slot);
    }
  }

  record Read(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().transfer(Transfer.READ, slot);
    }
  }

  /** Reads all that there is. */
  record Drain(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().transfer(Transfer.DRAIN, slot);
    }
  }

  /** Sends a byte of urgent data. */
  record SendUrgent(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().sendUrgent(slot);
    }
  }

  /** Takes it. */
  record TakeUrgent(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().takeUrgent(slot);
    }
  }

  /** Shuts down one side of a socket, or both. */
  record Shutdown(int slot, Side side) implements Step {
    @Override
    public boolean perform(Trial trial) {
      return trial.table().shutdown(slot, side != Side.WRITE, side != Side.READ);
    }
  }

  record Register(int slot, int events) implements Step {
    @Override
    public boolean perform(Trial trial) {
      Object data = trial.newData();
      trial.watchers().forEach(watcher -> watcher.register(slot, events, data));
      return true;
    }
  }

  record Modify(int slot, int events) implements Step {
    @Override
    public boolean perform(Trial trial) {
      trial.watchers().forEach(watcher -> watcher.modify(slot, events));
      return true;
    }
  }

  record Unregister(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) {
      trial.watchers().forEach(watcher -> watcher.unregister(slot));
      return true;
    }
  }

  /** Wakes the next select. */
  record Wakeup(int times) implements Step {
    @Override
    public boolean perform(Trial trial) {
      trial.watchers().forEach(watcher -> watcher.wakeup(times));
      return true;
    }
  }

  /** Waits for so long, or until something is ready. */
  record Select(int microseconds) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      for (Watcher watcher : trial.watchers()) {
        watcher.compareWaiting(Duration.ofNanos(microseconds * 1000L));
      }
      return true;
    }
  }

  /** A select whose handler throws when so many keys have been handed out. */
  record Throw(int keys) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      for (Watcher watcher : trial.watchers()) {
        watcher.compareThrowing(keys);
      }
      return true;
    }
  }

  /** Another thread begins to await a slot. */
  record Await(int slot, int events) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      int id = trial.newWait();
      trial.waiters().forEach(waiters -> waiters.await(id, slot, events));
      return true;
    }
  }

  /** The same for a short time, which may be up. */
  record AwaitBriefly(int slot, int events) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      int id = trial.newWait();
      trial.waiters().forEach(waiters -> waiters.awaitBriefly(id, slot, events));
      return true;
    }
  }

  /** An await that does not wait. */
  record Look(int slot, int events) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      trial.waiters().forEach(waiters -> waiters.look(slot, events));
      return true;
    }
  }

  record Cancel(int slot) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      trial.waiters().forEach(waiters -> waiters.cancel(slot));
      return true;
    }
  }

  /** Interrupts one of those who await something. */
  record Interrupt(int which) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      trial.waiters().forEach(waiters -> waiters.interrupt(which));
      return true;
    }
  }

  /**
   * A step after which nobody looks at what is ready, so that what follows comes to the same look.
   */
  record Unseen(Step step) implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      return step.perform(trial);
    }
  }

  /** Closes all selectors and awaiters, and opens new ones. */
  record Reopen() implements Step {
    @Override
    public boolean perform(Trial trial) throws IOException {
      trial.reopen();
      return true;
    }
  }
}
