package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import java.io.IOException;

/**
 * Prints what others NOTIFY a channel of a PostgreSQL database, through libpq; connects anew when
 * the server has ended the connection.
 */
public final class ListenToPostgres {
  /** What {@code <libpq-fe.h>} declares. */
  interface Libpq extends Library {
    Libpq LIBRARY = Native.load("libpq.so.5", Libpq.class);

    int PGRES_POLLING_READING = 1;
    int PGRES_POLLING_WRITING = 2;
    int PGRES_POLLING_OK = 3;
    int PGRES_COMMAND_OK = 1;

    Pointer PQconnectStart(String parameters);

    int PQconnectPoll(Pointer connection);

    int PQresetStart(Pointer connection);

    int PQresetPoll(Pointer connection);

    int PQsocket(Pointer connection);

    String PQerrorMessage(Pointer connection);

    Pointer PQexec(Pointer connection, String command);

    int PQresultStatus(Pointer result);

    void PQclear(Pointer result);

    int PQconsumeInput(Pointer connection);

    /** A {@code PGnotify}: the channel's name, the sender's process, what it says. */
    Pointer PQnotifies(Pointer connection);

    void PQfreemem(Pointer memory);

    void PQfinish(Pointer connection);
  }

  private final Libpq libpq = Libpq.LIBRARY;
  private final BaseSelector selector;
  private final Pointer connection;
  private int watched = -1;

  private ListenToPostgres(BaseSelector selector, String parameters) {
    this.selector = selector;
    connection = libpq.PQconnectStart(parameters);
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 2 || !args[1].matches("[a-z_]+")) {
      System.err.println(
          "usage: ListenToPostgres PARAMETERS CHANNEL    as in \"dbname=test\" news");
      System.exit(2);
    }
    try (BaseSelector selector = DefaultSelector.open()) {
      new ListenToPostgres(selector, args[0]).run(args[1]);
    }
  }

  private void run(String channel) throws IOException {
    try {
      connect(false);
      while (true) {
        listen(channel);
        connect(true);
      }
    } finally {
      libpq.PQfinish(connection);
    }
  }

  /** Follows libpq through its steps, each of which may open another socket. */
  private void connect(boolean again) throws IOException {
    require(!again || libpq.PQresetStart(connection) == 1);
    int step = Libpq.PGRES_POLLING_WRITING; // at first, says its manual
    while (step != Libpq.PGRES_POLLING_OK) {
      require(step == Libpq.PGRES_POLLING_READING || step == Libpq.PGRES_POLLING_WRITING);
      watch(step == Libpq.PGRES_POLLING_READING ? EVENT_READ : EVENT_WRITE);
      selector.select();
      step = again ? libpq.PQresetPoll(connection) : libpq.PQconnectPoll(connection);
    }
  }

  private void watch(int events) throws IOException {
    int fd = libpq.PQsocket(connection);
    require(fd >= 0);
    if (fd == watched) {
      selector.modify(fd, events); // the number may be that of another socket by now
    } else {
      if (watched >= 0) {
        selector.unregister(watched);
      }
      selector.register(fd, events);
      watched = fd;
    }
  }

  /** Returns when the connection has ended. */
  private void listen(String channel) throws IOException {
    Pointer result = libpq.PQexec(connection, "LISTEN " + channel); // waits for the answer
    require(libpq.PQresultStatus(result) == Libpq.PGRES_COMMAND_OK);
    libpq.PQclear(result);
    watch(EVENT_READ);
    System.out.println("Listening to " + channel + ", stop with Ctrl-C");
    do {
      for (Pointer said; (said = libpq.PQnotifies(connection)) != null; libpq.PQfreemem(said)) {
        System.out.println(said.getPointer(2L * Native.POINTER_SIZE).getString(0));
      }
      selector.select();
    } while (libpq.PQconsumeInput(connection) == 1);
    System.out.println("The connection has ended: " + libpq.PQerrorMessage(connection).strip());
  }

  private void require(boolean condition) throws IOException {
    if (!condition) {
      throw new IOException(libpq.PQerrorMessage(connection).strip());
    }
  }
}
