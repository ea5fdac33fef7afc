package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.License;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.settings.Section;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCatalogTest {

  private static final Config REFERENCE = ConfigFactory.defaultReference().resolve();
  private static final ModelCatalog CATALOG = catalog("");

  @Test
  void pinsFilesWithSizesAndHashes() {
    ModelSpec.Origin.Hub hub =
        assertInstanceOf(ModelSpec.Origin.Hub.class, spec("qwen2.5-7b").origin());

    assertEquals("Qwen/Qwen2.5-7B-Instruct-GGUF", hub.repository());
    assertEquals("bb5d59e06d9551d752d08b292a50eb208b07ab1f", hub.revision());
    assertEquals(
        List.of(
            new ModelFile(
                "qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf",
                OptionalLong.of(3_993_201_344L),
                Optional.ofNullable(
                    "dfce12e3862a5283ccfb88221b48480e58745165de856439950d0f22590580db")),
            new ModelFile(
                "qwen2.5-7b-instruct-q4_k_m-00002-of-00002.gguf",
                OptionalLong.of(689_872_288L),
                Optional.ofNullable(
                    "539cf93f78e887edea1c04e2d7d8cdaca9d01dae9c9025bcb8accbe29df3d72a"))),
        hub.files());
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2.5-0.5b, 494032768",
    "qwen2.5-1.5b, 1543714304",
    "qwen2.5-3b, 3085938688",
    "qwen2.5-7b, 7615616512",
    "qwen2.5-14b, 14770033664",
    "qwen2.5-32b, 32763876352"
  })
  void shapesHaveTheParametersThatTheModelsAreKnownToHave(String name, long parameters) {
    assertEquals(parameters, CATALOG.entry(name).orElseThrow().shape().parameters());
  }

  @ParameterizedTest
  @CsvSource({"0.5b, 12288", "1.5b, 28672", "3b, 36864", "7b, 57344", "14b, 196608", "32b, 262144"})
  void shapesHaveTheCacheThatLlamaCppReports(String size, long bytesPerToken) {
    ModelConfig shape = CATALOG.entry("qwen2.5-" + size).orElseThrow().shape();

    assertEquals(bytesPerToken, 4L * shape.layers() * shape.kvHeads() * shape.headDimension());
  }

  @Test
  void onlyTheThreeBillionModelsAreUnfree() {
    List<String> unfree =
        CATALOG.entries().stream()
            .filter(entry -> !entry.license().free())
            .map(CatalogEntry::name)
            .toList();

    assertEquals(List.of("qwen2.5-3b", "qwen2.5-coder-3b"), unfree);
  }

  @Test
  void aNameThatIsAlmostKnownBringsTheNearOnes() {
    Failure failure = refusal("qwen2.5-1.5");

    assertEquals(FailureCode.UNKNOWN_MODEL, failure.code());
    assertTrue(failure.describe().contains("Did you mean"), failure.describe());
    assertTrue(failure.describe().contains("qwen2.5-1.5b"), failure.describe());
  }

  @Test
  void aQuantizationThatIsNotListedBringsTheOnesThatAre() {
    Failure failure = refusal("qwen2.5-0.5b:q2_k");

    assertEquals(FailureCode.UNKNOWN_MODEL, failure.code());
    assertTrue(failure.describe().contains("q4_k_m, q8_0"), failure.describe());
    assertTrue(
        failure.describe().contains("hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:q2_k"), failure.describe());
  }

  @Test
  void aFamilyThatTheLibraryDoesNotKnowIsRefusedByName() {
    Failure failure = refusal("qwen3-4b");

    assertEquals(FailureCode.UNSUPPORTED_MODEL, failure.code());
    assertTrue(failure.message().contains("'qwen3'"), failure.message());
  }

  @ParameterizedTest
  @CsvSource({
    "hf:Qwen/Qwen2.5-3B-Instruct, hf:Qwen/Qwen2.5-3B-Instruct-GGUF, qwen2.5-3b",
    "qwen/qwen2.5-coder-7b-instruct, hf:Qwen/Qwen2.5-Coder-7B-Instruct-GGUF, qwen2.5-coder-7b"
  })
  void aSafetensorsRepositoryIsRefusedWithItsGgufSibling(
      String named, String sibling, String shorter) {
    Failure failure = refusal(named);

    assertEquals(FailureCode.UNSUPPORTED_MODEL, failure.code());
    assertTrue(failure.describe().contains(sibling), failure.describe());
    assertTrue(failure.describe().contains("in short " + shorter), failure.describe());
  }

  @Test
  void aRepositoryOutsideTheCatalogueIsTakenAsNamed() {
    ModelSpec spec = spec("hf:bartowski/some-model-GGUF:Q5_K_M@refs-pr-1");

    assertEquals(
        new ModelSpec.Origin.Hub("bartowski/some-model-GGUF", "refs-pr-1", "Q5_K_M", List.of()),
        spec.origin());
    assertNull(spec.license().orElse(null));
  }

  @Test
  void shapesAreOwnOnesOrBorrowed() {
    assertEquals(256, random("random:small@3").config().embeddingLength());
    assertEquals(3, random("random:small@3").seed());
    assertEquals(
        CATALOG.entry("qwen2.5-0.5b").orElseThrow().shape(),
        random("random:qwen2.5-0.5b").config());
    assertTrue(refusal("random:smal").describe().contains("Did you mean small"));
  }

  @Test
  void usersAddModelsAndShapesOfTheirOwn() {
    ModelCatalog own =
        catalog(
            """
            finch.catalogue.licenses.house { name = "House rules", free = false }
            finch.catalogue.models.mine = ${finch.catalogue.models."qwen2.5-0.5b"} {
              title = "Mine", repository = "me/mine-GGUF", license = house
            }
            finch.random-shapes.wide = ${finch.random-shapes.small} { embedding-length = 512, heads = 8 }
            """);

    assertEquals(
        new License("house", "House rules", false, Optional.empty()),
        own.specOf(ModelReference.parse("mine")).license().orElse(null));
    assertEquals(CATALOG.entries().size() + 1, own.entries().size());
    assertInstanceOf(
        ModelSpec.Origin.Random.class, own.specOf(ModelReference.parse("random:wide")).origin());
  }

  @ParameterizedTest
  @CsvSource({
    "revision = main, finch.catalogue.models.qwen2.5-0.5b.revision",
    "license = unknown, finch.catalogue.models.qwen2.5-0.5b.license",
    "default = q1, finch.catalogue.models.qwen2.5-0.5b.default",
    "shape.layers = 0, finch.catalogue.models.qwen2.5-0.5b.shape.layers"
  })
  void aWrongEntryFailsAtStartWithItsKey(String setting, String key) {
    FinchException failed =
        assertThrows(
            FinchException.class,
            () -> catalog("finch.catalogue.models.\"qwen2.5-0.5b\"." + setting));

    assertEquals(FailureCode.SETTINGS_INVALID, failed.failure().code());
    assertTrue(failed.failure().message().startsWith(key), failed.failure().message());
  }

  private static ModelCatalog catalog(String settings) {
    Config config = ConfigFactory.parseString(settings).withFallback(REFERENCE).resolve();
    return ModelCatalog.from(Section.of(config, "finch"));
  }

  private static ModelSpec spec(String name) {
    return CATALOG.specOf(ModelReference.parse(name));
  }

  private static ModelSpec.Origin.Random random(String name) {
    return assertInstanceOf(ModelSpec.Origin.Random.class, spec(name).origin());
  }

  private static Failure refusal(String name) {
    return assertThrows(FinchException.class, () -> spec(name)).failure();
  }
}
