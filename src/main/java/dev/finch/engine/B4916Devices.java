package dev.finch.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The library itself and what it can compute on, as llama.cpp b4916 exports them. */
final class B4916Devices extends NativeFunctions {

  B4916Devices(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final MethodHandle backendInitFunction = procedure("llama_backend_init");

  void backendInit() {
    run(
        () -> {
          backendInitFunction.invokeExact();
        });
  }

  private final MethodHandle logSetFunction = procedure("llama_log_set", ADDRESS, ADDRESS);

  void logSet(MemorySegment callback, MemorySegment data) {
    run(
        () -> {
          logSetFunction.invokeExact(callback, data);
        });
  }

  private final MethodHandle deviceCountFunction = function("ggml_backend_dev_count", JAVA_LONG);

  long deviceCount() {
    return call(() -> (long) deviceCountFunction.invokeExact());
  }

  private final MethodHandle deviceFunction = function("ggml_backend_dev_get", ADDRESS, JAVA_LONG);

  MemorySegment device(long index) {
    return call(() -> (MemorySegment) deviceFunction.invokeExact(index));
  }

  private final MethodHandle deviceTypeFunction =
      function("ggml_backend_dev_type", JAVA_INT, ADDRESS);

  int deviceType(MemorySegment device) {
    return call(() -> (int) deviceTypeFunction.invokeExact(device));
  }

  private final MethodHandle deviceDescriptionFunction =
      function("ggml_backend_dev_description", ADDRESS, ADDRESS);

  MemorySegment deviceDescription(MemorySegment device) {
    return call(() -> (MemorySegment) deviceDescriptionFunction.invokeExact(device));
  }
}
