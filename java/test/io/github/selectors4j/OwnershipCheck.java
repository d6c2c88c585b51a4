package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test in which the library wrote to, read, closed or replaced a descriptor that was not
 * its own, closed one that another of its system calls was using, or left one open. Registered on
 * every test class through {@code META-INF/services}, it does nothing unless the library is {@link
 * Interposed}.
 */
public final class OwnershipCheck implements BeforeEachCallback, AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(OwnershipCheck.class);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Not loaded for the sake of tests that load the library their own way. */
  private static boolean applies() {
    return System.getProperty("selectors4j.library.path") != null && Interposed.isThere();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (applies()) {
      assertEquals(List.of(), Interposed.takeViolations(), "between the tests");
      context.getStore(NAMESPACE).put(context.getUniqueId(), Interposed.owned());
    }
  }

  @Override
  @SuppressWarnings("unchecked") // as beforeEach has put it there
  public void afterEach(ExtensionContext context) {
    List<Integer> before =
        (List<Integer>) context.getStore(NAMESPACE).remove(context.getUniqueId());
    if (before != null) {
      Interposed.reset();
      Interposed.assertOwnsJust(before, GRACE_NANOS);
    }
  }
}
