package dev.finch.engine;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.engine.text.AnswerReader;
import dev.finch.engine.text.ChatTemplate;
import dev.finch.engine.text.StopMatcher;
import dev.finch.engine.text.Utf8Assembler;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.AnswerEvent.Content;
import dev.finch.inference.AnswerEvent.Delta;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns an answer's tokens into its content: whole code points, without stop texts, with thoughts
 * and tool calls told apart.
 */
final class Detokenizer {

  private final Engine engine;
  private final Utf8Assembler assembler = new Utf8Assembler();
  private final StopMatcher stops;
  private final @Nullable AnswerReader reader;
  private final ToolFormat format;
  private @Nullable Set<String> marks;
  private List<TokenLogprob> logprobs = new ArrayList<>();
  private @Nullable String stop;
  private boolean thinking;

  /**
   * @param rendered how the prompt was rendered, or null for raw text, whose continuation is not
   *     read for thoughts and calls
   */
  Detokenizer(Engine engine, GenerateRequest request, ChatTemplate.@Nullable Rendered rendered) {
    this.engine = engine;
    stops = new StopMatcher(request.sampling().stop());
    reader =
        rendered == null
            ? null
            : new AnswerReader(rendered, callable(request), oneCallOnly(request));
    format = rendered == null ? ToolFormat.HERMES : rendered.toolFormat();
    thinking = rendered != null && rendered.insideReasoning();
  }

  private static List<Tool> callable(GenerateRequest request) {
    return request.toolChoice() instanceof ToolChoice.None ? List.of() : request.tools();
  }

  private static boolean oneCallOnly(GenerateRequest request) {
    return Boolean.FALSE.equals(request.cloudOptions().parallelToolCalls());
  }

  /** Takes the next token and, where it was asked for, its log probability. */
  List<Content> add(int token, @Nullable TokenLogprob logprob) {
    if (logprob != null) {
      logprobs.add(logprob);
    }
    return release(assembler.add(bytes(token)));
  }

  private byte[] bytes(int token) {
    byte[] piece = engine.piece(token);
    if (piece.length > 0 || reader == null) {
      return piece;
    }
    // Where the mark-up of an answer is a control token, its text is wanted all the same.
    byte[] control = engine.pieceWithControls(token);
    return marks().contains(new String(control, StandardCharsets.UTF_8)) ? control : piece;
  }

  /** Not before a control token comes: most answers have none. */
  private Set<String> marks() {
    Set<String> known = marks;
    if (known == null) {
      known = AnswerReader.marks(format);
      marks = known;
    }
    return known;
  }

  /** Whether a stop text has come. */
  boolean stopped() {
    return stop != null;
  }

  /** Whether the answer is over though the model would go on. */
  boolean done() {
    return reader != null && reader.done();
  }

  /** The stop text that has come, or null. */
  @Nullable String stop() {
    return stop;
  }

  /** Whether the last token was part of the model's thoughts. */
  boolean thinking() {
    return thinking;
  }

  /** Whether the model wants tools called. */
  boolean calledTools() {
    return reader != null && reader.calledTools();
  }

  /**
   * What was held back, at the end of the answer.
   *
   * @param cut whether the model would have gone on
   */
  List<Content> finish(boolean cut) {
    List<Content> content = new ArrayList<>();
    if (!stopped()) {
      content.addAll(release(assembler.finish()));
    }
    if (!stopped()) {
      content.addAll(read(stops.finish()));
    }
    if (reader != null) {
      content.addAll(reader.finish(cut));
    }
    return withLogprobs(content);
  }

  private List<Content> release(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    StopMatcher.Step step = stops.add(text);
    stop = step.stop();
    return withLogprobs(read(step.text()));
  }

  private List<Content> read(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<Content> content = reader == null ? List.of(new Delta(text)) : reader.add(text);
    if (!content.isEmpty()) {
      thinking = content.getLast() instanceof AnswerEvent.Reasoning;
    }
    return content;
  }

  /** Gives the tokens since the last text to the first text that is released. */
  private List<Content> withLogprobs(List<Content> content) {
    if (logprobs.isEmpty()) {
      return content;
    }
    List<Content> result = new ArrayList<>();
    for (Content each : content) {
      if (each instanceof Delta delta) {
        result.add(new Delta(delta.text(), logprobs));
        logprobs = new ArrayList<>();
      } else {
        result.add(each);
      }
    }
    return result;
  }
}
