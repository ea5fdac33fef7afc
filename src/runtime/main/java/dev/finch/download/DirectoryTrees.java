package dev.finch.download;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders within folders. */
final class DirectoryTrees {

  private DirectoryTrees() {}

  /** Deletes a folder and those in it, as far as they hold no file. */
  static void deleteFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> folders;
    try (Stream<Path> entries = Files.walk(folder)) {
      folders = entries.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : folders) {
      try {
        Files.deleteIfExists(one);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }
}
