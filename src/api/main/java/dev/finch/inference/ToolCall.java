package dev.finch.inference;

import static java.util.Objects.requireNonNull;

/**
 * A model's wish to have a tool called.
 *
 * @param id names this call within its conversation
 * @param name the tool's name
 * @param arguments a JSON object
 */
public record ToolCall(String id, String name, String arguments) {
  public ToolCall {
    requireNonNull(id, "id");
    requireNonNull(name, "name");
    requireNonNull(arguments, "arguments");
  }
}
