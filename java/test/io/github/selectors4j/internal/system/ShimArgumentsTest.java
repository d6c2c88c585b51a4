package io.github.selectors4j.internal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Hostile;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.internal.fileobject.JdkMember;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What would have the C code or the kernel leave the memory that it was given is refused: counts
 * that there is no room for, negative ones, null, arrays that are too short.
 */
class ShimArgumentsTest {
  private static final int NO_DESCRIPTOR = -1;

  /** As many as one word of a set has. */
  private static final int ROOM = 64;

  @EveryMechanism
  void countsThatThereIsNoRoomFor(Mechanism mechanism) {
    Hostile.assertContractual(
        new Object[] {ROOM},
        hostile -> {
          int count = hostile.number();
          if (count < 0 || count > ROOM) {
            assertThrows(IndexOutOfBoundsException.class, () -> wait(mechanism, count));
          } else {
            wait(mechanism, count);
          }
        });
  }

  private static void wait(Mechanism mechanism, int count) {
    switch (mechanism) {
      case SELECT -> {
        int result = SelectShim.await(new SelectShim.Sets(ROOM), SetBits.create(), count, 0);
        if (result == -Errno.EINVAL) {
          throw new IndexOutOfBoundsException(count);
        }
        assertEquals(0, result);
      }
      case POLL -> PollShim.await(new PollShim.Pollfds(ROOM), 0, count, 0);
      case EPOLL -> EpollShim.await(NO_DESCRIPTOR, new EpollShim.Events(ROOM), count, 0);
      case DEVPOLL -> {
        PollShim.Pollfds pollfds = new PollShim.Pollfds(ROOM);
        if (count % 2 == 0) {
          DevpollShim.await(NO_DESCRIPTOR, pollfds, count, 0);
        } else {
          DevpollShim.write(NO_DESCRIPTOR, pollfds, count);
        }
      }
      case KQUEUE -> {
        KqueueShim.Kevents kevents = new KqueueShim.Kevents(ROOM);
        boolean changes = count % 2 == 0;
        KqueueShim.control(
            NO_DESCRIPTOR, kevents, changes ? count : 0, kevents, changes ? 0 : count, 0);
      }
    }
  }

  @Test
  void nullForEveryObject() throws Exception {
    List<Method> natives =
        Stream.of(
                Descriptors.class,
                DirectMemory.class,
                EpollShim.class,
                Errno.class,
                IoShim.class,
                JdkMember.class,
                PollShim.class)
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .filter(method -> Modifier.isNative(method.getModifiers()))
            .filter(method -> Stream.of(method.getParameterTypes()).anyMatch(p -> !p.isPrimitive()))
            .toList();
    assertTrue(natives.size() >= 12, natives::toString);
    for (Method method : natives) {
      method.setAccessible(true);
      Object[] arguments =
          Stream.of(method.getParameterTypes())
              .map(type -> type.isPrimitive() ? 0 : null)
              .toArray();
      Object result = method.invoke(null, arguments);
      assertTrue(
          result == null || ((Number) result).longValue() <= 0, () -> method + " found " + result);
    }
  }

  @Test
  void anArrayThatIsTooShortForAPipe() {
    assertEquals(-Errno.EINVAL, Descriptors.pipe(new int[1]));
    assertEquals(-Errno.EINVAL, Descriptors.pipe(new int[0]));
  }
}
