package dev.finch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RuntimeStateTest {

  private static final ModelState IDLE =
      new ModelState.Idle(
          new ModelInfo(
              ModelReference.BUILT_IN,
              "Tiny",
              "qwen2",
              1,
              "Q8_0",
              2048,
              1,
              1,
              "CPU",
              1,
              1,
              true,
              "llama.cpp",
              true,
              true,
              List.of()));
  private static final ModelState SELECTING = new ModelState.Selecting(ModelReference.AUTO);

  @Test
  void theModelThatServesIsThePrimary() {
    RuntimeState state = RuntimeState.of(IDLE, SELECTING);

    assertEquals(Optional.of(IDLE), state.primary());
    assertEquals(
        List.of(new RuntimeState.Standing(IDLE, true), new RuntimeState.Standing(SELECTING, false)),
        state.models());
    assertEquals(Optional.of(IDLE), state.serving());
    assertEquals(Optional.of(SELECTING), state.preparing());
    assertEquals(Optional.empty(), state.ready());
  }

  @Test
  void theModelOnItsWayIsThePrimaryWhereNoneServes() {
    assertEquals(Optional.of(SELECTING), RuntimeState.of(null, SELECTING).primary());
    assertEquals(Optional.empty(), RuntimeState.of(null, SELECTING).serving());
  }

  @Test
  void noModelIsNoPrimary() {
    assertEquals(Optional.empty(), RuntimeState.EMPTY.primary());
    assertEquals(RuntimeState.EMPTY, RuntimeState.of(null, null));
    assertEquals("No model asked for yet", RuntimeState.EMPTY.describe());
  }
}
