package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GgufChoiceTest {

  private static final List<String> CODER =
      List.of(
          "README.md",
          "coder-q4_k_m-00001-of-00002.gguf",
          "coder-q4_k_m-00002-of-00002.gguf",
          "coder-q4_k_m.gguf",
          "coder-q8_0.gguf",
          "mmproj-coder-f16.gguf",
          "coder.imatrix.gguf",
          "mtp-coder-q4_k_m.gguf");

  @Test
  void takesTheWholeFileWhereTheQuantizationIsThereSplitToo() {
    assertEquals(List.of("coder-q4_k_m.gguf"), choose(CODER, null));
    assertEquals(List.of("coder-q4_k_m.gguf"), choose(CODER, "Q4_K_M"));
    assertEquals(List.of("coder-q8_0.gguf"), choose(CODER, "q8_0"));
  }

  @Test
  void takesTheSplitSetThatAnyOfItsPartsNames() {
    assertEquals(
        List.of("coder-q4_k_m-00001-of-00002.gguf", "coder-q4_k_m-00002-of-00002.gguf"),
        choose(CODER, "coder-q4_k_m-00002-of-00002.gguf"));
  }

  @Test
  void prefersQ4KMThenQ80ThenWhatIsNearestToFourBits() {
    assertEquals(List.of("m-Q8_0.gguf"), choose(List.of("m-Q2_K.gguf", "m-Q8_0.gguf"), null));
    assertEquals(List.of("m-Q5_K_S.gguf"), choose(List.of("m-Q2_K.gguf", "m-Q5_K_S.gguf"), null));
  }

  @ParameterizedTest
  @CsvSource({
    "m-UD-Q4_K_XL, m-IQ4_XS m-UD-Q4_K_XL m-BF16",
    "m-IQ4_XS, m-BF16 m-IQ4_XS m-Q3_K_M",
    "m-MXFP4, m-F16 m-F32 m-MXFP4 m-Q8_K",
    "m-Q4_0, m-BF16 m-Q4_0 m-Q5_K_M m-Q6_K",
    "m-Q5_K_S, m-Q3_K_L m-Q5_K_S m-Q6_K m-F16",
    "m-Q6_K, m-F16 m-Q6_K m-Q3_K_S m-Q2_K",
    "m-IQ3_XXS, m-F16 m-IQ3_XXS m-IQ2_M m-TQ1_0",
    "m-TQ1_0, m m-BF16 m-TQ1_0",
    "m, m m-BF16 m-f32",
    "m-BF16, m-BF16 m-fp32",
  })
  void neverTakesSixteenBitsWhereThereIsAnythingLess(String chosen, String names) {
    List<String> paths = Arrays.stream(names.split(" ")).map(name -> name + ".gguf").toList();

    assertEquals(List.of(chosen + ".gguf"), choose(paths, null));
    assertEquals(List.of(chosen + ".gguf"), choose(paths.reversed(), null));
  }

  @Test
  void passesOverABigSplitSetThatStandsFirst() {
    assertEquals(
        List.of("m-UD-Q4_K_XL.gguf"),
        choose(
            List.of(
                "m-BF16/m-BF16-00001-of-00002.gguf",
                "m-BF16/m-BF16-00002-of-00002.gguf",
                "m-IQ4_XS.gguf",
                "m-UD-Q4_K_XL.gguf"),
            null));
  }

  @Test
  void knowsAQuantizationFromAPartOfItsName() {
    List<String> paths = List.of("m-Q4_K_M.gguf", "m-Q4_K_S.gguf", "IQ4_XS/m-IQ4_XS.gguf");
    assertEquals(List.of("IQ4_XS/m-IQ4_XS.gguf"), choose(paths, "iq4_xs"));
    assertThrows(FinchException.class, () -> choose(paths, "Q4_K"));
  }

  @Test
  void putsTheFiguresOfASplitSetInOrderAndLeavesOutAnIncompleteOne() {
    assertEquals(
        List.of("a-00001-of-00003.gguf", "a-00002-of-00003.gguf", "a-00003-of-00003.gguf"),
        choose(
            List.of("a-00003-of-00003.gguf", "a-00001-of-00003.gguf", "a-00002-of-00003.gguf"),
            null));
    FinchException incomplete =
        assertThrows(FinchException.class, () -> choose(List.of("a-00001-of-00003.gguf"), null));
    assertTrue(incomplete.failure().message().contains("parts are missing"));
  }

  @Test
  void namesWhatThereIsWhereTheWishIsNot() {
    FinchException unknown = assertThrows(FinchException.class, () -> choose(CODER, "q3_k"));
    assertEquals(FailureCode.UNKNOWN_MODEL, unknown.failure().code());
    assertEquals("It has Q4_K_M, Q8_0.", unknown.failure().hint().orElse(null));
  }

  @Test
  void leavesCompanionsOut() {
    for (String path : CODER.subList(5, CODER.size())) {
      assertNull(GgufName.parse(path), path);
    }
  }

  private static List<String> choose(List<String> paths, @Nullable String selector) {
    return GgufChoice.choose("acme/coder", paths, selector);
  }
}
