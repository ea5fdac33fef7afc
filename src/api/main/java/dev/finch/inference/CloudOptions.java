package dev.finch.inference;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is for Claude; the local model keeps {@code parallelToolCalls}, and {@code
 * thinking} and {@code effort} where its template knows them, and passes over the rest. A null
 * field is left to whoever answers.
 *
 * @param thinking the Messages API's {@code thinking} as a JSON object
 * @param effort how much Claude may do for the answer: {@code low}, {@code medium}, {@code high},
 *     {@code xhigh} or {@code max}
 * @param parallelToolCalls whether several tools may be called at once; where not, an answer is
 *     over with its first call
 * @param metadata the Messages API's {@code metadata} as a JSON object
 * @param betas what goes into the header {@code anthropic-beta}
 * @param fields others of the Messages API's body as a JSON object; only {@code cache_control},
 *     {@code context_management}, {@code service_tier} and {@code inference_geo} are sent
 */
public record CloudOptions(
    @Nullable String thinking,
    @Nullable String effort,
    @Nullable Boolean parallelToolCalls,
    @Nullable String metadata,
    List<String> betas,
    @Nullable String fields) {

  /** Nothing that differs from what Claude does by itself. */
  public static final CloudOptions NONE = new CloudOptions(null, null, null, null, List.of());

  public CloudOptions(
      @Nullable String thinking,
      @Nullable String effort,
      @Nullable Boolean parallelToolCalls,
      @Nullable String metadata,
      List<String> betas) {
    this(thinking, effort, parallelToolCalls, metadata, betas, null);
  }

  public CloudOptions {
    betas = List.copyOf(requireNonNullElse(betas, List.of()));
  }
}
