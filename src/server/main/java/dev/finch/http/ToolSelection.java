package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tools may be called and whether one must be, after {@code tool_choice}: a word, a function,
 * or {@code allowed_tools}, which leaves some of the tools (<a
 * href="https://platform.openai.com/docs/guides/function-calling#tool-choice">OpenAI, function
 * calling, tool choice</a>). Chat completions nest what responses write flat; both forms are read
 * in both.
 */
record ToolSelection(List<Tool> tools, ToolChoice choice) {

  private static final String EXPECTED = "auto, none, required, a function or allowed_tools";

  static ToolSelection of(Body body, List<Tool> tools) {
    JsonNode choice = body.raw("tool_choice");
    if (choice == null) {
      return new ToolSelection(tools, ToolChoice.AUTO);
    }
    if (choice.isTextual()) {
      return new ToolSelection(tools, word(body, "tool_choice", choice.textValue(), EXPECTED));
    }
    Body object = body.object("tool_choice");
    if (object == null) {
      throw body.wrong("tool_choice", EXPECTED);
    }
    String type = object.text("type", "function");
    return switch (type) {
      case "allowed_tools" -> allowed(object, tools);
      case "function" -> new ToolSelection(tools, named(body, object, tools));
      default -> throw object.wrong("type", "function or allowed_tools; Finch runs no tools");
    };
  }

  private static ToolChoice word(Body holder, String field, String word, String expected) {
    return switch (word) {
      case "auto" -> ToolChoice.AUTO;
      case "none" -> ToolChoice.NONE;
      case "required", "any" -> ToolChoice.REQUIRED;
      default -> throw holder.wrong(field, expected);
    };
  }

  private static ToolChoice named(Body body, Body choice, List<Tool> tools) {
    String name = name(choice);
    if (name == null) {
      throw body.wrong("tool_choice", EXPECTED);
    }
    if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw Refusals.badRequest(
          "tool_choice names the function '" + name + "', which is none of the tools.");
    }
    return new ToolChoice.Named(name);
  }

  private static ToolSelection allowed(Body choice, List<Tool> tools) {
    Body holder = choice.object("allowed_tools");
    Body list = holder == null ? choice : holder;
    String mode = list.text("mode", "auto");
    ToolChoice wanted = word(list, "mode", mode, "auto or required");
    if (wanted instanceof ToolChoice.None || !list.has("tools")) {
      throw list.wrong(list.has("tools") ? "mode" : "tools", "mode auto or required, with tools");
    }
    Set<String> names = names(list, tools);
    List<Tool> left = tools.stream().filter(tool -> names.contains(tool.name())).toList();
    if (left.isEmpty() && wanted instanceof ToolChoice.Required) {
      throw list.wrong("tools", "at least one of the functions in tools");
    }
    return new ToolSelection(left, wanted);
  }

  /** Kinds of tool that were left out may be allowed; that changes nothing. */
  private static Set<String> names(Body list, List<Tool> tools) {
    List<String> known = new ArrayList<>();
    tools.forEach(tool -> known.add(tool.name()));
    Set<String> names = new LinkedHashSet<>();
    for (Body entry : list.objects("tools")) {
      if (!entry.text("type", "function").equals("function")) {
        continue;
      }
      String name = name(entry);
      if (name == null || !known.contains(name)) {
        throw entry.wrong(entry.has("name") ? "name" : "function", "one of the tools " + known);
      }
      names.add(name);
    }
    return names;
  }

  private static @Nullable String name(Body entry) {
    Body function = entry.object("function");
    return function == null ? entry.text("name") : function.requiredText("name");
  }
}
