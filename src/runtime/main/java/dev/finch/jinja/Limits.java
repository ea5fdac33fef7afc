package dev.finch.jinja;

/**
 * How much one rendering may use. What needs more ends with {@link
 * TemplateException.Kind#EXHAUSTED}.
 *
 * @param work steps: expressions and statements evaluated, items visited, characters looked at by
 *     the dozen
 * @param memory bytes, roughly, of all values that the rendering makes, dropped ones included
 * @param depth how deeply statements, expressions, macros and values may nest while they are
 *     evaluated; 1,000 fit a stack of 512 KiB
 * @param output characters of the rendered text
 */
public record Limits(long work, long memory, int depth, int output) {

  private static final long MEBIBYTE = 1L << 20;

  /** What a prompt may need: a second or two at most, and a sixteenth of the heap. */
  public static Limits standard() {
    long heap = Runtime.getRuntime().maxMemory();
    long memory = Math.clamp(heap / 16, 16 * MEBIBYTE, 256 * MEBIBYTE);
    return new Limits(50_000_000, memory, 1_000, (int) (16 * MEBIBYTE));
  }
}
