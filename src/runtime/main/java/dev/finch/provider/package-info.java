/** The protocol of whoever answers prompts, and whether one of them is asked at all. */
@NullMarked
package dev.finch.provider;

import org.jspecify.annotations.NullMarked;
