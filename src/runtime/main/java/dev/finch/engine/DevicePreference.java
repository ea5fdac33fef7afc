package dev.finch.engine;

/** Where to compute. */
public enum DevicePreference {
  /** On a GPU where the library was built for one, else on the CPU. */
  AUTO,
  CPU,
  /** On a GPU; refused where there is none. */
  GPU
}
