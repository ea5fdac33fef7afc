package dev.finch.inference;

/** Why a prompt went where it went; shown to people and counted in metrics. */
public enum RouteReason {
  /** The local model is ready. */
  MODEL_READY("the local model is ready"),
  /** The local model is not ready yet. */
  MODEL_NOT_READY("the local model is not ready yet"),
  /** The local model is busy. */
  LOCAL_BUSY("the local model is busy"),
  /** The prompt is longer than the local model's context. */
  CONTEXT_OVERFLOW("the prompt is longer than the local model's context"),
  /** The local model failed. */
  LOCAL_FAILED("the local model failed"),
  /** Claude was asked for. */
  ASKED_FOR_CLAUDE("Claude was asked for"),
  /** A local answer was asked for. */
  ASKED_FOR_LOCAL("a local answer was asked for"),
  /** Policy prefers the cloud. */
  CLOUD_FIRST("policy prefers the cloud"),
  /** Claude has been failing. */
  BREAKER_OPEN("Claude has been failing"),
  /** The cloud budget is spent. */
  BUDGET_SPENT("the cloud budget is spent"),
  /** There is no API key for Claude. */
  NO_API_KEY("there is no API key for Claude"),
  /** The cloud is switched off. */
  CLOUD_DISABLED("the cloud is switched off"),
  /** Claude failed. */
  CLAUDE_FAILED("Claude failed"),
  /** The network is unreachable. */
  OFFLINE("the network is unreachable"),
  /** Nothing else can answer. */
  NOTHING_ELSE("nothing else can answer"),
  /** The conversation shows an image, which the local model does not read. */
  IMAGE("the conversation shows an image, which the local model does not read"),
  /** Asked beside another, to compare. */
  SHADOW("asked beside another, to compare");

  private final String description;

  RouteReason(String description) {
    this.description = description;
  }

  /** The reason in a few words, for a footer. */
  public String description() {
    return description;
  }
}
