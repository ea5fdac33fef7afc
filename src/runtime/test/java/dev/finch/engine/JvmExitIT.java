package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A JVM that used the engine ends when its last own thread does. */
final class JvmExitIT {

  @Test
  void theJvmEndsByItselfAfterTheModelIsFreed() throws IOException, InterruptedException {
    String said = new ChildJvm().run(ExitChild.class);

    assertTrue(said.contains("The capital of France is Paris."), said);
  }
}
