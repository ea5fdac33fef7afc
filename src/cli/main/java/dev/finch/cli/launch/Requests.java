package dev.finch.cli.launch;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Sampling;
import dev.finch.inference.WhenNotReady;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Turns what the command line asked for into a request and into settings. */
public final class Requests {

  private Requests() {}

  /**
   * The request for one question.
   *
   * @param told hears of what is waited for
   * @throws UsageException where a value is out of range or the schema cannot be read
   */
  public static GenerateRequest oneShot(
      AskOptions options, String question, Consumer<String> told) {
    List<ChatMessage> messages = new ArrayList<>();
    if (options.system() != null) {
      messages.add(ChatMessage.system(options.system()));
    }
    messages.add(ChatMessage.user(question));
    return GenerateRequest.builder()
        .model(options.model())
        .messages(messages)
        .sampling(sampling(options))
        .format(format(options, told))
        .privacy(privacy(options))
        .whenNotReady(patient(options) ? WhenNotReady.WAIT : WhenNotReady.FORWARD)
        .demonstrationAllowed(options.bare())
        .build();
  }

  /** Settings that the flags override, by whole key. */
  public static Map<String, Object> settings(AskOptions options, boolean interactive) {
    Map<String, Object> flags = new LinkedHashMap<>();
    if (options.model() != null) {
      flags.put("finch.model", options.model().toString());
    }
    if (!options.acceptedLicenses().isEmpty()) {
      flags.put(Configuration.LICENSES, options.acceptedLicenses());
    }
    boolean download = interactive || options.await() || options.model() != null;
    String cachedOnly = options.cloud() ? "none" : "cached";
    flags.put("finch.supervisor.prepare", download ? "download" : cachedOnly);
    flags.put("finch.supervisor.demonstration", options.bare());
    return flags;
  }

  /** How to sample; a value out of its range is a {@link UsageException}. */
  public static Sampling sampling(AskOptions options) {
    try {
      return Sampling.builder()
          .temperature(options.temperature())
          .seed(options.seed())
          .maxTokens(options.maxTokens())
          .stop(options.stop())
          .deterministic(options.seed() != null)
          .build();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new UsageException("--" + message.replaceFirst("_", "-") + ".");
    }
  }

  /** Where the question may go. */
  public static Privacy privacy(AskOptions options) {
    if (options.local()) {
      return Privacy.LOCAL_ONLY;
    }
    return options.cloud() ? Privacy.CLOUD_ONLY : Privacy.LOCAL_FIRST;
  }

  /** Whoever named a model waits while it is on its way, and not for one that cannot be had. */
  private static boolean patient(AskOptions options) {
    return options.await() || (options.local() && options.model() == null);
  }

  private static ResponseFormat format(AskOptions options, Consumer<String> told) {
    String file = options.schemaFile();
    if (file == null) {
      return ResponseFormat.TEXT;
    }
    try {
      return new ResponseFormat.JsonSchema(TextInput.file(file, told));
    } catch (UsageException e) {
      throw new UsageException("--schema: " + e.getMessage());
    }
  }
}
