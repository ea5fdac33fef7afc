package dev.finch.platform;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * SHA-256 by the machine's own OpenSSL, which uses the processor's SHA instructions. HotSpot does
 * so only in what its second compiler has compiled; a JVM that starts quickly goes without that one
 * and hashes some twenty times slower. Confined to one thread at a time.
 */
public final class NativeSha256 extends MessageDigest {

  private static final int LENGTH = 32;

  /** {@code SHA256_CTX} has 112 bytes. */
  private static final long CONTEXT_BYTES = 128;

  private final Calls calls;
  private final MemorySegment context = Arena.ofAuto().allocate(CONTEXT_BYTES, Long.BYTES);

  private NativeSha256(Calls calls) {
    super("SHA-256");
    this.calls = calls;
    engineReset();
  }

  /** A fresh one; empty where this machine has no OpenSSL that can be called. */
  public static Optional<MessageDigest> create() {
    return Calls.FOUND.map(NativeSha256::new);
  }

  @Override
  protected int engineGetDigestLength() {
    return LENGTH;
  }

  @Override
  protected void engineReset() {
    calls.init(context);
  }

  @Override
  protected void engineUpdate(byte input) {
    engineUpdate(new byte[] {input}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] input, int offset, int length) {
    calls.update(context, MemorySegment.ofArray(input).asSlice(offset, length));
  }

  @Override
  protected byte[] engineDigest() {
    byte[] digest = new byte[LENGTH];
    calls.end(MemorySegment.ofArray(digest), context);
    engineReset();
    return digest;
  }

  /** The functions, linked when the first one is wanted. */
  private record Calls(MethodHandle init, MethodHandle update, MethodHandle end) {

    private static final List<String> LIBRARIES = List.of("libcrypto.so.3", "libcrypto.so.1.1");

    static final Optional<Calls> FOUND =
        LIBRARIES.stream().map(Calls::link).flatMap(Optional::stream).findFirst();

    private static Optional<Calls> link(String library) {
      try {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        return Optional.of(
            new Calls(
                handle(symbols, "SHA256_Init", ADDRESS),
                handle(symbols, "SHA256_Update", ADDRESS, ADDRESS, JAVA_LONG),
                handle(symbols, "SHA256_Final", ADDRESS, ADDRESS)));
      } catch (RuntimeException | LinkageError e) {
        return Optional.empty();
      }
    }

    private static MethodHandle handle(
        SymbolLookup symbols, String name, MemoryLayout... arguments) {
      // Critical: a heap array is hashed where it lies. It takes 0.1 ms for 128 KiB.
      return Linker.nativeLinker()
          .downcallHandle(
              symbols.findOrThrow(name),
              FunctionDescriptor.of(JAVA_INT, arguments),
              Linker.Option.critical(true));
    }

    void init(MemorySegment context) {
      try {
        check((int) init.invokeExact(context));
      } catch (Throwable e) {
        throw new IllegalStateException("SHA256_Init could not be called", e);
      }
    }

    void update(MemorySegment context, MemorySegment bytes) {
      try {
        check((int) update.invokeExact(context, bytes, bytes.byteSize()));
      } catch (Throwable e) {
        throw new IllegalStateException("SHA256_Update could not be called", e);
      }
    }

    void end(MemorySegment digest, MemorySegment context) {
      try {
        check((int) end.invokeExact(digest, context));
      } catch (Throwable e) {
        throw new IllegalStateException("SHA256_Final could not be called", e);
      }
    }

    private static void check(int done) {
      if (done != 1) {
        throw new IllegalStateException("OpenSSL refused");
      }
    }
  }
}
