package dev.finch.runtime;

/** The version that the build wrote into the jar's manifest. */
final class Version {

  private Version() {}

  /** For example {@code 0.1.0}; {@code development} where the classes do not come from a jar. */
  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
