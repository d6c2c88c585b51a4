package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SelectorKey;
import java.util.HashMap;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The keys of file objects that are no numbers. With the selector's lock held. */
final class KeysByObject {

  private final IdentityHashMap<Object, SelectorKey> byIdentity = new IdentityHashMap<>();

  /** Of handles, of which a process may have many. */
  private final HashMap<Object, SelectorKey> byValue = new HashMap<>();

  @Nullable SelectorKey get(Object fileobj) {
    return isByValue(fileobj) ? byValue.get(fileobj) : byIdentity.get(fileobj);
  }

  void put(SelectorKey key) {
    if (isByValue(key.fileobj())) {
      byValue.put(key.fileobj(), key);
    } else {
      byIdentity.put(key.fileobj(), key);
    }
  }

  void remove(SelectorKey key) {
    if (isByValue(key.fileobj())) {
      byValue.remove(key.fileobj());
    } else {
      byIdentity.remove(key.fileobj());
    }
  }

  private static boolean isByValue(Object fileobj) {
    return fileobj instanceof ProcessHandle && !(fileobj instanceof HasFileno);
  }
}
