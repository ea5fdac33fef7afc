package dev.finch.engine;

import dev.finch.failure.FinchException;
import dev.finch.platform.NativeLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library as it is opened once in a JVM. It stays loaded until the JVM ends: threads of
 * its OpenMP pool outlive every model.
 */
final class LlamaLibrary {

  private static final Logger LOG = LoggerFactory.getLogger("dev.finch.engine.llama");

  private static final int LEVEL_ERROR = 4;

  private static final AtomicReference<String> LAST_ERROR = new AtomicReference<>("");

  private static @Nullable LlamaB4916 opened;

  private LlamaLibrary() {}

  /**
   * The library's functions.
   *
   * @param cache where it is extracted
   * @throws dev.finch.failure.FinchException with {@code ENGINE_UNAVAILABLE} and the reason
   */
  static synchronized LlamaB4916 open(Path cache) {
    LlamaB4916 llama = opened;
    if (llama == null) {
      llama = LlamaB4916.of(NativeLibraries.openLlama(cache, Arena.global()));
      llama.verify();
      llama.devices().logSet(logUpcall(), MemorySegment.NULL);
      llama.devices().backendInit();
      opened = llama;
    }
    return llama;
  }

  static void openAhead(Path cache) {
    Thread.ofPlatform()
        .daemon()
        .name("finch-llama-open")
        .start(
            () -> {
              try {
                open(cache);
                LlamaB4916.linkAhead();
              } catch (FinchException e) {
                LOG.debug("The native library was not opened ahead: {}", e.failure().message());
              }
            });
  }

  /** What the library last complained about, and forgets it. */
  static String takeLastError() {
    return LAST_ERROR.getAndSet("").strip();
  }

  private static MemorySegment logUpcall() {
    try {
      var target =
          MethodHandles.lookup()
              .findStatic(
                  LlamaLibrary.class,
                  "log",
                  MethodType.methodType(
                      void.class, int.class, MemorySegment.class, MemorySegment.class));
      return Linker.nativeLinker().upcallStub(target, B4916Structs.LOG_CALLBACK, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  // An exception that left an upcall would end the JVM.
  @SuppressWarnings({"unused", "CatchAndPrintStackTrace"}) // called by the library
  private static void log(int level, MemorySegment text, MemorySegment data) {
    try {
      if (level != LEVEL_ERROR && !LOG.isDebugEnabled()) {
        return;
      }
      String line = B4916Structs.string(text);
      if (level == LEVEL_ERROR) {
        LAST_ERROR.set(line);
      }
      LOG.debug("{}", line.stripTrailing());
    } catch (Throwable e) {
      LAST_ERROR.set("a message of the library could not be logged");
    }
  }
}
