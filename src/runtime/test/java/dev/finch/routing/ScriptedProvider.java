package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Provenance;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** A provider that answers as it is told, keeps to the demand, and notes all that it hears. */
final class ScriptedProvider extends AbstractMatchingBehavior<Inference.Command> {

  /**
   * How one attempt goes.
   *
   * @param rejection what it is refused with, or null
   * @param contents what is said
   * @param end how it ends, or null where it hangs
   * @param bytesOut what it says it sent, or -1 where it does not say
   * @param model the model that it asks instead of the one that was named, or null
   */
  record Script(
      @Nullable Failure rejection,
      List<AnswerEvent.Content> contents,
      AnswerEvent.@Nullable Terminal end,
      long bytesOut,
      @Nullable String model) {

    static Script says(String... pieces) {
      return new Script(null, deltas(pieces), finished(pieces.length), -1, null);
    }

    static Script rejects(Failure failure) {
      return new Script(failure, List.of(), null, -1, null);
    }

    static Script fails(Failure failure, String... after) {
      return new Script(null, deltas(after), new AnswerEvent.Failed(failure), -1, null);
    }

    static Script hangs(String... after) {
      return new Script(null, deltas(after), null, -1, null);
    }

    Script overTheNetwork(long bytes) {
      return new Script(rejection, contents, end, bytes, model);
    }

    Script by(String otherModel) {
      return new Script(rejection, contents, end, bytesOut, otherModel);
    }

    private static List<AnswerEvent.Content> deltas(String... pieces) {
      return Arrays.stream(pieces).<AnswerEvent.Content>map(AnswerEvent.Delta::new).toList();
    }

    static AnswerEvent.Finished finished(long completionTokens) {
      return new AnswerEvent.Finished(
          FinishReason.STOP, TokenUsage.of(7, completionTokens), Timings.UNKNOWN, Cost.UNKNOWN);
    }
  }

  private static final class Work {
    final Inference.Generate generate;
    final Deque<AnswerEvent.Content> left;
    final Script script;
    int credit;
    boolean started;

    Work(Inference.Generate generate, Script script) {
      this.generate = generate;
      this.script = script;
      this.left = new ArrayDeque<>(script.contents());
      this.credit = generate.demand();
    }
  }

  /** All that any provider of one test heard; safe to read from the test. */
  static final class Heard {
    final Queue<Inference.Command> commands = new ConcurrentLinkedQueue<>();

    List<Inference.Generate> generates() {
      return of(Inference.Generate.class);
    }

    /** Those that were let go, and so were really sent by a provider on a network. */
    List<Inference.Generate> sent() {
      Set<String> letGo =
          of(Inference.Proceed.class).stream()
              .map(Inference.Proceed::attempt)
              .collect(Collectors.toSet());
      return generates().stream().filter(each -> letGo.contains(each.attempt())).toList();
    }

    <T> List<T> of(Class<T> type) {
      return commands.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  static Behavior<Inference.Command> create(
      Provenance.Provider kind, Heard heard, Function<Inference.Generate, Script> scripts) {
    return Behaviors.setup(context -> new ScriptedProvider(context, kind, heard, scripts));
  }

  /** Of a request for which the script names none. */
  private static final long BYTES = 80;

  private final Provenance.Provider kind;
  private final Heard heard;
  private final Function<Inference.Generate, Script> scripts;
  private final Map<String, Work> works = new HashMap<>();

  private ScriptedProvider(
      ActorContext<Inference.Command> context,
      Provenance.Provider kind,
      Heard heard,
      Function<Inference.Generate, Script> scripts) {
    super(context);
    this.kind = kind;
    this.heard = heard;
    this.scripts = scripts;
  }

  @Override
  public Behavior<Inference.Command> onMessage(Inference.Command command) {
    heard.commands.add(command);
    switch (command) {
      case Inference.Generate generate -> onGenerate(generate);
      case Inference.Demand demand -> {
        Work work = works.get(demand.attempt());
        if (work != null) {
          work.credit += demand.count();
          pump(work);
        }
      }
      case Inference.Proceed proceed -> pump(works.get(proceed.attempt()));
      case Inference.Cancel cancel -> onCancel(works.remove(cancel.attempt()));
      case Inference.Embed embed ->
          embed.replyTo().tell(new Inference.Embedded("Tiny", List.of(new float[] {1}), 3));
      case Inference.CountTokens count -> count.replyTo().tell(new Inference.Counted(42));
    }
    return this;
  }

  private void onGenerate(Inference.Generate generate) {
    Script script = scripts.apply(generate);
    if (script.rejection() != null) {
      generate.replyTo().tell(new Inference.Rejected(generate.attempt(), script.rejection()));
      return;
    }
    Work work = new Work(generate, script);
    works.put(generate.attempt(), work);
    if (kind == Provenance.Provider.CLAUDE) {
      quote(work);
    } else {
      pump(work);
    }
  }

  private static void quote(Work work) {
    Integer own = work.generate.request().sampling().maxTokens();
    long bytes = Math.max(BYTES, work.script.bytesOut());
    work.generate
        .replyTo()
        .tell(
            new Inference.Quoted(
                work.generate.attempt(),
                work.script.model() == null ? asked(work) : work.script.model(),
                bytes,
                bytes + 20,
                own == null ? 4096 : own,
                false,
                null));
  }

  private static String asked(Work work) {
    String named = work.generate.request().cloudModel();
    return named == null ? Samples.CLAUDE_MODEL : named;
  }

  private static void onCancel(@Nullable Work work) {
    if (work != null && work.script.bytesOut() >= 0) {
      work.generate.replyTo().tell(egress(work));
    }
  }

  private void pump(@Nullable Work work) {
    if (work == null) {
      return;
    }
    while (work.credit > 0 && !work.left.isEmpty()) {
      start(work);
      work.credit--;
      emit(work, work.left.removeFirst());
    }
    if (!work.left.isEmpty() || work.script.end() == null) {
      return;
    }
    if (work.script.bytesOut() >= 0) {
      work.generate.replyTo().tell(egress(work));
    }
    if (work.script.end() instanceof AnswerEvent.Finished) {
      start(work);
    }
    emit(work, work.script.end());
    works.remove(work.generate.attempt());
  }

  private static Inference.Egress egress(Work work) {
    boolean refused =
        work.script.contents().isEmpty() && work.script.end() instanceof AnswerEvent.Failed;
    return new Inference.Egress(
        work.generate.attempt(),
        work.script.model() == null ? asked(work) : work.script.model(),
        work.script.bytesOut(),
        11,
        refused ? null : TokenUsage.of(7, 1),
        refused,
        "r");
  }

  private void start(Work work) {
    if (!work.started) {
      work.started = true;
      emit(
          work,
          new AnswerEvent.Started(new Provenance(kind, "scripted", work.generate.reason(), false)));
    }
  }

  private static void emit(Work work, AnswerEvent event) {
    ActorRef<Inference.Reply> replyTo = work.generate.replyTo();
    replyTo.tell(new Inference.Emitted(work.generate.attempt(), event));
  }
}
