package dev.finch.cli.output;

import dev.finch.model.ModelSpec;

/** What is said whenever the built-in model answered without having been named. */
public final class Demonstration {

  private static final String ONE_SHOT =
      """
      This was the built-in demonstration model (1 MB): it shows that Finch works and knows nothing.
      For real answers:
        finch --wait "..."                          fetches the model that fits this machine, once (finch fit shows which)
      """;

  private static final String KEY =
      """
        ANTHROPIC_API_KEY=sk-ant-... finch "..."    lets Claude answer until a local model is there
      """;

  private static final String IN_REPL =
      """
      This is the built-in demonstration model (1 MB): it shows that Finch works and knows nothing.
      /fit shows the model that fits this machine, and /model NAME fetches and loads one.
      """;

  private static final String KEY_IN_REPL =
      "With ANTHROPIC_API_KEY set before the start, Claude answers until it is there.\n";

  /** For those who asked for quiet. */
  public static final String SHORT = "finch: this was the built-in demonstration model.\n";

  private static final String RANDOM =
      "This model has random weights: it is there for tests and measurements, and says nothing.\n";

  private Demonstration() {}

  /**
   * After a one-shot.
   *
   * @param key whether there is a key for Claude, so that none need be offered
   */
  public static String afterOneShot(boolean key) {
    return key ? ONE_SHOT : ONE_SHOT + KEY;
  }

  /** The same inside a REPL, for the model that answered. */
  public static String inRepl(String model, boolean key) {
    if (!model.equals(ModelSpec.BUILT_IN_NAME)) {
      return RANDOM;
    }
    return key ? IN_REPL : IN_REPL + KEY_IN_REPL;
  }
}
