package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.internal.loading.NativeLibrary;
import org.jspecify.annotations.Nullable;

/**
 * A private member of one of the JDK's own classes, read through JNI: module encapsulation does not
 * bind it. A member that this JDK lacks is as one of an object that has none.
 */
public final class JdkMember {

  private static final boolean BOUND = NativeLibrary.bind(JdkMember.class);

  private final @Nullable Class<?> owner;
  private final long id;

  private JdkMember(@Nullable Class<?> owner, long id) {
    this.owner = owner;
    this.id = id;
  }

  /**
   * A field.
   *
   * @param type the field's type as JNI writes it
   */
  static JdkMember field(String owner, String name, String type) {
    return lookUp(owner, name, type);
  }

  /** A method without parameters that returns an int. */
  static JdkMember intMethod(String owner, String name) {
    return lookUp(owner, name, "()I");
  }

  private static JdkMember lookUp(String owner, String name, String signature) {
    Class<?> found = find(owner);
    try {
      return new JdkMember(found, found == null ? 0 : lookUp(found, name, signature));
    } catch (LinkageError absent) {
      return new JdkMember(null, 0);
    }
  }

  /** Whether the object has this member. */
  boolean isOf(@Nullable Object object) {
    return id != 0 && owner != null && owner.isInstance(object);
  }

  /** The field's value; null when the object doesn't have the field. */
  @Nullable Object get(@Nullable Object object) {
    return isOf(object) ? getObject(object, id) : null;
  }

  /** The int field's value; -1 when the object doesn't have the field. */
  int getInt(@Nullable Object object) {
    return isOf(object) ? getInt(object, id) : -1;
  }

  /** What the int method returns; -1 when the object doesn't have the method. */
  int call(@Nullable Object object) {
    return isOf(object) ? callInt(object, id) : -1;
  }

  /** Only the JDK's own class counts, whatever the application calls its classes. */
  static @Nullable Class<?> find(String name) {
    try {
      return BOUND ? Class.forName(name, false, null) : null;
    } catch (ClassNotFoundException absent) {
      return null;
    }
  }

  private static native long lookUp(Class<?> owner, String name, String signature);

  private static native @Nullable Object getObject(@Nullable Object object, long field);

  private static native int getInt(@Nullable Object object, long field);

  private static native int callInt(@Nullable Object object, long method);
}
