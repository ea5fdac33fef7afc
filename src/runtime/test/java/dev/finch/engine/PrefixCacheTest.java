package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.engine.PrefixCache.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrefixCacheTest {

  private static final Map<String, Double> PLAIN = Map.of();

  private final ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
  private final PrefixCache cache = cache(null);

  @TempDir Path directory;

  private PrefixCache cache(@Nullable Path directory) {
    EngineSettings.Saving saving = new EngineSettings.Saving(directory, 20, 2);
    return new PrefixCache(engine, new SavedConversations(engine, saving, "model"), 3);
  }

  @Test
  void theNextTurnContinuesItsOwnSequence() {
    Lease first = answer("system: hello user: one", " two", "talk");
    Lease second = lease("system: hello user: one two user: three", "talk");
    assertEquals(first.sequence(), second.sequence());
    assertEquals("system: hello user: one two".length(), second.cached());
  }

  @Test
  void forgetsWhatTheNextTurnDoesNotSay() {
    Lease first = answer("a prompt of some length", " and an answer", "talk");
    Lease second = lease("a prompt of some other length", "talk");
    assertEquals(first.sequence(), second.sequence());
    assertEquals("a prompt of some ", engine.held(second.sequence()));
  }

  @Test
  void theLastTokenIsAlwaysProcessed() {
    answer("the same prompt", "", "talk");
    assertEquals("the same prompt".length() - 1, lease("the same prompt", "talk").cached());
  }

  @Test
  void conversationsThatBeginAlikeShareTheirBeginning() {
    Lease first = lease("a long system prompt; user: one", "talk");
    fill(first, "a long system prompt; user: one");
    Lease second = lease("a long system prompt; user: two", "other");
    assertNotEquals(first.sequence(), second.sequence());
    assertEquals("a long system prompt; user: ".length(), second.cached());
    assertEquals("a long system prompt; user: one", engine.held(first.sequence()));
  }

  @Test
  void theConversationThatWasNotUsedForLongestGivesWay() {
    answer("first conversation", "", "1");
    answer("second conversation", "", "2");
    answer("third conversation", "", "3");
    lease("first conversation goes on", "1");
    Lease fourth = lease("quite something else", "4");
    assertEquals(0, fourth.cached());
    assertEquals("third conversation", engine.held(lease("third conversation.", "3").sequence()));
  }

  @Test
  void whatOtherAdaptersComputedIsNotReused() {
    answer("a prompt of some length", "", "talk");
    Lease other =
        cache.lease("a prompt of some length".chars().toArray(), "talk", Map.of("law", 1.0), true);
    assertEquals(0, other.cached());
  }

  @Test
  void whatIsToBeComputedAnewSharesNothing() {
    answer("a prompt of some length", "", "talk");
    assertEquals(
        0, cache.lease("a prompt of some length".chars().toArray(), "talk", PLAIN, false).cached());
  }

  @Test
  void onlyIdleSequencesAreEvicted() {
    Lease leased = lease("a prompt that is being answered", "1");
    fill(leased, "a prompt that is being answered");
    assertFalse(cache.evict());
    cache.release(leased.sequence());
    assertTrue(cache.evict());
    assertEquals("", engine.held(leased.sequence()));
  }

  @Test
  void aLongConversationThatGaveWayComesBackFromDisk() throws IOException {
    PrefixCache saving = cache(directory.resolve("conversations"));
    Lease first = saving.lease("a long conversation; one".chars().toArray(), "1", PLAIN, true);
    fill(saving, first, "a long conversation; one");
    saving.release(first.sequence());
    assertTrue(saving.evict());
    assertEquals("", engine.held(first.sequence()));
    Lease again = saving.lease("a long conversation; two".chars().toArray(), "1", PLAIN, true);
    assertEquals("a long conversation; ".length(), again.cached());
    assertEquals("a long conversation; ", engine.held(again.sequence()));
  }

  @Test
  void onlySoManyAndOnlyLongConversationsAreKept() throws IOException {
    Path folder = directory.resolve("conversations");
    PrefixCache saving = cache(folder);
    for (int i = 0; i < 5; i++) {
      String text = "conversation number " + i + " goes on and on";
      Lease lease = saving.lease(text.chars().toArray(), "c" + i, PLAIN, false);
      fill(saving, lease, text);
      saving.release(lease.sequence());
    }
    Lease brief = saving.lease("short".chars().toArray(), "short", PLAIN, false);
    fill(saving, brief, "short");
    saving.release(brief.sequence());
    saving.saveAll();
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  private Lease answer(String prompt, String answer, String conversation) {
    Lease lease = lease(prompt, conversation);
    fill(lease, prompt + answer);
    cache.release(lease.sequence());
    return lease;
  }

  private Lease lease(String prompt, String conversation) {
    return cache.lease(prompt.chars().toArray(), conversation, PLAIN, true);
  }

  private void fill(Lease lease, String text) {
    fill(cache, lease, text);
  }

  private void fill(PrefixCache cache, Lease lease, String text) {
    StepBatch batch = new StepBatch();
    for (int i = lease.cached(); i < text.length(); i++) {
      batch.add(text.charAt(i), i, lease.sequence(), false);
      cache.append(lease.sequence(), text.charAt(i));
    }
    engine.decode(batch);
  }
}
