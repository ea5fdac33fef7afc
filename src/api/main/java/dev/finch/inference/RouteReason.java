package dev.finch.inference;

/** Why a prompt went where it went; shown to people and counted in metrics. */
public enum RouteReason {
  MODEL_READY("the local model is ready"),
  MODEL_NOT_READY("the local model is not ready yet"),
  LOCAL_BUSY("the local model is busy"),
  CONTEXT_OVERFLOW("the prompt is longer than the local model's context"),
  LOCAL_FAILED("the local model failed"),
  ASKED_FOR_CLAUDE("Claude was asked for"),
  ASKED_FOR_LOCAL("a local answer was asked for"),
  CLOUD_FIRST("policy prefers the cloud"),
  BREAKER_OPEN("Claude has been failing"),
  BUDGET_SPENT("the cloud budget is spent"),
  NO_API_KEY("there is no API key for Claude"),
  CLOUD_DISABLED("the cloud is switched off"),
  CLAUDE_FAILED("Claude failed"),
  OFFLINE("the network is unreachable"),
  NOTHING_ELSE("nothing else can answer"),
  IMAGE("the conversation shows an image, which the local model does not read"),
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
