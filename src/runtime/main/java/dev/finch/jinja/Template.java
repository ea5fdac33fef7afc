package dev.finch.jinja;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A template that has been read. Immutable and thread-safe; to read one costs more than to render
 * it, so keep it.
 */
public final class Template {

  /** Characters of the longest template; real ones have a tenth of it. */
  private static final int SOURCE_LIMIT = 1 << 19;

  private final Source source;
  private final List<Stmt> body;
  private final Scope scope;

  private Template(Source source) {
    this.source = source;
    this.body = new Parser(source).template();
    this.scope = new Resolver(source).template(body);
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException where it is no Jinja, or uses what chat templates cannot
   */
  public static Template parse(String template) {
    Source source = new Source(template);
    if (source.text().length() > SOURCE_LIMIT) {
      throw source.error(
          TemplateException.Kind.EXHAUSTED,
          "the template is longer than " + SOURCE_LIMIT + " characters",
          0);
    }
    try {
      return new Template(source);
    } catch (StackOverflowError e) {
      throw source.error(TemplateException.Kind.EXHAUSTED, "the template nests too deeply", 0);
    }
  }

  /**
   * The template's text for these values, with the {@link Limits#standard()} and the local time.
   *
   * @see #render(Map, Limits, Supplier)
   */
  public String render(Map<String, ?> values) {
    return render(values, Limits.standard(), LocalDateTime::now);
  }

  /**
   * The template's text. Does not block; ends soon after its thread is interrupted, and leaves the
   * interruption set.
   *
   * @param values by name: null, booleans, numbers, strings, and lists and maps of these
   * @param clock what time {@code strftime_now} gives
   * @throws TemplateException where the template fails, refuses the values, or needs more than the
   *     limits give
   */
  public String render(
      Map<String, ? extends @Nullable Object> values,
      Limits limits,
      Supplier<LocalDateTime> clock) {
    Map<String, Object> given = new HashMap<>();
    values.forEach((name, value) -> given.put(name, Values.of(value)));
    Rendering rendering = new Rendering(source, given, limits, clock);
    try {
      return new Evaluator(rendering).template(body, scope);
    } catch (StackOverflowError e) {
      // The depth is bounded long before; this is for threads with hardly any stack.
      throw rendering.exhausted("the template nests or recurses too deeply");
    }
  }
}
