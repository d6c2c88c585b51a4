package io.github.selectors4j.examples;

import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** WatchBus, and a message bus of its own. */
class BusRecipe {
  private static final String BUS = "org.freedesktop.DBus";

  @TempDir Path folder;

  @EveryMechanism
  void hearsWhoComesAndGoes(Mechanism mechanism) throws IOException {
    try (ExampleProcess daemon =
        ExampleProcess.start(
            "dbus-daemon",
            "--session",
            "--nofork",
            "--nopidfile",
            "--print-address",
            "--address=unix:dir=" + folder)) {
      String address = daemon.await("^unix:.*").group();
      List<String> there = List.of("env", "DBUS_SESSION_BUS_ADDRESS=" + address);
      try (ExampleProcess example = Recipes.start(mechanism, there, WatchBus.class)) {
        example.await("^Watching the bus,");
        for (int i = 0; i < 3; i++) {
          String name = "org.example.Guest" + i;
          Recipes.run(
              "dbus-send",
              "--bus=" + address,
              "--dest=" + BUS,
              "--print-reply",
              "/",
              BUS + ".RequestName",
              "string:" + name,
              "uint32:0");
          example.await("^" + name + " is here$");
          example.await("^" + name + " has left$");
        }
      }
    }
  }
}
