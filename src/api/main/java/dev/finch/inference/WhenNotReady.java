package dev.finch.inference;

/** What to do with a prompt that names no model and comes before the local model is Ready. */
public enum WhenNotReady {
  /** Let Claude answer. */
  FORWARD,
  /** Queue until the local model can answer. */
  WAIT
}
