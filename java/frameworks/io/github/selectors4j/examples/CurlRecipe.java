package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** FetchPages, and the HTTP server that LibcurlTransfers tells of. */
class CurlRecipe {
  private static final String SERVER =
      "http://127.0.0.1:" + System.getProperty("selectors4j.test.http");

  @EveryMechanism
  void fetchesAllPages(Mechanism mechanism) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (String end : List.of("keep", "close", "drop")) {
      for (int size = 0; size < 20; size++) {
        expected.put("%s/%s/%d".formatted(SERVER, end, size), size + " bytes");
      }
      expected.put(SERVER + "/" + end + "/3000000", "3000000 bytes");
    }
    expected.put("http://127.0.0.1:1/nobody", "Couldn't connect to server");
    try (ExampleProcess example =
        Recipes.start(
            mechanism,
            List.of("env", "no_proxy=*"),
            FetchPages.class,
            expected.keySet().toArray(String[]::new))) {
      for (String line : example.awaitEnd()) {
        String[] parts = line.split(": ", 2);
        assertEquals(expected.remove(parts[0]), parts[1], line);
      }
      assertEquals(Map.of(), expected, "these were not fetched");
    }
  }
}
