package dev.finch.runtime;

/** The version that the build wrote into the jar's manifest. */
final class BuildVersion {

  private BuildVersion() {}

  /** For example {@code 0.1.0}; {@code development} where the classes do not come from a jar. */
  static String current() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
