package dev.finch.http;

import dev.finch.Finch;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;

/** Puts the dialects together. */
final class Routes {

  private Routes() {}

  static RouteTable of(
      ActorSystem<?> system, Finch finch, HttpSettings settings, Admission admission) {
    RecentRequests recent = new RecentRequests();
    Answers answers = new Answers(finch, system, new Telemetry(recent), settings);
    ModelNames names = new ModelNames(finch, settings.modelAliases());
    return new RouteTable(List.of(new OpenAi(finch, answers, names), new Health(finch, admission)));
  }
}
