package io.github.selectors4j.frameworks;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** What the tests call of {@code <libpq-fe.h>}. */
interface Libpq extends Library {
  Libpq LIBRARY = Native.load("libpq.so.5", Libpq.class);

  int CONNECTION_BAD = 1;

  int PGRES_POLLING_READING = 1;
  int PGRES_POLLING_WRITING = 2;
  int PGRES_POLLING_OK = 3;

  int PGRES_COMMAND_OK = 1;
  int PGRES_TUPLES_OK = 2;

  /** Takes what the library has to remark, which it would print otherwise. */
  interface NoticeProcessor extends Callback {
    void notice(Pointer argument, String message);
  }

  Pointer PQconnectStart(String parameters);

  int PQconnectPoll(Pointer connection);

  int PQresetStart(Pointer connection);

  int PQresetPoll(Pointer connection);

  void PQfinish(Pointer connection);

  int PQstatus(Pointer connection);

  int PQsocket(Pointer connection);

  int PQbackendPID(Pointer connection);

  String PQerrorMessage(Pointer connection);

  Pointer PQsetNoticeProcessor(Pointer connection, NoticeProcessor processor, Pointer argument);

  int PQsetnonblocking(Pointer connection, int nonblocking);

  int PQsendQuery(Pointer connection, String command);

  int PQflush(Pointer connection);

  int PQconsumeInput(Pointer connection);

  int PQisBusy(Pointer connection);

  Pointer PQgetResult(Pointer connection);

  int PQresultStatus(Pointer result);

  int PQntuples(Pointer result);

  String PQgetvalue(Pointer result, int row, int column);

  void PQclear(Pointer result);

  /** A {@code PGnotify}: the channel's name, the sender's process, what it says. */
  Pointer PQnotifies(Pointer connection);

  void PQfreemem(Pointer memory);
}
