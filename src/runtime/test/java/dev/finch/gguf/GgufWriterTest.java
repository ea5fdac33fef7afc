package dev.finch.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {

  @TempDir private Path directory;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = directory.resolve("all.gguf");
    GgufWriter writer = new GgufWriter();
    Fixtures.metadata().forEach(writer::put);
    writer
        .tensor("a", TensorType.F32, List.of(3L), TensorData.constant(TensorType.F32, 1))
        .tensor("b", TensorType.Q8_0, List.of(64L, 2L), TensorData.constant(TensorType.Q8_0, 1))
        .write(file);

    GgufFile read = GgufReader.read(file);

    assertEquals(3, read.version());
    assertEquals(Files.size(file), writer.fileBytes());
    assertEquals(
        List.of(
            new TensorInfo("a", TensorType.F32, List.of(3L), 0),
            new TensorInfo("b", TensorType.Q8_0, List.of(64L, 2L), 32)),
        read.tensors());
    Fixtures.metadata().forEach((key, value) -> assertSameValue(key, value, read.metadata()));
    assertEquals(
        new ArrayList<>(Fixtures.metadata().keySet()), List.copyOf(read.metadata().keySet()));
  }

  @Test
  void theBuiltInModelsHeaderSurvivesReadingAndWriting() {
    byte[] file = Fixtures.tinyChat();
    GgufFile read = Fixtures.header(file);

    ByteBuffer written = HeaderEncoder.encode(read.metadata(), read.tensors());

    assertEquals(ByteBuffer.wrap(file, 0, written.remaining()), written);
  }

  @Test
  void tensorsLargerThanARunAreWhole() throws IOException {
    int elements = 300_000;
    float[] numbers = new float[elements];
    for (int i = 0; i < elements; i++) {
      numbers[i] = i;
    }
    Path file = directory.resolve("large.gguf");
    new GgufWriter()
        .tensor(
            "x", TensorType.F32, List.of((long) elements), TensorData.of(TensorType.F32, numbers))
        .write(file);

    GgufFile header = GgufReader.read(file);
    ByteBuffer data =
        ByteBuffer.wrap(Files.readAllBytes(file))
            .position((int) header.dataOffset())
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] read = new float[elements];
    data.asFloatBuffer().get(read);
    assertArrayEquals(numbers, read);
  }

  @Test
  void q8KeepsNumbersWithinHalfAStep() {
    float[] numbers = new float[64];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Math.sin(i * 1.7) * (i + 1);
    }
    ByteBuffer out = ByteBuffer.allocate(68).order(ByteOrder.LITTLE_ENDIAN);

    TensorData.of(TensorType.Q8_0, numbers).encode(0, 64, out);

    out.flip();
    for (int block = 0; block < 64; block += 32) {
      float scale = Float.float16ToFloat(out.getShort());
      for (int i = block; i < block + 32; i++) {
        // Half a step, and what the scale lost in half precision.
        assertEquals(numbers[i], out.get() * scale, scale * 0.57f, "element " + i);
      }
    }
  }

  @Test
  void q8OfZerosIsZeros() {
    ByteBuffer out = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);

    TensorData.constant(TensorType.Q8_0, 0).encode(0, 32, out);

    assertArrayEquals(new byte[34], out.array());
  }

  @Test
  void aSplitSetIsOneModel() throws IOException {
    List<Path> parts = splitModel().writeSplit(directory, "tiny", 3);

    assertEquals("tiny-00002-of-00003.gguf", parts.get(1).getFileName().toString());
    GgufModel model = GgufValidator.check(parts, Architectures.B4916);
    assertEquals(List.of("a", "b", "c", "d", "e"), names(model));
    assertEquals(parts, SplitSet.of(parts.get(2)));
  }

  @Test
  void anIncompleteSetNamesWhatIsMissing() throws IOException {
    List<Path> parts = splitModel().writeSplit(directory, "tiny", 3);
    Files.delete(parts.get(1));

    FinchException failed = assertThrows(FinchException.class, () -> SplitSet.of(parts.get(0)));

    assertEquals(FailureCode.MODEL_FILE_INVALID, failed.failure().code());
    assertTrue(failed.failure().message().contains("tiny-00002-of-00003.gguf"));
  }

  @Test
  void partsInTheWrongOrderOrOfAnotherSetAreRefused() throws IOException {
    List<Path> parts = splitModel().writeSplit(directory, "tiny", 3);
    List<Path> others =
        splitModel()
            .tensor("f", TensorType.F32, List.of(4L), TensorData.constant(TensorType.F32, 0))
            .writeSplit(directory, "other", 3);

    for (List<Path> wrong :
        List.of(
            List.of(parts.get(0)),
            List.of(parts.get(1), parts.get(0), parts.get(2)),
            List.of(parts.get(0), parts.get(2), parts.get(1)),
            List.of(parts.get(0), parts.get(1), parts.get(1)),
            List.of(parts.get(0), parts.get(1), others.get(2)))) {
      FinchException failed =
          assertThrows(FinchException.class, () -> GgufValidator.check(wrong, Architectures.B4916));
      assertEquals(FailureCode.MODEL_FILE_INVALID, failed.failure().code());
    }
  }

  @Test
  void theSplitSetOfTheTrainedModelIsOneModel() {
    Path first = Path.of("src/runtime/test/resources/models/tiny-chat-f16-00001-of-00002.gguf");

    GgufModel model = GgufValidator.check(SplitSet.of(first), Architectures.B4916);

    assertEquals(50, model.tensors().size());
    assertEquals("F16", model.quantization());
  }

  @Test
  void anAdapterIsCheckedAgainstTheModelItIsFor() throws IOException {
    Path file = directory.resolve("adapter.gguf");
    adapter().write(file);

    assertEquals(2, GgufValidator.checkAdapter(file, "qwen2").tensors().size());
    FinchException other =
        assertThrows(FinchException.class, () -> GgufValidator.checkAdapter(file, "llama"));
    assertEquals(FailureCode.UNSUPPORTED_MODEL, other.failure().code());
    assertTrue(other.failure().message().contains("'qwen2' (expected: 'llama'"));
  }

  @Test
  void aFileThatExistsIsNotOverwritten() throws IOException {
    Path file = Files.writeString(directory.resolve("there.gguf"), "precious");

    assertThrows(FileAlreadyExistsException.class, () -> adapter().write(file));
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void theQuantizationIsGuessedFromTheTensorsWhereTheFileIsSilent() {
    assertEquals("F32", Fixtures.checked(Fixtures.file()).quantization());
    Map<String, MetadataValue> metadata = Fixtures.metadata();
    metadata.put("general.file_type", Fixtures.whole(15));
    assertEquals(
        "Q4_K_M", Fixtures.checked(Fixtures.file(metadata, Fixtures.tensors())).quantization());
    metadata.put("general.file_type", Fixtures.whole(1024 + 17));
    assertEquals(
        "Q5_K_M", Fixtures.checked(Fixtures.file(metadata, Fixtures.tensors())).quantization());
  }

  private static GgufWriter splitModel() {
    GgufWriter writer = new GgufWriter();
    Fixtures.metadata().forEach(writer::put);
    for (String name : List.of("a", "b", "c", "d", "e")) {
      writer.tensor(name, TensorType.F16, List.of(5L, 2L), TensorData.constant(TensorType.F16, 2));
    }
    return writer;
  }

  private static GgufWriter adapter() {
    GgufWriter writer =
        new GgufWriter()
            .text("general.type", "adapter")
            .text("general.architecture", "qwen2")
            .text("adapter.type", "lora")
            .float32("adapter.lora.alpha", 8);
    for (String side : List.of("a", "b")) {
      writer.tensor(
          "blk.0.attn_q.weight.lora_" + side,
          TensorType.F32,
          List.of(side.equals("a") ? 128L : 4L, side.equals("a") ? 4L : 128L),
          TensorData.constant(TensorType.F32, 0));
    }
    return writer;
  }

  private static List<String> names(GgufModel model) {
    return model.tensors().stream().map(TensorInfo::name).toList();
  }

  private static void assertSameValue(
      String key, MetadataValue expected, Map<String, MetadataValue> read) {
    MetadataValue actual = read.get(key);
    if (expected instanceof MetadataValue.Array array) {
      MetadataValue.Array other = (MetadataValue.Array) actual;
      assertEquals(array.elementType(), other.elementType());
      assertEquals(array.count(), other.count());
      assertEquals(-1, array.encoded().mismatch(other.encoded()), key);
    } else {
      assertEquals(expected, actual, key);
    }
  }
}
