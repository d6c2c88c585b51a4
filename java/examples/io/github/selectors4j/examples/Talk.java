package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.*;
import java.io.*;
import java.net.Socket;

/** Sends what is typed to a server and prints what comes back. */
public class Talk {
  record Copy(InputStream from, OutputStream to) {}

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: Talk PORT");
      System.exit(2);
    }
    try (Socket socket = new Socket("localhost", Integer.parseInt(args[0]));
        BaseSelector selector = DefaultSelector.open()) {
      InputStream stdin = new FileInputStream(FileDescriptor.in); // System.in without its buffer
      selector.register(stdin, EVENT_READ, new Copy(stdin, socket.getOutputStream()));
      selector.register(socket, EVENT_READ, new Copy(socket.getInputStream(), System.out));
      while (selector.isRegistered(socket)) {
        for (ReadyKey ready : selector.select()) {
          Copy copy = (Copy) ready.key().data();
          byte[] bytes = new byte[8192];
          int count = copy.from.read(bytes); // does not block, as it is ready
          if (count >= 0) {
            copy.to.write(bytes, 0, count);
            copy.to.flush();
          } else {
            selector.unregister(ready.key().fileobj());
            if (copy.from == stdin) socket.shutdownOutput();
          }
        }
      }
    }
  }
}
