package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a Finch says and does before its actors are up, held there by a stage. */
final class StartupTest {

  private final CompletableFuture<RunningFinch> actors = new CompletableFuture<>();

  @Test
  void saysThatTheModelIsBeingSelected() {
    assertEquals(
        Optional.of(new ModelState.Selecting(ModelReference.BUILT_IN)),
        startup("download").state().primary());
  }

  @Test
  void saysThatNoModelWasAskedForWhereNoneIsPrepared() {
    assertEquals(RuntimeState.EMPTY, startup("none").state());
  }

  @Test
  void keepsWhatIsAskedUntilTheActorsAreUp() {
    CompletionStage<?> asked = startup("download").call(RunningFinch::statusAsync);

    assertFalse(asked.toCompletableFuture().isDone());
    actors.completeExceptionally(new FinchException(failure()));
    var thrown = assertThrows(CompletionException.class, () -> asked.toCompletableFuture().join());
    assertEquals(failure(), assertInstanceOf(FinchException.class, thrown.getCause()).failure());
  }

  @Test
  void saysWhyItCouldNotComeUp() {
    Startup startup = startup("download");
    actors.completeExceptionally(new FinchException(failure()));

    assertThrows(FinchException.class, startup::running);
    assertEquals(Optional.of(new ModelState.NotAvailable(failure())), startup.state().primary());
    startup.close();
  }

  private Startup startup(String prepare) {
    Assembly assembly =
        Assembly.of(
            ConfigurationLoader.own(
                ConfigFactory.parseMap(
                    Map.of(
                        "finch.model", "builtin",
                        "finch.supervisor.prepare", prepare,
                        "finch.cloud.enabled", "off"))));
    return Startup.of(assembly, actors::join);
  }

  private static Failure failure() {
    return Failure.permanent(FailureCode.ENGINE_UNAVAILABLE, "No llama.cpp.", null);
  }
}
