package dev.finch.cli.launch;

/** Finch's own version. */
public final class Version {

  private Version() {}

  /** The version of the jar, or {@code development} where the classes lie outside one. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? System.getProperty("finch-launcher.version", "development") : version;
  }
}
