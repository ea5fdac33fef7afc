package dev.finch.platform;

import java.lang.foreign.Linker;

/** The C library's memory. */
public final class NativeMemory {

  private NativeMemory() {}

  /**
   * Gives memory that native code has freed back to the system, where the C library can (glibc). It
   * keeps a pool for every thread otherwise, and each model that is loaded has a thread of its own:
   * the pools of freed models would look like a leak.
   */
  public static void giveBack() {
    Linker.nativeLinker()
        .defaultLookup()
        .find("malloc_trim")
        .map(NativeFunction::new)
        .ifPresent(trim -> trim.call(0));
  }
}
