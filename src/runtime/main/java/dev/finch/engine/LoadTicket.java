package dev.finch.engine;

/** Ends a load that is under way; the Loader's mailbox is not read meanwhile. Thread-safe. */
public final class LoadTicket {

  private volatile boolean cancelled;

  /** Ends the load soon, with {@code LoadFailed(CANCELLED)}. */
  public void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }
}
