package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.RouteReason;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RouterTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final RoutingQuery WAITING =
      RoutingQuery.of(GenerateRequest.builder().user("hi").whenNotReady(WhenNotReady.WAIT).build());
  private static final RoutingQuery PRIVATE =
      RoutingQuery.of(GenerateRequest.builder().user("hi").privacy(Privacy.LOCAL_ONLY).build());
  private static final RoutingQuery PLAIN = RoutingQuery.of(GenerateRequest.of("hi"));

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
  private final TestProbe<Router.Notice> supervisor = KIT.createTestProbe();
  private final TestProbe<Inference.Command> local = KIT.createTestProbe();
  private final TestProbe<Inference.Command> claude = KIT.createTestProbe();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void letsPromptsThroughInTheOrderInWhichTheyCame() {
    ActorRef<Router.Command> router = router("", now::get);
    preparing(router);
    TestProbe<Router.Verdict> late = ask(router, WAITING, 3);
    TestProbe<Router.Verdict> early = ask(router, WAITING, 1);
    TestProbe<Router.Verdict> middle = ask(router, WAITING, 2);
    late.expectMessage(new Router.Waiting(1, RouteReason.MODEL_NOT_READY));
    early.expectMessage(new Router.Waiting(1, RouteReason.MODEL_NOT_READY));
    middle.expectMessage(new Router.Waiting(2, RouteReason.MODEL_NOT_READY));

    ready(router, 1, 1);
    early.expectMessageClass(Router.ToLocal.class);
    middle.expectMessageClass(Router.ToLocal.class);
    late.expectMessage(new Router.Waiting(1, RouteReason.LOCAL_BUSY));

    TestProbe<Router.Verdict> newcomer = ask(router, PRIVATE, 4);
    newcomer.expectMessage(new Router.Waiting(2, RouteReason.LOCAL_BUSY));
    router.tell(new Router.Ended(1, null, "local/MODEL_READY"));
    late.expectMessageClass(Router.ToLocal.class);
    TIME.timePasses(Duration.ofSeconds(1));
    newcomer.expectMessage(new Router.Waiting(1, RouteReason.LOCAL_BUSY));
  }

  @Test
  void forgetsAPromptThatLeftTheLine() {
    ActorRef<Router.Command> router = router("", now::get);
    ready(router, 1, 0);
    ask(router, PRIVATE, 1).expectMessageClass(Router.ToLocal.class);
    TestProbe<Router.Verdict> first = ask(router, PRIVATE, 2);
    first.expectMessageClass(Router.Waiting.class);
    TestProbe<Router.Verdict> second = ask(router, PRIVATE, 3);
    second.expectMessage(new Router.Waiting(2, RouteReason.LOCAL_BUSY));
    router.tell(new Router.Lost(2));
    TIME.timePasses(Duration.ofSeconds(1));
    second.awaitAssert(
        () -> {
          TIME.timePasses(Duration.ofSeconds(1));
          assertEquals(1, status(router).waiting());
          return true;
        });
  }

  @Test
  void givesBackTheRoomOfAPromptThatDied() {
    ActorRef<Router.Command> router = router("", now::get);
    ready(router, 1, 0);
    ask(router, PRIVATE, 1).expectMessageClass(Router.ToLocal.class);
    TestProbe<Router.Verdict> waiting = ask(router, PRIVATE, 2);
    waiting.expectMessageClass(Router.Waiting.class);
    router.tell(new Router.Lost(1));
    waiting.expectMessageClass(Router.ToLocal.class);
  }

  @Test
  void boundsItsLine() {
    ActorRef<Router.Command> router = router("finch.routing.waiting.limit = 1", now::get);
    preparing(router);
    ask(router, WAITING, 1).expectMessageClass(Router.Waiting.class);
    Failure failure = ask(router, WAITING, 2).expectMessageClass(Router.Refused.class).failure();
    assertEquals(FailureCode.BUSY, failure.code());
  }

  @Test
  void answersTheSamePromptOnceHoweverOftenItAsks() {
    ActorRef<Router.Command> router = router("", now::get);
    ready(router, 1, 0);
    TestProbe<Router.Verdict> prompt = ask(router, PRIVATE, 1);
    router.tell(new Router.Decide(PRIVATE, 1, prompt.ref()));
    prompt.expectMessageClass(Router.ToLocal.class);
    assertEquals(1, status(router).localBusy());
    prompt.expectNoMessage(Duration.ZERO);
  }

  @Test
  void bringsAnIdleModelBackOnce() {
    ActorRef<Router.Command> router = router("", now::get);
    supervisor.expectMessageClass(Router.StateWanted.class);
    ModelState idle = new ModelState.Idle(Samples.info(Samples.SMALL));
    router.tell(new Router.RuntimeChanged(RuntimeState.of(idle, null), null));
    ask(router, PRIVATE, 1).expectMessageClass(Router.Waiting.class);
    ask(router, PRIVATE, 2).expectMessageClass(Router.Waiting.class);
    supervisor.expectMessage(new Router.LocalWanted(Samples.SMALL));
    supervisor.expectNoMessage(Duration.ZERO);
  }

  @Test
  void asksToBeToldAgainAfterARestart() {
    AtomicReference<InstantSource> clock = new AtomicReference<>(now::get);
    ActorRef<Router.Command> router = router("", () -> clock.get().instant());
    supervisor.expectMessageClass(Router.StateWanted.class);
    preparing(router);
    TestProbe<Router.Verdict> waiting = ask(router, WAITING, 1);
    waiting.expectMessageClass(Router.Waiting.class);

    clock.set(
        () -> {
          clock.set(now::get);
          throw new IllegalStateException("injected");
        });
    ask(router, WAITING, 2);
    supervisor.expectMessageClass(Router.StateWanted.class);
    ready(router, 1, 1);
    router.tell(new Router.Decide(WAITING, 1, waiting.ref()));
    waiting.expectMessageClass(Router.ToLocal.class);
  }

  @Test
  void leavesClaudeAloneWhileTheBreakerIsOpenAndProbesOnceAfterwards() {
    ActorRef<Router.Command> router = router("finch.cloud.breaker.failures = 2", now::get);
    preparing(router);
    router.tell(new Router.CloudChanged(Samples.cloud(claude.ref())));
    for (long arrival = 1; arrival <= 2; arrival++) {
      TestProbe<Router.Verdict> prompt = ask(router, PLAIN, arrival);
      prompt.expectMessageClass(Router.ToClaude.class);
      router.tell(new Router.Ended(arrival, Samples.failure(FailureCode.CLAUDE_OVERLOADED), "x"));
    }
    Failure open = ask(router, PLAIN, 3).expectMessageClass(Router.Refused.class).failure();
    assertEquals(FailureCode.NOTHING_CAN_ANSWER, open.code());
    assertTrue(open.message().contains("CLAUDE_OVERLOADED was injected"), open.message());
    assertEquals(FailureCode.BREAKER_OPEN, whyNotClaude(status(router)));

    now.updateAndGet(before -> before.plusSeconds(10));
    TestProbe<Router.Verdict> probe = ask(router, PLAIN, 4);
    probe.expectMessageClass(Router.ToClaude.class);
    ask(router, PLAIN, 5).expectMessageClass(Router.Refused.class);
    router.tell(new Router.Ended(4, null, "claude/MODEL_NOT_READY"));
    ask(router, PLAIN, 6).expectMessageClass(Router.ToClaude.class);
  }

  @Test
  void countsWhoAnsweredAndWhy() {
    ActorRef<Router.Command> router = router("", now::get);
    ready(router, 2, 2);
    for (long arrival = 1; arrival <= 2; arrival++) {
      TestProbe<Router.Verdict> prompt = ask(router, PLAIN, arrival);
      assertInstanceOf(Router.ToLocal.class, prompt.receiveMessage());
      router.tell(new Router.Ended(arrival, null, "local/MODEL_READY"));
    }
    RoutingStatus status = status(router);
    assertEquals(2L, status.requestsByReason().get("local/MODEL_READY"));
    assertEquals(FailureCode.CLOUD_DISABLED, whyNotClaude(status));
  }

  @Test
  void aPromptThatNamesTheModelAfterTheOneThatIsOnItsWayWaitsForIt() {
    ActorRef<Router.Command> router = router("", now::get);
    RuntimeState small = Samples.preparing(Samples.downloading(Samples.SMALL));
    router.tell(new Router.RuntimeChanged(small, null, Samples.LARGE, null));
    GenerateRequest request =
        GenerateRequest.builder()
            .user("hi")
            .model(Samples.LARGE)
            .whenNotReady(WhenNotReady.WAIT)
            .build();

    var prompt = ask(router, RoutingQuery.of(request), 1);

    assertInstanceOf(Router.Waiting.class, prompt.receiveMessage());
  }

  private ActorRef<Router.Command> router(String settings, InstantSource clock) {
    return KIT.spawn(Router.create(Samples.settings(settings), supervisor.ref(), clock));
  }

  private static void preparing(ActorRef<Router.Command> router) {
    router.tell(
        new Router.RuntimeChanged(Samples.preparing(Samples.downloading(Samples.SMALL)), null));
  }

  private void ready(ActorRef<Router.Command> router, int slots, int queueLimit) {
    router.tell(
        new Router.RuntimeChanged(
            Samples.ready(Samples.SMALL), Samples.leg(local.ref(), slots, queueLimit)));
  }

  private static TestProbe<Router.Verdict> ask(
      ActorRef<Router.Command> router, RoutingQuery query, long arrival) {
    TestProbe<Router.Verdict> prompt = KIT.createTestProbe();
    router.tell(new Router.Decide(query, arrival, prompt.ref()));
    return prompt;
  }

  private static RoutingStatus status(ActorRef<Router.Command> router) {
    TestProbe<RoutingStatus> probe = KIT.createTestProbe();
    router.tell(new Router.Report(0, probe.ref()));
    return probe.receiveMessage();
  }

  private static FailureCode whyNotClaude(RoutingStatus status) {
    return Objects.requireNonNull(status.claudeWhyNot()).code();
  }
}
