package dev.finch.cli.repl;

import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.launch.Requests;
import dev.finch.inference.Answer;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Sampling;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The conversation of a REPL and how its next question is asked. One thread. */
final class Dialogue {

  private final List<ChatMessage> turns = new ArrayList<>();
  private final boolean demonstrationAllowed;
  private @Nullable String id;
  private @Nullable String system;
  private final ModelPin pin;
  private Privacy privacy;
  private Sampling sampling;
  private boolean patient;

  Dialogue(AskOptions options) {
    this.system = options.system();
    this.pin = new ModelPin(options.model());
    this.privacy = Requests.privacy(options);
    this.sampling = Requests.sampling(options);
    this.patient = options.await();
    this.demonstrationAllowed = options.bare();
  }

  /**
   * The request for this question, with everything said before.
   *
   * @param now where the models stand, asked only where that matters
   */
  GenerateRequest ask(String question, Supplier<RuntimeState> now) {
    ModelReference model = pin.moves() ? pin.at(now.get()) : pin.model();
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
    messages.addAll(turns);
    messages.add(ChatMessage.user(question).withPrivacy(privacyOfTurn()));
    return GenerateRequest.builder()
        .model(model)
        .messages(messages)
        .sampling(sampling)
        .privacy(privacy)
        .whenNotReady(
            patient || privacy == Privacy.LOCAL_ONLY || model != null
                ? WhenNotReady.WAIT
                : WhenNotReady.FORWARD)
        .demonstrationAllowed(demonstrationAllowed && model == null)
        .conversationId(id())
        .build();
  }

  // Made for the first question: the prompt does not wait for it.
  private String id() {
    String known = id;
    if (known == null) {
      known = Long.toHexString(ThreadLocalRandom.current().nextLong());
      id = known;
    }
    return known;
  }

  /** Keeps a question with its answer. */
  void answered(String question, Answer answer) {
    turns.add(ChatMessage.user(question).withPrivacy(privacyOfTurn()));
    turns.add(
        ChatMessage.assistant(answer.text(), answer.toolCalls()).withPrivacy(privacyOfTurn()));
  }

  // What was said in private stays private after the mode has changed.
  private Privacy privacyOfTurn() {
    return privacy == Privacy.LOCAL_ONLY ? Privacy.LOCAL_ONLY : Privacy.LOCAL_FIRST;
  }

  /** How many messages were said in private, and so keep the conversation on this machine. */
  long secrets() {
    return turns.stream().filter(turn -> turn.privacy() == Privacy.LOCAL_ONLY).count();
  }

  /** What was said in private may leave from now on. */
  void release() {
    turns.replaceAll(turn -> turn.withPrivacy(Privacy.LOCAL_FIRST));
  }

  /** Forgets all that was said. */
  void clear() {
    turns.clear();
    id = null;
  }

  /** Takes the last question back, with its answer; null where there is none. */
  @Nullable String takeBack() {
    if (turns.size() < 2) {
      return null;
    }
    turns.removeLast();
    return turns.removeLast().content();
  }

  List<ChatMessage> turns() {
    return List.copyOf(turns);
  }

  void replace(List<ChatMessage> messages) {
    clear();
    turns.addAll(messages);
  }

  @Nullable String system() {
    return system;
  }

  void system(@Nullable String text) {
    system = text;
  }

  /** Which model questions name. */
  ModelPin pin() {
    return pin;
  }

  Privacy privacy() {
    return privacy;
  }

  void privacy(Privacy mode) {
    privacy = mode;
  }

  Sampling sampling() {
    return sampling;
  }

  void sampling(Sampling values) {
    sampling = values;
  }
}
