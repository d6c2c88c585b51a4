package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A private member of one of the JDK's own classes, used through JNI: module encapsulation does not
 * bind it. A member that this JDK lacks is as one of an object that has none. They are all in
 * {@link JdkMembers}.
 */
public final class JdkMember {

  private static final boolean BOUND = NativeLibrary.bind(JdkMember.class);

  private final String name;
  private final @Nullable Class<?> owner;
  private final long id;
  private final Class<?>[] kinds;

  private JdkMember(String name, @Nullable Class<?> owner, long id, Class<?>[] kinds) {
    this.name = name;
    this.owner = owner;
    this.id = id;
    this.kinds = kinds;
  }

  /**
   * A class, of which nothing but {@link #isOf} is to be asked.
   *
   * @param kinds of file objects from which it leads to the descriptor
   */
  static JdkMember type(String name, Class<?>... kinds) {
    return new JdkMember(name, find(name), 0, kinds);
  }

  /**
   * A field.
   *
   * @param type the field's type as JNI writes it
   * @param kinds of file objects from which it leads to the descriptor
   */
  static JdkMember field(String owner, String name, String type, Class<?>... kinds) {
    return lookUp(owner, name, type, kinds);
  }

  /**
   * A method without parameters that returns an int.
   *
   * @param kinds of file objects from which it leads to the descriptor
   */
  static JdkMember intMethod(String owner, String name, Class<?>... kinds) {
    return lookUp(owner, name, "()I", kinds);
  }

  private static JdkMember lookUp(String owner, String name, String signature, Class<?>... kinds) {
    String fullName = owner + "." + name;
    Class<?> found = find(owner);
    try {
      long id = found == null ? 0 : lookUp(found, name, signature);
      return new JdkMember(fullName, found, id, kinds);
    } catch (LinkageError absent) {
      return new JdkMember(fullName, null, 0, kinds);
    }
  }

  /** Whether this JDK has it. */
  public boolean isPresent() {
    return owner != null;
  }

  /** Whether the descriptor of such an object is found by it. */
  boolean leadsFrom(Object fileobj) {
    return Stream.of(kinds).anyMatch(kind -> kind.isInstance(fileobj));
  }

  /** Whether the object has this member, or is of this class. */
  boolean isOf(@Nullable Object object) {
    return owner != null && owner.isInstance(object);
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

  /** Sets the int field; of what does not have the field, nothing. */
  void setInt(Object object, int value) {
    if (isOf(object)) {
      setInt(object, id, value);
    }
  }

  /** Sets the boolean field to true; of what does not have the field, nothing. */
  void setTrue(Object object) {
    if (isOf(object)) {
      setTrue(object, id);
    }
  }

  /** Its class's name and its own. */
  @Override
  public String toString() {
    return name;
  }

  /** Only the JDK's own class counts, whatever the application calls its classes. */
  private static @Nullable Class<?> find(String name) {
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

  private static native void setInt(@Nullable Object object, long field, int value);

  private static native void setTrue(@Nullable Object object, long field);
}
