package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.platform.NativeFunction;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Functions of a native library, looked up by name once. */
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

  /** One that takes and gives no structs. */
  final NativeFunction plain(String name) {
    return new NativeFunction(find(name));
  }

  /** One that takes or gives a struct, and not its address. */
  final StructFunction function(String name, FunctionDescriptor shape) {
    return new StructFunction(find(name), shape);
  }

  /** Generates the classes of a shape of function, which are kept for all that have it. */
  static MethodHandle link(FunctionDescriptor shape) {
    return Linker.nativeLinker().downcallHandle(shape);
  }

  private MemorySegment find(String name) {
    return library
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
  }

  /** A function of a shape of its own, linked when it is first called: that takes milliseconds. */
  static final class StructFunction {

    private final MemorySegment code;
    private final FunctionDescriptor shape;
    private volatile @Nullable MethodHandle handle;

    private StructFunction(MemorySegment code, FunctionDescriptor shape) {
      this.code = code;
      this.shape = shape;
    }

    MethodHandle handle() {
      MethodHandle linked = handle;
      if (linked == null) {
        linked = link(shape).bindTo(code);
        handle = linked;
      }
      return linked;
    }
  }

  interface Call<T> {
    T call() throws Throwable;
  }

  static <T> T call(Call<T> function) {
    try {
      return function.call();
    } catch (Throwable e) {
      throw NativeFunction.unexpected(e);
    }
  }
}
