package dev.finch.cli;

/** What is said whenever the built-in model answered without having been named. */
final class Demonstration {

  static final String NOTICE =
      """
      This was the built-in demonstration model (1 MB): it shows that Finch works and knows nothing.
      For real answers:
        finch --wait "..."                          fetches the model that fits this machine, once (finch fit shows which)
        ANTHROPIC_API_KEY=sk-ant-... finch "..."    lets Claude answer until a local model is there
      """;

  /** The same inside a REPL. */
  static final String IN_REPL =
      """
      This is the built-in demonstration model (1 MB): it shows that Finch works and knows nothing.
      /fit shows the model that fits this machine, /model NAME fetches and loads one, and with
      ANTHROPIC_API_KEY set before the start, Claude answers until it is there.
      """;

  /** The same for those who asked for quiet. */
  static final String SHORT = "finch: this was the built-in demonstration model.\n";

  private Demonstration() {}
}
