package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of what tools write is accepted. */
final class SchemaListTest {

  @Test
  void theListIsTheOneThatWasFixedBeforeTheWork() throws Exception {
    assertEquals(SatisfiableSchemas.SHA_256, SatisfiableSchemas.hash(SatisfiableSchemas.bytes()));
    List<SatisfiableSchemas.Listed> all = SatisfiableSchemas.all();
    assertEquals(
        all.size(), all.stream().map(SatisfiableSchemas.Listed::schema).distinct().count());
    assertTrue(all.size() >= 500, () -> all.size() + " schemas");
  }

  @Test
  void almostAllAreAccepted() throws Exception {
    List<SatisfiableSchemas.Listed> all = SatisfiableSchemas.all();
    List<String> refused = new ArrayList<>();
    for (SatisfiableSchemas.Listed listed : all) {
      try {
        SchemaGrammar.of(listed.schema());
      } catch (FinchException e) {
        refused.add(listed.number() + " " + listed.schema() + ": " + e.failure().message());
      }
    }
    assertTrue(refused.size() <= 0.05 * all.size(), () -> String.join("\n", refused));
  }
}
