package dev.finch.jinja;

/** What a template can call. */
interface Callable {

  Object call(Rendering rendering, Arguments arguments);

  /** How it prints. */
  String description();
}
