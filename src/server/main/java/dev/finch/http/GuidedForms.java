package dev.finch.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.ResponseFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The form of an answer as clients of vLLM and SGLang ask for it beside {@code response_format}: <a
 * href="https://docs.vllm.ai/en/stable/features/structured_outputs.html">{@code guided_json},
 * {@code guided_choice}, {@code guided_grammar}</a>, or {@code structured_outputs} with the same
 * within. A form that cannot be held is refused by its name, because its client would read an
 * answer by it.
 */
final class GuidedForms {

  private static final List<String> KINDS = List.of("json", "choice", "grammar", "json_object");
  private static final List<String> NOT_HELD = List.of("regex", "structural_tag");
  private static final List<String> OTHERS = List.of("response_format", "grammar", "json_schema");

  private GuidedForms() {}

  /** Null where none is asked for. */
  static @Nullable ResponseFormat of(Body body) {
    NOT_HELD.forEach(field -> refuse(body, field));
    List<ResponseFormat> forms = new ArrayList<>(forms(body, "guided_"));
    Body within = body.object("structured_outputs");
    if (within != null) {
      forms.addAll(forms(within, ""));
    }
    String ebnf = body.text("ebnf");
    if (ebnf != null) {
      forms.add(new ResponseFormat.Grammar(ebnf));
    }
    if (forms.size() > 1 || (!forms.isEmpty() && hasAnother(body))) {
      throw Refusals.badRequest(
          "The answer's form is asked for in more than one way (expected: one of response_format,"
              + " grammar, json_schema, guided_json, guided_choice and guided_grammar).");
    }
    return forms.isEmpty() ? null : forms.getFirst();
  }

  private static boolean hasAnother(Body body) {
    Body format = body.object("response_format");
    boolean formless = format != null && format.text("type", "").equals("text");
    return OTHERS.stream()
        .anyMatch(field -> body.has(field) && !(field.equals("response_format") && formless));
  }

  private static List<ResponseFormat> forms(Body holder, String prefix) {
    NOT_HELD.forEach(kind -> refuse(holder, prefix + kind));
    List<ResponseFormat> forms = new ArrayList<>();
    for (String kind : KINDS) {
      String field = prefix + kind;
      if (holder.has(field)) {
        ResponseFormat form = form(holder, kind, field);
        if (form != null) {
          forms.add(form);
        }
      }
    }
    return forms;
  }

  private static void refuse(Body holder, String field) {
    if (holder.has(field)) {
      throw holder.wrong(
          field, "no such form here; a schema with a pattern, a choice or a grammar in GBNF");
    }
  }

  private static @Nullable ResponseFormat form(Body holder, String kind, String field) {
    return switch (kind) {
      case "json" -> new ResponseFormat.JsonSchema(Json.write(schema(holder, field)));
      case "choice" -> new ResponseFormat.Grammar(choice(holder, field));
      case "grammar" -> new ResponseFormat.Grammar(holder.requiredText(field));
      default -> holder.flag(field, false) ? ResponseFormat.JSON_OBJECT : null;
    };
  }

  /** An object, or one written as text, as vLLM takes both. */
  private static JsonNode schema(Body holder, String field) {
    JsonNode schema = holder.raw(field);
    try {
      JsonNode read = schema != null && schema.isTextual() ? Json.read(schema.textValue()) : schema;
      if (read instanceof ObjectNode) {
        return read;
      }
    } catch (JsonProcessingException e) {
      // Then it is none.
    }
    throw holder.wrong(field, "a JSON schema");
  }

  private static String choice(Body holder, String field) {
    List<String> choices = holder.texts(field);
    if (choices.isEmpty() || !(holder.raw(field) instanceof ArrayNode)) {
      throw holder.wrong(field, "an array of one string or more");
    }
    StringBuilder grammar = new StringBuilder("root ::= ");
    for (String each : choices) {
      grammar.append(grammar.charAt(grammar.length() - 1) == '"' ? " | " : "");
      literal(each, grammar);
    }
    return grammar.toString();
  }

  private static void literal(String text, StringBuilder grammar) {
    grammar.append('"');
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                grammar.append('\\').append((char) c);
              } else if (c < ' ' || c == 0x7f) {
                grammar.append(String.format(Locale.ROOT, "\\x%02X", c));
              } else {
                grammar.appendCodePoint(c);
              }
            });
    grammar.append('"');
  }
}
