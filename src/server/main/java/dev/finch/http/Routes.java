package dev.finch.http;

import dev.finch.Finch;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;

/** Puts the dialects together. */
final class Routes {

  private Routes() {}

  static RouteTable of(
      ActorSystem<?> system, Finch finch, HttpSettings settings, Admission admission) {
    RecentRequests recent = new RecentRequests();
    Metrics metrics = Metrics.of(finch, admission);
    Answers answers = new Answers(finch, system, new Telemetry(recent, metrics), settings);
    ModelNames names = new ModelNames(finch, settings.modelAliases());
    Materializer materializer = Materializer.matFromSystem(system);
    Anthropic anthropic = new Anthropic(finch, answers, names);
    List<Dialect> apis =
        List.of(
            new OpenAi(finch, answers, names, anthropic),
            anthropic,
            new Ollama(
                finch,
                answers,
                names,
                new OllamaModels(finch, names, materializer, settings.heartbeat())),
            new FinchApi(finch, answers, recent, settings.heartbeat()),
            new Health(finch, admission),
            metrics,
            new Page());
    List<Dialect> all = new ArrayList<>(apis);
    all.add(new OpenApi(apis));
    return new RouteTable(all);
  }
}
