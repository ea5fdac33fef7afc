package dev.finch.engine.text;

import static java.util.Objects.requireNonNull;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Tool;
import dev.finch.jinja.TemplateException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model's own chat template, which turns a conversation into the text that the model was trained
 * on. Immutable and thread-safe.
 *
 * <p>A template often knows less than a conversation holds: no system role, no tools, strict turns.
 * Then the conversation is changed step by step until the template takes it and nothing is missing
 * from the text; each change is told in {@link Rendered#notes()}. A conversation that it then still
 * refuses is refused in its words ({@link TemplateException}). A template that cannot be rendered
 * whatever is said gives way to ChatML, announced by {@link #notes()} with the construct and its
 * place. The template is read at the first rendering that needs it, and kept.
 */
public final class ChatTemplate {

  /**
   * A prompt.
   *
   * @param spans its text, in the pieces that are to be tokenized each by itself, so that no
   *     control token comes from what was said; special tokens are written out, a beginning-of-text
   *     token included where the template has one, so the tokenizer must not add it again
   * @param fallback whether ChatML stands in for the model's own template
   * @param toolFormat how the model will write tool calls
   * @param insideReasoning whether the text ends with an opened {@code <think>}, so that the answer
   *     begins with the model's thoughts
   * @param notes what was changed to make the conversation fit, in words for a person
   * @param beginning what of the answer stands at its end, behind all thoughts, or empty
   */
  public record Rendered(
      List<Span> spans,
      boolean fallback,
      ToolFormat toolFormat,
      boolean insideReasoning,
      List<String> notes,
      String beginning) {
    public Rendered {
      spans = List.copyOf(spans);
      notes = List.copyOf(notes);
    }

    public Rendered(
        List<Span> spans,
        boolean fallback,
        ToolFormat toolFormat,
        boolean insideReasoning,
        List<String> notes) {
      this(spans, fallback, toolFormat, insideReasoning, notes, "");
    }

    /** The same, which ends with this beginning, and maybe inside the model's thoughts. */
    Rendered begun(String text, boolean thinks) {
      String said = thinks ? "" : Prefill.said(text);
      return new Rendered(spans, fallback, toolFormat, thinks, notes, said);
    }

    /** The mark that ends the thoughts which it has opened, or null. */
    public @Nullable String thoughtsEnd() {
      return insideReasoning ? ThoughtMarks.of(toolFormat).getFirst().close() : null;
    }

    /** All of its text. */
    public String text() {
      return spans.stream().map(Span::text).collect(Collectors.joining());
    }
  }

  /**
   * A piece of a prompt.
   *
   * @param controls whether texts of control tokens in it become those tokens
   */
  public record Span(String text, boolean controls) {}

  private static final String NO_TEMPLATE =
      "The model file has no chat template; ChatML is used instead.";

  private static final int LONGEST_REASON = 400;

  private record Attempt(Conversation conversation, boolean plainTools, List<String> notes) {}

  private final @Nullable TemplateSource template;
  private final @Nullable TemplateSource toolTemplate;
  private final @Nullable ChatMl known;
  private final ControlTexts controls;

  private ChatTemplate(
      @Nullable String source,
      @Nullable String toolSource,
      String beginningOfText,
      String endOfText,
      Collection<String> controls) {
    this.template = TemplateSource.of(source, controls, beginningOfText, endOfText);
    this.toolTemplate = TemplateSource.of(toolSource, controls, beginningOfText, endOfText);
    this.known = template == null ? null : ChatMl.known(template.text());
    this.controls = new ControlTexts(controls);
  }

  /**
   * A template that is understood when it is first rendered.
   *
   * @param source Jinja, the GGUF key {@code tokenizer.chat_template}; null where a model has none
   * @param beginningOfText the text of the model's beginning-of-text token, or empty
   * @param endOfText the text of the model's end-of-text token, or empty
   * @param controls the texts of the model's control tokens, which a conversation cannot say
   */
  public static ChatTemplate of(
      @Nullable String source,
      String beginningOfText,
      String endOfText,
      Collection<String> controls) {
    return of(source, null, beginningOfText, endOfText, controls);
  }

  /**
   * The same for a model that has another template for conversations with tools.
   *
   * @param toolSource the GGUF key {@code tokenizer.chat_template.tool_use}, taken when tools are
   *     given, as transformers and llama.cpp take it; null where a model has none
   */
  public static ChatTemplate of(
      @Nullable String source,
      @Nullable String toolSource,
      String beginningOfText,
      String endOfText,
      Collection<String> controls) {
    return new ChatTemplate(source, toolSource, beginningOfText, endOfText, controls);
  }

  /**
   * What whoever uses the model has to know of its templates, in sentences; empty where they can be
   * rendered. Loads what the first rendering needs, so call it while the model loads.
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (template == null) {
      notes.add(NO_TEMPLATE);
    } else if (known == null && template.defect() != null) {
      notes.add(instead("own template", template.defect(), "ChatML"));
    }
    if (toolTemplate != null && toolTemplate.defect() != null) {
      String other = usable(template) == null ? "ChatML" : "its other template";
      notes.add(instead("template for tools", toolTemplate.defect(), other));
    }
    return notes;
  }

  private static String instead(String which, TemplateException defect, String other) {
    return "The model's "
        + which
        + " cannot be rendered: "
        + described(defect)
        + "; "
        + other
        + " is used instead.";
  }

  /** What is wrong with a template or does not please it, and where, in one line of words. */
  public static String described(TemplateException e) {
    String reason = e.reason().strip();
    String shown = reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    return shown + " (line " + e.line() + ", column " + e.column() + ")";
  }

  /** The template, or null where it is none or cannot be rendered. */
  private @Nullable TemplateSource usable(@Nullable TemplateSource source) {
    boolean fine =
        source != null && ((source == template && known != null) || source.defect() == null);
    return fine ? source : null;
  }

  /**
   * The prompt for a conversation; takes milliseconds, and never longer than a few seconds.
   *
   * @param messages at least one
   * @param tools what the model may ask to be called
   * @param addGenerationPrompt whether the text ends where the assistant's answer begins
   * @throws TemplateException where the template does not take this conversation, though it takes
   *     others
   */
  public Rendered render(
      List<ChatMessage> messages, List<Tool> tools, boolean addGenerationPrompt) {
    return render(messages, tools, Map.of(), addGenerationPrompt);
  }

  private Rendered render(
      List<ChatMessage> messages,
      List<Tool> tools,
      Map<String, Object> settings,
      boolean addGenerationPrompt) {
    return renderBroken(
        controls.brokenIn(messages),
        tools.stream().map(controls::brokenIn).toList(),
        settings,
        addGenerationPrompt);
  }

  /**
   * The prompt whose continuation is the answer. Where the conversation ends with text of the
   * assistant, the answer goes on from there, and that turn is not closed.
   *
   * @param messages at least one
   * @param tools what the model may ask to be called
   * @throws TemplateException as {@link #render} does
   */
  public Rendered prompt(List<ChatMessage> messages, List<Tool> tools) {
    return prompt(messages, tools, Map.of());
  }

  /**
   * The same with variables of the template that say how the model is to answer.
   *
   * @param settings by the names that templates know, such as {@link ThinkingSettings} gives; a
   *     template passes over what it does not know
   */
  public Rendered prompt(
      List<ChatMessage> messages, List<Tool> tools, Map<String, Object> settings) {
    if (!Prefill.begins(messages) || messages.size() == 1) {
      return render(messages, tools, settings, true);
    }
    List<ChatMessage> before = Prefill.before(messages);
    String beginning = messages.getLast().content();
    if (beginning.isEmpty()) {
      return render(before, tools, settings, true);
    }
    Rendered open = open(messages, tools, settings);
    return open != null && open.text().endsWith(beginning.stripLeading())
        ? open.begun(beginning, Prefill.thinks(beginning) || open.insideReasoning())
        : begun(render(before, tools, settings, true), beginning);
  }

  /** With the last turn left open, or null where the template wants another to be the last. */
  private @Nullable Rendered open(
      List<ChatMessage> messages, List<Tool> tools, Map<String, Object> settings) {
    try {
      return renderBroken(
          Prefill.marked(controls.brokenIn(messages)),
          tools.stream().map(controls::brokenIn).toList(),
          settings,
          false);
    } catch (TemplateException e) {
      if (e.kind() == TemplateException.Kind.CANCELLED) {
        throw e;
      }
      return null;
    }
  }

  /** For a template that does not show how a turn of the assistant is written. */
  private static Rendered begun(Rendered prompt, String beginning) {
    List<Span> spans = new ArrayList<>(prompt.spans());
    spans.add(new Span(beginning, false));
    boolean thinks = Prefill.thinks(prompt.text() + beginning) && prompt.insideReasoning();
    return new Rendered(spans, prompt.fallback(), prompt.toolFormat(), thinks, prompt.notes())
        .begun(beginning, thinks);
  }

  private Rendered renderBroken(
      List<ChatMessage> messages,
      List<Tool> tools,
      Map<String, Object> settings,
      boolean addGenerationPrompt) {
    if (template != null && known != null && tools.isEmpty() && ChatMl.canSay(messages)) {
      return rendered(
          known.render(messages, addGenerationPrompt), template.toolFormat(), List.of());
    }
    TemplateSource source = tools.isEmpty() ? null : usable(toolTemplate);
    source = source == null ? usable(template) : source;
    if (source == null) {
      return fallback(messages, tools, addGenerationPrompt);
    }
    return byTemplate(source, new Conversation(messages, tools, settings), addGenerationPrompt);
  }

  private Rendered byTemplate(
      TemplateSource source, Conversation whole, boolean addGenerationPrompt) {
    Rendered incomplete = null;
    TemplateException refusal = null;
    for (Attempt attempt : attempts(source, whole)) {
      try {
        String text = source.render(attempt.conversation(), addGenerationPrompt);
        Rendered rendered =
            rendered(
                text,
                attempt.plainTools() && source.toolFormat() != ToolFormat.HARMONY
                    ? ToolFormat.HERMES
                    : source.toolFormat(),
                attempt.notes());
        if (attempt.conversation().isWhollyIn(text)) {
          return rendered;
        }
        incomplete = incomplete == null ? rendered : incomplete;
      } catch (TemplateException e) {
        if (e.kind() == TemplateException.Kind.CANCELLED) {
          throw e;
        }
        refusal = graver(refusal, e);
        if (e.kind() == TemplateException.Kind.EXHAUSTED) {
          break;
        }
      }
    }
    if (incomplete == null && refusal != null) {
      throw refusal;
    }
    return note(
        requireNonNull(incomplete, "attempt"),
        "The model's chat template leaves out parts of the conversation.");
  }

  /** What a template says tells more than where it fails; of two, what no change could mend. */
  private static TemplateException graver(
      @Nullable TemplateException before, TemplateException now) {
    boolean said = now.kind() == TemplateException.Kind.REFUSED;
    return before == null || said ? now : before;
  }

  /** The conversation as it is, then with more and more changed. */
  private static List<Attempt> attempts(TemplateSource source, Conversation whole) {
    List<Attempt> attempts = new ArrayList<>();
    if (whole.tools().isEmpty() || source.listsTools()) {
      addNativeAttempts(attempts, source, whole);
    }
    if (whole.usesTools()) {
      addAttempts(attempts, whole.toolsAsText(), true);
    }
    return attempts;
  }

  private static void addNativeAttempts(
      List<Attempt> attempts, TemplateSource source, Conversation whole) {
    boolean several = whole.hasParallelCalls();
    // Its template drops all calls of a turn but the first, without a word.
    boolean parted = several && source.toolFormat() == ToolFormat.HARMONY;
    addAttempts(attempts, parted ? whole.oneCallATurn() : whole, false);
    if (several && !parted) {
      attempts.add(
          new Attempt(
              whole.oneCallATurn(),
              false,
              List.of("The model's chat template takes one call a turn: turns were parted.")));
    }
  }

  private static void addAttempts(List<Attempt> attempts, Conversation base, boolean plainTools) {
    List<String> notes = new ArrayList<>();
    if (plainTools) {
      notes.add("The model's chat template has no tools: they are listed in the system text.");
    }
    attempts.add(new Attempt(base, plainTools, List.copyOf(notes)));
    Conversation alternating = base.alternating();
    if (!alternating.equals(base)) {
      notes.add("The model's chat template wants alternating turns: neighbours were joined.");
      attempts.add(new Attempt(alternating, plainTools, List.copyOf(notes)));
    }
    Conversation noSystem = alternating.systemInUserTurn();
    if (!noSystem.equals(alternating)) {
      notes.add("The model's chat template has no system role: its text is in the user's turn.");
      attempts.add(new Attempt(noSystem, plainTools, List.copyOf(notes)));
    }
  }

  private Rendered fallback(
      List<ChatMessage> messages, List<Tool> tools, boolean addGenerationPrompt) {
    Conversation plain = new Conversation(messages, tools).toolsAsText();
    String text = Prefill.cut(ChatMl.PLAIN.render(plain.messages(), addGenerationPrompt));
    return new Rendered(controls.spans(text), true, ToolFormat.HERMES, false, notes());
  }

  private Rendered rendered(String whole, ToolFormat format, List<String> notes) {
    String text = Prefill.cut(whole);
    String end = text.stripTrailing();
    boolean insideReasoning = ThoughtMarks.opened(format, end);
    return new Rendered(controls.spans(text), false, format, insideReasoning, notes);
  }

  private static Rendered note(Rendered rendered, String note) {
    List<String> notes = new ArrayList<>(rendered.notes());
    notes.add(note);
    return new Rendered(
        rendered.spans(), false, rendered.toolFormat(), rendered.insideReasoning(), notes);
  }
}
