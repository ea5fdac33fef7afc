package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.finch.RandomCases;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
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

  @Test
  void anySplittingOfAnyTextGivesTheText() {
    RandomCases.check(
        1000,
        random ->
            assertSameInPieces(
                RandomCases.text(random, 255).getBytes(StandardCharsets.UTF_8),
                RandomCases.sizes(random, 8, 5)));
  }

  @Test
  void anySplittingOfAnyBytesGivesWhatDecodingThemAtOnceGives() {
    RandomCases.check(
        1000,
        random -> {
          byte[] bytes = new byte[RandomCases.between(random, 0, 255)];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = anyByte(random);
          }
          assertSameInPieces(bytes, RandomCases.sizes(random, 8, 5));
        });
  }

  /** The bytes that begin and continue a code point are more frequent than the others. */
  private static byte anyByte(Random random) {
    return (byte)
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(0x80, 0xC0);
          case 1 -> random.nextInt(0xC0, 0x100);
          default -> random.nextInt(0x100);
        };
  }

  private static void assertSameInPieces(byte[] bytes, List<Integer> sizes) {
    assertEquals(
        new String(bytes, StandardCharsets.UTF_8),
        assemble(pieces(bytes, sizes)),
        () -> HexFormat.of().formatHex(bytes) + " in pieces of " + sizes);
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
