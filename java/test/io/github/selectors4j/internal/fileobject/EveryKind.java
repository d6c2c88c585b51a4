package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.Mechanism;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A program that registers every kind of file object, and prints what becomes of each. */
public final class EveryKind {
  private EveryKind() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0], "file");
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ServerSocket server = new ServerSocket();
    server.bind(anyPort);
    Process cat = new ProcessBuilder("cat").start();
    Map<String, Object> kinds = new TreeMap<>();
    kinds.put("FileOutputStream", new FileOutputStream(file.toFile()));
    kinds.put("FileInputStream", new FileInputStream(file.toFile()));
    kinds.put("FileDescriptor", ((FileInputStream) kinds.get("FileInputStream")).getFD());
    kinds.put("RandomAccessFile", new RandomAccessFile(file.toFile(), "r"));
    kinds.put("FileChannel", FileChannel.open(file));
    kinds.put("Pipe", Pipe.open().source());
    kinds.put("SocketChannel", SocketChannel.open(server.getLocalSocketAddress()));
    kinds.put("Socket", new Socket(server.getInetAddress(), server.getLocalPort()));
    kinds.put("ServerSocket", server);
    kinds.put("DatagramSocket", new DatagramSocket(anyPort));
    kinds.put("System.in", System.in);
    kinds.put("System.out", System.out);
    kinds.put("a child's output", cat.getInputStream());
    kinds.put("a child's input", cat.getOutputStream());
    try (BaseSelector selector = Mechanism.POLL.open()) {
      for (Map.Entry<String, Object> kind : kinds.entrySet()) {
        System.out.println(kind.getKey() + "\t" + outcome(selector, kind.getValue()));
      }
    } finally {
      cat.getOutputStream().close();
      cat.waitFor();
    }
  }

  private static String outcome(BaseSelector selector, Object fileobj) throws IOException {
    try {
      selector.register(fileobj, BaseSelector.EVENT_READ);
      return "taken";
    } catch (IllegalArgumentException refused) {
      return refused.getMessage();
    }
  }
}
