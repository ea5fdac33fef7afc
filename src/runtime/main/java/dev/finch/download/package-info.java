/**
 * How a model comes from a Hub into the standard cache: verified, resumable, shared with others.
 */
@NullMarked
package dev.finch.download;

import org.jspecify.annotations.NullMarked;
