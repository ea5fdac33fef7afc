package dev.finch.engine.text;

import org.jspecify.annotations.Nullable;

/** How a model writes that it wants a tool called. */
public enum ToolFormat {
  /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}: Hermes, Qwen and many others. */
  HERMES,
  /** {@code [TOOL_CALLS] [{"name": …, "arguments": {…}}]}: Mistral. */
  MISTRAL,
  /** The whole answer is {@code {"name": …, "parameters": {…}}}: Llama 3.1 and later. */
  LLAMA3;

  /** The format that a chat template speaks of; Hermes where it speaks of none. */
  static ToolFormat of(@Nullable String template) {
    if (template == null || template.contains("<tool_call>")) {
      return HERMES;
    }
    if (template.contains("[TOOL_CALLS]")) {
      return MISTRAL;
    }
    return template.contains("<|python_tag|>") || template.contains("\"parameters\"")
        ? LLAMA3
        : HERMES;
  }
}
