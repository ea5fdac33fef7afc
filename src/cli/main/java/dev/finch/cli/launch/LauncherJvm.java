package dev.finch.cli.launch;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM with the flags of {@code bin/finch}: class archives serve no other. */
public final class LauncherJvm {

  /** The property that makes a run one of training, and says which. */
  public static final String TRAINING = "finch-launcher.training";

  /** As {@code bin/finch} names it: this class stands below it and cannot enter it. */
  private static final String MAIN = "dev.finch.cli.Main";

  private static final File NOTHING = new File("/dev/null");

  private static final List<String> FLAGS =
      List.of(
          "-Xlog:disable",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Djdk.reflect.useNativeAccessorOnly=true",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private LauncherJvm() {}

  /**
   * Not started yet; reads nothing and says nothing.
   *
   * @param home the distribution
   * @param options of the JVM, before the class path
   */
  public static ProcessBuilder of(Path home, List<String> options, String training) {
    List<String> all = new ArrayList<>(options);
    all.add("-D" + TRAINING + "=" + training);
    ProcessBuilder jvm = command(home, all);
    jvm.command().add(MAIN);
    return jvm;
  }

  /** The same where the JVM only writes an archive and runs nothing. */
  public static ProcessBuilder dumping(Path home, List<String> options) {
    return command(home, options);
  }

  private static ProcessBuilder command(Path home, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(options);
    command.add("-Dfinch-launcher.home=" + home);
    command.add("-cp");
    command.add(home.resolve("lib").resolve("finch.jar").toString());
    return new ProcessBuilder(command)
        .redirectInput(NOTHING)
        .redirectOutput(NOTHING)
        .redirectError(NOTHING);
  }
}
