package io.github.selectors4j.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * What holds for all mechanisms, and takes many steps to come about, with its row of the contract.
 */
enum Rule {
  URGENT_DATA("PRIORITY is the exceptional condition: TCP's urgent data"),
  BARE_END_IS_PRIORITY("A bare error or hang-up counts as PRIORITY only where nothing else is"),
  HANGUP_ALONE("HANGUP is the peer's end, whether or not bytes are left to read; asked for alone"),
  HANGUP_BESIDE_READ("A bare error or hang-up counts as READ, WRITE and HANGUP"),
  MODIFY_TO_OTHER_EVENTS("modify | the number names another file | the new file is watched"),
  MODIFY_TO_THE_SAME("modify | the number names another file | also when nothing differs"),
  MODIFY_OF_A_CLOSED_NUMBER("modify | the number is closed | EBADF; the key is gone"),
  LEFT_OVER("select | the handler throws | the next select hands out what was not handed out"),
  LEFT_OVER_MASKED("The pass | a modify masks its events anew (nothing left: not handed out)"),
  LEFT_OVER_UNREGISTERED("The pass | an unregistered key is skipped"),
  LEFT_OVER_OF_BEFORE("The pass | a key registered during the pass waits for the next"),
  AWAIT_ENDS("await blocks until the file object is ready for some of the events, returns those"),
  AWAIT_GOES_ON("Any number of threads may await one descriptor: all whose events match wake"),
  AWAIT_TIMES_OUT("0: the time is up; a positive timeout is waited for in full"),
  AWAIT_IS_INTERRUPTED("Readiness wins over a timeout and an interrupt that come with it"),
  AWAIT_IS_CANCELLED("cancel: its waiters throw AsynchronousCloseException"),
  AWAIT_IS_CLOSED("close: all waiters throw ClosedSelectorException"),
  AWAIT_OF_A_CLOSED_NUMBER("refusals are DefaultSelector's: EBADF");

  /** Those that are to be met. */
  static Set<Rule> all() {
    return EnumSet.allOf(Rule.class);
  }

  /** Quoted, in part. */
  final String row;

  Rule(String row) {
    this.row = row;
  }
}
