package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import com.fazecast.jSerialComm.SerialPort;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.channels.DescriptorChannel;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;

/**
 * Prints the lines that come by a serial line, and sends what is typed: jSerialComm sets the line
 * up, and the device is read and written beside stdin, in one thread.
 */
public final class SerialLine {
  private SerialLine() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 1
        || args.length > 2
        || args[0].startsWith("-")
        || args.length > 1 && !args[1].matches("[0-9]{1,8}")) {
      System.err.println("usage: SerialLine DEVICE [SPEED]    as in /dev/ttyUSB0 115200");
      System.exit(2);
    }
    SerialPort settings = setUp(args[0], args.length > 1 ? Integer.parseInt(args[1]) : 9600);
    try (RandomAccessFile device = new RandomAccessFile(args[0], "rw")) {
      talk(DescriptorChannel.of(device));
    } finally {
      settings.closePort();
    }
  }

  /** The settings are the device's, not the descriptor's; they hold while this is open. */
  private static SerialPort setUp(String device, int speed) throws IOException {
    SerialPort port = SerialPort.getCommPort(device);
    port.setComPortParameters(speed, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
    port.disableExclusiveLock(); // for it is opened a second time, to be watched
    // By default a read without a byte to read says that this is the end.
    port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, 0, 0);
    if (!port.openPort()) {
      throw new IOException(device + ": can't be opened, error " + port.getLastErrorCode());
    }
    return port;
  }

  private static void talk(DescriptorChannel line) throws IOException {
    InputStream stdin = new FileInputStream(FileDescriptor.in);
    LineBuffer lines = new LineBuffer(System.out::println);
    ByteBuffer received = ByteBuffer.allocate(4096);
    byte[] typed = new byte[4096];
    try (BaseSelector selector = DefaultSelector.open()) {
      selector.register(line, EVENT_READ);
      selector.register(stdin, EVENT_READ);
      System.out.println("Connected, end with Ctrl-D");
      int count = 0;
      while (count >= 0) {
        for (ReadyKey ready : selector.select()) {
          if (ready.key().fileobj() == line) {
            count = line.read(received.clear());
            lines.add(received.array(), count);
          } else {
            count = stdin.read(typed);
            if (count > 0) {
              line.write(ByteBuffer.wrap(typed, 0, count)); // waits until all of it has gone
            }
          }
        }
      }
    }
  }
}
