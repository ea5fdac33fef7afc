package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class Utf8AssemblerTest {

  private static List<byte[]> pieces(byte[] all, List<Integer> sizes) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int i = 0; from < all.length; i++) {
      int size = sizes.isEmpty() ? 1 : sizes.get(i % sizes.size());
      int to = Math.min(all.length, from + size);
      pieces.add(Arrays.copyOfRange(all, from, to));
      from = to;
    }
    return pieces;
  }

  private static String assemble(List<byte[]> pieces) {
    Utf8Assembler assembler = new Utf8Assembler();
    StringBuilder text = new StringBuilder();
    for (byte[] piece : pieces) {
      String part = assembler.add(piece);
      assertFalse(splitsASurrogatePair(part), "a piece must hold whole code points");
      text.append(part);
    }
    return text.append(assembler.finish()).toString();
  }

  private static boolean splitsASurrogatePair(String part) {
    return !part.isEmpty()
        && (Character.isLowSurrogate(part.charAt(0))
            || Character.isHighSurrogate(part.charAt(part.length() - 1)));
  }

  @Property
  void anySplittingOfAnyTextGivesTheText(
      @ForAll String text,
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 5) Integer> sizes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(new String(bytes, StandardCharsets.UTF_8), assemble(pieces(bytes, sizes)));
  }

  @Property
  void anySplittingOfAnyBytesGivesWhatDecodingThemAtOnceGives(
      @ForAll byte[] bytes,
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 5) Integer> sizes) {
    assertEquals(new String(bytes, StandardCharsets.UTF_8), assemble(pieces(bytes, sizes)));
  }

  @Test
  void holdsAnIncompleteCodePointBack() {
    byte[] bird = "🐦".getBytes(StandardCharsets.UTF_8);
    Utf8Assembler assembler = new Utf8Assembler();
    assertEquals("", assembler.add(Arrays.copyOf(bird, 3)));
    assertEquals(3, assembler.held());
    assertEquals("🐦!", assembler.add(new byte[] {bird[3], '!'}));
    assertEquals(0, assembler.held());
    assertEquals("", assembler.finish());
  }

  @Test
  void anAnswerThatEndsInsideACodePointEndsWithTheReplacementCharacter() {
    Utf8Assembler assembler = new Utf8Assembler();
    assertEquals("a", assembler.add(new byte[] {'a', (byte) 0xF0, (byte) 0x9F}));
    assertEquals("\uFFFD", assembler.finish());
  }
}
