package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
          null);

  @ParameterizedTest
  @CsvSource({"256, F16", "1024, F16"})
  void isWithinATenthOfTheGrowthOfResidentMemory(int context, String kvType) throws Exception {
    Path model = SyntheticModels.materialize(HALF_BILLION, TinyChat.CACHE).files().getFirst();

    String said = child(model, context, kvType);

    double growth = number(said, "growth");
    double estimate = number(said, "estimate");
    assertEquals(1.0, estimate / growth, 0.1, said);
  }

  private static String child(Path model, int context, String kvType)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A heap that is resident from the start does not grow.
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryChild.class.getName(),
                model.toString(),
                TinyChat.CACHE.toString(),
                String.valueOf(context),
                kvType)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(10, TimeUnit.SECONDS), said);
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  private static double number(String said, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + " (\\d+)").matcher(said);
    assertTrue(matcher.find(), said);
    return Double.parseDouble(matcher.group(1));
  }
}
