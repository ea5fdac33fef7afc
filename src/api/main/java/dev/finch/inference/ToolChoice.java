package dev.finch.inference;

import static java.util.Objects.requireNonNull;

/** Whether the model may, must or must not call tools. */
public sealed interface ToolChoice {

  /** The model decides. */
  ToolChoice AUTO = new Auto();

  /** No tool may be called. */
  ToolChoice NONE = new None();

  /** At least one tool must be called. */
  ToolChoice REQUIRED = new Required();

  /** The model decides. */
  record Auto() implements ToolChoice {}

  /** No tool may be called. */
  record None() implements ToolChoice {}

  /** At least one tool must be called. */
  record Required() implements ToolChoice {}

  /** This tool must be called. */
  record Named(String name) implements ToolChoice {
    public Named {
      requireNonNull(name, "name");
    }
  }
}
