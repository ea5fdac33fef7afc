package dev.finch.hostility;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Something hostile that one client does; what it does comes from the random source alone. */
record Attack(String name, Deed deed) {

  /** Returns the beginning of what came back. */
  @FunctionalInterface
  interface Deed {
    String commit(Target target, Random random) throws IOException, InterruptedException;
  }

  /** Every kind. */
  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    all.addAll(WireAttacks.all());
    all.addAll(TextAttacks.all());
    all.addAll(GrammarAttacks.all());
    all.addAll(JsonAttacks.all());
    all.addAll(LeavingAttacks.all());
    all.addAll(RightsAttacks.all());
    all.addAll(UpstreamAttacks.all());
    return all;
  }

  /** The attack with this number in the run of this seed: every kind once, then any. */
  static Attack at(List<Attack> all, long number, Random random) {
    return number < all.size() ? all.get((int) number) : all.get(random.nextInt(all.size()));
  }
}
