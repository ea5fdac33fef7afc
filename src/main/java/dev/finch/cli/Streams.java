package dev.finch.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The standard streams in UTF-8, whatever the locale says: models answer in it. */
final class Streams {

  private Streams() {}

  static PrintStream out() {
    return new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
  }

  static PrintStream err() {
    return new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
  }
}
