/** Finch: a local-first LLM runtime. */
@NullMarked
package dev.finch;

import org.jspecify.annotations.NullMarked;
