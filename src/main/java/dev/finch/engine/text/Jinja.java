package dev.finch.engine.text;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import java.io.FileNotFoundException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Jinja interpreter as Hugging Face configures it, for templates that come from strangers: no
 * access to Java objects, files or the class path, bounded output, recursion and time. Thread-safe.
 * The library behind it is loaded with the first template.
 */
final class Jinja {

  /** How much processor time one rendering may take; a busy machine is not the template's fault. */
  static final Duration TIME_LIMIT = Duration.ofSeconds(5);

  /** To ask for the time costs more than most nodes do. */
  private static final int NODES_PER_CHECK = 64;

  /** How long a prompt may become, in characters; no context is near as large. */
  static final long OUTPUT_LIMIT = 16L << 20;

  private static final int RANGE_LIMIT = 1_000;
  private static final int COLLECTION_LIMIT = 100_000;
  private static final int DEPTH_LIMIT = 20;

  /** A way into the interpreter itself that the library keeps open for its own filters. */
  private static final String INTERPRETER_VARIABLE = "____int3rpr3t3r____";

  private static final ScopedValue<Rendering> CURRENT = ScopedValue.newInstance();

  /** The template refuses this conversation, in its own words, or cannot be rendered at all. */
  static final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
      super(message, null, false, false);
    }
  }

  private static final class Rendering {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long end = now() + TIME_LIMIT.toNanos();
    private int nodes;
    private @Nullable String refusal;

    /** The thread's processor time; the clock where that is not measured, as on virtual threads. */
    private static long now() {
      long processor =
          THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : -1;
      return processor >= 0 ? processor : System.nanoTime();
    }

    /** Called before each node: time and collections may not grow without bound. */
    void check(Context context) {
      checkRefusal();
      if (++nodes % NODES_PER_CHECK == 0 && now() - end > 0) {
        throw refuse("it takes longer than " + TIME_LIMIT.toSeconds() + " s");
      }
      for (Context scope = context; scope != null; scope = scope.getParent()) {
        for (Object value : scope.getScope().values()) {
          if (value instanceof Collection<?> list && list.size() > COLLECTION_LIMIT) {
            throw refuse("a list has more than " + COLLECTION_LIMIT + " items");
          }
        }
      }
    }

    /** Remembers why, since the library may take the exception for a mistake of its own. */
    TemplateException refuse(String why) {
      refusal = why;
      return new TemplateException(why);
    }

    void checkRefusal() {
      if (refusal != null) {
        throw new TemplateException(refusal);
      }
    }
  }

  private final Jinjava library;

  private Jinja() {
    library = new Jinjava(configuration());
    library.setResourceLocator(
        (name, charset, interpreter) -> {
          throw new FileNotFoundException(name);
        });
    library.registerFunction(TemplateFunctions.raiseException());
    library.registerFunction(TemplateFunctions.strftimeNow());
    TemplateFilters.filters().forEach(library::registerFilter);
    TemplateFilters.tests().forEach(library::registerExpTest);
  }

  private static final class Holder {
    private static final Jinja INSTANCE = new Jinja();
  }

  /** The only interpreter; the first call loads the library. */
  static Jinja instance() {
    return Holder.INSTANCE;
  }

  private static JinjavaConfig configuration() {
    return JinjavaConfig.newBuilder()
        .withTrimBlocks(true)
        .withLstripBlocks(true)
        .withKeepTrailingNewline(true)
        .withNestedInterpretationEnabled(false)
        .withFailOnUnknownTokens(false)
        .withElResolver(new TemplateAccess())
        .withDisabled(
            Map.of(
                Library.TAG, Set.of("include", "import", "from", "extends", "block"),
                Library.FILTER, TemplateFilters.forbidden()))
        .withMaxOutputSize(OUTPUT_LIMIT)
        .withMaxStringLength(OUTPUT_LIMIT)
        .withMaxListSize(COLLECTION_LIMIT)
        .withMaxMapSize(COLLECTION_LIMIT)
        .withRangeLimit(RANGE_LIMIT)
        .withMaxRenderDepth(DEPTH_LIMIT)
        .withEnableRecursiveMacroCalls(true)
        .withMaxMacroRecursionDepth(DEPTH_LIMIT)
        .withProcessors(
            JinjavaProcessors.newBuilder()
                .withNodePreProcessor(
                    (node, interpreter) -> CURRENT.get().check(interpreter.getContext()))
                .build())
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUsePyishObjectMapper(false)
                .withUseSnakeCasePropertyNaming(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .withHandleBackslashInQuotesOnly(true)
                .build())
        .build();
  }

  /**
   * The text of a template.
   *
   * @throws TemplateException where the template refuses the values or is not understood
   */
  String render(String template, Map<String, ?> values) {
    if (template.contains(INTERPRETER_VARIABLE)) {
      throw new TemplateException("it reaches for the interpreter");
    }
    Rendering rendering = new Rendering();
    RenderResult result;
    try {
      result =
          ScopedValue.where(CURRENT, rendering)
              .call(() -> library.renderForResult(template, values));
    } catch (StackOverflowError e) {
      throw new TemplateException("it nests too deeply");
    }
    rendering.checkRefusal();
    for (TemplateError error : result.getErrors()) {
      if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
        throw new TemplateException("line " + error.getLineno() + ": " + error.getMessage());
      }
    }
    return result.getOutput();
  }

  static TemplateException refuse(String message) {
    return CURRENT.get().refuse(message);
  }
}
