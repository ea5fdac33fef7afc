package dev.finch.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which sequences take part in the next step and with how many tokens. Sequences that
 * cannot share a step — other adapters, or asked to run alone — form lanes that take turns.
 */
final class StepPlanner {

  /**
   * What a sequence wants.
   *
   * @param lane those with equal lanes can share a step
   * @param promptTokens prompt tokens to be processed; 0 where it generates
   * @param whole whether it wants all of them at once, whatever the budget
   */
  record Want(Object lane, int promptTokens, boolean whole) {}

  /**
   * What a sequence gets.
   *
   * @param index its place in the list of wants
   * @param tokens how many tokens to process; 1 where it generates
   */
  record Share(int index, int tokens) {}

  private StepPlanner() {}

  /**
   * The shares of the next step; empty where nobody wants anything.
   *
   * @param wants the sequences that are not paused
   * @param turn counts the steps; decides whose lane it is and who is first for the budget
   * @param promptBudget the most prompt tokens of the step, all sequences together
   * @param capacity the most tokens of the step
   */
  static List<Share> plan(List<Want> wants, int turn, int promptBudget, int capacity) {
    Map<Object, List<Integer>> lanes = new LinkedHashMap<>();
    for (int i = 0; i < wants.size(); i++) {
      lanes.computeIfAbsent(wants.get(i).lane(), _ -> new ArrayList<>()).add(i);
    }
    if (lanes.isEmpty()) {
      return List.of();
    }
    List<Integer> lane = new ArrayList<>(lanes.values()).get(Math.floorMod(turn, lanes.size()));
    List<Share> shares = new ArrayList<>();
    List<Integer> prompts = new ArrayList<>();
    for (int index : lane) {
      if (wants.get(index).promptTokens() > 0) {
        prompts.add(index);
      } else if (shares.size() < capacity) {
        shares.add(new Share(index, 1));
      }
    }
    int budget = Math.min(promptBudget, capacity - shares.size());
    shares.addAll(promptShares(wants, prompts, turn, budget));
    return shares;
  }

  /** Splits the budget evenly; what one does not need goes to those after it. */
  private static List<Share> promptShares(
      List<Want> wants, List<Integer> prompts, int turn, int budget) {
    List<Share> shares = new ArrayList<>();
    int left = budget;
    for (int i = 0; i < prompts.size() && left > 0; i++) {
      int index = prompts.get(Math.floorMod(i + turn, prompts.size()));
      Want want = wants.get(index);
      int even = Math.max(1, left / (prompts.size() - i));
      int tokens = want.whole() ? want.promptTokens() : Math.min(even, want.promptTokens());
      shares.add(new Share(index, tokens));
      left -= tokens;
    }
    return shares;
  }
}
