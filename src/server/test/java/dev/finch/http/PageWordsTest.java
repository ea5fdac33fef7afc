package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.RouteReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page says what the command line says. */
final class PageWordsTest {

  @ParameterizedTest
  @EnumSource(RouteReason.class)
  void everyReasonHasTheSameWords(RouteReason reason) throws IOException {
    try (InputStream page = PageWordsTest.class.getResourceAsStream("page/chat.js")) {
      String script = new String(page.readAllBytes(), StandardCharsets.UTF_8);
      String words = reason.name() + ": \"" + reason.description() + "\",";

      assertTrue(script.contains(words), words);
    }
  }
}
