package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A few descriptors, a selector of each mechanism that watches them, and the models of all. After
 * each step the models have to be right.
 */
final class Trial implements AutoCloseable {
  private final List<Mechanism> mechanisms;
  private final SelectorModel.Factory models;
  private final DescriptorTable table = new DescriptorTable(this::renamed, this::advance);
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<Waiters> waiters = new ArrayList<>();
  private final Set<Difference> differences = EnumSet.noneOf(Difference.class);
  private final Set<Rule> rules = EnumSet.noneOf(Rule.class);
  private int registrations;
  private int waits;
  private int compared;

  Trial(List<Mechanism> mechanisms, SelectorModel.Factory models) throws IOException {
    this.mechanisms = mechanisms;
    this.models = models;
    reopen();
  }

  /**
   * Takes these steps.
   *
   * @throws Disagreement when a model is not right
   */
  static void run(List<Mechanism> mechanisms, SelectorModel.Factory models, List<Step> steps)
      throws IOException {
    try (Trial trial = new Trial(mechanisms, models)) {
      for (Step step : steps) {
        trial.take(step);
      }
      trial.finish();
    }
  }

  /** Takes a step, unless it makes no sense now: then false. */
  boolean take(Step step) throws IOException {
    if (!step.perform(this)) {
      return false;
    }
    waiters.forEach(Waiters::compare);
    for (Watcher watcher : watchers) {
      watcher.compareKeys();
    }
    if (!(step instanceof Step.Unseen)) {
      for (Watcher watcher : watchers) {
        watcher.compareReady();
      }
      compared++;
    }
    return true;
  }

  /** The steps after which what is ready was compared. */
  int compared() {
    return compared;
  }

  DescriptorTable table() {
    return table;
  }

  List<Watcher> watchers() {
    return watchers;
  }

  /** Those who wait by an awaiter of each mechanism, which are opened when they are needed. */
  List<Waiters> waiters() throws IOException {
    if (waiters.isEmpty()) {
      for (Mechanism mechanism : mechanisms) {
        waiters.add(new Waiters(mechanism, models.awaiter(mechanism, table)));
      }
    }
    return waiters;
  }

  /** An identity that no wait had before. */
  int newWait() {
    return ++waits;
  }

  /** Whether somebody may see that a counter is emptied before it is filled. */
  boolean seesEmptied(int slot) {
    return !waiters.isEmpty() && table.file(slot) instanceof Counter;
  }

  /** The differences between mechanisms that there were. */
  Set<Difference> differences() {
    waiters.forEach(each -> differences.addAll(each.model().differences()));
    watchers.forEach(watcher -> differences.addAll(watcher.model().differences()));
    return differences;
  }

  /** The rules that were met. */
  Set<Rule> rules() {
    waiters.forEach(each -> rules.addAll(each.model().rules()));
    watchers.forEach(watcher -> rules.addAll(watcher.model().rules()));
    return rules;
  }

  /** An attachment that no key had before. */
  Object newData() {
    return ++registrations;
  }

  /** Whether a slot may come to name what another one names. */
  boolean mayDuplicate(int from, int to) {
    OpenFile file = table.file(from);
    return watchers.stream().allMatch(watcher -> watcher.model().mayBeNamed(to, file))
        && waiters.stream().allMatch(each -> each.model().mayBeNamed(to, file));
  }

  /** Ends all awaits, as the model does. */
  void finish() {
    waiters.forEach(Waiters::closeAndCompare);
  }

  /** Whether a slot may come to name a new file. */
  boolean mayOpen(int slot) {
    return waiters.stream().allMatch(each -> each.model().mayBeNamed(slot, null));
  }

  void reopen() throws IOException {
    finish();
    differences();
    rules();
    closeWatchers();
    for (Mechanism mechanism : mechanisms) {
      watchers.add(new Watcher(mechanism, models.create(mechanism, table)));
    }
  }

  private void renamed(int slot) {
    watchers.forEach(watcher -> watcher.model().renamed(slot));
    waiters.forEach(each -> each.renamed(slot));
  }

  /** Who awaits something may be told of what is so for a moment. */
  private void advance() {
    waiters.forEach(Waiters::advance);
  }

  private void closeWatchers() {
    watchers.forEach(Watcher::close);
    watchers.clear();
    waiters.forEach(Waiters::close);
    waiters.clear();
  }

  @Override
  public void close() throws IOException {
    closeWatchers();
    table.close();
  }
}
