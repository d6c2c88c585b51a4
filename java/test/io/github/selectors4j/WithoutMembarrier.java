package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.internal.system.AsymmetricFence;
import java.lang.invoke.MethodHandles;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has membarrier(2) fail from the library's start to its end, as on an old kernel (ENOSYS) or in a
 * container's filter (EPERM), if the system property {@code selectors4j.test.membarrier} names an
 * errno. Registered on every test class through {@code META-INF/services}.
 */
public final class WithoutMembarrier implements BeforeAllCallback, BeforeEachCallback {

  private static final String ERRNO = System.getProperty("selectors4j.test.membarrier", "");
  private static boolean asked;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (ERRNO.isEmpty() || asked) {
      return;
    }
    Interposed.isThere();
    Interposed.reset();
    refuse();
    MethodHandles.lookup().ensureInitialized(AsymmetricFence.class);
    assertEquals(1, Interposed.failed(), "the fences of this JVM have asked for membarrier before");
    asked = true;
  }

  /** Whoever asks again is refused again. */
  @Override
  public void beforeEach(ExtensionContext context) {
    if (!ERRNO.isEmpty()) {
      refuse();
    }
  }

  private static void refuse() {
    Interposed.fail("membarrier", ERRNO, 0, Interposed.ALWAYS);
  }
}
