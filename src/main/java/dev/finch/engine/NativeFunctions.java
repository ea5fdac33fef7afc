package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Functions of a native library, looked up by name once and called through method handles. */
abstract class NativeFunctions {

  private final SymbolLookup library;
  private final String release;

  /**
   * @param release what the library should be, for messages
   */
  NativeFunctions(SymbolLookup library, String release) {
    this.library = library;
    this.release = release;
  }

  final MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bind(name, FunctionDescriptor.of(result, arguments));
  }

  final MethodHandle procedure(String name, MemoryLayout... arguments) {
    return bind(name, FunctionDescriptor.ofVoid(arguments));
  }

  private MethodHandle bind(String name, FunctionDescriptor shape) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(
                () ->
                    new FinchException(
                        Failure.permanent(
                            FailureCode.ENGINE_UNAVAILABLE,
                            "The native library has no function "
                                + name
                                + " (expected: "
                                + release
                                + ").",
                            "Keep the de.kherud:llama version that Finch names.")));
    return Linker.nativeLinker().downcallHandle(address, shape);
  }

  interface Function<T> {
    T call() throws Throwable;
  }

  interface Procedure {
    void run() throws Throwable;
  }

  static <T> T call(Function<T> function) {
    try {
      return function.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void run(Procedure procedure) {
    call(
        () -> {
          procedure.run();
          return true;
        });
  }
}
