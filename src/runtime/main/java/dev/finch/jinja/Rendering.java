package dev.finch.jinja;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One rendering of a template: what it was given, where it is, and what it may still use. Confined
 * to one thread.
 */
final class Rendering {

  private static final int STEPS_BETWEEN_LOOKS = 4_096;

  private final Source source;
  private final Limits limits;
  private final Supplier<LocalDateTime> clock;
  private Map<String, Object> given;
  private final Map<String, Object> exported = new HashMap<>();

  private long work;
  private long memory;
  private int depth;
  private int untilLook = STEPS_BETWEEN_LOOKS;

  /** The place of what is being done, for messages. */
  int at;

  /** Whether text that is not marked as HTML is escaped. */
  boolean autoescape;

  Rendering(
      Source source, Map<String, Object> given, Limits limits, Supplier<LocalDateTime> clock) {
    this.source = source;
    this.given = given;
    this.limits = limits;
    this.clock = clock;
    this.work = limits.work();
    this.memory = limits.memory();
  }

  /**
   * What the template has under a name that it does not set itself; null where there is nothing.
   */
  @Nullable Object given(String name) {
    Object value = exported.isEmpty() ? null : exported.get(name);
    if (value == null) {
      value = given.get(name);
    }
    return value == null ? Functions.global(name) : value;
  }

  /** Remembers what the template sets outside of everything, for its blocks. */
  void export(String name, Object value) {
    exported.put(name, value);
  }

  /** Replaces what is given; what was before. */
  Map<String, Object> replaceGiven(Map<String, Object> other) {
    Map<String, Object> before = given;
    given = other;
    return before;
  }

  LocalDateTime now() {
    return clock.get();
  }

  int outputLimit() {
    return limits.output();
  }

  /** Accounts for one step. */
  void step() {
    work--;
    if (--untilLook < 0) {
      look();
    }
  }

  /** Accounts for several steps at once, before they are done. */
  void steps(long count) {
    work -= count;
    untilLook -= (int) Math.min(count, STEPS_BETWEEN_LOOKS);
    if (untilLook < 0 || work < 0) {
      look();
    }
  }

  /** Accounts for looking at this many characters. */
  void characters(long count) {
    steps(1 + (count >> 4));
  }

  private void look() {
    untilLook = STEPS_BETWEEN_LOOKS;
    if (Thread.currentThread().isInterrupted()) {
      throw source.error(TemplateException.Kind.CANCELLED, "rendering was interrupted", at);
    }
    if (work < 0) {
      throw exhausted("the template takes more than " + limits.work() + " steps");
    }
  }

  /** Accounts for memory, in bytes, before it is taken. */
  void made(long bytes) {
    memory -= bytes;
    if (memory < 0) {
      throw exhausted(
          "the template's values grow too large: more than " + limits.memory() + " bytes");
    }
  }

  /** Accounts for a text of this many characters before it is made. */
  void text(long length) {
    made(length + 16);
    steps(1 + (length >> 6));
  }

  /** Accounts for a list of this many items before it is made. */
  void list(long size) {
    made(8 * size + 32);
    steps(1 + (size >> 3));
  }

  void enter() {
    if (++depth > limits.depth()) {
      throw exhausted("the template nests or recurses too deeply");
    }
    step();
  }

  void leave() {
    depth--;
  }

  int depth() {
    return depth;
  }

  /** After a failure that was caught: as deep as before. */
  void depth(int before) {
    depth = before;
  }

  /** What Python would raise. */
  TemplateException error(String reason) {
    return source.error(TemplateException.Kind.FAILED, reason, at);
  }

  TemplateException refusal(String reason) {
    return source.error(TemplateException.Kind.REFUSED, reason, at);
  }

  TemplateException unsupported(String reason) {
    return source.error(TemplateException.Kind.UNSUPPORTED, reason, at);
  }

  TemplateException exhausted(String reason) {
    return source.error(TemplateException.Kind.EXHAUSTED, reason, at);
  }
}
