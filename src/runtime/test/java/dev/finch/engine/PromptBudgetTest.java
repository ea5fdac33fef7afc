package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PromptBudgetTest {

  private final PromptBudget budget = new PromptBudget(Duration.ofMillis(100), 512);

  @Test
  void growsWhileStepsAreShort() {
    for (int i = 0; i < 20; i++) {
      budget.took(budget.tokens(), 1_000_000);
    }
    assertEquals(512, budget.tokens());
  }

  @Test
  void settlesWhereAStepTakesAboutAsLongAsItShould() {
    for (int i = 0; i < 50; i++) {
      budget.took(budget.tokens(), budget.tokens() * 2_000_000L);
    }
    assertTrue(budget.tokens() >= 25 && budget.tokens() <= 50, budget.tokens() + " tokens");
  }

  @Test
  void neverFallsBelowWhatIsWorthAStep() {
    budget.took(16, 60_000_000_000L);
    assertEquals(8, budget.tokens());
  }

  @Test
  void aShortPromptSaysNothingAboutLongOnes() {
    budget.took(2, 1_000);
    assertEquals(8, budget.tokens());
  }
}
