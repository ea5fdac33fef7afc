package dev.finch.build.start;

import org.jspecify.annotations.Nullable;

/** Prints texts put together of every kind of value. */
final class Texts {

  private static final String CONSTANT = "a constant";

  private Texts() {}

  /** Run in a JVM of its own. */
  public static void main(String[] args) {
    print(args.length, (byte) -1, (short) -2, 'c', true, 1L << 40, 0.1f, 1e300, "text", null);
    print(7, (byte) 8, (short) 9, '\u00e9', false, -1, Float.NaN, -0.0, "", new Nameless());
  }

  @SuppressWarnings("TooManyParameters")
  private static void print(
      int i,
      byte b,
      short s,
      char c,
      boolean z,
      long j,
      float f,
      double d,
      String text,
      @Nullable Object object) {
    System.out.println("<" + i + "," + b + "," + s + "," + c + ">");
    System.out.println(z + " " + j + f + d);
    System.out.println(text + object + CONSTANT + new int[0].length + "\u0001\u0002" + c);
    String grown = text;
    grown += object;
    grown += i;
    System.out.println(grown);
  }

  /** Its text is null, and stays the word. */
  private static final class Nameless {
    @Override
    @SuppressWarnings("NullAway")
    public @Nullable String toString() {
      return null;
    }
  }
}
