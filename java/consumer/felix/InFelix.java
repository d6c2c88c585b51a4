import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Runs a class of the last of some OSGi bundles: CACHE CLASS BUNDLE... ARGUMENT. */
public final class InFelix {
  private InFelix() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> configuration =
        Map.of(
            Constants.FRAMEWORK_STORAGE,
            args[0],
            Constants.FRAMEWORK_STORAGE_CLEAN,
            Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    Framework framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(configuration);
    framework.start();
    List<Bundle> bundles = new ArrayList<>();
    for (String jar : List.of(args).subList(2, args.length - 1)) {
      bundles.add(
          framework
              .getBundleContext()
              .installBundle(Path.of(jar).toUri().toString(), Files.newInputStream(Path.of(jar))));
    }
    for (Bundle bundle : bundles) {
      bundle.start();
    }
    bundles
        .get(bundles.size() - 1)
        .loadClass(args[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[] {args[args.length - 1]});
  }
}
