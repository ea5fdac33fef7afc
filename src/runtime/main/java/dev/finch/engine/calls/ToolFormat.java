package dev.finch.engine.calls;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How a family of models writes that it wants a tool called. */
public enum ToolFormat {
  /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}: Hermes, Qwen and many others. */
  HERMES,
  /** {@code <tool_call><function=name><parameter=key>…}: Qwen3-Coder. */
  QWEN_CODER,
  /** A list of JSON objects, alone in the answer: Hammer. */
  HAMMER,
  /** {@code [TOOL_CALLS] [{"name": …, "arguments": {…}}]}: Mistral up to Nemo. */
  MISTRAL,
  /** {@code [TOOL_CALLS]name[ARGS]{…}}: Mistral since Small 3.2. */
  MISTRAL_NAMED,
  /** The whole answer is {@code {"name": …, "parameters": {…}}}: Llama 3.1 and later. */
  LLAMA3,
  /** {@code <|tool_call|>[{"name": …, "arguments": {…}}]<|/tool_call|>}: Phi-4-mini, Granite. */
  PHI4,
  /** {@code <|START_ACTION|>[{"tool_name": …, "parameters": {…}}]<|END_ACTION|>}: Command R7B. */
  COMMAND_R7B,
  /** {@code Action: ```json [{"tool_name": …, "parameters": {…}}] ```}: Command R and R+. */
  COMMAND_R,
  /** {@code <|tool_call_start|>name(key="value")<|tool_call_end|>}: MiniCPM3, LFM2. */
  MINICPM3,
  /** {@code <｜tool▁call▁begin｜>function<｜tool▁sep｜>name} and a fence: DeepSeek V3 and R1. */
  DEEPSEEK,
  /** {@code <｜tool▁call▁begin｜>name<｜tool▁sep｜>{…}<｜tool▁call▁end｜>}: DeepSeek V3.1. */
  DEEPSEEK_V31,
  /** {@code >>>name}, and {@code {…}} on the next line: Functionary 3.2. */
  FUNCTIONARY,
  /** {@code <|channel|>commentary to=functions.name<|message|>{…}<|call|>}: gpt-oss. */
  HARMONY;

  /**
   * The format of a model. A template shows it where it knows tools; where it shows none, a control
   * token may tell; all else is Hermes, which is how tools are described to a model whose template
   * knows none.
   *
   * @param template Jinja, or null
   * @param controls the texts of the model's control tokens
   */
  public static ToolFormat of(@Nullable String template, Collection<String> controls) {
    ToolFormat shown = template == null ? null : shown(template);
    if (shown != null) {
      return shown;
    }
    ToolFormat told = told(controls);
    return told == null ? HERMES : told;
  }

  /** Whether answers that call nothing have mark-up of their own all the same. */
  public boolean marksText() {
    return this == HARMONY || this == COMMAND_R7B || this == FUNCTIONARY;
  }

  private static @Nullable ToolFormat shown(String template) {
    if (template.contains("<|channel|>") && template.contains("<|message|>")) {
      return HARMONY;
    }
    if (template.contains("<｜tool▁call▁begin｜>")) {
      return template.contains("```json") ? DEEPSEEK : DEEPSEEK_V31;
    }
    if (template.contains("[TOOL_CALLS]")) {
      return template.contains("[ARGS]") ? MISTRAL_NAMED : MISTRAL;
    }
    if (template.contains("<|START_ACTION|>")) {
      return COMMAND_R7B;
    }
    if (template.contains("<|tool_call_start|>")) {
      return MINICPM3;
    }
    if (template.contains("<function=") && template.contains("<parameter=")) {
      return QWEN_CODER;
    }
    if (template.contains("<tool_call>")
        || template.contains("<TOOLCALL>")
        || template.contains("<|tool_calls_section_begin|>")) {
      return HERMES;
    }
    if (template.contains("<|tool_call|>")) {
      return PHI4;
    }
    if (template.contains("Action:") && template.contains("tool_name")) {
      return COMMAND_R;
    }
    if (template.contains(">>>all")) {
      return FUNCTIONARY;
    }
    if (template.contains("[BEGIN OF TASK INSTRUCTION]")) {
      return HAMMER;
    }
    return template.contains("<|python_tag|>") || template.contains("\"parameters\"")
        ? LLAMA3
        : null;
  }

  private static @Nullable ToolFormat told(Collection<String> controls) {
    if (controls.contains("<|channel|>") && controls.contains("<|call|>")) {
      return HARMONY;
    }
    if (controls.contains("<｜tool▁call▁begin｜>")) {
      return DEEPSEEK;
    }
    if (controls.contains("[TOOL_CALLS]")) {
      return controls.contains("[ARGS]") ? MISTRAL_NAMED : MISTRAL;
    }
    if (controls.contains("<|START_ACTION|>")) {
      return COMMAND_R7B;
    }
    if (controls.contains("<|tool_call_start|>")) {
      return MINICPM3;
    }
    if (controls.contains("<|tool_call|>")) {
      return PHI4;
    }
    return controls.contains("<|python_tag|>") ? LLAMA3 : null;
  }
}
