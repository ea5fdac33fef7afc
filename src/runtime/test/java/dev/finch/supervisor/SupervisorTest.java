package dev.finch.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.finch.download.Downloader;
import dev.finch.engine.KvType;
import dev.finch.engine.LoadPlan;
import dev.finch.engine.Loader;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import dev.finch.routing.Exchanges;
import dev.finch.routing.Router;
import dev.finch.selection.ModelSelector;
import dev.finch.supervisor.SupervisorSettings.Bootstrap;
import dev.finch.supervisor.SupervisorSettings.Prepare;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of models step by step, with the other rooms' protocols played by probes. */
final class SupervisorTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.defaultReference()));
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private static final ModelReference BIG = ModelReference.parse("qwen2.5-7b");
  private static final ModelReference SMALL = ModelReference.parse("qwen2.5-0.5b");
  private static final Failure NETWORK_DOWN =
      Failure.passing(FailureCode.HUB_UNREACHABLE, "The network is down.", null);

  private final Set<ModelReference> onDisk = ConcurrentHashMap.newKeySet();
  private final Set<ModelReference> needRoom = ConcurrentHashMap.newKeySet();
  private final TestProbe<Downloader.Command> downloader = KIT.createTestProbe();
  private final TestProbe<Loader.Command> loaders = KIT.createTestProbe();
  private final TestProbe<Router.Command> router = KIT.createTestProbe();
  private final TestProbe<RuntimeState> states = KIT.createTestProbe();
  private final Map<ActorRef<Loader.Event>, ActorRef<Loader.Command>> loaderOf =
      new ConcurrentHashMap<>();
  private ActorRef<Router.Notice> notices = KIT.<Router.Notice>createTestProbe().getRef();
  private Behavior<ModelSelector.Command> selector = selector();
  private @Nullable ActorRef<Supervisor.Command> supervisor;

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @AfterEach
  void stopSupervisor() {
    if (supervisor != null) {
      KIT.stop(supervisor);
    }
  }

  @Test
  void takesAModelFromReferenceToReadyAndTellsEachStep() {
    start(settings(Prepare.DOWNLOAD, Bootstrap.DIRECT, false));

    Downloader.Fetch fetch = downloader.expectMessageClass(Downloader.Fetch.class);
    assertEquals(BIG, fetch.spec().reference());
    fetch.replyTo().tell(new Downloader.Progressed(downloaded(50)));
    awaitPreparing(
        state ->
            state instanceof ModelState.Downloading(_, var progress)
                && progress.committedBytes() == 50);
    fetch.replyTo().tell(new Downloader.Completed(local(fetch.spec())));
    Loader.Load load = loaders.expectMessageClass(Loader.Load.class);
    load.replyTo().tell(new Loader.LoadProgressed(0.5));
    awaitPreparing(ModelState.Loading.class::isInstance);
    becomeReady(load);

    RuntimeState ready = await(state -> state.ready().isPresent());
    assertEquals(BIG, assertNotNullAnd(ready.ready().orElse(null)).reference());
    assertEquals(null, ready.preparing().orElse(null));
  }

  @Test
  void saysWhichModelIsComingBeforeAnythingElse() {
    selector = Behaviors.ignore();
    start(settings(Prepare.DOWNLOAD, Bootstrap.DIRECT, false));

    assertInstanceOf(ModelState.Selecting.class, states.receiveMessage().preparing().orElse(null));
  }

  @Test
  void aPassingFailureIsTriedAgainAfterTheBackoffAndAPermanentOneIsNot() {
    start(settings(Prepare.DOWNLOAD, Bootstrap.DIRECT, false));
    Downloader.Fetch first = downloader.expectMessageClass(Downloader.Fetch.class);
    first.replyTo().tell(new Downloader.Offline(NETWORK_DOWN));
    awaitPreparing(ModelState.NotAvailable.class::isInstance);

    TIME.timePasses(Duration.ofSeconds(4));
    downloader.expectNoMessage(Duration.ZERO);
    TIME.timePasses(Duration.ofSeconds(1));
    Downloader.Fetch second = downloader.expectMessageClass(Downloader.Fetch.class);

    Failure gone = Failure.permanent(FailureCode.HUB_NOT_FOUND, "There is no such model.", null);
    second.replyTo().tell(new Downloader.Failed(gone));
    awaitPreparing(ModelState.Failed.class::isInstance);
    TIME.timePasses(Duration.ofHours(1));
    downloader.expectNoMessage(Duration.ZERO);
  }

  @Test
  void withoutLeaveToDownloadAnAbsentModelIsNotAvailable() {
    start(settings(Prepare.CACHED, Bootstrap.DIRECT, false));

    RuntimeState state =
        await(now -> now.preparing().orElse(null) instanceof ModelState.NotAvailable);

    assertTrue(state.describe().contains("finch pull qwen2.5-7b"), state.describe());
    downloader.expectNoMessage(Duration.ZERO);
  }

  @Test
  void theLadderLetsASmallModelServeUntilTheChosenOneHasArrived() {
    start(settings(Prepare.DOWNLOAD, Bootstrap.LADDER, false));

    Downloader.Fetch small = downloader.expectMessageClass(Downloader.Fetch.class);
    assertEquals(SMALL, small.spec().reference());
    small.replyTo().tell(new Downloader.Completed(local(small.spec())));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));
    RuntimeState between =
        await(state -> state.ready().isPresent() && state.preparing().isPresent());
    assertEquals(SMALL, assertNotNullAnd(between.ready().orElse(null)).reference());

    Downloader.Fetch big = fetchOf(BIG);
    big.replyTo().tell(new Downloader.Completed(local(big.spec())));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));
    await(state -> state.ready().isPresent() && state.ready().orElse(null).reference().equals(BIG));
    loaders.expectMessageClass(Loader.Drain.class);
  }

  @Test
  void aSmallModelThatCannotBeHadIsPassedOverOnce() {
    start(settings(Prepare.DOWNLOAD, Bootstrap.LADDER, false));

    fetchOf(SMALL).replyTo().tell(new Downloader.Offline(NETWORK_DOWN));
    fetchOf(BIG).replyTo().tell(new Downloader.Offline(NETWORK_DOWN));
    awaitPreparing(ModelState.NotAvailable.class::isInstance);
    downloader.expectNoMessage(Duration.ZERO);

    TIME.timePasses(Duration.ofSeconds(5));
    Downloader.Fetch small = fetchOf(SMALL);
    small.replyTo().tell(new Downloader.Completed(local(small.spec())));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));
    fetchOf(BIG);
  }

  @Test
  void whoIsToldHowALoadEndedFindsItInTheState() {
    start(settings(Prepare.NONE, Bootstrap.DIRECT, false));
    ActorRef<Supervisor.Command> asked = assertNotNullAnd(supervisor);
    TestProbe<Supervisor.Handles> handles = KIT.createTestProbe();
    TestProbe<StatusReply<RuntimeState>> asker = KIT.createTestProbe();
    asked.tell(new Supervisor.GetHandles(handles.getRef()));
    Supplier<RuntimeState> state = handles.receiveMessage().state();

    for (int i = 0; i < 100; i++) {
      asked.tell(new Supervisor.PrepareModel(BIG, asker.getRef()));
      Failure gone = Failure.permanent(FailureCode.HUB_NOT_FOUND, "No model " + i + ".", null);
      fetchOf(BIG).replyTo().tell(new Downloader.Failed(gone));

      assertTrue(asker.receiveMessage().isError());
      ModelState preparing = state.get().preparing().orElse(null);
      assertEquals(gone, assertInstanceOf(ModelState.Failed.class, preparing).failure());
    }
    asked.tell(new Supervisor.PrepareModel(BIG, asker.getRef()));
    Downloader.Fetch fetch = fetchOf(BIG);
    fetch.replyTo().tell(new Downloader.Completed(local(fetch.spec())));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));

    assertEquals(asker.receiveMessage().getValue(), state.get());
  }

  @Test
  void whoAskedForTheChosenModelIsNotAnsweredByTheSmallOne() {
    start(settings(Prepare.NONE, Bootstrap.LADDER, false));
    TestProbe<StatusReply<RuntimeState>> asker = KIT.createTestProbe();
    var prepare = new Supervisor.PrepareModel(BIG, asker.getRef());

    assertNotNullAnd(supervisor).tell(prepare);
    Downloader.Fetch small = fetchOf(SMALL);
    assertNotNullAnd(supervisor).tell(prepare);
    small.replyTo().tell(new Downloader.Completed(local(small.spec())));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));
    Downloader.Fetch big = fetchOf(BIG);
    asker.expectNoMessage(Duration.ZERO);
    big.replyTo().tell(new Downloader.Completed(local(big.spec())));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));

    for (int i = 0; i < 2; i++) {
      RuntimeState state = asker.receiveMessage().getValue();
      assertEquals(BIG, assertNotNullAnd(state.ready().orElse(null)).reference());
    }
  }

  @Test
  void theRouterIsToldWhichModelFollowsTheSmallOne() {
    start(settings(Prepare.DOWNLOAD, Bootstrap.LADDER, false));
    fetchOf(SMALL);

    router.fishForMessage(
        Duration.ofSeconds(10),
        message ->
            message instanceof Router.RuntimeChanged(_, _, var next, _) && BIG.equals(next)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  @Test
  void aModelThatIsAskedForOnTheWayTakesThePlaceOfTheChosenOne() {
    ModelReference other = ModelReference.parse("qwen2.5-14b");
    onDisk.add(other);
    start(settings(Prepare.DOWNLOAD, Bootstrap.LADDER, false));
    fetchOf(SMALL);
    TestProbe<StatusReply<RuntimeState>> asker = KIT.createTestProbe();

    assertNotNullAnd(supervisor).tell(new Supervisor.PrepareModel(other, asker.getRef()));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));

    RuntimeState state = asker.receiveMessage().getValue();
    assertEquals(other, assertNotNullAnd(state.ready().orElse(null)).reference());
    assertEquals(null, state.preparing().orElse(null));
    downloader.expectNoMessage(Duration.ZERO);
  }

  @Test
  void theDemonstrationModelStandsByBeforeANeededDownloadBegins() {
    start(settings(Prepare.CACHED, Bootstrap.DIRECT, true));

    Loader.Load load = loaders.expectMessageClass(Loader.Load.class);
    assertEquals(ModelReference.BUILT_IN, load.model().spec().reference());
    becomeReady(load);

    RuntimeState state =
        await(now -> now.preparing().orElse(null) instanceof ModelState.NotAvailable);
    assertNotNull(state.ready().orElse(null));
    Router.LocalLeg leg = legOf(ModelReference.BUILT_IN);
    assertTrue(leg.fallback(), "nobody named it");
  }

  @Test
  void aModelWhoseEngineDiesIsLoadedAgain() {
    onDisk.add(BIG);
    start(settings(Prepare.DOWNLOAD, Bootstrap.DIRECT, false));
    Loader.Load load = loaders.expectMessageClass(Loader.Load.class);
    becomeReady(load);
    await(state -> state.ready().isPresent());

    loader(load).tell(new Loader.Drain()); // the scripted Loader ends, as a dying engine's does
    loaders.expectMessageClass(Loader.Drain.class);
    await(
        state ->
            state.ready().isEmpty() && state.preparing().orElse(null) instanceof ModelState.Failed);
    TIME.timePasses(Duration.ofSeconds(5));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));

    await(state -> state.ready().isPresent());
  }

  @Test
  void whereMemoryDoesNotHoldBothTheOldModelLeavesFirstAndTheGapIsAnnounced() {
    onDisk.addAll(Set.of(BIG, SMALL));
    needRoom.add(SMALL);
    start(settings(Prepare.DOWNLOAD, Bootstrap.DIRECT, false));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));
    await(state -> state.ready().isPresent());

    TestProbe<StatusReply<RuntimeState>> asker = KIT.createTestProbe();
    assertNotNullAnd(supervisor).tell(new Supervisor.PrepareModel(SMALL, asker.getRef()));
    loaders.expectMessageClass(Loader.Drain.class);
    await(state -> state.serving().orElse(null) instanceof ModelState.Draining);
    await(
        state ->
            state.serving().isEmpty()
                && state.preparing().orElse(null) instanceof ModelState.Loading);
    becomeReady(loaders.expectMessageClass(Loader.Load.class));

    RuntimeState state = asker.receiveMessage().getValue();
    assertEquals(SMALL, assertNotNullAnd(state.ready().orElse(null)).reference());
  }

  @Test
  void anIdleModelIsUnloadedAndComesBackWhenTheRouterWantsIt() {
    onDisk.add(BIG);
    start(settings(Prepare.DOWNLOAD, Bootstrap.DIRECT, false));
    Loader.Load load = loaders.expectMessageClass(Loader.Load.class);
    becomeReady(load);
    await(state -> state.ready().isPresent());

    load.replyTo().tell(new Loader.Idled());
    loaders.expectMessageClass(Loader.Drain.class);
    await(state -> state.serving().orElse(null) instanceof ModelState.Idle);

    notices.tell(new Router.LocalWanted(BIG));
    becomeReady(loaders.expectMessageClass(Loader.Load.class));
    await(state -> state.ready().isPresent());
  }

  @Test
  void whoAskedForAModelIsToldWhyItCouldNotBe() {
    start(settings(Prepare.NONE, Bootstrap.DIRECT, false));
    TestProbe<StatusReply<RuntimeState>> asker = KIT.createTestProbe();

    assertNotNullAnd(supervisor).tell(new Supervisor.PrepareModel(BIG, asker.getRef()));
    downloader
        .expectMessageClass(Downloader.Fetch.class)
        .replyTo()
        .tell(new Downloader.Offline(NETWORK_DOWN));

    StatusReply<RuntimeState> reply = asker.receiveMessage();
    assertTrue(reply.isError());
    assertTrue(reply.getError().getMessage().contains("The network is down."));
  }

  @Test
  void aSubscriberGetsTheStateAtOnceAndEachChangeOnce() {
    onDisk.add(BIG);
    start(settings(Prepare.NONE, Bootstrap.DIRECT, false));
    TestProbe<RuntimeState> late = KIT.createTestProbe();
    assertNotNullAnd(supervisor).tell(new Supervisor.Subscribe(late.getRef()));

    assertEquals(RuntimeState.EMPTY, late.receiveMessage());
    late.expectNoMessage(Duration.ZERO);
    TestProbe<StatusReply<RuntimeState>> asker = KIT.createTestProbe();
    assertNotNullAnd(supervisor).tell(new Supervisor.PrepareModel(BIG, asker.getRef()));
    assertInstanceOf(ModelState.Selecting.class, late.receiveMessage().preparing().orElse(null));
    assertInstanceOf(ModelState.Loading.class, late.receiveMessage().preparing().orElse(null));
  }

  private void start(SupervisorSettings settings) {
    ActorBehaviors behaviors =
        new ActorBehaviors(
            selector,
            forward(downloader.getRef()),
            this::scriptedLoader,
            null,
            wanted -> {
              notices = wanted;
              return forward(router.getRef());
            },
            _ -> Behaviors.<Exchanges.Command>ignore(),
            new Disk());
    supervisor = KIT.spawn(Supervisor.create(settings, behaviors));
    supervisor.tell(new Supervisor.Subscribe(states.getRef()));
  }

  private static <T> Behavior<T> forward(ActorRef<T> to) {
    return Behaviors.receiveMessage(
        message -> {
          to.tell(message);
          return Behaviors.same();
        });
  }

  /** Shows what it is told and ends when it is drained, as a Loader does. */
  private Behavior<Loader.Command> scriptedLoader() {
    return Behaviors.setup(
        context ->
            Behaviors.receiveMessage(
                message -> {
                  if (message instanceof Loader.Load load) {
                    loaderOf.put(load.replyTo(), context.getSelf());
                  }
                  loaders.getRef().tell(message);
                  return message instanceof Loader.Drain ? Behaviors.stopped() : Behaviors.same();
                }));
  }

  private ActorRef<Loader.Command> loader(Loader.Load load) {
    return assertNotNullAnd(loaderOf.get(load.replyTo()));
  }

  private static Behavior<ModelSelector.Command> selector() {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof ModelSelector.Select select) {
            select
                .replyTo()
                .tell(new ModelSelector.Selected(spec(select.preference()), "a test", List.of()));
          }
          return Behaviors.same();
        });
  }

  private static ModelSpec spec(ModelReference reference) {
    ModelSpec.Origin origin =
        reference.equals(ModelReference.BUILT_IN)
            ? new ModelSpec.Origin.BuiltIn()
            : new ModelSpec.Origin.Hub("acme/" + reference, "main", null, List.of());
    return new ModelSpec(reference, "Model " + reference, origin, Optional.empty());
  }

  private static LocalModel local(ModelSpec spec) {
    return new LocalModel(spec, List.of(Path.of("model.gguf")), null);
  }

  private final class Disk implements Provisioner {
    @Override
    public Optional<LocalModel> atHand(ModelSpec spec) {
      boolean here =
          spec.origin() instanceof ModelSpec.Origin.BuiltIn || onDisk.contains(spec.reference());
      return here ? Optional.of(local(spec)) : Optional.empty();
    }

    @Override
    public Provisioned provision(LocalModel model, long reclaimable) {
      return new Provisioned(
          model,
          new LoadPlan(1024, 2, KvType.F16),
          needRoom.contains(model.spec().reference()),
          List.of());
    }
  }

  private void becomeReady(Loader.Load load) {
    ModelReference reference = load.model().spec().reference();
    ModelInfo info =
        new ModelInfo(
            reference,
            "Model " + reference,
            "qwen2",
            1,
            "Q8_0",
            1024,
            2,
            1,
            "CPU",
            1,
            1,
            true,
            "scripted",
            false,
            reference.equals(ModelReference.BUILT_IN),
            List.of());
    load.replyTo().tell(new Loader.Ready(info, KIT.<Inference.Command>createTestProbe().getRef()));
  }

  private Downloader.Fetch fetchOf(ModelReference reference) {
    Downloader.Fetch fetch = downloader.expectMessageClass(Downloader.Fetch.class);
    assertEquals(reference, fetch.spec().reference());
    return fetch;
  }

  private Router.LocalLeg legOf(ModelReference reference) {
    return router
        .fishForMessage(
            Duration.ofSeconds(10),
            message ->
                message instanceof Router.RuntimeChanged(_, var leg, _, _)
                        && leg != null
                        && leg.info().reference().equals(reference)
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore())
        .stream()
        .map(message -> assertNotNullAnd(((Router.RuntimeChanged) message).local()))
        .findFirst()
        .orElseThrow();
  }

  private void awaitPreparing(Predicate<ModelState> condition) {
    await(state -> state.preparing().isPresent() && condition.test(state.preparing().orElse(null)));
  }

  private RuntimeState await(Predicate<RuntimeState> condition) {
    RuntimeState state = states.receiveMessage(Duration.ofSeconds(10));
    while (!condition.test(state)) {
      state = states.receiveMessage(Duration.ofSeconds(10));
    }
    return state;
  }

  private static DownloadProgress downloaded(long bytes) {
    return DownloadProgress.of(DownloadProgress.Phase.DOWNLOADING, bytes, 100, 10, null);
  }

  private static SupervisorSettings settings(
      Prepare prepare, Bootstrap bootstrap, boolean demonstration) {
    return new SupervisorSettings(
        BIG,
        prepare,
        bootstrap,
        SMALL,
        demonstration,
        Set.of(),
        Path.of("generated"),
        new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5)),
        3);
  }

  private static <T> T assertNotNullAnd(@Nullable T value) {
    assertNotNull(value);
    return value;
  }
}
