/**
 * GGUF files: reading, checking before native code sees them, and writing.
 *
 * <p>The format is the one of llama.cpp, versions 2 and 3, little endian.
 */
@NullMarked
package dev.finch.gguf;

import org.jspecify.annotations.NullMarked;
