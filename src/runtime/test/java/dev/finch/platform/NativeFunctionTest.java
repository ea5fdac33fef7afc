package dev.finch.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class NativeFunctionTest {

  private static NativeFunction c(String name) {
    return new NativeFunction(Linker.nativeLinker().defaultLookup().findOrThrow(name));
  }

  @Test
  void callsFunctionsThatTakeFewerArgumentsThanTheirShapeHas() {
    assertEquals(ProcessHandle.current().pid(), (int) c("getpid").call());
    assertEquals(7, (int) c("abs").call(-7));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("llama");
      assertEquals(5, c("strlen").call(NativeFunction.pointer(text)));
      MemorySegment same = arena.allocateFrom("llamas");
      assertEquals(
          0,
          (int) c("strncmp").call(NativeFunction.pointer(text), NativeFunction.pointer(same), 5));
    }
  }

  @Test
  void keepsTheSignOfAnIntegerThatIsSmallerThanItsRegister() {
    assertEquals(-42, (int) c("atoi").call(address("-42")));
    assertEquals(-42L, c("atol").call(address("-42")));
  }

  private static long address(String text) {
    return NativeFunction.pointer(Arena.global().allocateFrom(text));
  }

  @Test
  void passesMoreThanSixArguments() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(64);
      MemorySegment format = arena.allocateFrom("%d %d %d %d");
      long length =
          c("snprintf")
              .call(NativeFunction.pointer(text), 64, NativeFunction.pointer(format), 1, 2, 3, 4);
      assertEquals(7, (int) length);
      assertEquals("1 2 3 4", text.getString(0));
    }
  }

  @Test
  void passesFloatsBesideIntegers() {
    assertEquals(3, c("lroundf").callMixed(0, 0, 2.5f, 0, 0));
    assertEquals(-9, c("lroundf").callMixed(77, 77, -9.1f, 5, 5));
  }

  @Test
  void readsOnlyTheDefinedByteOfABoolean() {
    assertTrue(NativeFunction.isTrue(0xFFFF_FF01L));
    assertFalse(NativeFunction.isTrue(0xFFFF_FF00L));
    assertEquals(1, NativeFunction.truth(true));
    assertEquals(0, NativeFunction.truth(false));
  }

  @Test
  void refusesMemoryThatHasNoAddressOrWasFreed() {
    MemorySegment heap = MemorySegment.ofArray(new byte[8]);
    assertThrows(IllegalArgumentException.class, () -> NativeFunction.pointer(heap));
    MemorySegment freed;
    try (Arena arena = Arena.ofConfined()) {
      freed = arena.allocate(8);
    }
    assertThrows(IllegalStateException.class, () -> NativeFunction.pointer(freed));
    assertEquals(0, NativeFunction.pointer(MemorySegment.NULL));
  }

  @Test
  void refusesMemoryOfAnotherThread() throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8);
      Thread other = Thread.ofPlatform().unstarted(() -> NativeFunction.pointer(memory));
      other.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
      other.start();
      other.join();
    }
    assertInstanceOf(WrongThreadException.class, thrown.get());
  }

  @Test
  void linksAheadWithoutDoingAnything() {
    NativeFunction.linkAhead();
    assertEquals(ProcessHandle.current().pid(), (int) c("getpid").call());
  }
}
