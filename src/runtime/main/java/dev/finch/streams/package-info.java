/** Answers, states and downloads as Pekko {@code Source}s, for whoever works with those. */
@NullMarked
package dev.finch.streams;

import org.jspecify.annotations.NullMarked;
