package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Image;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.routing.RoutingQuery.LocalTry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The whole input space of the decision, by rules that must hold everywhere and by named rows. */
final class RoutingDecisionTest {

  private static final Failure NO_KEY =
      Failure.permanent(FailureCode.NO_API_KEY, "There is no API key.", "Set it.");
  private static final Failure TRIED = Samples.failure(FailureCode.CLAUDE_OVERLOADED);
  private static final ModelState LOADING =
      new ModelState.Loading(Samples.spec(Samples.SMALL), 0.5);
  private static final ModelState IDLE = new ModelState.Idle(Samples.info(Samples.SMALL));
  private static final ModelState DRAINING = new ModelState.Draining(Samples.info(Samples.SMALL));
  private static final ModelState BROKEN =
      new ModelState.Failed(
          "Tiny", Failure.permanent(FailureCode.LOAD_FAILED, "It broke.", "Mend it."));
  private static final ModelState OFFLINE =
      new ModelState.NotAvailable(Samples.failure(FailureCode.OFFLINE));
  private static final ModelState NONE_FITS =
      new ModelState.NotAvailable(
          Failure.permanent(FailureCode.NONE_FITS, "None fits.", "Take a bigger machine."));

  /** Where the models may stand; the name is what the rows below use. */
  private static Map<String, @Nullable RuntimeState> states() {
    Map<String, @Nullable RuntimeState> states = new TreeMap<>();
    states.put("untold", null);
    states.put("empty", RuntimeState.EMPTY);
    states.put("selecting", Samples.preparing(new ModelState.Selecting(ModelReference.AUTO)));
    states.put("downloading", Samples.preparing(Samples.downloading(Samples.SMALL)));
    states.put("loading", Samples.preparing(LOADING));
    states.put("ready", Samples.ready(Samples.SMALL));
    states.put(
        "ready, swapping",
        RuntimeState.of(
            new ModelState.Ready(Samples.info(Samples.SMALL)), Samples.downloading(Samples.LARGE)));
    states.put("draining", RuntimeState.of(DRAINING, null));
    states.put("idle", RuntimeState.of(IDLE, null));
    states.put("idle, swapping", RuntimeState.of(IDLE, Samples.downloading(Samples.LARGE)));
    states.put("broken", Samples.preparing(BROKEN));
    states.put("offline", Samples.preparing(OFFLINE));
    states.put("none fits", Samples.preparing(NONE_FITS));
    states.put("demonstration", Samples.ready(ModelReference.BUILT_IN));
    states.put(
        "demonstration, downloading",
        RuntimeState.of(
            new ModelState.Ready(Samples.info(ModelReference.BUILT_IN)),
            Samples.downloading(Samples.SMALL)));
    return states;
  }

  /** Why the demonstration model may answer without having been named. */
  private static final Set<RouteReason> STANDS_IN = EnumSet.of(RouteReason.NOTHING_ELSE);

  private record Case(RoutingSnapshot now, RoutingQuery query) {
    RoutingDecision decide() {
      return RoutingDecision.decide(now, query);
    }
  }

  private static List<Case> everyCase() {
    List<Case> cases = new ArrayList<>();
    for (RoutingPolicy policy : RoutingPolicy.values()) {
      for (RequestedModel requested : RequestedModel.values()) {
        for (RuntimeState state : states().values()) {
          boolean serves = state != null && state.ready().isPresent();
          for (boolean room : serves ? new boolean[] {true, false} : new boolean[] {true}) {
            for (@Nullable Failure claude : claudes()) {
              for (boolean line : new boolean[] {true, false}) {
                RoutingSnapshot now = snapshot(policy, requested, state, room, claude, line);
                queries().forEach(query -> cases.add(new Case(now, query)));
              }
            }
          }
        }
      }
    }
    return cases;
  }

  private static List<@Nullable Failure> claudes() {
    List<@Nullable Failure> all = new ArrayList<>();
    all.add(null);
    for (FailureCode code : List.of(FailureCode.NO_API_KEY, FailureCode.BUDGET_SPENT)) {
      all.add(Samples.failure(code));
    }
    return all;
  }

  private static List<RoutingQuery> queries() {
    List<RoutingQuery> all = new ArrayList<>();
    for (Privacy privacy : Privacy.values()) {
      for (@Nullable ModelReference model : models()) {
        for (WhenNotReady when : WhenNotReady.values()) {
          for (boolean demonstration : new boolean[] {true, false}) {
            for (@Nullable String localOnly : nullable("a raw prompt")) {
              for (LocalTry local : LocalTry.values()) {
                for (@Nullable Failure claude : nullable(TRIED)) {
                  all.add(
                      new RoutingQuery(
                          privacy,
                          model,
                          when,
                          demonstration,
                          localOnly,
                          null,
                          local,
                          local == LocalTry.NONE ? null : said(local),
                          claude));
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  private static <T> List<@Nullable T> nullable(T value) {
    List<@Nullable T> both = new ArrayList<>();
    both.add(null);
    both.add(value);
    return both;
  }

  private static List<@Nullable ModelReference> models() {
    List<@Nullable ModelReference> all = new ArrayList<>();
    all.add(null);
    all.addAll(List.of(Samples.SMALL, Samples.LARGE, ModelReference.BUILT_IN));
    return all;
  }

  private static Failure said(LocalTry local) {
    return Samples.failure(
        switch (local) {
          case NONE, BUSY -> FailureCode.BUSY;
          case LEAVING -> FailureCode.DRAINING;
          case DIED -> FailureCode.PROVIDER_LOST;
          case OVERFLOW -> FailureCode.CONTEXT_OVERFLOW;
          case FAILED -> FailureCode.ENGINE_FAILED;
        });
  }

  @Test
  void keepsItsRulesOverTheWholeInputSpace() {
    List<Case> cases = everyCase();
    assertTrue(cases.size() > 500_000, "cases: " + cases.size());
    for (Case each : cases) {
      switch (each.decide()) {
        case RoutingDecision.Local local -> checkLocal(each, local);
        case RoutingDecision.Claude claude -> checkClaude(each, claude);
        case RoutingDecision.Wait wait -> checkWait(each, wait);
        case RoutingDecision.Reject reject -> checkReject(each, reject.failure());
      }
    }
  }

  @Test
  void comparesOnlyWhatBothWaysAreOpenToAndNobodyNeeds() {
    Map<Class<?>, Integer> seen = new HashMap<>();
    for (Case each : everyCase()) {
      for (Provenance.Provider provider : Provenance.Provider.values()) {
        RoutingDecision decision =
            RoutingDecision.decide(each.now(), each.query().beside(provider));
        seen.merge(decision.getClass(), 1, Integer::sum);
        if (decision instanceof RoutingDecision.Reject) {
          continue;
        }
        assertEquals(Privacy.LOCAL_FIRST, each.query().privacy(), each::toString);
        switch (decision) {
          case RoutingDecision.Claude(var reason, var wanted) -> {
            assertEquals(RouteReason.SHADOW, reason);
            assertNull(wanted, "a comparison brings no model");
            assertTrue(each.now().policy() != RoutingPolicy.LOCAL_ONLY, each::toString);
            assertNull(each.now().claudeWhyNot(), each::toString);
          }
          case RoutingDecision.Local(var reason) -> {
            assertEquals(RouteReason.SHADOW, reason);
            assertTrue(each.now().policy() != RoutingPolicy.CLOUD_ONLY, each::toString);
            assertTrue(assertNotNull2(each.now().local(), each).idle(), each::toString);
          }
          default -> throw new AssertionError("a comparison never waits: " + each);
        }
      }
    }
    assertEquals(3, seen.size(), seen::toString);
  }

  private static void checkLocal(Case each, RoutingDecision.Local decision) {
    RoutingSnapshot.Local local = assertNotNull2(each.now().local(), each);
    RoutingQuery query = each.query();
    assertTrue(local.hasRoom(), each::toString);
    assertTrue(query.privacy() != Privacy.CLOUD_ONLY, each::toString);
    assertEquals(LocalTry.NONE, query.localTry(), each::toString);
    boolean named = local.info().reference().equals(query.model());
    assertTrue(query.model() == null || named, each::toString);
    if (local.fallback() && !named) {
      assertTrue(query.demonstrationAllowed(), each::toString);
      assertTrue(STANDS_IN.contains(decision.reason()), each::toString);
      boolean claudeCould =
          each.now().claudeWhyNot() == null
              && query.claudeFailure() == null
              && query.localOnlyBecause() == null
              && query.privacy() != Privacy.LOCAL_ONLY
              && each.now().policy() != RoutingPolicy.LOCAL_ONLY;
      assertTrue(!claudeCould, each::toString);
      Failure claude = each.now().claudeWhyNot();
      assertTrue(
          claude != null && claude.code() == FailureCode.NO_API_KEY,
          () -> "a toy in the place of a Claude that has a key: " + each);
    }
    if (each.now().policy() == RoutingPolicy.CLOUD_ONLY) {
      assertEquals(Privacy.LOCAL_ONLY, query.privacy(), each::toString);
    }
  }

  private static void checkClaude(Case each, RoutingDecision.Claude decision) {
    RoutingQuery query = each.query();
    assertNull(query.model(), () -> "a named local model is never answered by Claude: " + each);
    assertTrue(query.privacy() != Privacy.LOCAL_ONLY, each::toString);
    assertTrue(each.now().policy() != RoutingPolicy.LOCAL_ONLY, each::toString);
    assertEquals(null, each.now().claudeWhyNot(), each::toString);
    assertEquals(null, query.claudeFailure(), each::toString);
    assertEquals(null, query.localOnlyBecause(), each::toString);
    Set<RouteReason> reasons =
        EnumSet.of(
            RouteReason.MODEL_NOT_READY,
            RouteReason.LOCAL_BUSY,
            RouteReason.LOCAL_FAILED,
            RouteReason.CONTEXT_OVERFLOW,
            RouteReason.ASKED_FOR_CLAUDE,
            RouteReason.CLOUD_FIRST);
    assertTrue(reasons.contains(decision.reason()), each::toString);
    if (decision.wanted() != null) {
      assertTrue(query.privacy() != Privacy.CLOUD_ONLY, each::toString);
    }
  }

  private static void checkWait(Case each, RoutingDecision.Wait decision) {
    assertTrue(each.now().lineHasRoom(), each::toString);
    assertTrue(each.query().privacy() != Privacy.CLOUD_ONLY, each::toString);
    assertTrue(each.query().localTry() != LocalTry.FAILED || !answersNow(each), each::toString);
    assertTrue(
        Set.of(RouteReason.LOCAL_BUSY, RouteReason.MODEL_NOT_READY, RouteReason.LOCAL_FAILED)
            .contains(decision.reason()),
        each::toString);
  }

  private static boolean answersNow(Case each) {
    RoutingSnapshot.Local local = each.now().local();
    return local != null && !local.fallback() && each.query().model() == null;
  }

  private static void checkReject(Case each, Failure failure) {
    assertTrue(!failure.message().isBlank(), each::toString);
    boolean injected = failure.message().contains("was injected.");
    assertTrue(injected || failure.hint().isPresent(), () -> each + " → " + failure);
    if (failure.code() == FailureCode.NOTHING_CAN_ANSWER) {
      assertTrue(
          assertNotNull2(failure.hint().orElse(null), each).contains("--model builtin"),
          each::toString);
    }
    boolean claudeCould =
        each.now().claudeWhyNot() == null
            && each.query().model() == null
            && each.query().claudeFailure() == null
            && each.query().localOnlyBecause() == null
            && each.query().privacy() != Privacy.LOCAL_ONLY
            && each.now().policy() != RoutingPolicy.LOCAL_ONLY;
    boolean waits = each.query().whenNotReady() == WhenNotReady.WAIT;
    assertTrue(!claudeCould || (waits && !each.now().lineHasRoom()), each::toString);
  }

  private static <T> T assertNotNull2(@Nullable T value, Case each) {
    assertNotNull(value, each::toString);
    return java.util.Objects.requireNonNull(value);
  }

  // ── rows ──

  private static final RoutingQuery PLAIN = query(Privacy.LOCAL_FIRST, WhenNotReady.FORWARD);
  private static final RoutingQuery WAITING = query(Privacy.LOCAL_FIRST, WhenNotReady.WAIT);
  private static final RoutingQuery PRIVATE = query(Privacy.LOCAL_ONLY, WhenNotReady.FORWARD);
  private static final RoutingQuery CLOUD = query(Privacy.CLOUD_ONLY, WhenNotReady.FORWARD);

  @Test
  void forwardsInEveryStateThatIsNotReady() {
    claude(RouteReason.MODEL_NOT_READY, "untold", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "empty", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "selecting", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "downloading", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "loading", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "draining", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "idle", PLAIN);
    claude(RouteReason.LOCAL_FAILED, "broken", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "offline", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "none fits", PLAIN);
    claude(RouteReason.MODEL_NOT_READY, "demonstration, downloading", demonstrable(PLAIN));
  }

  @Test
  void answersLocallyOnceReady() {
    local(RouteReason.MODEL_READY, "ready", PLAIN);
    local(RouteReason.MODEL_READY, "ready, swapping", PLAIN);
    local(RouteReason.MODEL_READY, "ready", WAITING);
    local(RouteReason.ASKED_FOR_LOCAL, "ready", PRIVATE);
    local(RouteReason.ASKED_FOR_LOCAL, "ready", named(PLAIN, Samples.SMALL));
  }

  @Test
  void waitsWhereAskedTo() {
    for (String state : List.of("selecting", "downloading", "loading", "idle", "draining")) {
      wait(RouteReason.MODEL_NOT_READY, state, WAITING);
    }
    wait(RouteReason.MODEL_NOT_READY, "offline", WAITING);
    claude(RouteReason.LOCAL_FAILED, "broken", WAITING);
  }

  @Test
  void waitsForAModelThatIsSecondsAwayRatherThanRefuse() {
    for (String state : List.of("untold", "selecting", "loading", "idle", "draining")) {
      assertInstanceOf(RoutingDecision.Wait.class, without(NO_KEY, state, PLAIN), state);
      assertInstanceOf(RoutingDecision.Wait.class, with(state, PRIVATE), state);
    }
  }

  @Test
  void namesTheWaysOutWhereNothingCanAnswer() {
    Failure failure = rejection(without(NO_KEY, "downloading", PLAIN));
    assertEquals(FailureCode.NOTHING_CAN_ANSWER, failure.code());
    assertEquals(
        "Ways out: set ANTHROPIC_API_KEY so that Claude answers meanwhile; wait for the model"
            + " (--wait, or the header X-Finch-When-Not-Ready: wait); or try the demonstration"
            + " model with --model builtin.",
        failure.hint().orElse(null));
    assertTrue(failure.message().contains("Resolving Tiny"), failure.message());
    assertTrue(failure.retryable());
  }

  @Test
  void keepsPrivatePromptsHere() {
    Failure failure = rejection(with("downloading", PRIVATE));
    assertEquals(FailureCode.MODEL_NOT_READY, failure.code());
    assertTrue(failure.message().contains("may not leave this machine"), failure.message());
    assertEquals(FailureCode.LOAD_FAILED, rejection(with("broken", PRIVATE)).code());
    assertEquals(FailureCode.NONE_FITS, rejection(with("none fits", PRIVATE)).code());
  }

  @Test
  void asksClaudeAloneWhereThatWasWanted() {
    claude(RouteReason.ASKED_FOR_CLAUDE, "ready", CLOUD);
    assertEquals(NO_KEY, rejection(without(NO_KEY, "ready", CLOUD)));
  }

  @Test
  void overflowsWhenFullAndWaitsWhereItMayNot() {
    RoutingSnapshot full =
        snapshot(
            RoutingPolicy.LOCAL_FIRST, RequestedModel.REJECT, state("ready"), false, null, true);
    assertEquals(
        new RoutingDecision.Claude(RouteReason.LOCAL_BUSY, null),
        RoutingDecision.decide(full, PLAIN));
    assertEquals(
        new RoutingDecision.Wait(RouteReason.LOCAL_BUSY, null),
        RoutingDecision.decide(full, PRIVATE));
    RoutingSnapshot fullLine =
        snapshot(
            RoutingPolicy.LOCAL_FIRST, RequestedModel.REJECT, state("ready"), false, null, false);
    Failure failure = rejection(RoutingDecision.decide(fullLine, PRIVATE));
    assertEquals(FailureCode.BUSY, failure.code());
    assertNotNull(failure.retryAfter().orElse(null));
  }

  @Test
  void escalatesAnOverflowOnlyWherePrivacyAllows() {
    Failure tooLong = Samples.failure(FailureCode.CONTEXT_OVERFLOW);
    claude(RouteReason.CONTEXT_OVERFLOW, "ready", PLAIN.triedLocal(tooLong));
    Failure failure = rejection(with("ready", PRIVATE.triedLocal(tooLong)));
    assertEquals(FailureCode.CONTEXT_OVERFLOW, failure.code());
    assertTrue(failure.message().startsWith(tooLong.message()), failure.message());
  }

  @Test
  void fallsBackToTheLocalModelWhenClaudeFails() {
    RoutingSnapshot cloudFirst =
        snapshot(
            RoutingPolicy.CLOUD_FIRST, RequestedModel.REJECT, state("ready"), true, null, true);
    assertEquals(
        new RoutingDecision.Claude(RouteReason.CLOUD_FIRST, null),
        RoutingDecision.decide(cloudFirst, PLAIN));
    Map<FailureCode, RouteReason> reasons =
        Map.of(
            FailureCode.CLAUDE_UNREACHABLE, RouteReason.OFFLINE,
            FailureCode.CLAUDE_OVERLOADED, RouteReason.CLAUDE_FAILED,
            FailureCode.BUDGET_SPENT, RouteReason.BUDGET_SPENT);
    reasons.forEach(
        (code, reason) ->
            assertEquals(
                new RoutingDecision.Local(reason),
                RoutingDecision.decide(cloudFirst, PLAIN.triedClaude(Samples.failure(code)))));
  }

  @Test
  void saysWhatClaudeSaidWhereThatIsAllThereIs() {
    Failure refused = Samples.failure(FailureCode.CLAUDE_UNAUTHORIZED);
    Failure failure = rejection(with("none fits", PLAIN.triedClaude(refused)));
    assertEquals(FailureCode.CLAUDE_UNAUTHORIZED, failure.code());
  }

  @Test
  void letsTheDemonstrationModelAnswerOnlyWhereNothingElseCan() {
    for (String state : List.of("demonstration", "demonstration, downloading")) {
      assertEquals(
          new RoutingDecision.Local(RouteReason.NOTHING_ELSE),
          without(NO_KEY, state, demonstrable(PLAIN)),
          state);
      for (FailureCode code :
          List.of(
              FailureCode.BUDGET_SPENT,
              FailureCode.CLAUDE_SPEND_LIMIT,
              FailureCode.CLAUDE_UNREACHABLE,
              FailureCode.BREAKER_OPEN)) {
        Failure failure = rejection(without(Samples.failure(code), state, demonstrable(PLAIN)));
        assertTrue(failure.message().contains(code + " was injected"), failure.message());
        Failure tried =
            rejection(with(state, demonstrable(PLAIN).triedClaude(Samples.failure(code))));
        assertTrue(tried.message().contains(code + " was injected"), tried.message());
      }
      assertInstanceOf(
          RoutingDecision.Reject.class, without(NO_KEY, state, demonstrable(PLAIN), false), state);
      assertInstanceOf(RoutingDecision.Reject.class, without(NO_KEY, state, PLAIN), state);
      assertEquals(
          new RoutingDecision.Local(RouteReason.ASKED_FOR_LOCAL),
          without(NO_KEY, state, named(PLAIN, ModelReference.BUILT_IN)),
          state);
    }
  }

  @Test
  void saysWhyTheDemonstrationModelCouldNotAnswerWhereItWasAllThereIs() {
    Failure tooLong = Samples.failure(FailureCode.CONTEXT_OVERFLOW);
    RoutingQuery tried = demonstrable(PLAIN).triedLocal(tooLong);
    Failure failure = rejection(without(NO_KEY, "demonstration", tried));
    assertEquals(FailureCode.CONTEXT_OVERFLOW, failure.code());
    assertTrue(failure.message().contains(tooLong.message()), failure.message());
    assertTrue(failure.message().contains(NO_KEY.message()), failure.message());
    assertNotEquals(
        FailureCode.CONTEXT_OVERFLOW,
        rejection(without(NO_KEY, "demonstration, downloading", tried)).code());
  }

  @Test
  void bringsBackAModelThatWasUnloaded() {
    assertEquals(
        new RoutingDecision.Claude(RouteReason.MODEL_NOT_READY, Samples.SMALL),
        with("idle", PLAIN));
    assertEquals(
        new RoutingDecision.Wait(RouteReason.MODEL_NOT_READY, Samples.SMALL),
        with("idle", PRIVATE));
  }

  @Test
  void aNamedModelThatIsComingIsWaitedFor() {
    for (RoutingQuery asked : List.of(PLAIN, WAITING, PRIVATE)) {
      for (@Nullable Failure claude : nullable(NO_KEY)) {
        for (String state :
            List.of("untold", "selecting", "downloading", "loading", "draining", "idle")) {
          RoutingDecision decision = without(claude, state, named(asked, Samples.SMALL));
          assertInstanceOf(RoutingDecision.Wait.class, decision, state);
        }
        RoutingDecision swapping = without(claude, "ready, swapping", named(asked, Samples.LARGE));
        assertInstanceOf(RoutingDecision.Wait.class, swapping);
      }
    }
  }

  @Test
  void aNamedModelThatIsNotComingIsRefusedWithItsReason() {
    for (@Nullable Failure claude : nullable(NO_KEY)) {
      Failure absent = rejection(without(claude, "ready", named(PLAIN, Samples.LARGE)));
      assertEquals(FailureCode.MODEL_NOT_READY, absent.code());
      assertTrue(absent.describe().contains("requested-model = load"), absent.describe());
      Failure broken = rejection(without(claude, "broken", named(PLAIN, Samples.SMALL)));
      assertEquals(FailureCode.LOAD_FAILED, broken.code());
      Failure offline = rejection(without(claude, "offline", named(PLAIN, Samples.SMALL)));
      assertEquals(FailureCode.MODEL_NOT_READY, offline.code());
      assertTrue(offline.retryable());
      String why = Samples.failure(FailureCode.OFFLINE).message();
      assertEquals("The model " + Samples.SMALL + " is not ready: " + why, offline.message());
      Failure builtin = rejection(without(claude, "ready", named(PLAIN, ModelReference.BUILT_IN)));
      assertEquals(FailureCode.MODEL_NOT_READY, builtin.code());
    }
    Failure tooLong = Samples.failure(FailureCode.CONTEXT_OVERFLOW);
    assertEquals(
        FailureCode.CONTEXT_OVERFLOW,
        rejection(with("ready", named(PLAIN, Samples.SMALL).triedLocal(tooLong))).code());
    assertEquals(
        FailureCode.BAD_REQUEST, rejection(with("ready", named(CLOUD, Samples.SMALL))).code());
  }

  @Test
  void loadsANamedModelWithAndWithoutAKey() {
    for (RoutingQuery asked : List.of(PLAIN, WAITING, PRIVATE)) {
      for (@Nullable Failure claude : nullable(NO_KEY)) {
        for (String state : List.of("empty", "ready", "demonstration")) {
          RoutingSnapshot loads = loading(state, claude, RoutingSnapshot.Bringing.NONE);
          assertEquals(
              new RoutingDecision.Wait(RouteReason.MODEL_NOT_READY, Samples.LARGE),
              RoutingDecision.decide(loads, named(asked, Samples.LARGE)),
              state);
        }
      }
    }
  }

  @Test
  void namedModelsAreBroughtOneAfterAnotherAndNotTooOften() {
    RoutingQuery large = named(PLAIN, Samples.LARGE);
    var other = new RoutingSnapshot.Bringing(Samples.SMALL, true);
    assertEquals(
        new RoutingDecision.Wait(RouteReason.MODEL_NOT_READY, null),
        RoutingDecision.decide(loading("ready", null, other), large));
    var itself = new RoutingSnapshot.Bringing(Samples.LARGE, false);
    assertEquals(
        new RoutingDecision.Wait(RouteReason.MODEL_NOT_READY, Samples.LARGE),
        RoutingDecision.decide(loading("ready", null, itself), large));
    var spent = new RoutingSnapshot.Bringing(null, false);
    Failure busy = rejection(RoutingDecision.decide(loading("ready", null, spent), large));
    assertEquals(FailureCode.BUSY, busy.code());
    assertNotNull(busy.retryAfter().orElse(null));
  }

  private static RoutingSnapshot loading(
      String state, @Nullable Failure claude, RoutingSnapshot.Bringing bringing) {
    RoutingSnapshot now =
        snapshot(RoutingPolicy.LOCAL_FIRST, RequestedModel.LOAD, state(state), true, claude, true);
    return new RoutingSnapshot(
        now.policy(),
        now.requestedModel(),
        true,
        bringing,
        now.state(),
        null,
        null,
        now.local(),
        claude,
        true);
  }

  @Test
  void treatsAModelThatIsNotThereAsConfigured() {
    Failure failure = rejection(without(NO_KEY, "ready", named(PLAIN, Samples.LARGE)));
    assertTrue(failure.describe().contains("--model qwen2.5-7b"), failure.describe());
    RoutingSnapshot loads =
        snapshot(RoutingPolicy.LOCAL_FIRST, RequestedModel.LOAD, state("ready"), true, null, true);
    assertEquals(
        new RoutingDecision.Wait(RouteReason.MODEL_NOT_READY, Samples.LARGE),
        RoutingDecision.decide(loads, named(WAITING, Samples.LARGE)));
  }

  @Test
  void letsTheStrictestRuleWhereWishesContradict() {
    RoutingSnapshot stays =
        snapshot(RoutingPolicy.LOCAL_ONLY, RequestedModel.REJECT, state("ready"), true, null, true);
    assertEquals(
        FailureCode.CLOUD_DISABLED, rejection(RoutingDecision.decide(stays, CLOUD)).code());
    RoutingSnapshot leaves =
        snapshot(RoutingPolicy.CLOUD_ONLY, RequestedModel.REJECT, state("ready"), true, null, true);
    assertEquals(
        new RoutingDecision.Claude(RouteReason.CLOUD_FIRST, null),
        RoutingDecision.decide(leaves, PLAIN));
    assertEquals(
        new RoutingDecision.Local(RouteReason.ASKED_FOR_LOCAL),
        RoutingDecision.decide(leaves, PRIVATE));
  }

  private static void claude(RouteReason reason, String state, RoutingQuery query) {
    RoutingDecision.Claude decision =
        assertInstanceOf(RoutingDecision.Claude.class, with(state, query), state);
    assertEquals(reason, decision.reason(), state);
  }

  private static void local(RouteReason reason, String state, RoutingQuery query) {
    assertEquals(new RoutingDecision.Local(reason), with(state, query), state);
  }

  private static void wait(RouteReason reason, String state, RoutingQuery query) {
    RoutingDecision.Wait decision =
        assertInstanceOf(RoutingDecision.Wait.class, with(state, query), state);
    assertEquals(reason, decision.reason(), state);
  }

  private static Failure rejection(RoutingDecision decision) {
    return assertInstanceOf(RoutingDecision.Reject.class, decision).failure();
  }

  private static RoutingDecision with(String state, RoutingQuery query) {
    return RoutingDecision.decide(
        snapshot(RoutingPolicy.LOCAL_FIRST, RequestedModel.REJECT, state(state), true, null, true),
        query);
  }

  private static RoutingDecision without(
      @Nullable Failure claude, String state, RoutingQuery query) {
    return without(claude, state, query, true);
  }

  private static RoutingDecision without(
      @Nullable Failure claude, String state, RoutingQuery query, boolean modelOpen) {
    RoutingSnapshot now =
        snapshot(
            RoutingPolicy.LOCAL_FIRST, RequestedModel.REJECT, state(state), true, claude, true);
    return RoutingDecision.decide(
        new RoutingSnapshot(
            now.policy(),
            now.requestedModel(),
            modelOpen,
            now.bringing(),
            now.state(),
            null,
            null,
            now.local(),
            claude,
            true),
        query);
  }

  private static @Nullable RuntimeState state(String name) {
    Map<String, @Nullable RuntimeState> states = states();
    assertTrue(states.containsKey(name), name);
    return states.get(name);
  }

  private static RoutingSnapshot snapshot(
      RoutingPolicy policy,
      RequestedModel requested,
      @Nullable RuntimeState state,
      boolean room,
      @Nullable Failure claude,
      boolean line) {
    var info = state == null ? null : state.ready().orElse(null);
    return new RoutingSnapshot(
        policy,
        requested,
        true,
        RoutingSnapshot.Bringing.NONE,
        state,
        null,
        null,
        info == null ? null : new RoutingSnapshot.Local(info, room, room, info.demonstration()),
        claude,
        line);
  }

  @Test
  void whatShowsAnImageGoesToClaudeOrNowhere() {
    RoutingSnapshot ready = ready(null);
    RoutingSnapshot noKey = ready(NO_KEY);
    RoutingQuery open = picture(Privacy.LOCAL_FIRST, null);

    assertEquals(
        new RoutingDecision.Claude(RouteReason.IMAGE, null), RoutingDecision.decide(ready, open));
    assertEquals(
        new RoutingDecision.Claude(RouteReason.ASKED_FOR_CLAUDE, null),
        RoutingDecision.decide(ready, picture(Privacy.CLOUD_ONLY, null)));
    assertEquals(FailureCode.NO_API_KEY, refusal(noKey, open));
    assertEquals(FailureCode.BAD_REQUEST, refusal(ready, picture(Privacy.LOCAL_ONLY, null)));
    assertEquals(
        FailureCode.BAD_REQUEST,
        refusal(ready, picture(Privacy.LOCAL_FIRST, ModelReference.BUILT_IN)));
  }

  private static FailureCode refusal(RoutingSnapshot now, RoutingQuery query) {
    RoutingDecision decided = RoutingDecision.decide(now, query);
    Failure failure = assertInstanceOf(RoutingDecision.Reject.class, decided).failure();
    assertTrue(failure.message().contains("it shows an image"), failure.message());
    return failure.code();
  }

  private static RoutingSnapshot ready(@Nullable Failure claude) {
    RuntimeState state = RuntimeState.of(new ModelState.Ready(Samples.info(Samples.SMALL)), null);
    return snapshot(RoutingPolicy.LOCAL_FIRST, RequestedModel.REJECT, state, true, claude, true);
  }

  private static RoutingQuery picture(Privacy privacy, @Nullable ModelReference model) {
    return RoutingQuery.of(
        GenerateRequest.builder()
            .messages(
                List.of(ChatMessage.user("?").withImages(List.of(Image.at("https://x.test/a")))))
            .privacy(privacy)
            .model(model)
            .build());
  }

  private static RoutingQuery query(Privacy privacy, WhenNotReady when) {
    return new RoutingQuery(privacy, null, when, false, null, null, LocalTry.NONE, null, null);
  }

  private static RoutingQuery named(RoutingQuery query, ModelReference model) {
    return new RoutingQuery(
        query.privacy(), model, query.whenNotReady(), false, null, null, LocalTry.NONE, null, null);
  }

  private static RoutingQuery demonstrable(RoutingQuery query) {
    return new RoutingQuery(
        query.privacy(), null, query.whenNotReady(), true, null, null, LocalTry.NONE, null, null);
  }
}
