package dev.finch.model;

import java.util.regex.Pattern;

/** The grammar of a model reference's parts. */
final class Parts {

  /** Characters of a name that a message repeats. */
  static final int SHOWN = 200;

  /** The tag that Ollama's clients put behind every name. */
  static final String LATEST = ":latest";

  /** Of the demonstration model. */
  static final String BUILT_IN_QUANTIZATION = "q8_0";

  static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9._-]*)(?::([a-z0-9_]+))?");

  static final Pattern RANDOM = Pattern.compile("([a-z0-9][a-z0-9._-]*)(?:@(-?[0-9]+))?");

  static final Pattern HUB =
      Pattern.compile(
          "([A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*)(?::([^@:]+))?(?:@([^@:]+))?");

  private Parts() {}
}
