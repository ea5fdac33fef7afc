package dev.finch.runtime;

import java.time.ZoneId;
import java.util.concurrent.FutureTask;

/**
 * The JDK's time zones, which Pekko asks for when an actor system starts. The JDK then searches
 * every jar of the class path for more zones, for which a cold start would wait.
 */
final class TimeZones {

  private TimeZones() {}

  /** Loads them on a thread of their own; whoever needs them earlier waits as for any class. */
  static void loadAhead() {
    Thread thread = new Thread(new FutureTask<>(ZoneId::systemDefault), "time-zones");
    thread.setDaemon(true);
    thread.start();
  }
}
