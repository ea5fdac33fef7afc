/** What can go wrong, in words that a person can act on. */
@NullMarked
package dev.finch.failure;

import org.jspecify.annotations.NullMarked;
