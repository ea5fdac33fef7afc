package dev.finch.routing;

/** What to do with a prompt that names a local model which neither serves nor is on its way. */
public enum RequestedModel {
  /** Refuse it: who may ask a prompt may not thereby start a download or push a model out. */
  REJECT,
  /** Ask for the model to be loaded, and treat the prompt as one that came early. */
  LOAD
}
