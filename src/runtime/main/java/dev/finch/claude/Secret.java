package dev.finch.claude;

import static java.util.Objects.requireNonNull;

/** A text that must not be seen: it prints as three asterisks. Immutable. */
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a key.
   *
   * @throws IllegalArgumentException where the text is empty or holds what no HTTP header may hold;
   *     the message does not repeat it
   */
  public static Secret of(String value) {
    String text = requireNonNull(value, "value").strip();
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("one line of printable ASCII without blanks");
    }
    return new Secret(text);
  }

  /** The text itself, for the one place that writes it to the wire. */
  String reveal() {
    return value;
  }

  /** The text with every occurrence of this secret blotted out. */
  String scrub(String text) {
    return text.replace(value, "***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
