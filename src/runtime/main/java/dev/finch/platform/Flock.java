package dev.finch.platform;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code open(2)}, {@code flock(2)} and {@code close(2)} of the C library. */
final class Flock {

  private static final boolean LINUX = os().contains("linux");
  private static final boolean MAC = os().contains("mac");

  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = MAC ? 0x200 : 0x40;
  private static final int O_CLOEXEC = MAC ? 0x1000000 : 0x80000;
  private static final int MODE = 0664;
  private static final int EINTR = 4;
  private static final int EWOULDBLOCK = MAC ? 35 : 11;

  private Flock() {}

  static boolean supported() {
    return LINUX || MAC;
  }

  /** Null where another open file holds the lock. */
  static FileLock.@Nullable Held tryAcquire(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Calls.STATE);
      MemorySegment path = arena.allocateFrom(file.toString());
      int descriptor = Calls.open(errno, path, O_RDWR | O_CREAT | O_CLOEXEC, MODE);
      if (descriptor < 0) {
        throw new IOException("Cannot open lock file " + file + " (errno " + value(errno) + ")");
      }
      int error = lock(errno, descriptor);
      if (error == 0) {
        return () -> Calls.close(descriptor);
      }
      Calls.close(descriptor);
      if (error == EWOULDBLOCK) {
        return null;
      }
      throw new IOException("Cannot lock " + file + " (errno " + error + ")");
    }
  }

  private static int lock(MemorySegment errno, int descriptor) {
    while (Calls.flock(errno, descriptor, LOCK_EX | LOCK_NB) != 0) {
      int error = value(errno);
      if (error != EINTR) {
        return error;
      }
    }
    return 0;
  }

  private static int value(MemorySegment errno) {
    return (int) Calls.ERRNO.get(errno, 0L);
  }

  private static String os() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  }

  /** The handles, linked when the first lock is taken. */
  private static final class Calls {

    static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPEN =
        handle(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            CAPTURE,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FLOCK =
        handle("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    private static final MethodHandle CLOSE =
        handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Calls() {}

    static int open(MemorySegment errno, MemorySegment path, int flags, int mode) {
      try {
        return (int) OPEN.invokeExact(errno, path, flags, mode);
      } catch (Throwable e) {
        throw new IllegalStateException("open(2) could not be called", e);
      }
    }

    static int flock(MemorySegment errno, int descriptor, int operation) {
      try {
        return (int) FLOCK.invokeExact(errno, descriptor, operation);
      } catch (Throwable e) {
        throw new IllegalStateException("flock(2) could not be called", e);
      }
    }

    static void close(int descriptor) {
      try {
        int ignored = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException("close(2) could not be called", e);
      }
    }

    private static MethodHandle handle(
        String name, FunctionDescriptor descriptor, Linker.Option... options) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
  }
}
