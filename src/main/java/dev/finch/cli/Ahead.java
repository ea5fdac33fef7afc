package dev.finch.cli;

import java.time.ZoneId;

/**
 * What the actor system will need, loaded on a thread of its own while the settings are read. The
 * JDK's time zones, which Pekko asks for, search every jar for more zones: a tenth of a cold start.
 */
final class Ahead {

  private Ahead() {}

  /** Begins; whoever needs it earlier waits for it as for any class. */
  static void start() {
    Thread thread = new Thread(ZoneId::systemDefault, "ahead");
    thread.setDaemon(true);
    thread.start();
  }
}
