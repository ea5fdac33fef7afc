package dev.finch.inference;

/** Who said a message. */
public enum Role {
  /** What frames the conversation. */
  SYSTEM,
  /** A person, or a program for one. */
  USER,
  /** The model. */
  ASSISTANT,
  /** What a tool gave back. */
  TOOL
}
