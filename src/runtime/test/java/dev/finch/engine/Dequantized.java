package dev.finch.engine;

import dev.finch.gguf.GgufFile;
import dev.finch.gguf.GgufReader;
import dev.finch.gguf.GgufWriter;
import dev.finch.gguf.TensorData;
import dev.finch.gguf.TensorInfo;
import dev.finch.gguf.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a Q8_0 model with all its weights as 32-bit numbers. */
final class Dequantized {

  private Dequantized() {}

  static Path write(Path source, Path target) throws IOException {
    GgufFile header = GgufReader.read(source);
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(source)).order(ByteOrder.LITTLE_ENDIAN);
    GgufWriter writer = new GgufWriter();
    header.metadata().forEach(writer::put);
    writer.uint32("general.file_type", 0);
    for (TensorInfo tensor : header.tensors()) {
      float[] numbers = numbers(tensor, file, (int) (header.dataOffset() + tensor.offset()));
      writer.tensor(
          tensor.name(), TensorType.F32, tensor.shape(), TensorData.of(TensorType.F32, numbers));
    }
    writer.write(target);
    return target;
  }

  private static float[] numbers(TensorInfo tensor, ByteBuffer file, int from) {
    float[] numbers = new float[(int) tensor.elements()];
    switch (tensor.type()) {
      case F32 ->
          file.slice(from, numbers.length * 4).order(file.order()).asFloatBuffer().get(numbers);
      case Q8_0 -> blocks(file, from, numbers);
      default -> throw new IllegalArgumentException("type: " + tensor.type());
    }
    return numbers;
  }

  /** Blocks of a half-precision scale and 32 whole numbers of a byte. */
  private static void blocks(ByteBuffer file, int from, float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      int block = from + i / 32 * 34;
      numbers[i] = Float.float16ToFloat(file.getShort(block)) * file.get(block + 2 + i % 32);
    }
  }
}
