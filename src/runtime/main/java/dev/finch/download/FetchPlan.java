package dev.finch.download;

import dev.finch.model.LocalModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a fetch has to do. */
sealed interface FetchPlan {

  /**
   * The model is in the cache.
   *
   * @param bytes of its files
   * @param warning what a person should know, or null
   */
  record Cached(LocalModel model, long bytes, @Nullable String warning) implements FetchPlan {}

  /** These files of a commit make the model. */
  record Needed(String repository, String revision, String commit, List<RemoteFile> files)
      implements FetchPlan {

    public Needed {
      files = List.copyOf(files);
    }

    long totalBytes() {
      return files.stream().mapToLong(RemoteFile::size).sum();
    }
  }
}
