package dev.finch.engine;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of short pieces that came lately. llama.cpp compiles its expressions anew for each
 * piece between two special tokens, half a millisecond each, and most pieces of a conversation come
 * again and again. Thread-safe.
 */
final class KnownPieces {

  private static final int LONGEST = 1024;
  private static final int MOST_CHARACTERS = 1 << 18;

  private record Key(String text, boolean addSpecial, boolean parseSpecial) {}

  private final LinkedHashMap<Key, int[]> known = new LinkedHashMap<>(16, 0.75f, true);
  private int characters;

  /** The tokens, or null where they are not known. */
  synchronized int @Nullable [] get(String text, boolean addSpecial, boolean parseSpecial) {
    return text.length() > LONGEST ? null : known.get(new Key(text, addSpecial, parseSpecial));
  }

  /** Keeps tokens, which nobody changes from now on, and forgets others for them. */
  synchronized void put(String text, boolean addSpecial, boolean parseSpecial, int[] tokens) {
    if (text.length() > LONGEST
        || known.put(new Key(text, addSpecial, parseSpecial), tokens) != null) {
      return;
    }
    characters += text.length();
    while (characters > MOST_CHARACTERS) {
      characters -= known.pollFirstEntry().getKey().text().length();
    }
  }
}
