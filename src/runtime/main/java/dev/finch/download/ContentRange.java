package dev.finch.download;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a 206 answer says that it carries: {@code bytes first-last/total}. */
record ContentRange(long first, long last, long total) {

  private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /** Null where the header is absent or has another form. */
  static @Nullable ContentRange parse(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Matcher matcher = FORM.matcher(header.strip());
    if (!matcher.matches()) {
      return null;
    }
    return new ContentRange(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)));
  }

  /** Whether this is exactly what was asked of a file of {@code size} bytes. */
  boolean answers(ByteRange asked, long size) {
    return first == asked.from() && last == asked.to() - 1 && total == size;
  }
}
