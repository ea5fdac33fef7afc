package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.List;

/**
 * The tools of the responses API. Only functions are called by a model here; every other kind
 * (web_search, local_shell, custom, mcp, namespace, image_generation …) runs at OpenAI or needs a
 * model trained for it. They are left out, as llama.cpp's server does (ggml-org/llama.cpp,
 * tools/server/server-chat.cpp, convert_responses_to_chatcmpl), since clients such as Codex send
 * them with every request.
 */
final class ResponsesTools {

  private static final String FUNCTION = "function";

  private ResponsesTools() {}

  /** The functions. */
  static List<Tool> functions(Body body) {
    List<Tool> tools = new ArrayList<>();
    for (Body tool : body.objects("tools")) {
      if (tool.requiredText("type").equals(FUNCTION)) {
        tools.add(OpenAiPrompt.tool(tool));
      }
    }
    return tools;
  }

  /** The same, as they came. */
  static ArrayNode kept(Body body) {
    ArrayNode kept = Json.array();
    for (Body tool : body.objects("tools")) {
      if (tool.text("type", "").equals(FUNCTION)) {
        kept.add(tool.node());
      }
    }
    return kept;
  }

  /** Fails where the choice leaves no function that could be called. */
  static ToolChoice checked(Body body, ToolSelection selection) {
    ToolChoice choice = selection.choice();
    if (choice instanceof ToolChoice.Required && selection.tools().isEmpty()) {
      throw body.wrong("tool_choice", "auto or none, since none of the tools is a function");
    }
    return choice;
  }
}
