package dev.finch.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.finch.settings.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Merges every {@code reference.conf} of the class path into one file; run by the build. */
final class MergedReference {

  private MergedReference() {}

  /** Writes {@link Reference#MERGED} below the directory that is the only argument. */
  public static void main(String[] args) throws IOException {
    Config all = ConfigFactory.parseResourcesAnySyntax("reference");
    String text = all.root().render(ConfigRenderOptions.concise());
    if (!ConfigFactory.parseString(text).resolve().equals(all.resolve())) {
      throw new IOException("the merged reference.conf does not mean what its parts mean");
    }
    Path file = Path.of(args[0]).resolve(Reference.MERGED);
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Files.writeString(file, text);
  }
}
