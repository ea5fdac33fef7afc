package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.cli.launch.LauncherJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stands here because {@code launch} cannot enter the package of {@link Main}. */
final class LauncherJvmTest {

  /** A {@code Main} that is renamed would leave every start without an archive, and nobody told. */
  @Test
  void startsTheEntryPoint() {
    List<String> command = LauncherJvm.of(Path.of("/opt/finch"), List.of(), "prompt").command();
    assertEquals(Main.class.getName(), command.getLast());
  }
}
