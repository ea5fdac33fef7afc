package dev.finch.platform;

import java.util.zip.CRC32;

/**
 * A short name for bytes that come from Finch's own jars, so that other bytes get another file. No
 * protection against forgery: it is computed at every start, where a real hash would cost a tenth
 * of a second.
 */
public final class ContentName {

  private ContentName() {}

  /** Length and CRC-32 in hexadecimal digits, for example {@code 3f2a10-c0ffee00}. */
  public static String of(byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(content);
    return "%x-%08x".formatted(content.length, sum.getValue());
  }
}
