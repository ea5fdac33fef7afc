package dev.finch.engine;

import static dev.finch.platform.NativeFunction.pointer;

import dev.finch.platform.NativeFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** The library itself and what it can compute on, as llama.cpp b4916 exports them. */
final class B4916Devices extends NativeFunctions {

  B4916Devices(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final NativeFunction backendInit = plain("llama_backend_init");

  void backendInit() {
    backendInit.call();
  }

  private final NativeFunction logSet = plain("llama_log_set");

  void logSet(MemorySegment callback, MemorySegment data) {
    logSet.call(pointer(callback), pointer(data));
  }

  private final NativeFunction deviceCount = plain("ggml_backend_dev_count");

  long deviceCount() {
    return deviceCount.call();
  }

  private final NativeFunction device = plain("ggml_backend_dev_get");

  MemorySegment device(long index) {
    return MemorySegment.ofAddress(device.call(index));
  }

  private final NativeFunction deviceType = plain("ggml_backend_dev_type");

  int deviceType(MemorySegment device) {
    return (int) deviceType.call(pointer(device));
  }

  private final NativeFunction deviceDescription = plain("ggml_backend_dev_description");

  MemorySegment deviceDescription(MemorySegment device) {
    return MemorySegment.ofAddress(deviceDescription.call(pointer(device)));
  }
}
