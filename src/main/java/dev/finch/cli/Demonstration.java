package dev.finch.cli;

import dev.finch.model.ModelSpec;

/** What is said whenever the built-in model answered without having been named. */
final class Demonstration {

  static final String NOTICE =
      """
      This was the built-in demonstration model (1 MB): it shows that Finch works and knows nothing.
      For real answers:
        finch --wait "..."                          fetches the model that fits this machine, once (finch fit shows which)
        ANTHROPIC_API_KEY=sk-ant-... finch "..."    lets Claude answer until a local model is there
      """;

  private static final String IN_REPL =
      """
      This is the built-in demonstration model (1 MB): it shows that Finch works and knows nothing.
      /fit shows the model that fits this machine, /model NAME fetches and loads one, and with
      ANTHROPIC_API_KEY set before the start, Claude answers until it is there.
      """;

  /** The same for those who asked for quiet. */
  static final String SHORT = "finch: this was the built-in demonstration model.\n";

  private static final String RANDOM =
      "This model has random weights: it is there for tests and measurements, and says nothing.\n";

  private Demonstration() {}

  /** The same inside a REPL, for the model that answered. */
  static String inRepl(String model) {
    return model.equals(ModelSpec.BUILT_IN_NAME) ? IN_REPL : RANDOM;
  }
}
