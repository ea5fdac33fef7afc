package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.engine.StepPlanner.Share;
import dev.finch.engine.StepPlanner.Want;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StepPlannerTest {

  private static final Want GENERATES = new Want("a", 0, false);

  @Test
  void nobodyWantsAnything() {
    assertEquals(List.of(), StepPlanner.plan(List.of(), 3, 10, 512));
  }

  @Test
  void allThatGenerateShareAStep() {
    assertEquals(
        List.of(new Share(0, 1), new Share(1, 1)),
        StepPlanner.plan(List.of(GENERATES, GENERATES), 0, 10, 512));
  }

  @Test
  void aPromptGetsTheBudgetBesideThoseThatGenerate() {
    assertEquals(
        List.of(new Share(0, 1), new Share(1, 10)),
        StepPlanner.plan(List.of(GENERATES, prompt(1000)), 0, 10, 512));
  }

  @Test
  void promptsShareTheBudgetEvenlyAndPassOnWhatTheyDoNotNeed() {
    assertEquals(
        List.of(new Share(0, 2), new Share(1, 14), new Share(2, 14)),
        StepPlanner.plan(List.of(prompt(2), prompt(90), prompt(90)), 0, 30, 512));
  }

  @Test
  void everyPromptComesFirstInTurn() {
    List<Want> many = List.of(prompt(50), prompt(50), prompt(50));
    Set<Integer> first = new HashSet<>();
    for (int turn = 0; turn < 3; turn++) {
      first.add(StepPlanner.plan(many, turn, 1, 512).getFirst().index());
    }
    assertEquals(Set.of(0, 1, 2), first);
  }

  @Test
  void aStepNeverHoldsMoreThanItsCapacity() {
    List<Want> wants = List.of(GENERATES, GENERATES, GENERATES, prompt(100));
    List<Share> shares = StepPlanner.plan(wants, 0, 100, 2);
    assertEquals(2, shares.stream().mapToInt(Share::tokens).sum());
  }

  @Test
  void lanesTakeTurns() {
    List<Want> wants = List.of(GENERATES, new Want("b", 0, false), GENERATES);
    assertEquals(List.of(new Share(0, 1), new Share(2, 1)), StepPlanner.plan(wants, 0, 10, 512));
    assertEquals(List.of(new Share(1, 1)), StepPlanner.plan(wants, 1, 10, 512));
  }

  @Test
  void aPieceThatMustStayWholeIsNotCut() {
    List<Share> shares = StepPlanner.plan(List.of(new Want("alone", 64, true)), 0, 8, 512);
    assertEquals(List.of(new Share(0, 64)), shares);
    assertTrue(shares.getFirst().tokens() <= 512);
  }

  private static Want prompt(int tokens) {
    return new Want("a", tokens, false);
  }
}
