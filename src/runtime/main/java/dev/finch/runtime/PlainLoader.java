package dev.finch.runtime;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;

/**
 * The class loader of Finch's own actor system. Its configuration is whole and the build pins the
 * versions, so Pekko need not read every jar's {@code reference.conf} and manifest once more.
 */
final class PlainLoader extends ClassLoader {

  private static final Set<String> HIDDEN = Set.of("reference.conf", "META-INF/MANIFEST.MF");

  PlainLoader(ClassLoader parent) {
    super("finch", parent);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return HIDDEN.contains(name) ? Collections.emptyEnumeration() : super.getResources(name);
  }
}
