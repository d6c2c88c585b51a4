package io.github.selectors4j.examples;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.util.List;

/** ListenToPostgres, and a server on port {@code -Dselectors4j.test.postgres} of this machine. */
class PostgresRecipe {
  /** The first host refuses; the socket for the second has the number of that for the first. */
  private static final String PARAMETERS =
      "host=127.0.0.2,127.0.0.1 port=%s user=selectors4j dbname=postgres application_name=%s"
          .formatted(System.getProperty("selectors4j.test.postgres"), "%s");

  @EveryMechanism
  void hearsOnAfterItsConnectionHasEnded(Mechanism mechanism) throws IOException {
    String parameters = PARAMETERS.formatted("listener");
    try (ExampleProcess example =
        Recipes.start(mechanism, List.of(), ListenToPostgres.class, parameters, "news")) {
      for (int i = 0; i < 3; i++) {
        example.await("^Listening to news,");
        execute("NOTIFY news, 'first of " + i + "'; NOTIFY news, 'second of " + i + "'");
        example.await("^first of " + i + "$");
        example.await("^second of " + i + "$");
        execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE application_name = 'listener'");
        example.await("^The connection has ended: ");
      }
    }
  }

  private static void execute(String command) throws IOException {
    Recipes.run("psql", "--no-psqlrc", PARAMETERS.formatted("psql"), "--command", command);
  }
}
