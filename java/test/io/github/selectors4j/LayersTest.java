package io.github.selectors4j;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.selectors4j.internal.system.PlantedArrow;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each room of the house uses those below it, none above and none beside. */
@Tag("mechanism-independent")
class LayersTest {

  private static final String FACE = "io.github.selectors4j";
  private static final String ROOMS = FACE + ".internal";

  /** The types in the face's folder that everybody uses, and that use nothing of it. */
  private static final Set<String> PLAIN =
      Set.of(
          "Mechanism",
          "SelectorKey",
          "ReadyKey",
          "ReadyHandler",
          "HasFileno",
          "SystemCallException");

  /** From the bottom up; rooms of one floor do not use each other. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of(ROOMS),
          Set.of(ROOMS + ".loading"),
          Set.of(ROOMS + ".system"),
          Set.of(ROOMS + ".fileobject"),
          Set.of(ROOMS + ".selecting", ROOMS + ".report"),
          Set.of(ROOMS + ".sets"),
          Set.of(ROOMS + ".awaiting"),
          Set.of(ROOMS + ".transferring"),
          Set.of(FACE, FACE + ".select", FACE + ".channels"));

  @Test
  void noArrowPointsUpwards() {
    JavaClasses main =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(FACE);
    assertTrue(main.size() > 60, main::toString);
    assertEquals("", arrowsUp(main));
  }

  @Test
  void anArrowThatIsPlantedIsFound() {
    JavaClasses planted = new ClassFileImporter().importClasses(PlantedArrow.class);
    assertTrue(arrowsUp(planted).contains("PlantedArrow"), arrowsUp(planted));
  }

  private static String arrowsUp(JavaClasses classes) {
    return classes.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(LayersTest::pointsUp)
        .map(Dependency::getDescription)
        .sorted()
        .collect(joining("\n"));
  }

  private static boolean pointsUp(Dependency dependency) {
    JavaClass from = dependency.getOriginClass();
    JavaClass to = dependency.getTargetClass().getBaseComponentType();
    if (!to.getPackageName().startsWith(FACE)
        || room(from).equals(room(to))
        || isMechanismOpening(from, to)) {
      return false;
    }
    return floor(to) >= floor(from);
  }

  /**
   * Of all that is plain, {@code Mechanism} alone knows the selectors, which it opens, and the
   * library, which it asks what there is to open.
   */
  private static boolean isMechanismOpening(JavaClass from, JavaClass to) {
    return outermost(from).equals("Mechanism")
        && (room(to).equals(FACE) || outermost(to).equals("NativeLibrary"));
  }

  private static int floor(JavaClass type) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).contains(room(type))) {
        return floor;
      }
    }
    throw new AssertionError(type.getName() + " is in a room that has no floor");
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(FACE) && PLAIN.contains(outermost(type)) ? ROOMS : name;
  }

  private static String outermost(JavaClass type) {
    return type.getName().substring(type.getPackageName().length() + 1).split("\\$")[0];
  }
}
