package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.settings.Section;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {

  private static final long GIB = 1L << 30;
  private static final Set<String> NOTHING = Set.of();
  private static final Set<String> RESEARCH = Set.of("qwen-research");

  private static final Config REFERENCE = ConfigFactory.defaultReference().resolve();
  private static final Selection SELECTION = selection(REFERENCE);

  @ParameterizedTest
  @CsvSource({
    "3072, qwen2.5-0.5b",
    "4096, qwen2.5-0.5b",
    "6143, qwen2.5-0.5b",
    "6144, qwen2.5-1.5b",
    "7800, qwen2.5-1.5b",
    "8192, qwen2.5-1.5b",
    "12287, qwen2.5-1.5b",
    "12288, qwen2.5-3b",
    "15700, qwen2.5-3b",
    "16384, qwen2.5-3b",
    "24575, qwen2.5-3b",
    "24576, qwen2.5-7b",
    "32768, qwen2.5-7b",
    "49151, qwen2.5-7b",
    "49152, qwen2.5-14b",
    "65536, qwen2.5-14b",
    "1048576, qwen2.5-14b"
  })
  void theTableGivesEachMachineItsModel(long mebibytes, String model) {
    assertEquals(model, chosen(auto(RESEARCH, idle(mebibytes << 20))));
  }

  @ParameterizedTest
  @ValueSource(longs = {256, 1024, 2048, 3071})
  void belowTheFirstRowNoneFits(long mebibytes) {
    Failure why =
        assertInstanceOf(ModelSelector.NoneFits.class, auto(RESEARCH, idle(mebibytes << 20))).why();

    assertEquals(FailureCode.NONE_FITS, why.code());
    assertTrue(why.message().contains("3.2 GB"), why.message());
  }

  @ParameterizedTest
  @CsvSource({"12288, qwen2.5-1.5b", "24575, qwen2.5-1.5b", "24576, qwen2.5-7b"})
  void withoutConsentTheNextFreeModelIsTakenAndThatIsSaid(long mebibytes, String model) {
    ModelSelector.Selected selected = selected(auto(NOTHING, idle(mebibytes << 20)));

    assertEquals(model, selected.spec().reference().toString());
    assertEquals(
        model.equals("qwen2.5-1.5b"), selected.why().contains("--accept-license qwen-research"));
  }

  @Test
  void whatIsAvailableNowCountsBesideTheTotal() {
    Hardware busy = new Hardware(32 * GIB, 5 * GIB / 2, -1, 4, List.of());

    ModelSelector.Selected selected = selected(auto(RESEARCH, busy));

    assertEquals("qwen2.5-1.5b", selected.spec().reference().toString());
    assertTrue(selected.why().contains("qwen2.5-7b needs"), selected.why());
    assertTrue(selected.why().contains("available now"), selected.why());
  }

  @Test
  void noneFitsWhereNothingIsAvailableAndTheNumbersAreSaid() {
    Hardware full = new Hardware(8 * GIB, GIB / 2, -1, 4, List.of());

    Failure why = assertInstanceOf(ModelSelector.NoneFits.class, auto(RESEARCH, full)).why();

    assertTrue(why.message().contains("qwen2.5-0.5b needs"), why.message());
    assertTrue(why.retryable());
  }

  @Test
  void theContainersLimitCountsAsTheMachinesMemory() {
    Hardware contained = new Hardware(64 * GIB, 4 * GIB, 4 * GIB, 2, List.of());

    ModelSelector.Selected selected = selected(auto(RESEARCH, contained));

    assertEquals("qwen2.5-0.5b", selected.spec().reference().toString());
    assertTrue(selected.why().startsWith("This container may use 4.3 GB"), selected.why());
  }

  @Test
  void theSameMeasurementsGiveTheSameAnswer() {
    Hardware hardware = new Hardware(16 * GIB, 9 * GIB, -1, 8, List.of());

    assertEquals(auto(NOTHING, hardware), auto(NOTHING, hardware));
  }

  @Test
  void anExplicitChoiceWinsWithAWarningWhereItWillNotFit() {
    ModelSelector.Selected selected = selected(explicit("qwen2.5-14b", NOTHING, idle(8 * GIB)));

    assertEquals("qwen2.5-14b", selected.spec().reference().toString());
    assertEquals(1, selected.warnings().size());
    assertTrue(selected.warnings().getFirst().contains("needs about"), selected.why());
  }

  @Test
  void anExplicitChoiceThatFitsHasNoWarning() {
    assertEquals(
        List.of(), selected(explicit("qwen2.5-0.5b:q8_0", NOTHING, idle(8 * GIB))).warnings());
  }

  @Test
  void aQuantizationIsTakenByName() {
    ModelSpec spec = selected(explicit("qwen2.5-1.5b:q8_0", NOTHING, idle(8 * GIB))).spec();

    assertEquals("Qwen2.5-1.5B Instruct Q8_0", spec.name());
    assertEquals(1_894_532_128L, spec.downloadBytes());
  }

  @Test
  void aRandomModelOfABorrowedShapeIsWeighedToo() {
    assertEquals(
        1, selected(explicit("random:qwen2.5-32b", NOTHING, idle(8 * GIB))).warnings().size());
    assertEquals(0, selected(explicit("random:small@7", NOTHING, idle(8 * GIB))).warnings().size());
  }

  @Test
  void aFileIsWeighedByItsHeader() {
    MemoryEstimate large = new MemoryEstimate(20 * GIB, GIB, GIB, 0);

    ModelSelector.Reply reply =
        SELECTION.select(
            ModelReference.parse("file:/models/some.gguf"),
            NOTHING,
            idle(8 * GIB),
            Optional.of(large));

    assertEquals(1, selected(reply).warnings().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2.5-3b",
        "qwen2.5-3b:q8_0",
        "hf:Qwen/Qwen2.5-3B-Instruct-GGUF",
        "hf:qwen/qwen2.5-3b-instruct-gguf:Q4_K_M"
      })
  void anUnfreeLicenseIsRefusedUntilItIsAccepted(String name) {
    Failure why =
        assertInstanceOf(ModelSelector.Refused.class, explicit(name, NOTHING, idle(16 * GIB)))
            .why();

    assertEquals(FailureCode.LICENSE_NOT_ACCEPTED, why.code());
    assertTrue(why.describe().contains("--accept-license qwen-research"), why.describe());
    assertTrue(why.describe().contains("finch.licenses.accept"), why.describe());
    assertInstanceOf(ModelSelector.Selected.class, explicit(name, RESEARCH, idle(16 * GIB)), name);
  }

  @Test
  void whatCouldNotBeMeasuredIsAWarningOfEveryChoice() {
    Hardware assumed = new Hardware(8 * GIB, 8 * GIB, -1, 4, List.of("8 GB are assumed."));

    assertEquals(List.of("8 GB are assumed."), selected(auto(NOTHING, assumed)).warnings());
    assertEquals(
        List.of("8 GB are assumed."), selected(explicit("builtin", NOTHING, assumed)).warnings());
  }

  @Test
  void theAssessmentSaysOfEachModelWhetherItFits() {
    MachineFit fit = SELECTION.assess(NOTHING, idle(8 * GIB));

    assertEquals("qwen2.5-1.5b", String.valueOf(fit.chosen()));
    assertTrue(verdict(fit, "qwen2.5-7b").fits());
    assertTrue(verdict(fit, "qwen2.5-14b").verdict().startsWith("needs "));
    assertTrue(verdict(fit, "qwen2.5-3b").verdict().contains("--accept-license"));
    assertEquals("needs a newer release of llama.cpp", verdict(fit, "qwen3-0.6b").verdict());
  }

  @Test
  void aTableThatNamesAnUnknownModelFailsAtStart() {
    Config odd =
        ConfigFactory.parseString(
                "finch.selection.table = [{ from = 1 GiB, model = \"qwen2.5-1.5\" }]")
            .withFallback(REFERENCE)
            .resolve();

    Failure failure = assertThrows(FinchException.class, () -> selection(odd)).failure();

    assertEquals(FailureCode.SETTINGS_INVALID, failure.code());
    assertTrue(failure.describe().contains("qwen2.5-1.5b"), failure.describe());
  }

  private static MachineFit.Verdict verdict(MachineFit fit, String name) {
    return fit.verdicts().stream()
        .filter(verdict -> verdict.reference().toString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Selection selection(Config config) {
    return new Selection(
        ModelCatalog.from(Section.of(config, "finch")),
        SelectionSettings.from(Section.of(config, "finch.selection")));
  }

  /** A machine with most of its memory available. */
  private static Hardware idle(long bytes) {
    return new Hardware(bytes, bytes / 10 * 9, -1, 4, List.of());
  }

  private static ModelSelector.Reply auto(Set<String> accepted, Hardware hardware) {
    return SELECTION.select(ModelReference.AUTO, accepted, hardware, Optional.empty());
  }

  private static ModelSelector.Reply explicit(
      String name, Set<String> accepted, Hardware hardware) {
    return SELECTION.select(ModelReference.parse(name), accepted, hardware, Optional.empty());
  }

  private static ModelSelector.Selected selected(ModelSelector.Reply reply) {
    return assertInstanceOf(ModelSelector.Selected.class, reply);
  }

  private static String chosen(ModelSelector.Reply reply) {
    return selected(reply).spec().reference().toString();
  }
}
