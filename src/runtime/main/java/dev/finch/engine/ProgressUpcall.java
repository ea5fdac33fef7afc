package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The progress callback of one load as the library calls it, and why the load ended early. */
final class ProgressUpcall {

  private final EngineFactory.Progress progress;
  private boolean refused;
  private @Nullable Throwable thrown;

  ProgressUpcall(EngineFactory.Progress progress) {
    this.progress = progress;
  }

  /** Generates the classes of the upcall, which are kept for all of its kind. */
  static void linkAhead() {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment _ = new ProgressUpcall(_ -> false).stub(scratch);
    }
  }

  /** The function to hand to the library; valid as long as the arena. */
  MemorySegment stub(Arena arena) {
    try {
      var target =
          MethodHandles.lookup()
              .findVirtual(
                  ProgressUpcall.class,
                  "loaded",
                  MethodType.methodType(boolean.class, float.class, MemorySegment.class))
              .bindTo(this);
      return Linker.nativeLinker().upcallStub(target, B4916Structs.PROGRESS_CALLBACK, arena);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  // An exception that left an upcall would end the JVM.
  @SuppressWarnings("unused") // called by the library
  private boolean loaded(float fraction, MemorySegment data) {
    try {
      refused = !progress.loaded(fraction);
      return !refused;
    } catch (Throwable e) {
      thrown = e;
      return false;
    }
  }

  /** Why the library gave no model. */
  FinchException failure(Path file) {
    if (refused) {
      return new FinchException(
          Failure.passing(FailureCode.CANCELLED, "Loading " + file + " was stopped.", null));
    }
    String reason = thrown == null ? LlamaLibrary.takeLastError() : thrown.toString();
    Failure failure =
        Failure.permanent(
            FailureCode.LOAD_FAILED,
            "llama.cpp could not load " + file + ": " + reason + ".",
            "Fetch the file again; it may be damaged or made for a newer llama.cpp.");
    return thrown == null ? new FinchException(failure) : new FinchException(failure, thrown);
  }
}
