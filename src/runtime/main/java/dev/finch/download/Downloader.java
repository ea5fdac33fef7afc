package dev.finch.download;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Brings models from the Hub into the cache. Everyone who asks for a model that is already on its
 * way joins that download.
 *
 * <p>Each {@link Fetch} is answered with any number of {@link Progressed} and then exactly one of
 * {@link Completed}, {@link Failed} and {@link Offline}. Nothing is retried here after that: the
 * failure says whether asking again makes sense, and what was fetched is continued then. A listener
 * that ends counts as one that aborts.
 */
public final class Downloader extends AbstractMatchingBehavior<Downloader.Command> {

  /** What may be asked of it. */
  public sealed interface Command {}

  /**
   * Fetch a model whose origin is a Hub.
   *
   * @param replyTo hears of everything from now on
   */
  public record Fetch(ModelSpec spec, ActorRef<Event> replyTo) implements Command {
    public Fetch {
      requireNonNull(spec, "spec");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /**
   * One who asked for a model wants it no more and hears so. The download stops when nobody else
   * waits for it; what has come is kept and continued next time.
   *
   * @param listener the {@code replyTo} of its {@link Fetch}
   */
  public record Abort(ModelReference reference, ActorRef<Event> listener) implements Command {
    public Abort {
      requireNonNull(reference, "reference");
      requireNonNull(listener, "listener");
    }
  }

  private record Gone(ActorRef<Event> listener) implements Command {}

  /** What one of the downloads has to say. */
  record Told(ModelSpec.Origin origin, Event event) implements Command {}

  private record Ended(ModelSpec.Origin origin, ActorRef<ModelDownload.Command> download)
      implements Command {}

  /** What it says. */
  public sealed interface Event {}

  public record Progressed(DownloadProgress progress) implements Event {}

  /** All files are verified and in the cache. */
  public record Completed(LocalModel model) implements Event {}

  public record Failed(Failure failure) implements Event {}

  /** The Hub cannot be reached, or may not be asked, and the model is not in the cache. */
  public record Offline(Failure failure) implements Event {}

  public static Behavior<Command> create(DownloadSettings settings) {
    return Behaviors.setup(context -> new Downloader(context, settings));
  }

  private final ActorContext<Command> context;
  private final ModelDownload.Tools tools;
  private final Map<ModelSpec.Origin, Running> running = new HashMap<>();

  /** One download and who listens. */
  private static final class Running {
    final ModelSpec spec;
    final ActorRef<ModelDownload.Command> download;
    final Set<ActorRef<Event>> listeners = new LinkedHashSet<>();
    @Nullable Event last;

    Running(ModelSpec spec, ActorRef<ModelDownload.Command> download) {
      this.spec = spec;
      this.download = download;
    }
  }

  private Downloader(ActorContext<Command> context, DownloadSettings settings) {
    super(context);
    this.context = context;
    HubHttp hubHttp = new HubHttp(context.getSystem(), settings, new HostCooldowns());
    Hub hub = new Hub(hubHttp, settings);
    CacheLayout layout = new CacheLayout(settings.cache());
    this.tools =
        new ModelDownload.Tools(
            settings,
            layout,
            new CacheWriter(layout, settings.symlinks()),
            new Planner(hub, new ModelCache(settings), settings.offline()),
            hub,
            hubHttp);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Fetch fetch -> onFetch(fetch);
      case Abort abort -> onAbort(abort);
      case Gone gone -> onGone(gone.listener());
      case Told told -> onTold(told);
      case Ended ended -> onEnded(ended);
    };
  }

  private Behavior<Command> onFetch(Fetch fetch) {
    ModelSpec spec = fetch.spec();
    if (!(spec.origin() instanceof ModelSpec.Origin.Hub)) {
      fetch.replyTo().tell(new Failed(notOfAHub(spec)));
      return this;
    }
    Running joined = running.computeIfAbsent(spec.origin(), _ -> start(spec));
    if (joined.listeners.add(fetch.replyTo())) {
      context.watchWith(fetch.replyTo(), new Gone(fetch.replyTo()));
      if (joined.last != null) {
        fetch.replyTo().tell(joined.last);
      }
    }
    return this;
  }

  private Behavior<Command> onAbort(Abort abort) {
    for (Running one : Set.copyOf(running.values())) {
      if (one.spec.reference().equals(abort.reference()) && leave(one, abort.listener())) {
        abort.listener().tell(new Failed(aborted(one.spec)));
      }
    }
    return this;
  }

  private Behavior<Command> onGone(ActorRef<Event> listener) {
    Set.copyOf(running.values()).forEach(one -> leave(one, listener));
    return this;
  }

  /** Whether it was a listener; the last one to leave stops the download. */
  private boolean leave(Running one, ActorRef<Event> listener) {
    boolean listened = one.listeners.remove(listener);
    if (listened && one.listeners.isEmpty()) {
      running.remove(one.spec.origin());
      one.download.tell(new ModelDownload.Stop());
    }
    return listened;
  }

  private Behavior<Command> onTold(Told told) {
    Running one = running.get(told.origin());
    if (one == null) {
      return this;
    }
    one.listeners.forEach(listener -> listener.tell(told.event()));
    one.last = told.event();
    if (!(told.event() instanceof Progressed)) {
      running.remove(told.origin());
    }
    return this;
  }

  /** A download that died without a word must not leave its listeners waiting. */
  private Behavior<Command> onEnded(Ended ended) {
    Running one = running.get(ended.origin());
    if (one != null && one.download.equals(ended.download())) {
      running.remove(ended.origin());
      Failure failure =
          Failure.passing(
              FailureCode.INTERNAL,
              "The download of " + one.spec.name() + " broke off.",
              "See the log; asking again continues it.");
      one.listeners.forEach(listener -> listener.tell(new Failed(failure)));
    }
    return this;
  }

  private Running start(ModelSpec spec) {
    ActorRef<ModelDownload.Command> download =
        context.spawnAnonymous(ModelDownload.create(spec, tools, context.getSelf().narrow()));
    context.watchWith(download, new Ended(spec.origin(), download));
    return new Running(spec, download);
  }

  /** The event that a failure is told as. */
  static Event ended(Failure failure) {
    boolean offline =
        failure.code() == FailureCode.OFFLINE || failure.code() == FailureCode.HUB_UNREACHABLE;
    return offline ? new Offline(failure) : new Failed(failure);
  }

  private static Failure aborted(ModelSpec spec) {
    return Failure.passing(
        FailureCode.CANCELLED,
        "The download of " + spec.name() + " was stopped.",
        "What has come is kept; the next attempt continues there.");
  }

  private static Failure notOfAHub(ModelSpec spec) {
    return Failure.permanent(
        FailureCode.BAD_REQUEST,
        spec.name() + " does not come from a Hub, so there is nothing to fetch.",
        null);
  }
}
