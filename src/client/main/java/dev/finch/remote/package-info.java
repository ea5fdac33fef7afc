/** A running {@code finch serve} as a {@link dev.finch.Finch}; needs no native code. */
@NullMarked
package dev.finch.remote;

import org.jspecify.annotations.NullMarked;
