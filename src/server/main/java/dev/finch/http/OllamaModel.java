package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.ModelListing;
import dev.finch.model.ModelInfo;
import dev.finch.model.RuntimeState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as Ollama's clients read it: always with a tag, which some cut off without looking, and
 * with a digest of 64 digits (ollama/ollama, docs/api.md, "List Local Models").
 *
 * @param id how it is named here
 * @param family llama.cpp's name of the architecture, or empty
 * @param parameters weights, 0 where unknown
 * @param bytes of its files, 0 where it has none here
 * @param contextLength in tokens, 0 where unknown
 * @param notes what its user has to know of it
 */
record OllamaModel(
    String id,
    String family,
    long parameters,
    String quantization,
    long bytes,
    int contextLength,
    @Nullable String digest,
    @Nullable Instant modifiedAt,
    boolean embeds,
    List<String> notes) {

  private static final String CLAUDE = "claude";
  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final String LICENSE = "general.license";

  /** What is known of the model of this name; the legs are what answers there now. */
  static OllamaModel of(String id, RuntimeState state, List<ModelListing> listings) {
    ModelInfo ready = state.ready().orElse(null);
    boolean leg = id.equals("auto") || id.equals("local");
    if (ready != null && (leg || ready.reference().toString().equals(id))) {
      ModelListing same = listings.stream().filter(ModelListing::loaded).findFirst().orElse(null);
      return of(id, ready, same == null ? null : same.details().orElse(null));
    }
    ModelListing listing = listed(id, listings);
    ModelListing.Details details = listing == null ? null : listing.details().orElse(null);
    if (listing == null || details == null) {
      long bytes = listing == null ? 0 : listing.cachedBytes();
      String family = id.startsWith(CLAUDE) ? CLAUDE : "";
      return new OllamaModel(id, family, 0, "", bytes, 0, null, null, false, List.of());
    }
    return new OllamaModel(
        id,
        details.architecture(),
        details.parameters(),
        details.quantization(),
        listing.cachedBytes(),
        details.contextLength(),
        details.digest().orElse(null),
        details.modifiedAt().orElse(null),
        false,
        List.of());
  }

  private static OllamaModel of(String id, ModelInfo info, ModelListing.@Nullable Details details) {
    return new OllamaModel(
        id,
        info.architecture(),
        info.parameters(),
        info.quantization(),
        info.weightBytes(),
        info.contextLength(),
        details == null ? null : details.digest().orElse(null),
        details == null ? null : details.modifiedAt().orElse(null),
        info.embeddings(),
        info.notes());
  }

  private static @Nullable ModelListing listed(String id, List<ModelListing> listings) {
    return listings.stream()
        .filter(listing -> listing.reference().toString().equals(id))
        .findFirst()
        .orElse(null);
  }

  /** A name with a tag; what comes from the Hub as Ollama writes it. */
  static String tagged(String id) {
    String name = id.startsWith("hf:") ? "hf.co/" + id.substring("hf:".length()) : id;
    boolean hasTag = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
    return hasTag ? name : name + ":latest";
  }

  /** As in a list. */
  ObjectNode entry() {
    ObjectNode model = Json.object().put("name", tagged(id)).put("model", tagged(id));
    model.put("modified_at", (modifiedAt == null ? Instant.EPOCH : modifiedAt).toString());
    model.put("size", bytes).put("digest", digest == null ? hash(id) : digest);
    if (family.equals(CLAUDE)) {
      model.put("remote_model", id);
    }
    model.set("details", details());
    return model;
  }

  /**
   * As alone, with what the file's header says. The template is the model's own, in Jinja, as
   * llama.cpp's server tells it here (tools/server/server.cpp, {@code /api/show}); Ollama has its
   * own language for them, and leaves this one out of {@code model_info}.
   */
  ObjectNode shown(Map<String, Object> header) {
    Object template = header.getOrDefault(TEMPLATE, "");
    ObjectNode json =
        Json.object().put("modelfile", "").put("parameters", "").put("template", text(template));
    json.put("modified_at", (modifiedAt == null ? Instant.EPOCH : modifiedAt).toString());
    if (header.containsKey(LICENSE)) {
      json.put("license", text(header.get(LICENSE)));
    }
    json.set("details", details());
    ObjectNode facts = json.putObject("model_info");
    header.forEach((name, value) -> fact(facts, name, value));
    ArrayNode capabilities = json.putArray("capabilities").add("completion").add("tools");
    if (parameters > 0) {
      facts.put("general.architecture", family).put("general.parameter_count", parameters);
      facts.put(family + ".context_length", contextLength);
    }
    if (family.equals(CLAUDE)) {
      capabilities.add("vision").add("thinking");
    }
    if (embeds) {
      capabilities.add("embedding");
    }
    if (!notes.isEmpty()) {
      notes.forEach(json.putArray("notes")::add);
    }
    return json;
  }

  private static void fact(ObjectNode facts, String name, Object value) {
    if (name.startsWith(TEMPLATE)) {
      return;
    }
    switch (value) {
      case Long whole -> facts.put(name, whole);
      case Double real -> facts.put(name, real);
      case Boolean flag -> facts.put(name, flag);
      default -> facts.put(name, text(value));
    }
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }

  private ObjectNode details() {
    ObjectNode details =
        Json.object().put("parent_model", "").put("format", "gguf").put("family", family);
    ArrayNode families = details.putArray("families");
    if (!family.isEmpty()) {
      families.add(family);
    }
    return details.put("parameter_size", size()).put("quantization_level", quantization);
  }

  /** As Ollama writes it: 494.03M, 1.5B. */
  private String size() {
    if (parameters == 0) {
      return "";
    }
    return parameters >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.1fB", parameters / 1e9)
        : String.format(Locale.ROOT, "%.2fM", parameters / 1e6);
  }

  /** What has no file of its own is told from others by its name. */
  private static String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
