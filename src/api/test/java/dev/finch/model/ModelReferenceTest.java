package dev.finch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as people name them: by what they copied from a browser, or typed. */
final class ModelReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "https://huggingface.co/acme/x-GGUF, hf:acme/x-GGUF",
    "http://huggingface.co/acme/x-GGUF/, hf:acme/x-GGUF",
    "HTTPS://HuggingFace.co/acme/x-GGUF, hf:acme/x-GGUF",
    "https://www.huggingface.co/acme/x-GGUF, hf:acme/x-GGUF",
    "huggingface.co/acme/x-GGUF, hf:acme/x-GGUF",
    "huggingface.co/acme/x-GGUF:Q4_K_M, hf:acme/x-GGUF:Q4_K_M",
    "https://hf.co/acme/x-GGUF:Q4_K_M, hf:acme/x-GGUF:Q4_K_M",
    "hf.co/acme/x-GGUF@dev, hf:acme/x-GGUF@dev",
    "hf:huggingface.co/acme/x-GGUF, hf:acme/x-GGUF",
    "hf:https://huggingface.co/acme/x-GGUF, hf:acme/x-GGUF",
    "https://huggingface.co/acme/x-GGUF/tree/main, hf:acme/x-GGUF",
    "https://huggingface.co/acme/x-GGUF/tree/v2, hf:acme/x-GGUF@v2",
    "https://huggingface.co/acme/x-GGUF/tree/main/sub, hf:acme/x-GGUF",
    "https://huggingface.co/acme/x-GGUF/blob/main/x-Q8_0.gguf, hf:acme/x-GGUF:x-Q8_0.gguf",
    "https://huggingface.co/acme/x-GGUF/blob/v2/sub/x.gguf, hf:acme/x-GGUF:sub/x.gguf@v2",
    "huggingface.co/acme/x/resolve/main/x.gguf?download=true, hf:acme/x:x.gguf",
    "https://huggingface.co/acme/x/resolve/refs%2Fpr%2F1/x.gguf, hf:acme/x:x.gguf@refs/pr/1",
    "https://huggingface.co/acme/x/blob/main/a%20b.gguf, hf:acme/x:a b.gguf",
    "https://huggingface.co/acme/x?show_file_info=x-Q4_0.gguf, hf:acme/x:x-Q4_0.gguf",
    "https://huggingface.co/acme/x?library=gguf, hf:acme/x",
    "https://huggingface.co/acme/x#usage, hf:acme/x",
    "https://huggingface.co/acme/x/discussions/3, hf:acme/x",
  })
  void aPastedAddressMeansWhatItShows(String address, String reference) {
    assertEquals(ModelReference.parse(reference), ModelReference.parse(address));
    assertEquals(reference, ModelReference.parse(address).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://huggingface.co/acme",
        "https://huggingface.co/datasets/acme/x",
        "https://huggingface.co/spaces/acme/x",
        "https://huggingface.co/acme/x/blob/main",
        "https://example.com/acme/x",
        "https://huggingface.co.evil.test/acme/x",
        "https://huggingface.co/",
        "https://huggingface.co/acme/..",
      })
  void whatShowsNoModelIsRefusedWithTheFormsThatThereAre(String address) {
    FinchException refused =
        assertThrows(FinchException.class, () -> ModelReference.parse(address));

    assertEquals(FailureCode.UNKNOWN_MODEL, refused.failure().code());
    assertTrue(refused.failure().describe().contains("huggingface.co"));
  }

  @ParameterizedTest
  @CsvSource({
    "file:~/m.gguf, /m.gguf",
    "file:~/a/m.gguf, /a/m.gguf",
    "~/m.gguf, /m.gguf",
  })
  void theTildeIsTheHomeDirectory(String text, String below) {
    String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));

    assertEquals(new ModelReference.LocalFile(Path.of(home + below)), ModelReference.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:a~/m.gguf", "file:/x/~/m.gguf", "file:~other/m.gguf"})
  void aTildeElsewhereIsACharacterLikeAnyOther(String text) {
    Path path = Path.of(text.substring("file:".length()));

    assertEquals(new ModelReference.LocalFile(path), ModelReference.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"random:", "Random:", "random:@7", "random: "})
  void randomWeightsWithoutAShapeAreToldWhatAShapeIs(String text) {
    FinchException refused = assertThrows(FinchException.class, () -> ModelReference.parse(text));

    assertTrue(refused.failure().message().contains("names no shape"), refused.getMessage());
    assertTrue(refused.failure().describe().contains("random:small"), refused.getMessage());
  }

  /** Ollama's clients put the tag behind every name. */
  @ParameterizedTest
  @CsvSource({
    "auto:latest, auto",
    "BUILTIN:LATEST, builtin",
    "builtin:Latest, builtin",
    "builtin:q8_0, builtin",
    "Builtin:Q8_0, builtin",
    "qwen2.5-0.5b:latest, qwen2.5-0.5b",
    "Qwen2.5-0.5B:LATEST, qwen2.5-0.5b",
    "' qwen2.5-0.5b:latest ', qwen2.5-0.5b",
    "hf:acme/x-GGUF:latest, hf:acme/x-GGUF",
    "hf.co/acme/x-GGUF:latest, hf:acme/x-GGUF",
    "random:small:latest, random:small",
    "file:/x/a:latest, file:/x/a:latest",
    "qwen2.5-0.5b:q4_k_m, qwen2.5-0.5b:q4_k_m",
  })
  void theTagThatSaysNothingIsLeftOut(String text, String reference) {
    assertEquals(reference, ModelReference.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"builtin:q4_k_m", "builtin:", "builtin:q8_0:latest:x"})
  void theDemonstrationModelHasOneQuantization(String text) {
    FinchException refused = assertThrows(FinchException.class, () -> ModelReference.parse(text));

    assertTrue(refused.failure().describe().contains("q8_0"), refused.getMessage());
  }

  /** RFC 8089; what stands behind one slash is a path, escapes and all. */
  @ParameterizedTest
  @CsvSource({
    "file:///a%20b/m.gguf, /a b/m.gguf",
    "FILE:///a%20b/m.gguf, /a b/m.gguf",
    "file://localhost/a%20b/m.gguf, /a b/m.gguf",
    "file:///a%C3%A9/m.gguf, /aé/m.gguf",
    "file:///a+b/m.gguf, /a+b/m.gguf",
    "file:///a%2/m%20.gguf, /a%2/m%20.gguf",
    "file:///100%/m.gguf, /100%/m.gguf",
    "file:///a%FF/m.gguf, /a%FF/m.gguf",
    "file:/a%20b/m.gguf, /a%20b/m.gguf",
    "file:a%20b.gguf, a%20b.gguf",
    "file://./m.gguf, ./m.gguf",
    "file://../a%20b.gguf, ../a b.gguf",
  })
  void anAddressOfAFileIsReadAsOne(String text, String path) {
    assertEquals(new ModelReference.LocalFile(Path.of(path)), ModelReference.parse(text));
    assertEquals(
        ModelReference.parse(text), ModelReference.parse(ModelReference.parse(text).toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file://~/m.gguf", "file:///~/m.gguf"})
  void theTildeOfAnAddressIsTheHomeDirectoryToo(String text) {
    assertEquals(ModelReference.parse("file:~/m.gguf"), ModelReference.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "file://server/m.gguf, another machine",
    "file://models/m.gguf, another machine",
    "file:, names no file",
    "file:/, names no file",
    "file:///, names no file",
    "file://localhost, names no file",
    "file:///a%00b.gguf, control character",
    "file:///a%0Ab.gguf, control character",
  })
  void anAddressOfNoFileHereIsRefused(String text, String why) {
    FinchException refused = assertThrows(FinchException.class, () -> ModelReference.parse(text));

    assertTrue(refused.failure().message().contains(why), refused.getMessage());
  }
}
