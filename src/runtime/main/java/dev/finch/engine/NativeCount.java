package dev.finch.engine;

import java.util.concurrent.atomic.AtomicLong;

/** Counts native objects of this JVM that were allocated and not freed yet. Thread-safe. */
final class NativeCount {

  private static final AtomicLong LIVE = new AtomicLong();

  private NativeCount() {}

  static void allocated() {
    LIVE.incrementAndGet();
  }

  static void freed() {
    LIVE.decrementAndGet();
  }

  /** Models, contexts, adapters and samplers that are alive. */
  static long live() {
    return LIVE.get();
  }
}
