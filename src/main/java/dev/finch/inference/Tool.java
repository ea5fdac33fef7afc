package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may ask for.
 *
 * @param name the function's name
 * @param description what it does, for the model
 * @param parameters a JSON schema of its arguments object
 */
public record Tool(String name, @Nullable String description, String parameters) {
  public Tool {
    requireNonNull(name, "name");
    requireNonNull(parameters, "parameters");
  }
}
