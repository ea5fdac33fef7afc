package dev.finch.cli.repl;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.finch.model.License;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No consent is read from a line that meant something else. */
final class LicenseQuestionTest {

  @Test
  void waitsForTheLineThatWasBeingTypedAndIsOverAfterAnother() {
    var asked =
        new LicenseQuestion.Open(
            new License("qwen-research", "Qwen Research", false, Optional.empty()), _ -> {}, false);

    var passedOver = asked.afterOther();
    assertNotNull(passedOver);
    assertNull(passedOver.afterOther());
  }
}
