package dev.finch.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FastProviderTest {

  /** JLine takes a handler back before it sets the next; Ctrl-C in between ended the process. */
  @Test
  void aSignalThatComesBetweenTwoHandlersStillFindsTheFirst() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    FastProvider provider = FastProvider.create();
    Object previous = provider.registerSignal("URG", heard::countDown);
    try {
      provider.unregisterSignal("URG", previous);
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-URG", self).start().waitFor();
      assertTrue(heard.await(10, TimeUnit.SECONDS));
    } finally {
      provider.restoreSignals();
    }
  }
}
