package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufValidator;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticModelsTest {

  private static final ModelConfig TINY =
      new ModelConfig("qwen2", 2, 64, 96, 4, 2, 16, 1500, 256, true);

  @TempDir private Path cache;

  @Test
  void writesTheBuiltInModelAsItIsInTheJar() throws IOException {
    ModelSpec spec =
        new ModelSpec(
            ModelReference.BUILT_IN, "demo", new ModelSpec.Origin.BuiltIn(), Optional.empty());

    Path file = SyntheticModels.materialize(spec, cache).files().getFirst();

    try (var jar = getClass().getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      assertArrayEquals(jar.readAllBytes(), Files.readAllBytes(file));
    }
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
    Path first = SyntheticModels.materialize(random(TINY, 7), cache.resolve("a")).files().get(0);
    Path again = SyntheticModels.materialize(random(TINY, 7), cache.resolve("b")).files().get(0);
    Path other = SyntheticModels.materialize(random(TINY, 8), cache.resolve("a")).files().get(0);

    assertEquals(-1, Files.mismatch(first, again));
    assertTrue(Files.mismatch(first, other) >= 0);
  }

  @Test
  void theFileHasTheShapeThatWasAskedFor() {
    GgufModel model = check(SyntheticModels.materialize(random(TINY, 1), cache).files());

    assertEquals(TINY, model.config());
    assertEquals("Q8_0", model.quantization());
    assertEquals(1500, model.header().array("tokenizer.ggml.tokens").orElseThrow().count());
    assertTrue(model.chatTemplate().isPresent());
  }

  @Test
  void aModelWithoutTiedEmbeddingsHasAnOutputLayer() {
    ModelConfig untied = new ModelConfig("qwen2", 1, 32, 32, 2, 1, 16, 1024, 64, false);

    assertEquals(
        untied, check(SyntheticModels.materialize(random(untied, 1), cache).files()).config());
  }

  @Test
  void aFileThatIsThereIsUsedAgain() throws IOException {
    Path file = SyntheticModels.materialize(random(TINY, 7), cache).files().getFirst();
    Object written = Files.getAttribute(file, "unix:ino");

    SyntheticModels.materialize(random(TINY, 7), cache);

    assertEquals(written, Files.getAttribute(file, "unix:ino"));
  }

  @Test
  void aFileThatWasCutShortIsWrittenAnew() throws IOException {
    Path file = SyntheticModels.materialize(random(TINY, 7), cache).files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    SyntheticModels.materialize(random(TINY, 7), cache);

    assertArrayEquals(whole, Files.readAllBytes(file));
  }

  @Test
  void partsLeftByKilledProcessesAreRemovedAfterADay() throws IOException {
    Path models = Files.createDirectories(cache.resolve("models"));
    Path old = Files.createFile(models.resolve(".old.part"));
    Path young = Files.createFile(models.resolve(".young.part"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    SyntheticModels.materialize(random(TINY, 7), cache);

    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
  }

  @RepeatedTest(20)
  void eightWritersAtOnceLeaveOneWholeFileAndNothingElse() throws Exception {
    Callable<Path> write = () -> SyntheticModels.materialize(random(TINY, 3), cache).files().get(0);
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var written : threads.invokeAll(Collections.nCopies(8, write))) {
        check(List.of(written.get()));
      }
    }
    try (Stream<Path> files = Files.list(cache.resolve("models"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(2, names.size(), names::toString);
      assertEquals("." + names.getLast() + ".seal", names.getFirst());
    }
  }

  @Test
  void aShapeThatQwen2CannotHaveIsRefusedWithTheKey() {
    ModelConfig odd = new ModelConfig("qwen2", 1, 48, 32, 2, 1, 24, 1024, 64, true);

    FinchException refused =
        assertThrows(
            FinchException.class, () -> SyntheticModels.materialize(random(odd, 1), cache));

    assertEquals(FailureCode.BAD_REQUEST, refused.failure().code());
    assertTrue(refused.failure().message().contains("embedding-length"));
  }

  private static GgufModel check(List<Path> files) {
    return GgufValidator.check(files, Architectures.B4916);
  }

  private static ModelSpec random(ModelConfig config, long seed) {
    return new ModelSpec(
        new ModelReference.Random("tiny", seed),
        "tiny",
        new ModelSpec.Origin.Random(config, seed),
        Optional.empty());
  }
}
