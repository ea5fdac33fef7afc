package dev.finch.inference;

/** Who said a message. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  TOOL
}
