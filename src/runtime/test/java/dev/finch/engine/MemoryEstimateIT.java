package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate is within a tenth of what a model of half a billion weights really takes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
final class MemoryEstimateIT {

  private static final ModelSpec HALF_BILLION =
      new ModelSpec(
          new ModelReference.Random("qwen2.5-0.5b", 1),
          "random qwen2.5-0.5b",
          new ModelSpec.Origin.Random(
              new ModelConfig("qwen2", 24, 896, 4864, 14, 2, 64, 151_936, 32_768, true), 1),
          Optional.empty());

  /** As many heads for keys as for queries, so that the cache weighs more than the weights. */
  private static final ModelSpec DEEP =
      new ModelSpec(
          new ModelReference.Random("deep", 1),
          "random deep",
          new ModelSpec.Origin.Random(
              new ModelConfig("qwen2", 16, 512, 1024, 8, 8, 64, 32_000, 32_768, false), 1),
          Optional.empty());

  @ParameterizedTest
  @CsvSource({"256, F16", "1024, F16"})
  void isWithinATenthOfTheGrowthOfResidentMemory(int context, KvType kvType) throws Exception {
    assertWithinATenth(HALF_BILLION, context, kvType);
  }

  @ParameterizedTest
  @CsvSource({"2048, F16", "1024, Q8_0"})
  void isAlsoForAnotherShapeWithALargerCache(int context, KvType kvType) throws Exception {
    assertWithinATenth(DEEP, context, kvType);
  }

  private static void assertWithinATenth(ModelSpec spec, int context, KvType kvType)
      throws Exception {
    Path model = SyntheticModels.materialize(spec, TinyChat.CACHE).files().getFirst();

    // A heap that is resident from the start does not grow, and the large compiler takes no memory.
    String said =
        new ChildJvm(
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1")
            .run(MemoryChild.class, model, TinyChat.CACHE, context, kvType);

    double growth = number(said, "growth");
    double estimate = number(said, "estimate");
    assertEquals(1.0, estimate / growth, 0.1, said);
  }

  private static double number(String said, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + " (\\d+)").matcher(said);
    assertTrue(matcher.find(), said);
    return Double.parseDouble(matcher.group(1));
  }
}
