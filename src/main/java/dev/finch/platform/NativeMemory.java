package dev.finch.platform;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The C library's memory. */
public final class NativeMemory {

  private NativeMemory() {}

  /**
   * Gives memory that native code has freed back to the system, where the C library can (glibc). It
   * keeps a pool for every thread otherwise, and each model that is loaded has a thread of its own:
   * the pools of freed models would look like a leak.
   */
  public static void giveBack() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> trim = linker.defaultLookup().find("malloc_trim");
    if (trim.isEmpty()) {
      return;
    }
    MethodHandle function =
        linker.downcallHandle(trim.get(), FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    try {
      int _ = (int) function.invokeExact(0L);
    } catch (Throwable e) {
      throw new IllegalStateException("malloc_trim cannot be called", e);
    }
  }
}
