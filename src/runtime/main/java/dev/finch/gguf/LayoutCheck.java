package dev.finch.gguf;

import java.util.Comparator;
import java.util.List;

/** Whether the data of every tensor is aligned, inside the file, and over no other's. */
final class LayoutCheck {

  private LayoutCheck() {}

  static void require(GgufFile file) {
    long available = file.fileBytes() - file.dataOffset();
    long end = 0;
    List<TensorInfo> byOffset =
        file.tensors().stream().sorted(Comparator.comparingLong(TensorInfo::offset)).toList();
    for (TensorInfo tensor : byOffset) {
      String what = "the data of tensor '" + tensor.name() + "'";
      if (tensor.offset() < 0 || tensor.offset() % file.alignment() != 0) {
        throw GgufFailures.file(
            file.file(),
            what + " at offset " + Long.toUnsignedString(tensor.offset()),
            "a multiple of " + file.alignment());
      }
      if (tensor.offset() < end) {
        throw GgufFailures.file(
            file.file(), what + " over that of another tensor", "tensors one after the other");
      }
      if (tensor.bytes() > available - tensor.offset()) {
        throw GgufFailures.file(
            file.file(),
            what + " would need " + tensor.bytes() + " bytes from offset " + tensor.offset(),
            "no more than the " + Math.max(0, available) + " bytes of data that the file has");
      }
      end = tensor.offset() + tensor.bytes();
    }
  }
}
