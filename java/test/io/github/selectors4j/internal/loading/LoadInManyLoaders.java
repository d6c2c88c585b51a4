package io.github.selectors4j.internal.loading;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs each class that it is given in each of that many new class loaders, all at once. */
public final class LoadInManyLoaders {
  private LoadInManyLoaders() {}

  /** The arguments: how many class loaders, then names of classes with a main method. */
  public static void main(String[] args) throws Exception {
    URL[] classPath = classPath();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      ClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
      for (String name : List.of(args).subList(1, args.length)) {
        Thread thread = new Thread(() -> run(loader, name, start));
        threads.add(thread);
        thread.start();
      }
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void run(ClassLoader loader, String name, CountDownLatch start) {
    try {
      start.await();
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } catch (ReflectiveOperationException | InterruptedException e) {
      System.out.println(e);
    }
  }

  static URL[] classPath() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
