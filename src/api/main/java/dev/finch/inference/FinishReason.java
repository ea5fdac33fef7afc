package dev.finch.inference;

/** Why an answer ended. */
public enum FinishReason {
  /** The model ended its turn. */
  STOP,
  /** One of the request's stop texts came. */
  STOP_SEQUENCE,
  /** The bound on tokens was reached. */
  LENGTH,
  /** The model wants tools called. */
  TOOL_CALLS,
  /** The provider refused to go on. */
  REFUSAL,
  /** The context was full. */
  CONTEXT_FULL
}
