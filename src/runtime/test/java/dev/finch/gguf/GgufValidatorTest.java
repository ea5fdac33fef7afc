package dev.finch.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufValidatorTest {

  private static final int VERSION_AT = 4;
  private static final int TENSOR_COUNT_AT = 8;
  private static final int PAIR_COUNT_AT = 16;
  private static final int FIRST_KEY_LENGTH_AT = 24;

  @TempDir private Path directory;

  @Test
  void takesTheBuiltInModel() {
    GgufModel model = Fixtures.checked(Fixtures.tinyChat());

    assertEquals("qwen2", model.architecture());
    assertEquals("Q8_0", model.quantization());
    assertEquals(4, model.config().layers());
    assertEquals(1024, model.config().vocabularySize());
    assertTrue(model.config().tiedEmbeddings());
    assertEquals(model.config().parameters(), model.parameters());
  }

  @Test
  void takesASmallFileThatIsInOrder() {
    assertEquals(8, Fixtures.checked(Fixtures.file()).config().embeddingLength());
  }

  static Stream<Arguments> damagedBytes() {
    return Stream.of(
        bytes("is no GGUF file", file -> file.putInt(0, 0x46554748)),
        bytes("GGUF version 1 ", file -> file.putInt(VERSION_AT, 1)),
        bytes("GGUF version 4 ", file -> file.putInt(VERSION_AT, 4)),
        bytes("GGUF version 50331648", file -> file.putInt(VERSION_AT, 3 << 24)),
        bytes("18446744073709551615 tensors", file -> file.putLong(TENSOR_COUNT_AT, -1)),
        bytes("1099511627776 tensors", file -> file.putLong(TENSOR_COUNT_AT, 1L << 40)),
        bytes("metadata values", file -> file.putLong(PAIR_COUNT_AT, 1L << 40)),
        bytes("has a length of", file -> file.putLong(FIRST_KEY_LENGTH_AT, 1L << 62)),
        bytes("has a length of 18446744073709551615", f -> f.putLong(FIRST_KEY_LENGTH_AT, -1)));
  }

  @ParameterizedTest
  @MethodSource("damagedBytes")
  void refusesDamagedBytes(String said, Consumer<ByteBuffer> damage) {
    byte[] file = Fixtures.file();
    damage.accept(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));

    assertInvalid(said, file);
  }

  static Stream<Arguments> wrongMetadata() {
    return Stream.of(
        metadata("no general.architecture", all -> all.remove("general.architecture")),
        metadata("no llama.block_count", all -> all.remove("llama.block_count")),
        metadata("llama.block_count is 0", all -> all.put("llama.block_count", Fixtures.whole(0))),
        metadata(
            "llama.block_count is 513", all -> all.put("llama.block_count", Fixtures.whole(513))),
        metadata(
            "llama.attention.head_count is 0",
            all -> all.put("llama.attention.head_count", Fixtures.whole(0))),
        metadata(
            "llama.attention.head_count_kv is 3",
            all -> all.put("llama.attention.head_count_kv", Fixtures.whole(3))),
        metadata(
            "llama.rope.dimension_count is 64",
            all -> all.put("llama.rope.dimension_count", Fixtures.whole(64))),
        metadata(
            "llama.embedding_length is STRING",
            all -> all.put("llama.embedding_length", new MetadataValue.Text("8"))),
        metadata(
            "general.alignment", all -> all.put("general.alignment", new MetadataValue.Text("32"))),
        metadata("general.alignment", all -> all.put("general.alignment", Fixtures.whole(24))),
        metadata("general.alignment", all -> all.put("general.alignment", Fixtures.whole(0))),
        metadata(
            "tokenizer.ggml.token_type has 2 entries",
            all -> all.put("tokenizer.ggml.token_type", HeaderEncoder.int32s(new int[] {1, 1}))),
        metadata(
            "tokenizer.ggml.scores is of type array of INT32",
            all -> all.put("tokenizer.ggml.scores", HeaderEncoder.int32s(new int[] {1, 1, 1}))),
        metadata(
            "tokenizer.ggml.tokens is of type STRING",
            all -> all.put("tokenizer.ggml.tokens", new MetadataValue.Text("a"))),
        metadata(
            "tokenizer.ggml.tokens is of type array of INT32",
            all -> all.put("tokenizer.ggml.tokens", HeaderEncoder.int32s(new int[3]))),
        metadata(
            "token 2, which an earlier one equals",
            all -> all.put("tokenizer.ggml.tokens", HeaderEncoder.texts(List.of("a", "b", "a")))),
        metadata(
            "token 1, which an earlier one equals",
            all ->
                all.put("tokenizer.ggml.tokens", HeaderEncoder.texts(List.of("a", "a\0b", "c")))),
        metadata(
            "no token <0x00>",
            all -> all.put("tokenizer.ggml.model", new MetadataValue.Text("llama"))),
        metadata("llama.expert_count is 257", all -> put(all, "expert_count", 257)),
        metadata("llama.expert_used_count is 1", all -> put(all, "expert_used_count", 1)),
        metadata("llama.expert_used_count is 0", all -> put(all, "expert_count", 8)),
        metadata("llama.pooling_type is 5", all -> put(all, "pooling_type", 5)),
        metadata("llama.rope.dimension_count is 2", all -> put(all, "rope.dimension_count", 2)),
        metadata("llama.attention.value_length is 2", all -> put(all, "attention.value_length", 2)),
        metadata(
            "llama.rope.scaling.type is 'odd'",
            all -> all.put("llama.rope.scaling.type", new MetadataValue.Text("odd"))),
        metadata(
            "llama.attention.layer_norm_rms_epsilon is NaN",
            all ->
                all.put(
                    "llama.attention.layer_norm_rms_epsilon",
                    new MetadataValue.Real(ValueType.FLOAT32, Double.NaN))),
        metadata(
            "llama.attention.layer_norm_rms_epsilon is -1.0",
            all ->
                all.put(
                    "llama.attention.layer_norm_rms_epsilon",
                    new MetadataValue.Real(ValueType.FLOAT32, -1))),
        metadata("llama.rope.freq_base is NaN", all -> real(all, "rope.freq_base", Double.NaN)),
        metadata("llama.rope.freq_base is 0.0", all -> real(all, "rope.freq_base", 0)),
        metadata("llama.rope.freq_base is -1.0", all -> real(all, "rope.freq_base", -1)),
        metadata("llama.rope.freq_base_swa is 0.0", all -> real(all, "rope.freq_base_swa", 0)),
        metadata(
            "llama.rope.scaling.factor is Infinity",
            all -> real(all, "rope.scaling.factor", Double.POSITIVE_INFINITY)),
        metadata("llama.logit_scale is NaN", all -> real(all, "logit_scale", Double.NaN)),
        metadata(
            "general.alignment is 0 (UINT32)",
            all -> all.put("general.alignment", Fixtures.whole(0))),
        metadata(
            "general.alignment is '32'",
            all -> all.put("general.alignment", new MetadataValue.Text("32"))),
        metadata(
            "a vocabulary of 3 empty tokens",
            all -> all.put("tokenizer.ggml.tokens", HeaderEncoder.texts(List.of("", "", "\0a")))),
        metadata(
            "an empty vocabulary",
            all -> all.put("tokenizer.ggml.tokens", HeaderEncoder.texts(List.of()))));
  }

  private static void real(Map<String, MetadataValue> all, String key, double value) {
    all.put("llama." + key, new MetadataValue.Real(ValueType.FLOAT32, value));
  }

  @ParameterizedTest
  @MethodSource("wrongMetadata")
  void refusesWrongMetadata(String said, Consumer<Map<String, MetadataValue>> change) {
    Map<String, MetadataValue> metadata = Fixtures.metadata();
    change.accept(metadata);

    assertInvalid(said, Fixtures.file(metadata, Fixtures.tensors()));
  }

  static Stream<Arguments> wrongTensors() {
    return Stream.of(
        tensors("no tensors", _ -> List.of()),
        tensors("twice", all -> List.of(all.get(0), all.get(0))),
        tensors("over that of another", all -> moved(all, 64)),
        tensors("a multiple of 32", all -> moved(all, 100)),
        tensors("would need 32 bytes", all -> moved(all, 128)),
        tensors("at offset 18446744073709551584", all -> moved(all, -32)),
        tensors("from offset 9223372036854775776", all -> moved(all, Long.MAX_VALUE - 31)),
        tensors("the shape [8, 0]", all -> reshaped(all, List.of(8L, 0L))),
        tensors("the shape [8, -1]", all -> reshaped(all, List.of(8L, -1L))),
        tensors("the shape [4611686018427387904, 4]", all -> reshaped(all, List.of(1L << 62, 4L))),
        tensors("0 dimensions", all -> reshaped(all, List.of())),
        tensors("5 dimensions", all -> reshaped(all, List.of(1L, 1L, 1L, 1L, 1L))),
        tensors(
            "rows of 8",
            all ->
                List.of(
                    new TensorInfo("token_embd.weight", TensorType.Q8_0, List.of(8L, 3L), 0),
                    all.get(1))),
        tensors(
            "'output_norm.weight' [8] has type I32",
            all ->
                List.of(
                    all.get(0),
                    new TensorInfo("output_norm.weight", TensorType.I32, List.of(8L), 96))),
        tensors(
            "'token_embd.weight' [8, 3] has type I32",
            all ->
                List.of(
                    new TensorInfo("token_embd.weight", TensorType.I32, List.of(8L, 3L), 0),
                    all.get(1))),
        tensors(
            "the name of tensor 0 has a length of 64",
            all ->
                List.of(
                    new TensorInfo("x".repeat(64), TensorType.F32, List.of(8L), 0), all.get(1))));
  }

  @ParameterizedTest
  @MethodSource("wrongTensors")
  void refusesAWrongTensorTable(String said, UnaryOperator<List<TensorInfo>> change) {
    assertInvalid(said, Fixtures.file(Fixtures.metadata(), change.apply(Fixtures.tensors())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3", "llama4", "gpt-oss", "gemma3n", "nonsense"})
  void refusesArchitecturesThatTheLibraryDoesNotKnowByName(String architecture) {
    Map<String, MetadataValue> metadata = Fixtures.metadata();
    metadata.put("general.architecture", new MetadataValue.Text(architecture));

    Failure failure = refusal(Fixtures.file(metadata, Fixtures.tensors()));

    assertEquals(FailureCode.UNSUPPORTED_MODEL, failure.code());
    assertTrue(failure.message().contains("'" + architecture + "'"), failure.message());
  }

  @Test
  void refusesAnAdapterGivenAsAModel() {
    Map<String, MetadataValue> metadata = Fixtures.metadata();
    metadata.put("general.type", new MetadataValue.Text("adapter"));

    assertEquals(
        FailureCode.UNSUPPORTED_MODEL, refusal(Fixtures.file(metadata, Fixtures.tensors())).code());
  }

  @Test
  void refusesATokenizerThatIsNotInTheFile() {
    Map<String, MetadataValue> metadata = Fixtures.metadata();
    metadata.put("tokenizer.ggml.model", new MetadataValue.Text("none"));

    assertEquals(
        FailureCode.UNSUPPORTED_MODEL, refusal(Fixtures.file(metadata, Fixtures.tensors())).code());
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole = Fixtures.file();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(FinchException.class, () -> Fixtures.checked(cut), "cut to " + length);
    }
  }

  @Test
  void aMissingFileAndADirectoryAreFailuresToo() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.gguf"));
    for (Path path : List.of(directory.resolve("missing.gguf"), directory, empty)) {
      FinchException failed =
          assertThrows(
              FinchException.class, () -> GgufValidator.check(List.of(path), Architectures.B4916));
      assertEquals(FailureCode.MODEL_FILE_INVALID, failed.failure().code());
      assertTrue(failed.failure().message().contains(path.toString()));
    }
  }

  private static Arguments bytes(String said, Consumer<ByteBuffer> damage) {
    return Arguments.of(said, damage);
  }

  private static Arguments metadata(String said, Consumer<Map<String, MetadataValue>> change) {
    return Arguments.of(said, change);
  }

  private static void put(Map<String, MetadataValue> metadata, String key, long value) {
    metadata.put("llama." + key, Fixtures.whole(value));
  }

  private static Arguments tensors(String said, UnaryOperator<List<TensorInfo>> change) {
    return Arguments.of(said, change);
  }

  private static List<TensorInfo> moved(List<TensorInfo> tensors, long offset) {
    TensorInfo second = tensors.get(1);
    return List.of(
        tensors.get(0), new TensorInfo(second.name(), second.type(), second.shape(), offset));
  }

  private static List<TensorInfo> reshaped(List<TensorInfo> tensors, List<Long> shape) {
    List<TensorInfo> changed = new ArrayList<>(tensors);
    TensorInfo first = tensors.get(0);
    changed.set(0, new TensorInfo(first.name(), first.type(), shape, first.offset()));
    return changed;
  }

  private static Failure refusal(byte[] file) {
    return assertThrows(FinchException.class, () -> Fixtures.checked(file)).failure();
  }

  private static void assertInvalid(String said, byte[] file) {
    Failure failure = refusal(file);
    assertEquals(FailureCode.MODEL_FILE_INVALID, failure.code());
    assertTrue(failure.message().contains(said), failure.message());
    assertTrue(failure.message().contains("fixture.gguf"), failure.message());
  }
}
