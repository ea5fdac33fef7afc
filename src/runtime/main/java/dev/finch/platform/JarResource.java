package dev.finch.platform;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;

/**
 * A file of Finch's own jars with a short name for its content, so that other content gets another
 * file. The name is no protection against forgery: it is wanted at every start, so it comes from
 * the jar's directory, and nothing is unpacked for it.
 *
 * @param url where it is
 * @param length of the content in bytes
 * @param crc CRC-32 of the content
 */
public record JarResource(URL url, long length, long crc) {

  /**
   * A resource on the class path of a class.
   *
   * @param path absolute, with {@code /}
   * @throws IOException where there is none or it cannot be read
   */
  public static JarResource of(Class<?> owner, String path) throws IOException {
    URL url = owner.getResource(path);
    if (url == null) {
      throw new IOException("The resource " + path + " is not on the class path");
    }
    return at(url);
  }

  static JarResource at(URL url) throws IOException {
    if (url.openConnection() instanceof JarURLConnection jar) {
      JarEntry entry = jar.getJarEntry();
      if (entry != null && entry.getSize() >= 0 && entry.getCrc() >= 0) {
        return new JarResource(url, entry.getSize(), entry.getCrc());
      }
    }
    byte[] content = read(url);
    CRC32 sum = new CRC32();
    sum.update(content);
    return new JarResource(url, content.length, sum.getValue());
  }

  /** Length and CRC-32 in hexadecimal digits, for example {@code 3f2a10-c0ffee00}. */
  public String name() {
    return "%x-%08x".formatted(length, crc);
  }

  /** The content. */
  public byte[] bytes() throws IOException {
    return read(url);
  }

  /** Writes the content to a file. */
  public void writeTo(Path file) throws IOException {
    Files.write(file, bytes());
  }

  private static byte[] read(URL url) throws IOException {
    try (InputStream in = url.openStream()) {
      return in.readAllBytes();
    }
  }
}
