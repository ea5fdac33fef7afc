package dev.finch.claude;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.Sampling;
import java.util.regex.Pattern;

/**
 * What of a request's sampling Claude takes: revision 2026-10-21 refuses each parameter, and so do
 * on 2023-06-01 the models that came after Opus 4.6
 * (https://platform.claude.com/docs/en/api/versioning). A parameter that would be refused is left
 * out, since the same request is good for a local model.
 */
final class CloudSampling {

  /** The models that take sampling parameters, by their names at Anthropic. */
  private static final Pattern TAKE_IT =
      Pattern.compile(
          "claude-(?:2|instant|3)[a-z0-9.-]*"
              + "|claude-(?:opus-4(?:-[0156])?|(?:sonnet|haiku)-4(?:-[05])?)(?:-20[0-9]{6})?");

  private CloudSampling() {}

  /**
   * @param thinks whether Claude is to think, which goes with no temperature but its own
   */
  static void add(
      ObjectNode body, Sampling sampling, String model, ApiVersion version, boolean thinks) {
    if (thinks || version != ApiVersion.V2023_06_01 || !TAKE_IT.matcher(model).matches()) {
      return;
    }
    Double temperature = sampling.temperature();
    if (temperature != null) {
      body.put("temperature", Math.min(1, temperature)); // others go hotter
    } else if (sampling.topP() != null) { // newer ones refuse both together
      body.put("top_p", sampling.topP());
    }
    if (sampling.topK() != null && sampling.topK() > 0) {
      body.put("top_k", sampling.topK());
    }
  }
}
