/** Runnable examples of embedding Finch; each has a {@code main} and is run by a test. */
@NullMarked
package dev.finch.example;

import org.jspecify.annotations.NullMarked;
