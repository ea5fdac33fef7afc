package dev.finch.download;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A signed address of the CDN, spelt so that a client which normalises it breaks it. */
record Signature(String blob, long expires) {

  private static final Pattern FORM =
      Pattern.compile(
          "/bridge/([0-9a-f]{64})\\?X-User=~public%7e&d=%22a%20b%22&Expires=(\\d+)&S=(-?\\d+)");

  String address(String cdn) {
    return cdn
        + "/bridge/"
        + blob
        + "?X-User=~public%7e&d=%22a%20b%22&Expires="
        + expires
        + "&S="
        + hashCode();
  }

  /** Null where the address was not signed, or not kept as it was. */
  static @Nullable Signature parse(String target) {
    Matcher matcher = FORM.matcher(target);
    if (!matcher.matches()) {
      return null;
    }
    Signature signature = new Signature(matcher.group(1), Long.parseLong(matcher.group(2)));
    return String.valueOf(signature.hashCode()).equals(matcher.group(3)) ? signature : null;
  }
}
