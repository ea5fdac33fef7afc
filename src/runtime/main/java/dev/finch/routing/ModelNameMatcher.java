package dev.finch.routing;

import dev.finch.model.ModelReference;
import org.jspecify.annotations.Nullable;

/** Whether a model that was named is the one at hand. */
final class ModelNameMatcher {

  private ModelNameMatcher() {}

  /**
   * Whether {@code model} answers a prompt that named {@code wanted}: null is content with any, and
   * a catalogue name without a quantization with every quantization of it.
   */
  static boolean match(@Nullable ModelReference wanted, ModelReference model) {
    if (wanted == null || wanted.equals(model)) {
      return true;
    }
    return wanted instanceof ModelReference.Catalogued some
        && model instanceof ModelReference.Catalogued other
        && some.quantization() == null
        && some.name().equals(other.name());
  }
}
