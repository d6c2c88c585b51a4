package io.github.selectors4j.frameworks;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.ToIntFunction;

/**
 * A connection of libpq's, driven as its manual says (34.1, PQconnectStartParams, and 34.4): after
 * each call that may have opened another socket, the number is asked for and watched anew, for it
 * may be the old one's.
 */
final class LibpqConnection implements AutoCloseable {
  private static final Libpq LIBPQ = Libpq.LIBRARY;
  private static final Libpq.NoticeProcessor QUIET = (argument, message) -> {};

  private enum State {
    CONNECTING,
    CONNECTED,
    LOST
  }

  private final LibrarySockets sockets;
  private final Queue<String> notifications = new ArrayDeque<>();
  private final List<String> values = new ArrayList<>();
  private Pointer connection;
  private ToIntFunction<Pointer> poll = LIBPQ::PQconnectPoll;
  private State state = State.LOST;
  private int watched = -1;
  private boolean busy;
  private Runnable onConnected = () -> {};

  LibpqConnection(LibrarySockets sockets) {
    this.sockets = sockets;
  }

  /** Begins to connect; the selects that follow do the rest. */
  void start(String parameters) throws IOException {
    connection = LIBPQ.PQconnectStart(parameters);
    require(LIBPQ.PQstatus(connection) != Libpq.CONNECTION_BAD);
    LIBPQ.PQsetNoticeProcessor(connection, QUIET, null);
    state = State.CONNECTING;
    poll = LIBPQ::PQconnectPoll;
    watch(EVENT_WRITE); // as if PQconnectPoll had said so, says the manual
  }

  void connect(String parameters) throws IOException {
    start(parameters);
    awaitConnected();
  }

  /** Connects once more, after the server has ended the connection. */
  void reconnect() throws IOException {
    require(LIBPQ.PQresetStart(connection) == 1);
    state = State.CONNECTING;
    poll = LIBPQ::PQresetPoll;
    watch(EVENT_WRITE);
    awaitConnected();
  }

  private void awaitConnected() throws IOException {
    sockets.selectUntil(this::isConnected, () -> "connection: " + this);
  }

  boolean isConnected() {
    return state == State.CONNECTED;
  }

  int serverProcess() {
    return LIBPQ.PQbackendPID(connection);
  }

  void onConnected(Runnable action) {
    onConnected = action;
  }

  /** The first column of a command's rows. */
  List<String> query(String command) throws IOException {
    values.clear();
    busy = true;
    require(LIBPQ.PQsendQuery(connection, command) == 1);
    flush();
    sockets.selectUntil(() -> !busy, () -> "result: " + this);
    return List.copyOf(values);
  }

  String awaitNotification() throws IOException {
    sockets.selectUntil(() -> !notifications.isEmpty(), () -> "notification: " + this);
    return notifications.remove();
  }

  void awaitLost() throws IOException {
    sockets.selectUntil(() -> state == State.LOST, () -> "end of a connection: " + this);
  }

  private void ready(SelectorKey key, int events) throws IOException {
    assertEquals(watched, key.fd(), "reported under a number that was unregistered");
    if (state == State.CONNECTING) {
      pollConnection();
    } else {
      exchange();
    }
  }

  private void pollConnection() throws IOException {
    switch (poll.applyAsInt(connection)) {
      case Libpq.PGRES_POLLING_READING -> watch(EVENT_READ);
      case Libpq.PGRES_POLLING_WRITING -> watch(EVENT_WRITE);
      case Libpq.PGRES_POLLING_OK -> {
        state = State.CONNECTED;
        require(LIBPQ.PQsetnonblocking(connection, 1) == 0);
        watch(EVENT_READ);
        onConnected.run();
      }
      default -> fail(this.toString());
    }
  }

  private void exchange() throws IOException {
    if (LIBPQ.PQconsumeInput(connection) == 0) {
      state = State.LOST;
      assertEquals(Libpq.CONNECTION_BAD, LIBPQ.PQstatus(connection));
      return;
    }
    flush();
    while (busy && LIBPQ.PQisBusy(connection) == 0) {
      take(LIBPQ.PQgetResult(connection));
    }
    for (Pointer said; (said = LIBPQ.PQnotifies(connection)) != null; LIBPQ.PQfreemem(said)) {
      notifications.add(said.getPointer(2L * Native.POINTER_SIZE).getString(0));
    }
  }

  private void take(Pointer result) {
    if (result == null) {
      busy = false;
      return;
    }
    int status = LIBPQ.PQresultStatus(result);
    require(status == Libpq.PGRES_TUPLES_OK || status == Libpq.PGRES_COMMAND_OK);
    for (int row = 0; row < LIBPQ.PQntuples(result); row++) {
      values.add(LIBPQ.PQgetvalue(result, row, 0));
    }
    LIBPQ.PQclear(result);
  }

  private void flush() throws IOException {
    int unsent = LIBPQ.PQflush(connection);
    require(unsent >= 0);
    watch(unsent == 0 ? EVENT_READ : EVENT_READ | EVENT_WRITE);
  }

  private void watch(int events) throws IOException {
    int fd = LIBPQ.PQsocket(connection);
    require(fd >= 0);
    if (watched >= 0 && watched != fd) {
      forget();
    }
    watched = -1; // if the selector refuses, the key is gone
    sockets.watch(fd, events, this::ready);
    watched = fd;
  }

  private void forget() {
    if (watched >= 0) {
      sockets.forget(watched);
      watched = -1;
    }
  }

  private void require(boolean condition) {
    if (!condition) {
      fail(this.toString());
    }
  }

  /** Has libpq close its socket, and leaves the number in the selector. */
  void finish() {
    if (connection != null) {
      LIBPQ.PQfinish(connection);
      connection = null;
      state = State.LOST;
    }
  }

  /** May be started again. */
  void disconnect() {
    forget();
    finish();
  }

  @Override
  public void close() {
    disconnect();
  }

  @Override
  public String toString() {
    return "%s, fd %d, PQstatus %d, %s"
        .formatted(
            state, watched, LIBPQ.PQstatus(connection), LIBPQ.PQerrorMessage(connection).strip());
  }
}
