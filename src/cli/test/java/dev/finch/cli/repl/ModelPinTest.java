package dev.finch.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelPinTest {

  private static final ModelReference OLD = ModelReference.parse("qwen2.5-0.5b");
  private static final ModelReference NEW = ModelReference.parse("hf:acme/tiny-GGUF");
  private static final ModelState OLD_SERVES = ready("qwen2.5-0.5b:q4_k_m");
  private static final ModelState NEW_SERVES = ready("hf:acme/tiny-GGUF");
  private static final ModelState COMING = new ModelState.Selecting(NEW);
  private static final ModelState LOST =
      new ModelState.Failed(
          "acme/tiny-GGUF", Failure.permanent(FailureCode.HUB_NOT_FOUND, "Not there.", null));

  private final ModelPin pin = new ModelPin(OLD);

  @Test
  void staysUntilAnotherModelServes() {
    pin.move(NEW, state(OLD_SERVES, null));
    assertEquals(OLD, pin.at(state(OLD_SERVES, COMING)));
    assertEquals(NEW, pin.at(state(NEW_SERVES, null)));
    assertFalse(pin.moves());
    assertEquals(NEW, pin.model());
  }

  @Test
  void waitsForTheNewOneWhereTheFormerMadeRoom() {
    pin.move(NEW, state(OLD_SERVES, null));
    ModelInfo info = ((ModelState.Ready) OLD_SERVES).info();
    assertEquals(NEW, pin.at(state(new ModelState.Draining(info), COMING)));
    assertEquals(NEW, pin.at(state(null, COMING)));
    assertEquals(OLD, pin.at(state(new ModelState.Idle(info), COMING)));
  }

  @Test
  void goesBackWhereTheNewOneCannotBeHadAndForwardWhereItComesAfterAll() {
    pin.move(NEW, state(OLD_SERVES, null));
    assertEquals(OLD, pin.at(state(OLD_SERVES, LOST)));
    assertEquals(OLD, pin.at(state(null, LOST)));
    assertTrue(pin.moves());
    assertEquals(NEW, pin.at(state(NEW_SERVES, null)));
  }

  @Test
  void goesBackToOneThatWasStillOnItsWay() {
    pin.move(NEW, state(null, new ModelState.Selecting(OLD)));
    assertEquals(NEW, pin.at(state(null, COMING)));
    assertEquals(OLD, pin.at(state(null, LOST)));
    assertEquals(OLD, pin.at(state(OLD_SERVES, null)));
  }

  @Test
  void movesOnFromWhatItMovedToLast() {
    pin.move(NEW, state(OLD_SERVES, null));
    pin.move(ModelReference.BUILT_IN, state(NEW_SERVES, null));
    assertEquals(NEW, pin.at(state(NEW_SERVES, LOST)));
    assertEquals(ModelReference.BUILT_IN, pin.at(state(ready("builtin"), null)));
  }

  @Test
  void questionsThatNameNoModelGoOnNamingNone() {
    ModelPin none = new ModelPin(null);
    none.move(NEW, state(OLD_SERVES, null));
    assertFalse(none.moves());
    assertNull(none.at(state(NEW_SERVES, null)));
  }

  private static RuntimeState state(@Nullable ModelState serving, @Nullable ModelState preparing) {
    return RuntimeState.of(serving, preparing);
  }

  private static ModelState ready(String reference) {
    return new ModelState.Ready(
        new ModelInfo(
            ModelReference.parse(reference),
            "tiny",
            "qwen2",
            1,
            "Q8_0",
            4096,
            4,
            6,
            "CPU",
            1,
            1,
            true,
            "llama.cpp b4916",
            true,
            false,
            List.of()));
  }
}
