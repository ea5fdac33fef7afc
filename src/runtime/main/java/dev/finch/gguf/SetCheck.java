package dev.finch.gguf;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Whether the files given are one whole model: all parts of one split set, in order. */
final class SetCheck {

  private SetCheck() {}

  static void require(GgufModel model) {
    List<GgufFile> parts = model.parts();
    long named = model.header().whole("split.count").orElse(1);
    if (Math.max(1, named) != parts.size()) {
      throw GgufFailures.set(
          model.header().file()
              + " is part of a set of "
              + named
              + ", given: "
              + parts.size()
              + ".",
          "Give all parts of the split set, in order.");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.size() > 1) {
        requirePlace(parts.get(i), i, parts.size());
      }
      requireNewNames(parts.get(i), names);
    }
    if (names.isEmpty()) {
      throw GgufFailures.file(model.header().file(), "no tensors", "at least one");
    }
    if (parts.size() > 1) {
      parts.forEach(part -> requireTensorCount(part, names.size()));
    }
  }

  private static void requirePlace(GgufFile part, int index, int count) {
    OptionalLong number = part.whole("split.no");
    if (number.orElse(-1) != index || part.whole("split.count").orElse(-1) != count) {
      String found = number.isPresent() ? "part " + number.getAsLong() : "no part of a set";
      throw GgufFailures.file(
          part.file(), "it calls itself " + found, "part " + index + " of " + count + ", from 0");
    }
  }

  private static void requireNewNames(GgufFile part, Set<String> names) {
    for (TensorInfo tensor : part.tensors()) {
      if (!names.add(tensor.name())) {
        throw GgufFailures.file(
            part.file(),
            "the tensor '" + tensor.name() + "', which an earlier part has",
            "each tensor once");
      }
    }
  }

  /** Parts of two models can fit together by their numbers. */
  private static void requireTensorCount(GgufFile part, int found) {
    long named = part.whole("split.tensors.count").orElse(found);
    if (named != found) {
      throw GgufFailures.set(
          part.file() + " is of a set of " + named + " tensors, found: " + found + ".",
          "The parts are from different models: fetch all of them again.");
    }
  }
}
