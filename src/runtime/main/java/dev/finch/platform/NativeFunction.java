package dev.finch.platform;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A C function that takes and gives nothing but pointers, integers, booleans and floats.
 *
 * <p>The JDK generates about ten classes for every shape of function that is called, which a cold
 * start waits for. So all of these share few shapes: whatever is no float travels as a long, which
 * fills the same register, and surplus arguments stay in registers that the function does not read.
 * That holds for the calling conventions of 64-bit Linux and macOS (System V AMD64 ABI 3.2.3,
 * AAPCS64 6.8.2), which count integers and floats separately and leave the upper bits of what is
 * smaller than its register undefined; it does not hold for Windows.
 *
 * <p>Thread-safe; whether a function may be called by several threads is the library's affair.
 */
public final class NativeFunction {

  private final MemorySegment code;

  /**
   * The function at an address.
   *
   * @param code as a symbol lookup gave it
   */
  public NativeFunction(MemorySegment code) {
    this.code = code;
  }

  /** Calls it without an argument. */
  public long call() {
    return call(0, 0, 0, 0, 0, 0);
  }

  /** Calls it with one argument. */
  public long call(long a) {
    return call(a, 0, 0, 0, 0, 0);
  }

  /** Calls it with two arguments. */
  public long call(long a, long b) {
    return call(a, b, 0, 0, 0, 0);
  }

  /** Calls it with three arguments. */
  public long call(long a, long b, long c) {
    return call(a, b, c, 0, 0, 0);
  }

  /** Calls it with four arguments. */
  public long call(long a, long b, long c, long d) {
    return call(a, b, c, d, 0, 0);
  }

  /** Calls it with five arguments. */
  public long call(long a, long b, long c, long d, long e) {
    return call(a, b, c, d, e, 0);
  }

  /** Calls it with six arguments, as many as travel in registers everywhere. */
  public long call(long a, long b, long c, long d, long e, long f) {
    try {
      return (long) Six.SHAPE.invokeExact(code, a, b, c, d, e, f);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /** Calls it with seven arguments. */
  public long call(long a, long b, long c, long d, long e, long f, long g) {
    try {
      return (long) Seven.SHAPE.invokeExact(code, a, b, c, d, e, f, g);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /**
   * Calls it with up to two integers and up to three floats, in whatever order it takes them: each
   * kind has registers of its own.
   */
  public long callMixed(long a, long b, float x, float y, float z) {
    try {
      return (long) Mixed.SHAPE.invokeExact(code, a, b, x, y, z);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /**
   * What to throw for what came out of a method handle: itself, where nobody need declare it.
   *
   * @throws Error where it is one
   */
  public static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
  }

  /**
   * A pointer as an argument. The caller keeps the memory until the call has returned.
   *
   * @throws IllegalArgumentException where the memory lies on Java's heap
   * @throws IllegalStateException where it has been freed
   * @throws WrongThreadException where it belongs to another thread
   */
  public static long pointer(MemorySegment memory) {
    if (!memory.isNative()) {
      throw new IllegalArgumentException("memory on Java's heap has no address: " + memory);
    }
    if (!memory.scope().isAlive()) {
      throw new IllegalStateException("memory that was freed: " + memory);
    }
    if (!memory.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException("memory of another thread: " + memory);
    }
    return memory.address();
  }

  /** A boolean as an argument. */
  public static long truth(boolean value) {
    return value ? 1 : 0;
  }

  /** A boolean that a function gave: only its lowest byte is defined. */
  public static boolean isTrue(long result) {
    return (result & 0xFF) != 0;
  }

  private static MethodHandle shape(MemoryLayout... arguments) {
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  /** Links all shapes, by calling a function that does nothing of note and looks at no argument. */
  public static void linkAhead() {
    Linker.nativeLinker()
        .defaultLookup()
        .find("getpid")
        .map(NativeFunction::new)
        .ifPresent(
            function -> {
              function.call();
              function.call(0, 0, 0, 0, 0, 0, 0);
              function.callMixed(0, 0, 0, 0, 0);
            });
  }

  // Linked by whoever calls one of these shapes first.

  private static final class Six {
    static final MethodHandle SHAPE =
        shape(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  }

  private static final class Seven {
    static final MethodHandle SHAPE =
        shape(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  }

  private static final class Mixed {
    static final MethodHandle SHAPE =
        shape(JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT, JAVA_FLOAT);
  }
}
