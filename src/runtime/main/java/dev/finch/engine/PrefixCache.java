package dev.finch.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens the engine's sequences hold, so that a prompt is processed only from where it
 * differs from what is there: the next turn of a conversation continues its own sequence, and
 * conversations that begin alike share their beginning's cells.
 *
 * <p>What was computed under other adapters is never reused.
 */
final class PrefixCache {

  // A shorter beginning is computed sooner than it is worth keeping the cells apart for.
  private static final int WORTH_SHARING = 8;

  /**
   * A sequence that belongs to one answer until it is released.
   *
   * @param sequence its number
   * @param cached how many of the prompt's tokens it already holds; always less than all
   */
  record Lease(int sequence, int cached) {}

  private static final class Entry {
    final int sequence;
    final TokenList tokens = new TokenList();
    Map<String, Double> adapters = Map.of();
    @Nullable String conversation;
    boolean leased;
    long lastUsed;

    Entry(int sequence) {
      this.sequence = sequence;
    }
  }

  private final Engine engine;
  private final SavedConversations saved;
  private final List<Entry> entries = new ArrayList<>();
  private long clock;

  /**
   * @param saved where conversations go that give way
   * @param sequences how many of the engine's sequences it manages, from 0 on
   */
  PrefixCache(Engine engine, SavedConversations saved, int sequences) {
    this.engine = engine;
    this.saved = saved;
    for (int i = 0; i < sequences; i++) {
      entries.add(new Entry(i));
    }
  }

  /**
   * A sequence for a prompt.
   *
   * @param reuse false computes everything anew, so that how a prefix was once computed cannot
   *     change the rounding
   * @throws IllegalStateException where all sequences are leased
   */
  Lease lease(
      int[] prompt, @Nullable String conversation, Map<String, Double> adapters, boolean reuse) {
    Optional<Entry> own = reuse ? ownSequence(prompt, conversation, adapters) : Optional.empty();
    Entry entry = own.orElseGet(this::emptied);
    int cached = 0;
    if (own.isPresent() || (reuse && restored(entry, conversation, adapters))) {
      cached = keep(entry, usable(entry, prompt));
    } else if (reuse) {
      cached = shareInto(entry, prompt, adapters);
    }
    entry.leased = true;
    entry.conversation = conversation;
    entry.adapters = adapters;
    entry.lastUsed = ++clock;
    return new Lease(entry.sequence, cached);
  }

  /** The sequence now also holds this token. */
  void append(int sequence, int token) {
    entries.get(sequence).tokens.add(token);
  }

  /** The sequence does not hold its last tokens after all. */
  void retract(int sequence, int tokens) {
    TokenList held = entries.get(sequence).tokens;
    held.truncate(held.size() - tokens);
  }

  /** The answer ended; its tokens stay until their room is needed. */
  void release(int sequence) {
    Entry entry = entries.get(sequence);
    entry.leased = false;
    entry.lastUsed = ++clock;
  }

  /** Tokens that all sequences hold; a beginning that several share is counted for each. */
  long tokens() {
    return entries.stream().mapToLong(entry -> entry.tokens.size()).sum();
  }

  /** Forgets the idle sequence that was not used for longest; false where none holds anything. */
  boolean evict() {
    Optional<Entry> oldest =
        entries.stream()
            .filter(entry -> !entry.leased && entry.tokens.size() > 0)
            .min(Comparator.comparingLong(entry -> entry.lastUsed));
    oldest.ifPresent(this::empty);
    return oldest.isPresent();
  }

  /** An idle sequence that this prompt continues. */
  private Optional<Entry> ownSequence(
      int[] prompt, @Nullable String conversation, Map<String, Double> adapters) {
    return entries.stream()
        .filter(entry -> !entry.leased && entry.adapters.equals(adapters))
        .filter(entry -> continues(entry, prompt, conversation))
        .max(Comparator.comparingInt(entry -> usable(entry, prompt)));
  }

  private static boolean continues(Entry entry, int[] prompt, @Nullable String conversation) {
    int common = usable(entry, prompt);
    boolean sameConversation = conversation != null && conversation.equals(entry.conversation);
    return common >= WORTH_SHARING && (sameConversation || common * 2 >= entry.tokens.size());
  }

  // The last token of a prompt is always processed: its logits are needed.
  private static int usable(Entry entry, int[] prompt) {
    return Math.min(entry.tokens.commonPrefix(prompt), prompt.length - 1);
  }

  private int keep(Entry entry, int tokens) {
    if (tokens < entry.tokens.size() && !engine.truncate(entry.sequence, tokens)) {
      entry.tokens.truncate(0);
      return 0;
    }
    entry.tokens.truncate(tokens);
    return tokens;
  }

  private boolean restored(
      Entry entry, @Nullable String conversation, Map<String, Double> adapters) {
    if (conversation == null) {
      return false;
    }
    int[] tokens = saved.restore(entry.sequence, conversation, adapters);
    entry.tokens.set(tokens);
    return tokens.length > 0;
  }

  /** Saves what is idle and worth it, before the engine is freed. */
  void saveAll() {
    entries.stream().filter(entry -> !entry.leased).forEach(this::save);
  }

  private void save(Entry entry) {
    String conversation = entry.conversation;
    if (conversation != null && entry.tokens.size() > 0) {
      saved.save(entry.sequence, entry.tokens.toArray(), conversation, entry.adapters);
    }
  }

  private int shareInto(Entry entry, int[] prompt, Map<String, Double> adapters) {
    Optional<Entry> source =
        entries.stream()
            .filter(other -> other != entry && other.adapters.equals(adapters))
            .max(Comparator.comparingInt(other -> usable(other, prompt)));
    int common = source.map(other -> usable(other, prompt)).orElse(0);
    if (source.isEmpty() || common < WORTH_SHARING || !engine.facts().weights().sharesPrefixes()) {
      return 0;
    }
    engine.share(source.get().sequence, entry.sequence, common);
    entry.tokens.copyFrom(source.get().tokens, common);
    return common;
  }

  private Entry emptied() {
    Entry entry =
        entries.stream()
            .filter(candidate -> !candidate.leased)
            .min(
                Comparator.<Entry>comparingInt(candidate -> candidate.tokens.size() == 0 ? 0 : 1)
                    .thenComparingLong(candidate -> candidate.lastUsed))
            .orElseThrow(() -> new IllegalStateException("all sequences are leased"));
    empty(entry);
    return entry;
  }

  private void empty(Entry entry) {
    if (entry.tokens.size() > 0) {
      save(entry);
      engine.truncate(entry.sequence, 0);
      entry.tokens.truncate(0);
    }
    entry.conversation = null;
  }
}
