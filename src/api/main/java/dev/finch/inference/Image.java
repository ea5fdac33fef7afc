package dev.finch.inference;

import org.jspecify.annotations.Nullable;

/**
 * An image of a conversation: its bytes, or where they are. Only Claude looks at it, and only
 * Claude fetches what is at an address.
 *
 * @param mediaType {@code image/png}, {@code image/jpeg}, {@code image/gif} or {@code image/webp};
 *     null where an address is given
 * @param base64 its bytes, or null
 * @param url an address that begins with {@code https://}, or null
 */
public record Image(@Nullable String mediaType, @Nullable String base64, @Nullable String url) {

  public Image {
    if ((base64 == null) == (url == null)) {
      throw new IllegalArgumentException("an image has bytes or an address, and not both");
    }
  }

  /** An image by its bytes. */
  public static Image of(String mediaType, String base64) {
    return new Image(mediaType, base64, null);
  }

  /** An image by its address, which begins with {@code https://}. */
  public static Image at(String url) {
    return new Image(null, null, url);
  }

  /** Not the bytes, which no log should hold. */
  @Override
  public String toString() {
    return url == null ? "Image[" + mediaType + "]" : "Image[url]";
  }
}
