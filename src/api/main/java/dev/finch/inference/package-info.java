/** The vocabulary and the protocol of prompts and answers. */
@NullMarked
package dev.finch.inference;

import org.jspecify.annotations.NullMarked;
