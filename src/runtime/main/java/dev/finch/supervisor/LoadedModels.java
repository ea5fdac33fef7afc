package dev.finch.supervisor;

import dev.finch.engine.LoadTicket;
import dev.finch.engine.Loader;
import dev.finch.supervisor.Provisioner.Provisioned;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** The Loaders of one Supervisor, each under the number that its messages come with. */
final class LoadedModels {

  private final ActorContext<Supervisor.Command> context;
  private final Supplier<Behavior<Loader.Command>> loaders;
  private final Map<Integer, LoadedModel> models = new HashMap<>();
  private int last;

  LoadedModels(
      ActorContext<Supervisor.Command> context, Supplier<Behavior<Loader.Command>> loaders) {
    this.context = context;
    this.loaders = loaders;
  }

  /** Spawns a Loader, which reports to the Supervisor from now on, and has it load. */
  int load(Provisioned provisioned, boolean standby) {
    int number = ++last;
    ActorRef<Loader.Command> loader =
        context.spawn(
            loaders.get(), "loader-" + number, DispatcherSelector.fromConfig(Loader.DISPATCHER));
    ActorRef<Loader.Event> events =
        context.spawn(
            Relay.<Loader.Event, Supervisor.Command>of(
                loader,
                context.getSelf(),
                event -> new Supervisor.LoaderSaid(number, event),
                new Supervisor.LoaderEnded(number)),
            "loader-" + number + "-events");
    LoadTicket ticket = new LoadTicket();
    models.put(number, new LoadedModel(loader, events, ticket, provisioned.model(), standby));
    loader.tell(new Loader.Load(provisioned.model(), provisioned.plan(), ticket, events));
    return number;
  }

  @Nullable LoadedModel get(int number) {
    return models.get(number);
  }

  /** Forgets a model whose Loader has ended; null where it was forgotten before. */
  @Nullable LoadedModel remove(int number) {
    LoadedModel model = models.remove(number);
    if (model != null) {
      context.stop(model.events);
    }
    return model;
  }

  /** Ends a load that nobody waits for any more. */
  void abandon(int number) {
    LoadedModel model = remove(number);
    if (model != null) {
      model.ticket.cancel();
      context.stop(model.loader);
    }
  }
}
