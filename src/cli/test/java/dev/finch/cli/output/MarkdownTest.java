package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {

  private static final String MIXED =
      """
      # Title

      Some **bold** and `code`.

      * one
      - two

      ```java
      int a = b * c; // **not**
      ```
      2 * 3 = 6
      """;

  @Test
  void showsTheLightPartOfMarkdown() {
    assertEquals(
        """
        <b>Title</>

        Some <b>bold</> and <c>code</>.

        • one
        • two

        <c>java
        int a = b * c; // **not**
        </>
        2 * 3 = 6
        """,
        readable(whole(MIXED)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void doesNotDependOnHowTheAnswerIsCut(int size) {
    Markdown markdown = new Markdown();
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < MIXED.length(); i += size) {
      shown.append(markdown.feed(MIXED.substring(i, Math.min(MIXED.length(), i + size))));
    }
    shown.append(markdown.end());
    assertEquals(readable(whole(MIXED)), readable(shown.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "a * b * c", "#hashtag", "x-y", "***", "a_b_c", "\n\n\n", "end *"})
  void leavesEverythingElseAsItCame(String text) {
    assertEquals(text, whole(text));
  }

  @Test
  void endsAStyleThatTheAnswerLeftOpen() {
    assertEquals("<b>never closed</>", readable(whole("**never closed")));
  }

  private static String whole(String text) {
    Markdown markdown = new Markdown();
    return markdown.feed(text).with(markdown.end()).toString();
  }

  private static String readable(String shown) {
    return shown
        .replace("\u001b[0m\u001b[1m", "<b>")
        .replace("\u001b[0m\u001b[36m", "<c>")
        .replace("\u001b[0m", "</>");
  }
}
