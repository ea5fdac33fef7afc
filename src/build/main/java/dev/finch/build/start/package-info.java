/** Copies of classes that start faster. */
@NullMarked
package dev.finch.build.start;

import org.jspecify.annotations.NullMarked;
