package dev.finch.routing;

import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import dev.finch.routing.ScriptedProvider.Script;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;

/** What routing costs; run it with {@code bench/routing}. */
final class RoutingBenchmark {

  private RoutingBenchmark() {}

  public static void main(String[] args) throws Exception {
    int prompts = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    for (int round = 0; round < 3; round++) {
      System.out.printf(
          Locale.ROOT, "decide(): %,.0f a second on one thread%n", decisionsPerSecond());
    }
    ActorTestKit kit = ActorTestKit.create();
    try {
      for (int round = 0; round < 5; round++) {
        System.out.printf(
            Locale.ROOT, "Router: %,.0f verdicts a second%n", verdictsPerSecond(kit, prompts));
      }
      print("Router, question to verdict", verdictNanos(kit, prompts / 4));
      print("whole way of one prompt", promptNanos(kit, prompts / 10, true));
      print("the same to Claude, ledger included", promptNanos(kit, prompts / 50, false));
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static double decisionsPerSecond() {
    RuntimeState ready = Samples.ready(Samples.SMALL);
    RuntimeState loading =
        Samples.preparing(new ModelState.Loading(Samples.spec(Samples.SMALL), 0.5));
    List<RoutingSnapshot> snapshots = new ArrayList<>();
    for (RuntimeState state : List.of(ready, loading)) {
      for (boolean room : new boolean[] {true, false}) {
        var local =
            state.ready().isEmpty()
                ? null
                : new RoutingSnapshot.Local(Samples.info(Samples.SMALL), room, room, false);
        snapshots.add(
            new RoutingSnapshot(
                RoutingPolicy.LOCAL_FIRST,
                RequestedModel.REJECT,
                true,
                RoutingSnapshot.Bringing.NONE,
                state,
                null,
                null,
                local,
                null,
                true));
      }
    }
    List<RoutingQuery> queries = new ArrayList<>();
    for (Privacy privacy : Privacy.values()) {
      for (ModelReference model : List.of(ModelReference.AUTO, Samples.SMALL)) {
        queries.add(
            RoutingQuery.of(
                GenerateRequest.builder()
                    .user("hi")
                    .privacy(privacy)
                    .model(model)
                    .whenNotReady(WhenNotReady.WAIT)
                    .build()));
      }
    }
    int count = 5_000_000;
    int locals = 0;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      RoutingDecision decision =
          RoutingDecision.decide(
              snapshots.get(i % snapshots.size()), queries.get(i % queries.size()));
      locals += decision instanceof RoutingDecision.Local ? 1 : 0;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (locals == 0) {
      throw new IllegalStateException("no decision was local");
    }
    return count / seconds;
  }

  /** As many questions as fit, each answered and given back. */
  private static double verdictsPerSecond(ActorTestKit kit, int prompts) throws Exception {
    ActorRef<Router.Command> router = readyRouter(kit, Integer.MAX_VALUE / 2);
    CountDownLatch answered = new CountDownLatch(prompts);
    RoutingQuery query = RoutingQuery.of(GenerateRequest.of("hi"));
    List<ActorRef<Router.Verdict>> askers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      askers.add(kit.spawn(forwarding(router, i, answered)));
    }
    long start = System.nanoTime();
    for (int i = 0; i < prompts; i++) {
      int asker = i % askers.size();
      router.tell(new Router.Decide(query, asker, askers.get(asker)));
      if (i % askers.size() == askers.size() - 1) {
        awaitAbout(answered, prompts - i - 1);
      }
    }
    if (!answered.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(answered.getCount() + " verdicts are missing");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return prompts / seconds;
  }

  private static org.apache.pekko.actor.typed.Behavior<Router.Verdict> forwarding(
      ActorRef<Router.Command> router, long arrival, CountDownLatch answered) {
    return Behaviors.receiveMessage(
        verdict -> {
          router.tell(new Router.Ended(arrival, null, "local/MODEL_READY"));
          answered.countDown();
          return Behaviors.same();
        });
  }

  private static void awaitAbout(CountDownLatch latch, long left) {
    while (latch.getCount() > left) {
      Thread.onSpinWait();
    }
  }

  /** One question at a time, from the telling to the verdict in another actor's hands. */
  private static long[] verdictNanos(ActorTestKit kit, int prompts) throws Exception {
    ActorRef<Router.Command> router = readyRouter(kit, 1000);
    RoutingQuery query = RoutingQuery.of(GenerateRequest.of("hi"));
    long[] nanos = new long[prompts];
    CountDownLatch done = new CountDownLatch(1);
    kit.spawn(
        Behaviors.<Router.Verdict>setup(
            context -> {
              long[] state = {0, System.nanoTime()};
              router.tell(new Router.Decide(query, 0, context.getSelf()));
              return Behaviors.receiveMessage(
                  verdict -> {
                    int i = (int) state[0]++;
                    nanos[i] = System.nanoTime() - state[1];
                    router.tell(new Router.Ended(i, null, "local/MODEL_READY"));
                    if (i + 1 == prompts) {
                      done.countDown();
                      return Behaviors.stopped();
                    }
                    state[1] = System.nanoTime();
                    router.tell(new Router.Decide(query, i + 1, context.getSelf()));
                    return Behaviors.same();
                  });
            }));
    if (!done.await(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("verdicts are missing");
    }
    return nanos;
  }

  /** One prompt at a time, from the request to the last event of the stream. */
  private static long[] promptNanos(ActorTestKit kit, int prompts, boolean local) throws Exception {
    Ensemble ensemble = new Ensemble(kit, Files.createTempDirectory("finch-bench"), "");
    if (local) {
      ensemble.local(_ -> Script.says("a"));
    } else {
      ensemble.claude(_ -> Script.says("a").overTheNetwork(100));
      ensemble.preparing(Samples.downloading(Samples.SMALL));
    }
    long[] nanos = new long[prompts];
    for (int i = 0; i < prompts; i++) {
      long start = System.nanoTime();
      Exchanges.stream(ensemble.exchanges, GenerateRequest.of("hi"))
          .runWith(Sink.ignore(), kit.system())
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private static ActorRef<Router.Command> readyRouter(ActorTestKit kit, int slots) {
    ActorRef<Router.Command> router =
        kit.spawn(Router.create(Samples.settings(""), kit.<Router.Notice>createTestProbe().ref()));
    ActorRef<Inference.Command> local =
        kit.spawn(
            ScriptedProvider.create(
                Provenance.Provider.LOCAL, new ScriptedProvider.Heard(), _ -> Script.says("a")));
    router.tell(
        new Router.RuntimeChanged(Samples.ready(Samples.SMALL), Samples.leg(local, slots, 0)));
    return router;
  }

  /** The second half only: by then the code is compiled. */
  private static void print(String what, long[] nanos) {
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT,
        "%s: median %.1f µs, p99 %.1f µs (%d prompts, %s in all)%n",
        what,
        warm[warm.length / 2] / 1e3,
        warm[(int) (warm.length * 0.99)] / 1e3,
        warm.length,
        Duration.ofNanos(Arrays.stream(nanos).sum())
            .truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
  }
}
