package dev.finch.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.jspecify.annotations.Nullable;

/**
 * The note on a blob that its content was hashed and found right, valid while its size and time of
 * change stay as they were. It is an extended attribute, so it adds no file to a cache that others
 * read; where the file system has none, a blob is simply not known to be verified.
 */
final class VerificationMark {

  private static final String ATTRIBUTE = "finch.verified";

  private VerificationMark() {}

  static void mark(Path blob, BlobId id) {
    try {
      Path real = blob.toRealPath();
      view(real).write(ATTRIBUTE, StandardCharsets.US_ASCII.encode(note(real, id.etag())));
    } catch (IOException | UnsupportedOperationException e) {
      // The note saves a later hash and nothing else.
    }
  }

  /** The hash that the file was found to have, or null where that is not known. */
  static @Nullable BlobId of(Path file) {
    String text = read(file);
    BlobId id = parse(text);
    try {
      return id != null && note(file.toRealPath(), id.etag()).equals(text) ? id : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The hash that the file had when it was last verified, whatever happened to it since. */
  static @Nullable BlobId noted(Path file) {
    return parse(read(file));
  }

  private static @Nullable BlobId parse(@Nullable String text) {
    return text == null ? null : BlobId.parse(text.replaceFirst(" .*", ""));
  }

  private static @Nullable String read(Path file) {
    try {
      Path real = file.toRealPath();
      UserDefinedFileAttributeView view = view(real);
      if (!view.list().contains(ATTRIBUTE)) {
        return null;
      }
      ByteBuffer buffer = ByteBuffer.allocate(view.size(ATTRIBUTE));
      view.read(ATTRIBUTE, buffer);
      return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  private static String note(Path file, String etag) throws IOException {
    return etag + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }

  private static UserDefinedFileAttributeView view(Path file) {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    if (view == null) {
      throw new UnsupportedOperationException("extended attributes");
    }
    return view;
  }
}
