package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may ask for.
 *
 * @param name the function's name
 * @param description what it does, for the model
 * @param parameters a JSON schema of its arguments object
 * @param strict whether arguments must validate, or null where that was not said; local answers
 *     always keep what can be kept
 * @param cacheControl the Messages API's {@code cache_control} as a JSON object, where Claude may
 *     keep the prompt up to this tool, else null
 */
public record Tool(
    String name,
    @Nullable String description,
    String parameters,
    @Nullable Boolean strict,
    @Nullable String cacheControl) {

  public Tool(
      String name, @Nullable String description, String parameters, @Nullable Boolean strict) {
    this(name, description, parameters, strict, null);
  }

  public Tool(String name, @Nullable String description, String parameters) {
    this(name, description, parameters, null);
  }

  public Tool {
    requireNonNull(name, "name");
    requireNonNull(parameters, "parameters");
  }
}
