package dev.finch.jinja;

/** Where a name's value stands while the template runs; set once, when scopes are resolved. */
final class Slot {
  /** How many functions outwards. */
  int hops;

  /** Which of that function's variables. */
  int index = -1;

  /** Whether the template's blocks see what is set here. */
  boolean exported;
}
