package dev.finch.cli.repl;

import dev.finch.Finch;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.AnswerStream;
import dev.finch.cli.output.Demonstration;
import dev.finch.cli.output.DownloadBar;
import dev.finch.cli.output.Errors;
import dev.finch.cli.output.Follower;
import dev.finch.cli.output.Footer;
import dev.finch.cli.terminal.Control;
import dev.finch.cli.terminal.StyledText;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelReference;
import dev.finch.model.PullRequest;
import dev.finch.wire.AnswerCollector;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a line, answers it, and starts again until the user leaves. */
public final class Repl {

  /** In ASCII, so that it can be written before anything is loaded. */
  public static final String PROMPT = ">>> ";

  /** Alone on a line these leave, as in other shells; in quotes or a sentence they are asked. */
  private static final Set<String> LEAVING =
      Set.of("exit", "quit", "bye", "exit()", "quit()", ":q", ":q!", ":wq");

  private final Screen screen;
  private final Backend backend;
  private final Dialogue dialogue;
  private final SlashCommands commands;
  private final Usage usage = new Usage();
  private String lastAnswer = "";
  private final LicenseQuestion licenses;
  private final Set<String> announced = new HashSet<>();
  private volatile boolean ended;
  private volatile @Nullable Runnable cancelling;
  private CompletableFuture<?> moving = CompletableFuture.completedFuture(null);

  Repl(Screen screen, Backend backend, Dialogue dialogue, LicenseQuestion licenses) {
    this.screen = screen;
    this.backend = backend;
    this.dialogue = dialogue;
    this.licenses = licenses;
    this.commands = new SlashCommands(this, screen, dialogue);
  }

  /** Runs until the user leaves; gives the exit code. */
  int run() {
    boolean leaving = false;
    while (!ended) {
      switch (screen.read()) {
        case Screen.Ended _ -> {
          return ExitCode.OK;
        }
        case Screen.Interrupted interrupted -> {
          if (leaving && !interrupted.discardedText()) {
            return ExitCode.OK;
          }
          leaving = !interrupted.discardedText();
          if (leaving) {
            screen.notice("Ctrl-C again, Ctrl-D or /quit leaves.");
          }
        }
        case Screen.Line line -> {
          leaving = false;
          if (LEAVING.contains(line.text().strip().toLowerCase(Locale.ROOT))) {
            return ExitCode.OK;
          }
          if (!handle(ReplParser.meant(line.text()))) {
            return ExitCode.OK;
          }
        }
      }
    }
    return ExitCode.CANCELLED;
  }

  /**
   * Leaves after what is being done now, which is cancelled; gives whether there is such a thing.
   * Any thread.
   */
  boolean leave() {
    ended = true;
    Runnable cancel = cancelling;
    if (cancel != null) {
      cancel.run();
    }
    return cancel != null;
  }

  /** From now until the result is closed, Ctrl-C and the end of the process run {@code cancel}. */
  private Screen.Busy busy(Runnable cancel) {
    Runnable outer = cancelling;
    Screen.Busy busy = screen.busy(cancel);
    cancelling = cancel;
    return () -> {
      busy.close();
      cancelling = outer;
    };
  }

  private boolean handle(String text) {
    if (text.isEmpty() || licenses.answers(text)) {
      return true;
    }
    if (text.equals("help") || text.equals("?")) {
      return commands.run(SlashCommand.HELP.word());
    }
    if (SlashCommands.isCommand(text)) {
      return commands.run(text);
    }
    ask(text);
    return true;
  }

  /** Whether the user says yes; anything else, leaving included, is no. */
  boolean confirmed(String question) {
    screen.write(question + "\n");
    return screen.read() instanceof Screen.Line line
        && line.text().strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /** Asks with everything said before, and shows the answer as it comes. */
  void ask(String question) {
    try {
      Finch finch = finch();
      GenerateRequest request = dialogue.ask(question, finch::state);
      Failure failure = answer(question, AnswerStream.of(finch.stream(request)));
      if (failure != null && failure.code() == FailureCode.MODEL_NOT_READY) {
        await(moving.exceptionally(_ -> null));
        GenerateRequest again = dialogue.ask(question, finch::state);
        if (!Objects.equals(again.model(), request.model())) {
          failure = answer(question, AnswerStream.of(finch.stream(again)));
        }
      }
      if (failure != null) {
        failed(new FinchException(failure));
      }
    } catch (RuntimeException e) {
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // The model that a question named may have made room for another one just then.
  private @Nullable Failure answer(String question, AnswerStream stream)
      throws InterruptedException {
    AnswerCollector collector = new AnswerCollector();
    AnswerText text = new AnswerText(screen);
    try (var _ = busy(stream::cancel)) {
      while (true) {
        AnswerEvent event = stream.next();
        if (stream.cancelled() && !(event instanceof AnswerEvent.Terminal)) {
          continue;
        }
        collector.add(event);
        switch (event) {
          case AnswerEvent.Queued queued -> queued(queued);
          case AnswerEvent.Started _ -> screen.working("");
          case AnswerEvent.Delta delta -> text.add(delta.text());
          case AnswerEvent.Finished end -> {
            text.end();
            finished(question, collector, end);
            return null;
          }
          case AnswerEvent.Failed failed -> {
            text.end();
            return failed.failure();
          }
          case AnswerEvent.Content _ -> {}
        }
      }
    } finally {
      screen.working("");
    }
  }

  private void queued(AnswerEvent.Queued queued) {
    String place = queued.position() > 1 ? ", " + queued.position() + " in the queue" : "";
    screen.working(
        (queued.reason() == RouteReason.MODEL_NOT_READY
                ? "waiting for the local model"
                : "waiting: " + queued.reason().description())
            + place
            + " (Ctrl-C cancels)");
  }

  private void finished(String question, AnswerCollector collector, AnswerEvent.Finished end) {
    lastAnswer = collector.text();
    dialogue.answered(question, collector.answer());
    Provenance who = collector.provenance();
    if (who == null) {
      return;
    }
    usage.add(who, end);
    dim(Footer.of(who, end));
    if (who.demonstration() && announced.add(who.model())) {
      screen.write(Demonstration.inRepl(who.model(), backend.hasKey()));
    }
  }

  /** Shows a failure; the session goes on. */
  void failed(Throwable error) {
    Failure failure = Errors.failure(error);
    if (failure.code() == FailureCode.CANCELLED) {
      dim("(cancelled)");
      return;
    }
    screen.write("✗ " + failure.message() + "\n");
    if (failure.hint().isPresent()) {
      screen.write("  " + failure.hint().orElse(null) + "\n");
    }
  }

  /**
   * Waits for what runs behind; Ctrl-C stops the waiting.
   *
   * @throws FinchException where it failed or was cancelled
   */
  <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> waiting = stage.toCompletableFuture().copy();
    try (var _ = busy(() -> waiting.cancel(true))) {
      return waiting.join();
    } catch (CancellationException e) {
      throw new FinchException(Failure.passing(FailureCode.CANCELLED, "Cancelled.", null), e);
    } catch (CompletionException e) {
      throw new FinchException(Errors.failure(e), e);
    }
  }

  /**
   * Does on a thread of its own what may wait for ever, such as opening a file; Ctrl-C gives up.
   *
   * @param release makes the work end where it was given up
   * @throws FinchException where it failed or was given up
   */
  <T> T aside(Supplier<T> work, Runnable release) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("finch-aside")
            .start(
                () -> {
                  try {
                    result.complete(work.get());
                  } catch (Throwable e) {
                    result.completeExceptionally(e);
                  }
                });
    try {
      return await(result);
    } finally {
      if (!result.isDone()) {
        release.run();
        thread.interrupt();
      }
    }
  }

  /**
   * Fetches and loads another model behind the prompt. The old one answers meanwhile, and goes on
   * where questions name it and the new one cannot be had.
   */
  void loading(LoadRequest request) {
    ModelReference reference = request.model();
    Finch finch = finch();
    ModelPin pin = dialogue.pin();
    if (pin.model() != null) {
      pin.move(reference, finch.state());
    }
    ModelReference former = pin.model();
    moving =
        finch
            .loadAsync(request)
            .whenComplete(
                (_, error) -> {
                  if (error != null) {
                    notLoaded(Errors.failure(error));
                    if (former != null && !former.equals(reference)) {
                      goingBack(finch, former);
                    }
                  }
                })
            .toCompletableFuture();
  }

  private void goingBack(Finch finch, ModelReference former) {
    if (ModelPin.answers(former, finch.state())) {
      screen.notice(former + " goes on answering.");
    } else {
      screen.notice("Going back to " + former + ".");
      finch.loadAsync(former);
    }
  }

  // What became of the model itself was said when its state changed.
  private void notLoaded(Failure failure) {
    if (failure.code() == FailureCode.CANCELLED) {
      screen.notice("✗ " + failure.describe());
    }
  }

  /** Fetches a model into the cache while the user watches; Ctrl-C keeps what has come. */
  void pull(PullRequest request) {
    ModelReference reference = request.model();
    Finch finch = finch();
    Follower<DownloadProgress> pull =
        Follower.of(
            finch.pull(request),
            progress -> screen.working(DownloadBar.of(reference.toString(), progress)));
    try {
      await(pull.done());
      screen.write("✓ " + reference + " is in the cache.\n");
    } catch (FinchException e) {
      if (e.failure().code() != FailureCode.LICENSE_NOT_ACCEPTED) {
        throw e;
      }
      licenses.about(
          reference,
          e.failure(),
          license -> pull(PullRequest.builder(reference).acceptLicense(license.id()).build()));
    } finally {
      pull.cancel();
      screen.working("");
    }
  }

  /** The runtime, once it is there. */
  Finch finch() {
    return await(backend.finch());
  }

  /** The server that answers from another machine; null where none does, or none is there yet. */
  @Nullable URI elsewhere() {
    Connection connection = backend.connection();
    return connection == null ? null : connection.elsewhere();
  }

  Usage usage() {
    return usage;
  }

  String lastAnswer() {
    return lastAnswer;
  }

  private void dim(String line) {
    if (screen.styled()) {
      screen.write(StyledText.of(Control.DIM, line));
    } else {
      screen.write(line);
    }
    screen.write("\n");
  }
}
