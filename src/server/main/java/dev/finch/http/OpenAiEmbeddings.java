package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Embeddings;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes embeddings, as numbers or as base64 of little-endian floats. */
final class OpenAiEmbeddings {

  private static final int MOST_INPUTS = 2048;

  private OpenAiEmbeddings() {}

  static List<String> inputs(Body body) {
    if (holdsTokens(body.raw("input"))) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "input: token ids (expected: a string or an array of strings). They belong to"
                  + " OpenAI's tokenizer; the local model has another, to which they mean other"
                  + " text.",
              "Send the texts themselves; LangChain does with check_embedding_ctx_length=False."));
    }
    List<String> inputs = body.texts("input");
    if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      throw body.wrong("input", "1 to " + MOST_INPUTS + " texts");
    }
    String encoding = body.text("encoding_format", "float");
    if (!encoding.equals("float") && !encoding.equals("base64")) {
      throw body.wrong("encoding_format", "float or base64");
    }
    return inputs;
  }

  /** {@code [1, 2]} is one text in tokens, {@code [[1], [2]]} are two. */
  private static boolean holdsTokens(@Nullable JsonNode input) {
    if (input == null || !input.isArray()) {
      return false;
    }
    for (JsonNode element : input) {
      if (element.isNumber() || (element.isArray() && element.path(0).isNumber())) {
        return true;
      }
    }
    return false;
  }

  static ObjectNode write(Embeddings embeddings, Body asked) {
    Integer dimensions = asked.integer("dimensions");
    boolean base64 = asked.text("encoding_format", "float").equals("base64");
    ObjectNode body = Json.object().put("object", "list").put("model", embeddings.model());
    ArrayNode data = body.putArray("data");
    for (float[] vector : embeddings.vectors()) {
      if (dimensions != null && dimensions != vector.length) {
        throw asked.wrong("dimensions", vector.length + ", which this model has");
      }
      ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      if (base64) {
        entry.put("embedding", base64(vector));
      } else {
        entry.set("embedding", numbers(vector));
      }
    }
    body.putObject("usage")
        .put("prompt_tokens", embeddings.promptTokens())
        .put("total_tokens", embeddings.promptTokens());
    return body;
  }

  static ArrayNode numbers(float[] vector) {
    ArrayNode numbers = Json.array();
    for (float value : vector) {
      numbers.add(value);
    }
    return numbers;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
