package dev.finch.platform;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JarResourceTest {

  private static final byte[] CONTENT = "Qwen ".repeat(999).getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void namesTheSameContentAlikeInAJarAndInADirectory() throws IOException {
    Path jar = directory.resolve("a.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("model.gguf"));
      out.write(CONTENT);
    }
    Files.write(directory.resolve("model.gguf"), CONTENT);
    JarResource packed = JarResource.at(url(jar));
    JarResource plain = JarResource.at(url(directory));
    assertEquals(packed.name(), plain.name());
    assertEquals(CONTENT.length, packed.length());
    assertArrayEquals(CONTENT, packed.bytes());
    assertArrayEquals(CONTENT, plain.bytes());
  }

  private static URL url(Path place) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
      return requireNonNull(loader.findResource("model.gguf"));
    }
  }

  @Test
  void givesOtherContentAnotherName() throws IOException {
    Files.write(directory.resolve("a"), new byte[] {1, 2, 3});
    Files.write(directory.resolve("b"), new byte[] {1, 2, 4});
    JarResource a = JarResource.at(directory.resolve("a").toUri().toURL());
    JarResource b = JarResource.at(directory.resolve("b").toUri().toURL());
    assertTrue(a.name().startsWith("3-"), a.name());
    assertTrue(!a.name().equals(b.name()), a.name());
  }

  @Test
  void saysWhichResourceIsMissing() {
    IOException missing =
        assertThrows(
            IOException.class, () -> JarResource.of(JarResourceTest.class, "/no/such/file"));
    assertTrue(missing.getMessage().contains("/no/such/file"), missing.getMessage());
  }

  @Test
  void writesItsContent() throws IOException {
    Path file = directory.resolve("copy");
    JarResource resource =
        JarResource.of(JarResourceTest.class, "/dev/finch/platform/JarResourceTest.class");
    resource.writeTo(file);
    assertEquals(resource.length(), Files.size(file));
  }
}
