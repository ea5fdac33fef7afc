package dev.finch.gguf;

import dev.finch.gguf.GgufWriter.PendingTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Writes one file. */
final class FileWriter {

  private static final int ALIGNMENT = 32;

  /** Elements encoded at a time by one thread; a multiple of every block. */
  private static final int RUN = 1 << 17;

  private final Layout layout;
  private final FileChannel channel;

  private FileWriter(Layout layout, FileChannel channel) {
    this.layout = layout;
    this.channel = channel;
  }

  static void write(Path file, Map<String, MetadataValue> metadata, List<PendingTensor> tensors)
      throws IOException {
    Layout layout = Layout.of(metadata, tensors);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      FileWriter writer = new FileWriter(layout, channel);
      writer.put(layout.header(), 0);
      for (int i = 0; i < tensors.size(); i++) {
        writer.put(layout.table().get(i), tensors.get(i).data());
      }
      writer.padToEnd();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Where everything will stand. */
  record Layout(ByteBuffer header, List<TensorInfo> table, long dataOffset, long fileBytes) {
    static Layout of(Map<String, MetadataValue> metadata, List<PendingTensor> tensors) {
      List<TensorInfo> table = new ArrayList<>();
      long offset = 0;
      for (PendingTensor tensor : tensors) {
        TensorInfo info = tensor.at(offset);
        table.add(info);
        offset = GgufFile.padded(offset + info.bytes(), ALIGNMENT);
      }
      ByteBuffer header = HeaderEncoder.encode(metadata, table);
      long dataOffset = GgufFile.padded(header.remaining(), ALIGNMENT);
      return new Layout(header, table, dataOffset, dataOffset + offset);
    }
  }

  private void put(TensorInfo tensor, TensorData data) {
    long elements = tensor.elements();
    long start = layout.dataOffset() + tensor.offset();
    LongStream.range(0, (elements + RUN - 1) / RUN)
        .parallel()
        .forEach(
            run -> {
              long first = run * RUN;
              int count = (int) Math.min(RUN, elements - first);
              ByteBuffer out =
                  ByteBuffer.allocate((int) tensor.type().bytes(count))
                      .order(ByteOrder.LITTLE_ENDIAN);
              data.encode(first, count, out);
              put(out.flip(), start + tensor.type().bytes(first));
            });
  }

  private void put(ByteBuffer bytes, long position) {
    try {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gaps between tensors read as zeros; only the last has to be written. */
  private void padToEnd() throws IOException {
    if (channel.size() < layout.fileBytes()) {
      put(ByteBuffer.wrap(new byte[1]), layout.fileBytes() - 1);
    }
  }
}
