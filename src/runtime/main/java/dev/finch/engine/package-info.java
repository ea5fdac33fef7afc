/** The local model: llama.cpp called in this process, and the actor that owns it. */
@NullMarked
package dev.finch.engine;

import org.jspecify.annotations.NullMarked;
