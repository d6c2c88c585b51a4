package io.github.selectors4j.soak;

import io.github.selectors4j.Mechanism;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The server with one of the defects that {@code scripts/soak} is there to find. */
final class DefectiveServer extends SoakServer {
  private static final int LEAKED_HEAP = 64;
  private static final int LEAKED_NATIVE = 1024;

  /** More would end the server before it is looked at. */
  private static final int MOST_DESCRIPTORS = 100;

  /** How often it happens: seldom enough that the server lasts for some minutes. */
  private static final Map<String, Integer> ONE_IN =
      Map.of("heap", 10, "native", 10, "descriptor", 1000, "byte", 1000);

  private final String defect;
  private final List<Object> leaked = new ArrayList<>();
  private final int oneIn;
  private long count;

  private DefectiveServer(Mechanism mechanism, String defect) throws IOException {
    super(mechanism);
    this.defect = defect;
    oneIn = ONE_IN.get(defect);
  }

  public static void main(String[] arguments) throws IOException {
    new DefectiveServer(Mechanism.valueOf(arguments[0]), arguments[1]).run();
  }

  @Override
  void closing() throws IOException {
    if (defect.equals("byte") || ++count % oneIn != 0) {
      return;
    }
    if (defect.equals("descriptor") && leaked.size() == MOST_DESCRIPTORS) {
      return;
    }
    leaked.add(
        switch (defect) {
          case "heap" -> new byte[LEAKED_HEAP];
          case "native" -> ByteBuffer.allocateDirect(LEAKED_NATIVE);
          case "descriptor" -> new FileInputStream("/dev/null");
          default -> throw new IllegalArgumentException(defect);
        });
  }

  @Override
  void echoing(ByteBuffer bytes) {
    if (defect.equals("byte") && bytes.hasRemaining() && ++count % oneIn == 0) {
      bytes.put(bytes.position(), (byte) ~bytes.get(bytes.position()));
    }
  }
}
