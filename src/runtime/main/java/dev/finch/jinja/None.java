package dev.finch.jinja;

/** Python's None. */
enum None {
  NONE
}
