package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.TestLibrary.check;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What looks like a file object and is none, or no longer. */
class NoFileObjectsTest extends WatchedObjectTest {
  private static final String CLOSED = "has no descriptor: it is closed";
  private static final String STREAM_AROUND =
      "is a stream around something else: register its descriptor's number or a HasFileno, or the"
          + " stream, socket or channel below it";

  @Test
  void noFileObjects() throws Exception {
    FileInputStream file = closing(new FileInputStream("/dev/null"));
    FileOutputStream outFile = closing(new FileOutputStream("/dev/null"));
    for (Object stream :
        List.of(
            new ByteArrayInputStream(HELLO),
            new BufferedInputStream(file),
            new FilterInputStream(file) {},
            new BufferedOutputStream(outFile),
            new PrintStream(outFile))) {
      assertNoFileObject(stream, STREAM_AROUND);
    }
    for (Object object : List.of(new InputStreamReader(file, US_ASCII), "a string")) {
      assertNoFileObject(object, "is no file object: register its descriptor's number");
    }
  }

  @Test
  void namesOfFiles() {
    for (Object name : List.of(directory, directory.resolve("none"), directory.toFile())) {
      assertNoFileObject(name, "is the name of a file, not an open one", "FileInputStream");
    }
  }

  /** What other libraries make: open, and the JDK knows no descriptor of it. */
  @Test
  void othersSocketsAndChannels() throws Exception {
    for (Object object :
        List.of(
            closing(new ForeignChannel()),
            closing(
                new Socket((SocketImpl) null) {
                  @Override
                  public boolean isBound() {
                    return true;
                  }
                }))) {
      assertNoFileObject(
          object,
          "is open, but not the JDK's own",
          "as a FileDescriptor or a number, or a HasFileno");
    }
  }

  /** The structure of the JVM's own standard streams, but of the user's making. */
  @Test
  void usersStreamsOverTheStandardOnes() {
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    InputStream systemIn = System.in;
    for (Object object :
        List.of(
            new BufferedInputStream(in),
            new BufferedInputStream(systemIn),
            new FilterInputStream(systemIn) {},
            new PrintStream(out),
            new PrintStream(new BufferedOutputStream(out)),
            new PrintStream(new BufferedOutputStream(err)),
            new PrintStream(System.out),
            new BufferedOutputStream(System.err))) {
      assertNoFileObject(object, STREAM_AROUND);
    }
  }

  @Test
  void closedObjects() throws Exception {
    ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
    SocketChannel client = SocketChannel.open(server.getLocalAddress());
    SocketChannel accepted = server.accept();
    ServerSocket oldServer = new ServerSocket();
    oldServer.bind(ANY_PORT);
    Socket oldClient = new Socket();
    oldClient.connect(oldServer.getLocalSocketAddress());
    Socket oldAccepted = oldServer.accept();
    Pipe pipe = Pipe.open();
    RandomAccessFile file =
        new RandomAccessFile(Files.createFile(directory.resolve("file")).toFile(), "rw");
    FileInputStream in = new FileInputStream("/dev/null");
    FileOutputStream out = new FileOutputStream("/dev/null");
    List<AutoCloseable> objects =
        List.of(
            server,
            client,
            accepted,
            server.socket(),
            client.socket(),
            oldServer,
            oldClient,
            oldAccepted,
            new Socket(),
            new ServerSocket(),
            DatagramChannel.open(),
            new DatagramSocket(ANY_PORT),
            new MulticastSocket(ANY_PORT),
            pipe.source(),
            pipe.sink(),
            file,
            in,
            out,
            FileChannel.open(directory.resolve("file")));
    for (AutoCloseable object : objects) {
      object.close();
    }
    // Their numbers are open again, as other files: only the objects tell that they are closed.
    for (int i = 0; i < objects.size(); i++) {
      closing(check(TestLibrary.eventfd(1)));
    }
    for (AutoCloseable object : objects) {
      assertNoFileObject(object, CLOSED);
    }
    assertNoFileObject(file.getFD(), CLOSED);
    assertNoFileObject(in.getFD(), CLOSED);
  }

  private void assertNoFileObject(Object object, String... why) {
    IllegalArgumentException refusal =
        assertRefused(
            IllegalArgumentException.class, () -> selector.register(object, EVENT_READ), object);
    for (String part : why) {
      assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
    }
    assertRefused(NoSuchElementException.class, () -> selector.getKey(object), object);
    assertTrue(selector.getMap().isEmpty());
  }
}
