package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model is asked: a conversation, or raw text to be continued. */
public sealed interface Prompt {

  /**
   * A conversation, rendered by the model's own chat template.
   *
   * @param messages at least one; system messages anywhere
   */
  record Conversation(List<ChatMessage> messages) implements Prompt {
    public Conversation {
      messages = List.copyOf(messages);
      if (messages.isEmpty()) {
        throw new IllegalArgumentException("messages: [] (expected: at least one)");
      }
    }
  }

  /**
   * Text that the model continues as it stands, without a template; local models only.
   *
   * @param text what comes before
   * @param suffix what comes after, for models trained to fill in the middle
   */
  record Raw(String text, @Nullable String suffix) implements Prompt {
    public Raw {
      requireNonNull(text, "text");
    }
  }
}
