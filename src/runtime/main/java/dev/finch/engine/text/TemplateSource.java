package dev.finch.engine.text;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.jinja.Template;
import dev.finch.jinja.TemplateException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Jinja of a chat template, and what is known of it once somebody asked: how it reads, and how
 * it wants what it is given. Thread-safe.
 */
final class TemplateSource {

  /** What Python prints for no content. */
  private static final String NONE = "None";

  private final String text;
  private final ToolFormat toolFormat;
  private final String beginningOfText;
  private final String endOfText;
  private volatile @Nullable Template parsed;
  private volatile @Nullable TemplateException refusal;
  private volatile @Nullable TemplateException defect;
  private volatile boolean probed;
  private volatile @Nullable Boolean textArguments;
  private volatile @Nullable Boolean listsTools;

  private TemplateSource(
      String text, ToolFormat toolFormat, String beginningOfText, String endOfText) {
    this.text = text;
    this.toolFormat = toolFormat;
    this.beginningOfText = beginningOfText;
    this.endOfText = endOfText;
  }

  /** Null where there is none. */
  static @Nullable TemplateSource of(
      @Nullable String text,
      Collection<String> controls,
      String beginningOfText,
      String endOfText) {
    return text == null || text.isBlank()
        ? null
        : new TemplateSource(text, ToolFormat.of(text, controls), beginningOfText, endOfText);
  }

  String text() {
    return text;
  }

  ToolFormat toolFormat() {
    return toolFormat;
  }

  /**
   * The text of a conversation. A turn that only calls tools has no content, as transformers hands
   * it on; where a template cannot take that, or would say "None", its content is empty.
   */
  String render(Conversation conversation, boolean addGenerationPrompt) {
    if (!conversation.hasTurnsWithoutContent()) {
      return render(conversation, addGenerationPrompt, false);
    }
    String whole;
    try {
      whole = render(conversation, addGenerationPrompt, true);
    } catch (TemplateException e) {
      if (e.kind() != TemplateException.Kind.FAILED) {
        throw e;
      }
      return render(conversation, addGenerationPrompt, false);
    }
    if (whole.contains(NONE)) {
      String other = render(conversation, addGenerationPrompt, false);
      return count(other) < count(whole) ? other : whole;
    }
    return whole;
  }

  private static int count(String text) {
    int count = 0;
    for (int at = text.indexOf(NONE); at >= 0; at = text.indexOf(NONE, at + NONE.length())) {
      count++;
    }
    return count;
  }

  private String render(Conversation conversation, boolean addGenerationPrompt, boolean noContent) {
    boolean asText = conversation.hasCalls() && wantsTextArguments();
    return render(conversation, addGenerationPrompt, noContent, asText);
  }

  private String render(
      Conversation conversation, boolean addGenerationPrompt, boolean noContent, boolean asText) {
    boolean shortIds = toolFormat == ToolFormat.MISTRAL || toolFormat == ToolFormat.MISTRAL_NAMED;
    Map<String, Object> variables = conversation.variables(shortIds, noContent, asText);
    variables.put("add_generation_prompt", addGenerationPrompt);
    variables.put("bos_token", beginningOfText);
    variables.put("eos_token", endOfText);
    return parsed().render(variables);
  }

  /**
   * Why it cannot be rendered, whatever is said, or null where it can. Small conversations tell,
   * once.
   */
  @Nullable TemplateException defect() {
    if (!probed) {
      defect = probedDefect();
      probed = true;
    }
    return defect;
  }

  private @Nullable TemplateException probedDefect() {
    TemplateException first = null;
    for (Conversation probe : TemplateProbe.SMALLEST) {
      try {
        render(probe, true, false);
        return null;
      } catch (TemplateException e) {
        if (e.kind() == TemplateException.Kind.CANCELLED) {
          throw e;
        }
        first = first == null ? e : first;
        if (e.kind() == TemplateException.Kind.EXHAUSTED) {
          return first;
        }
      }
    }
    return first;
  }

  /**
   * Whether it tells of the tools that a conversation brings. Their names in a text say little,
   * since earlier calls hold them too; one that nobody calls tells. A template that cannot be
   * rendered so is taken to tell.
   */
  boolean listsTools() {
    Boolean known = listsTools;
    if (known == null) {
      known = showsTool();
      listsTools = known;
    }
    return known;
  }

  private boolean showsTool() {
    try {
      return render(TemplateProbe.TOOL, true, false).contains(TemplateProbe.NAME);
    } catch (TemplateException e) {
      return true;
    }
  }

  /**
   * Some templates join the arguments of a call to other text as they come, so that they want JSON;
   * most write an object as JSON themselves. A call that is rendered both ways tells.
   */
  private boolean wantsTextArguments() {
    Boolean known = textArguments;
    if (known == null) {
      known = !showsArguments(false) && showsArguments(true);
      textArguments = known;
    }
    return known;
  }

  private boolean showsArguments(boolean asText) {
    for (boolean noContent : List.of(true, false)) {
      try {
        String shown = render(TemplateProbe.CALL, false, noContent, asText);
        if (shown.contains(TemplateProbe.ARGUMENTS)) {
          return true;
        }
      } catch (TemplateException e) {
        if (e.kind() != TemplateException.Kind.FAILED) {
          return false;
        }
      }
    }
    return false;
  }

  private Template parsed() {
    Template known = parsed;
    TemplateException failed = refusal;
    if (failed != null) {
      throw failed;
    }
    if (known == null) {
      try {
        known = Template.parse(text);
      } catch (TemplateException e) {
        refusal = e;
        throw e;
      }
      parsed = known;
    }
    return known;
  }
}
