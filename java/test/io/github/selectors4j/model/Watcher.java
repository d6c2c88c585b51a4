package io.github.selectors4j.model;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A selector beside its model: each does what the other does, and both have to come to the same.
 */
final class Watcher implements AutoCloseable {
  /** How long a select may last that something is to end. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final int EBADF = 9;

  private final BaseSelector selector;
  private final SelectorModel model;
  private boolean awoken;

  Watcher(Mechanism mechanism, SelectorModel model) throws IOException {
    this.selector = mechanism.open();
    this.model = model;
  }

  SelectorModel model() {
    return model;
  }

  void register(int slot, int events, Object data) {
    int number = DescriptorTable.number(slot);
    Outcome expected = model.register(slot, events, data);
    agree(
        () -> "register fd " + number,
        expected,
        outcome(slot, () -> selector.register(number, events, data)));
  }

  void modify(int slot, int events) {
    int number = DescriptorTable.number(slot);
    Outcome expected = model.modify(slot, events);
    agree(
        () -> "modify fd " + number,
        expected,
        outcome(slot, () -> selector.modify(number, events)));
  }

  void unregister(int slot) {
    int number = DescriptorTable.number(slot);
    Outcome expected = model.unregister(slot);
    agree(
        () -> "unregister fd " + number,
        expected,
        outcome(slot, () -> selector.unregister(number)));
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  private Outcome outcome(int slot, Change change) {
    try {
      change.make();
      return Outcome.DONE;
    } catch (IllegalStateException e) {
      return Outcome.REGISTERED_ALREADY;
    } catch (NoSuchElementException e) {
      return Outcome.NOT_REGISTERED;
    } catch (UnsupportedOperationException e) {
      return Outcome.UNSUPPORTED;
    } catch (SystemCallException e) {
      if (model.table.file(slot) == null && e.errno() != EBADF) {
        throw disagreement("a closed descriptor", "EBADF", e);
      }
      return Outcome.REFUSED;
    } catch (IOException e) {
      throw disagreement("a change", "no other exception", e);
    }
  }

  void wakeup(int times) {
    for (int i = 0; i < times; i++) {
      selector.wakeup();
    }
    awoken = true;
  }

  /** Asserts that the keys are the model's. */
  void compareKeys() {
    Map<Integer, SelectorKey> keys = new TreeMap<>();
    model.watches.forEach(
        (slot, watch) -> {
          int number = DescriptorTable.number(slot);
          keys.put(number, new SelectorKey(number, number, watch.events, watch.data));
        });
    Map<Integer, SelectorKey> map = selector.getMap();
    agree(() -> "the map", keys, map);
    for (int slot = 0; slot < DescriptorTable.SLOTS; slot++) {
      int number = DescriptorTable.number(slot);
      boolean registered = selector.isRegistered(number);
      agree(() -> "whether fd " + number + " is registered", keys.containsKey(number), registered);
    }
    agree(() -> "the map's order", List.copyOf(keys.keySet()), List.copyOf(map.keySet()));
  }

  /** Asserts that what is ready is the model's. */
  void compareReady() throws IOException {
    Map<Integer, Integer> expected = model.begin();
    compare(expected, selector.selectNow());
  }

  /** The same for a select that waits, unless something is ready or a wake-up came before. */
  void compareWaiting(Duration timeout) throws IOException {
    Map<Integer, Integer> expected = model.begin();
    if (!awoken && expected.isEmpty()) {
      model.end(); // before it goes on to wait
      expected = model.begin();
    }
    boolean waits = !awoken && expected.isEmpty();
    Duration least = waits ? timeout : Duration.ZERO;
    long start = System.nanoTime();
    List<ReadyKey> ready = selector.select(waits ? timeout : LONG);
    long elapsed = System.nanoTime() - start;
    if (elapsed < least.toNanos() || elapsed >= least.plus(LONG).toNanos()) {
      throw disagreement("how long a select lasts", least, elapsed + " ns");
    }
    compare(expected, ready);
  }

  /** The same where the handler throws when it is called for the so-manieth time. */
  void compareThrowing(int times) throws IOException {
    Map<Integer, Integer> expected = model.begin();
    List<ReadyKey> found = new ArrayList<>();
    IOException thrown = new IOException("of the handler's own");
    try {
      selector.selectNow(
          (key, events) -> {
            found.add(new ReadyKey(key, events));
            if (found.size() == times) {
              throw thrown;
            }
          });
    } catch (IOException e) {
      agree(() -> "what a select throws", thrown, e);
    }
    if (found.size() < times) {
      compare(expected, found);
      return;
    }
    Map<Integer, Integer> handedOut = bySlot(found);
    agree(() -> "how many were handed out", times, found.size());
    handedOut.forEach(
        (slot, events) ->
            agree(() -> "what is ready of slot " + slot, expected.getOrDefault(slot, 0), events));
    awoken = false;
    if (!model.leave(handedOut.keySet())) {
      compareReady();
    }
  }

  private void compare(Map<Integer, Integer> expected, List<ReadyKey> found) {
    agree(() -> "what is ready, by slot", expected, bySlot(found));
    model.end();
    awoken = false;
  }

  private Map<Integer, Integer> bySlot(List<ReadyKey> found) {
    Map<Integer, Integer> ready = new TreeMap<>();
    for (ReadyKey key : found) {
      int slot = DescriptorTable.slot(key.key().fd());
      if (ready.put(slot, key.events()) != null) {
        throw disagreement("a select", "each key once", found);
      }
      agree(() -> "a ready key", selector.getKey(key.key().fd()), key.key());
    }
    return ready;
  }

  private void agree(Supplier<String> what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw disagreement(what.get(), expected, actual);
    }
  }

  private Disagreement disagreement(String what, Object expected, Object actual) {
    return new Disagreement(
        selector.mechanism()
            + ": "
            + what
            + ": the model has "
            + expected
            + ", but it is "
            + actual);
  }

  @Override
  public void close() {
    selector.close();
  }
}
